// Whether the tool can be reached now: browsers believe to be online on any network, also on one that leads nowhere.

/** A line that is slower than this is as good as none. */
const WAIT_MS = 4_000;

let isInDoubt = false;

/** Remember that something could not be sent: a page that is left now may lead to nothing. */
export function doubt() {
  isInDoubt = true;
}

/** Whether something could not be sent, and nobody has found the tool there since. */
export function isDoubted() {
  return isInDoubt;
}

/** Ask for the head of this very file. */
export async function isReachable() {
  const options = { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(WAIT_MS) };
  const response = await fetch(import.meta.url, options).catch(() => null);
  isInDoubt = response === null || response.status >= 500;
  return !isInDoubt;
}
