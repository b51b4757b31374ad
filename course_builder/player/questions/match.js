// Pairs by pointing as well: tap a left-hand side and then its answer, or drag the answer there. The lists stay the form.

import { within } from "../within.js";

function items(match) {
  return [...match.querySelectorAll("[data-item]")];
}

function setPair(item, name) {
  const select = item.querySelector("select");
  select.value = name;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

function mark(match, waiting) {
  for (const item of items(match)) item.classList.toggle("is-waiting", item === waiting);
}

function markUsed(match) {
  const used = new Set(items(match).map((item) => item.querySelector("select").value));
  for (const option of match.querySelectorAll(".match-option")) {
    option.classList.toggle("is-used", used.has(option.dataset.name));
  }
}

/** Attach to every set of pairs that can still be changed. */
export function startMatch(root) {
  for (const match of within(root, "[data-match]")) {
    if (!match.querySelector("select")) continue;
    match.querySelector("[data-pointing]").hidden = false;
    match.classList.add("can-point");
    match.addEventListener("click", (event) => {
      if (event.target.closest("select, a")) return;
      const item = event.target.closest("[data-item]");
      const option = event.target.closest(".match-option");
      if (item) mark(match, item.classList.contains("is-waiting") ? null : item);
      if (!option) return;
      const waiting =
        match.querySelector(".is-waiting") ?? items(match).find((each) => !each.querySelector("select").value);
      if (waiting) setPair(waiting, option.dataset.name);
      mark(match, null);
    });
    for (const option of match.querySelectorAll(".match-option")) {
      option.draggable = true;
      option.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/x-answer", option.dataset.name));
    }
    match.addEventListener("dragover", (event) => {
      const item = event.target.closest("[data-item]");
      if (!item || !event.dataTransfer.types.includes("text/x-answer")) return;
      event.preventDefault();
      mark(match, item);
    });
    match.addEventListener("drop", (event) => {
      const item = event.target.closest("[data-item]");
      const name = event.dataTransfer.getData("text/x-answer");
      mark(match, null);
      if (!item || !match.querySelector(`.match-option[data-name="${CSS.escape(name)}"]`)) return;
      event.preventDefault();
      setPair(item, name);
    });
    for (const kind of ["change", "shown"]) match.addEventListener(kind, () => markUsed(match));
    markUsed(match);
  }
}
