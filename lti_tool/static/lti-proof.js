/** Shows the secret that this frame, or the platform for it, kept at login; the server compares it. */
import { get, put } from "./platform-storage.js";

const form = document.querySelector("[data-proof]");
const status = form.querySelector("[data-status]");
const { proof, going, failed } = form.dataset;
const name = `login-${proof}`;

function takeOwn() {
  try {
    const secret = sessionStorage.getItem(name);
    sessionStorage.removeItem(name);
    return secret;
  } catch {
    return null;
  }
}

async function takeFromPlatform() {
  const place = { target: form.dataset.storage, origin: form.dataset.platform };
  const secret = await get(place, name);
  if (secret) await put(place, name, null);
  return secret;
}

const secret = takeOwn() || (await takeFromPlatform());
if (secret) {
  status.textContent = going;
  form.elements.secret.value = secret;
  form.submit();
} else {
  status.textContent = failed;
  form.querySelector("[data-help]").hidden = false;
}
