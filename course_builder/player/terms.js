// Terms of the glossary: their definition beside the word, on pointing, focus or tap. Without script the word is a link
// to the list of terms. The box can be pointed at, stays until one leaves it, and closes with Escape (WCAG 1.4.13).

import { within } from "./within.js";

const DELAY_MS = 250;

let box = null;
let owner = null;
let closing = 0;

function definition(link) {
  return document.getElementById(decodeURIComponent(link.hash.slice(1)))?.nextElementSibling;
}

function makeBox() {
  const made = document.createElement("div");
  made.className = "term-box";
  // Screen readers get the definition as the link's description; the box is for the eye.
  made.setAttribute("aria-hidden", "true");
  made.hidden = true;
  made.addEventListener("pointerenter", () => clearTimeout(closing));
  made.addEventListener("pointerleave", closeSoon);
  return made;
}

function open(link) {
  clearTimeout(closing);
  const source = definition(link);
  if (!source || owner === link) return;
  owner = link;
  box ??= makeBox();
  const copy = source.cloneNode(true);
  // What can be reached by keyboard stays in the list of terms; ids there are not doubled here.
  for (const each of copy.querySelectorAll("[id]")) each.removeAttribute("id");
  for (const each of copy.querySelectorAll("a")) each.replaceWith(...each.childNodes);
  box.replaceChildren(...copy.childNodes);
  link.after(box);
  box.hidden = false;
  place(link);
}

function place(link) {
  box.style.left = "0";
  box.style.top = "0";
  const word = [...link.getClientRects()].at(-1);
  const around = box.offsetParent?.getBoundingClientRect() ?? { left: 0, top: 0 };
  const width = document.documentElement.clientWidth;
  const left = Math.max(8, Math.min(word.left, width - box.offsetWidth - 8));
  const fitsBelow = word.bottom + box.offsetHeight < window.innerHeight || word.top < box.offsetHeight;
  box.style.left = `${left - around.left}px`;
  // It touches the word, so that the pointer reaches it without leaving both.
  box.style.top = `${(fitsBelow ? word.bottom : word.top - box.offsetHeight) - around.top}px`;
}

function close() {
  clearTimeout(closing);
  if (box) box.hidden = true;
  owner = null;
}

function closeSoon() {
  clearTimeout(closing);
  closing = setTimeout(close, DELAY_MS);
}

/** Attach to every term of the part whose definition is on the page. */
export function startTerms(root) {
  for (const link of within(root, "a[data-term]")) {
    const source = definition(link);
    if (!source || link.hasAttribute("aria-describedby")) continue;
    source.id ||= `_${source.previousElementSibling.id}_text`;
    link.setAttribute("aria-describedby", source.id);
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") open(link);
    });
    link.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") closeSoon();
    });
    link.addEventListener("focus", () => open(link));
    link.addEventListener("blur", closeSoon);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      open(link);
    });
  }
}

/** Close what is open when Escape is pressed or something else is tapped. */
export function closeTerms() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && owner) close();
  });
  document.addEventListener("pointerdown", (event) => {
    if (owner && !owner.contains(event.target) && !box.contains(event.target)) close();
  });
}
