/** Shows the chosen text size and contrast at once, and keeps them; without a script the form's button does. */

const form = document.querySelector("[data-display]");
const sheet = document.querySelector("link[data-contrast]");
const media = JSON.parse(form.dataset.display);
const status = form.querySelector("[role=status]");

form.querySelector("[data-keep]").hidden = true;

function show() {
  document.documentElement.dataset.textSize = form.elements.text_size.value;
  sheet.media = media[form.elements.contrast.value];
}

let last = Promise.resolve();

async function send() {
  // The answer leads back to this page, which is here already; whoever goes on at once has chosen, too.
  const sent = { method: "POST", body: new FormData(form), redirect: "manual", keepalive: true };
  const response = await fetch(form.getAttribute("action"), sent).catch(() => null);
  status.textContent = response?.type === "opaqueredirect" ? form.dataset.kept : form.dataset.failed;
}

/** One after the other, so that the newest choice is the one that stays. */
function keep() {
  status.textContent = "";
  last = last.then(send);
}

form.addEventListener("change", () => {
  show();
  keep();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  keep();
});
