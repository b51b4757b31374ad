// What was written before the end of an attempt and could not be sent then: it is sent once the page opens again.

const RETRY_MS = 15_000;

/** Send what waits for an attempt that the clock ended; `place` says where to, and `say` is given what to say of it. */
export async function sendLate(place, number, waiting, say) {
  for (const [question, kept] of waiting.entries()) {
    const response = await put(place, number, question, kept).catch(() => null);
    if (response === null || response.status >= 500 || response.status === 429) {
      setTimeout(() => sendLate(place, number, waiting, say), RETRY_MS);
      return;
    }
    waiting.drop(question);
    const body = await response.json().catch(() => ({}));
    if (body.kept) say(place.dataset.late);
  }
}

function put(place, number, question, { answer, revision, typed_at }) {
  return fetch(place.dataset.url.replace("-question-", question), {
    method: "PUT",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": place.dataset.token },
    body: JSON.stringify({ attempt: Number(number), response: answer, revision, typed_at }),
  });
}
