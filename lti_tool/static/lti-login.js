/**
 * Keeps the login's secret in this frame and tests what reads back: the cookie, or the frame's own storage.
 * If either does, the login goes on here; else a new window is offered.
 */
const page = document.querySelector("[data-login]");
const status = page.querySelector("[data-status]");
const choice = page.querySelector("[data-window]");
const { login, secret, next, check, going, blocked, opened } = page.dataset;

/** Browsers that keep a frame from storing anything throw at the mere name. */
function storageKeeps() {
  const name = `login-${login}`;
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

const isKept = storageKeeps();
if (isKept || (await cookieCameBack())) {
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
