/** Shows the secret that this frame kept at login; the server compares it. */
const form = document.querySelector("[data-proof]");
const status = form.querySelector("[data-status]");
const { proof, going, failed } = form.dataset;

function takeSecret() {
  const name = `login-${proof}`;
  try {
    const secret = sessionStorage.getItem(name);
    sessionStorage.removeItem(name);
    return secret;
  } catch {
    return null;
  }
}

const secret = takeSecret();
if (secret) {
  status.textContent = going;
  form.elements.secret.value = secret;
  form.submit();
} else {
  status.textContent = failed;
  form.querySelector("[data-help]").hidden = false;
}
