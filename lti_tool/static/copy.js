// Buttons that put a value beside them on the clipboard; without a script there are none, and the value is selectable.

/** Show the copy buttons, and let them work. */
export function startCopying(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}

async function copy(button) {
  const value = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(value.textContent.trim());
  const said = document.getElementById("copied");
  said.textContent = "";
  // A screen reader says a text again only when it has changed.
  requestAnimationFrame(() => {
    said.textContent = button.dataset.copied;
  });
  const label = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => {
    button.textContent = label;
  }, 2000);
}
