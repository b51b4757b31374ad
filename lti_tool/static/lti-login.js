/**
 * Keeps the login's secret where this browser lets us, and tests what reads back: the frame's own storage, else the
 * cookie and the platform's storage. If anything does, the login goes on here; else a new window is offered.
 */
import { put } from "./platform-storage.js";

const page = document.querySelector("[data-login]");
const status = page.querySelector("[data-status]");
const choice = page.querySelector("[data-window]");
const { login, secret, next, check, going, blocked, opened } = page.dataset;
const name = `login-${login}`;

/** Browsers that keep a frame from storing anything throw at the mere name. */
function storageKeeps() {
  try {
    sessionStorage.setItem(name, secret);
    return sessionStorage.getItem(name) === secret;
  } catch {
    return false;
  }
}

async function cookieCameBack() {
  try {
    const answer = await fetch(check, { cache: "no-store", signal: AbortSignal.timeout(5000) });
    return answer.ok && (await answer.json()).kept === true;
  } catch {
    return false;
  }
}

/** A cookie alone may yet stay away from the launch, which comes from the platform's site; so the platform is asked, too. */
async function somethingElseKeeps() {
  const place = { target: page.dataset.storage, origin: page.dataset.platform };
  return (await Promise.all([cookieCameBack(), put(place, name, secret)])).includes(true);
}

if (storageKeeps() || (await somethingElseKeeps())) {
  status.textContent = going;
  location.replace(next);
} else {
  status.textContent = blocked;
  choice.hidden = false;
  choice.querySelector("a").addEventListener("click", () => {
    status.textContent = opened;
    choice.hidden = true;
  });
}
