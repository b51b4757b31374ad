// What was written before the end of an attempt and could not be sent then: it is sent once the page opens again.

import { openWaiting } from "./waiting.js";

const RETRY_MS = 15_000;

/** Attach to every attempt that was submitted because its time was over. */
export function startLate(root) {
  for (const line of root.querySelectorAll("[data-late]")) send(line, openWaiting(line.dataset.key));
}

async function send(line, waiting) {
  for (const [question, kept] of waiting.entries()) {
    const response = await put(line, question, kept).catch(() => null);
    if (response === null || response.status >= 500 || response.status === 429) {
      setTimeout(() => send(line, waiting), RETRY_MS);
      return;
    }
    waiting.drop(question);
    const body = await response.json().catch(() => ({}));
    if (body.kept) line.textContent = line.dataset.said;
  }
}

function put(line, question, { answer, revision, typed_at }) {
  return fetch(line.dataset.url.replace("-question-", question), {
    method: "PUT",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": line.dataset.token },
    body: JSON.stringify({ attempt: Number(line.dataset.number), response: answer, revision, typed_at }),
  });
}
