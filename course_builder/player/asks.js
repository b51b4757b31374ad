// What comes from another host: nothing is loaded until the learner, told which host, asks for it.

import { within } from "./within.js";

/** Attach to every embed, and to every video or sound of another host. */
export function startAsks(root) {
  for (const button of within(root, "[data-ask]")) {
    const box = button.closest(".ask");
    button.hidden = false;
    button.addEventListener("click", () => (box.dataset.from ? showFrame(box) : showPlayer(box)));
  }
}

function showFrame(box) {
  const frame = document.createElement("iframe");
  frame.className = "embed-frame";
  frame.title = box.dataset.title;
  frame.allow = "fullscreen";
  // The page of the other host may run, but not take this one away; it learns the tool's address, not the page's.
  frame.sandbox = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox";
  frame.referrerPolicy = "strict-origin";
  frame.src = box.dataset.from;
  // The way by a link stays, for hosts that refuse to be framed.
  box.querySelector("[data-ask]").remove();
  box.before(frame);
  frame.focus();
}

function showPlayer(box) {
  const player = box.nextElementSibling;
  player.src = player.dataset.from;
  player.hidden = false;
  box.querySelector("[data-ask]").remove();
  player.focus();
}
