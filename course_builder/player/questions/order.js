// Items to put in order: buttons beside the positions, and items that go where their position says.

import { isChanged, wordsOf } from "./controls.js";
import { within } from "../within.js";

/** All items, in the order in which they stand. */
export const order = {
  read: (question) => items(question.querySelector("[data-order]")).map((item) => item.dataset.name),
  show: (question, answer) => arrange(question.querySelector("[data-order]"), answer ?? []),
  say(question, answer) {
    const text = (name) => wordsOf(question.querySelector(`[data-name="${CSS.escape(name)}"] .option-text`));
    return (answer ?? []).map(text).filter(Boolean).join("; ");
  },
};

function items(list) {
  return [...list.querySelectorAll(":scope > [data-name]")];
}

function position(item) {
  return item.querySelector("select");
}

/** Put the items into an order of names, and let their positions say so. */
function arrange(list, names) {
  const byName = new Map(items(list).map((item) => [item.dataset.name, item]));
  for (const name of names) {
    if (byName.has(name)) list.append(byName.get(name));
  }
  number(list);
}

function number(list) {
  items(list).forEach((item, index, all) => {
    position(item).selectedIndex = index;
    item.querySelector('[data-move="-1"]').disabled = index === 0;
    item.querySelector('[data-move="1"]').disabled = index === all.length - 1;
  });
}

function moveTo(list, item, index) {
  const others = items(list).filter((each) => each !== item);
  others.splice(index, 0, item);
  const focused = document.activeElement;
  arrange(
    list,
    others.map((each) => each.dataset.name),
  );
  // Moving an element takes the focus from it; a button that reached the end cannot have it back.
  const again = item.contains(focused) && !focused.disabled ? focused : position(item);
  again.focus({ preventScroll: true });
  for (const each of items(list)) each.classList.toggle("is-moved", each === item);
  // The line that says "Saved" is read out; first it says where the item went.
  const status = list.closest("[data-question]").querySelector("[data-saved]");
  if (status) status.textContent = list.dataset.moved.replace("%(position)s", index + 1);
}

/** Attach to every list of the part that can still be changed. */
export function startOrder(root) {
  for (const list of within(root, "[data-order]")) {
    if (!list.querySelector("select")) continue;
    for (const moves of list.querySelectorAll("[data-moves]")) moves.hidden = false;
    // Positions that were chosen before this script was there put their items where they say.
    for (const item of items(list).filter((each) => isChanged(position(each)))) {
      const others = items(list).filter((each) => each !== item);
      others.splice(position(item).selectedIndex, 0, item);
      list.append(...others);
    }
    number(list);
    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (!button) return;
      const item = button.closest("[data-name]");
      moveTo(list, item, items(list).indexOf(item) + Number(button.dataset.move));
      position(item).dispatchEvent(new Event("change", { bubbles: true }));
    });
    list.addEventListener(
      "change",
      (event) => {
        const item = event.target.closest("[data-name]");
        if (items(list).indexOf(item) !== event.target.selectedIndex) moveTo(list, item, event.target.selectedIndex);
      },
      { capture: true },
    );
  }
}
