// Answers that are written. A number that reads in two ways is asked back; a long text has its words counted.

import { within } from "../within.js";

const PAUSE_MS = 800;

function field(question) {
  return question.querySelector(`[name="q-${question.dataset.question}"]`);
}

/** The text as it was typed. */
export const written = {
  read: (question) => field(question).value.trim(),
  show(question, answer) {
    field(question).value = answer ?? "";
    field(question).dispatchEvent(new Event("shown", { bubbles: true }));
  },
  say: (_question, answer) => answer ?? "",
};

/** Say that a number is not clear, with a button for each of its readings; or that it is, with null. */
export function showUnclear(question, unclear) {
  const note = question.querySelector("[data-unclear]");
  if (!note) return;
  const input = field(question);
  note.hidden = !unclear;
  note.querySelector("p").textContent = unclear?.words ?? "";
  note.querySelector("[data-readings]").replaceChildren(
    ...(unclear?.readings ?? []).map((reading) => {
      const button = document.createElement("button");
      button.className = "button";
      button.value = button.textContent = reading;
      return button;
    }),
  );
  if (unclear) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

function countWords(text) {
  return (text.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? []).length;
}

function startCounting(essay) {
  const area = essay.querySelector("textarea");
  const line = essay.querySelector("[data-words]");
  if (!area || !line) return;
  let timer;
  const count = () => {
    const text = area.value.trim() && line.dataset.words.replace("%(words)s", countWords(area.value));
    // What has not changed is not read out again.
    if (text && line.textContent !== text) line.textContent = text;
  };
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(count, PAUSE_MS);
  });
  area.addEventListener("shown", count);
  count();
}

/** Attach to every written answer of the part. */
export function startWritten(root) {
  for (const essay of within(root, "[data-essay]")) startCounting(essay);
  for (const note of within(root, "[data-unclear]")) {
    note.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      event.preventDefault();
      const question = note.closest("[data-question]");
      const input = field(question);
      input.value = button.value;
      showUnclear(question, null);
      input.focus();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}
