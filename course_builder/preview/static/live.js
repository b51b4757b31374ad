// Follows the author's saves in the frame: fetches the page anew and swaps what changed, without moving the reader.

import { keep, keepUnsent } from "./keep.js";
import { remember, swap } from "./swap.js";

const main = document.querySelector("[data-live]");
let fetching;

// Before the player improves it: modules run in the order in which the page names them.
remember(main);
// After it, so that lists that are put in order are ready.
addEventListener("DOMContentLoaded", () => keepUnsent(main));

async function follow() {
  fetching?.abort();
  fetching = new AbortController();
  try {
    const response = await fetch(location.pathname, { signal: fetching.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    await show(page);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

async function show(page) {
  const { improve } = await import("/static/player/player.js");
  const anchors = anchorsOf(main);
  const focused = document.activeElement;
  const kept = new Map();
  for (const block of main.querySelectorAll(":scope > *, [data-blocks] > *, section.quiz > *")) kept.set(block, keep(block));
  const fresh = document.adoptNode(page.querySelector("main"));
  const replaced = swap(main, fresh);
  for (const [old, block] of replaced) {
    if (!block) continue;
    improve(block);
    if (old) kept.get(old)?.(block);
  }
  document.title = page.title;
  showAccent(page);
  document.documentElement.lang = page.documentElement.lang;
  window.previewLook.refresh();
  stay(anchors, replaced);
  if (focused !== document.body && !focused.isConnected && document.activeElement === document.body) main.focus({ preventScroll: true });
  mark(replaced);
  window.dispatchEvent(new Event("preview:shown"));
}

/** Take over the accent of the course, which stands in the head; the old one goes when the new one is there. */
function showAccent(page) {
  const [old, fresh] = [document, page].map((each) => each.querySelector("[data-accent]"));
  if (old?.getAttribute("href") === fresh?.getAttribute("href")) return;
  if (!fresh) return old.remove();
  fresh.addEventListener("load", () => {
    old?.remove();
    window.previewLook.refresh();
  });
  document.head.append(document.adoptNode(fresh));
}

/** List the blocks with their heights in the window: those in view and below first, then those above, nearest first. */
function anchorsOf(root) {
  if (scrollY === 0) return [];
  const all = root.querySelectorAll(
    ":scope > :not([data-blocks]), [data-blocks] > :not(section.quiz), section.quiz > *",
  );
  const anchors = [...all]
    .filter((block) => block.getClientRects().length > 0)
    .map((block) => ({ block, top: block.getBoundingClientRect().top, bottom: block.getBoundingClientRect().bottom }));
  const first = anchors.findIndex(({ bottom }) => bottom > 0);
  return first < 0 ? [] : [...anchors.slice(first), ...anchors.slice(0, first).reverse()];
}

/** Keep what the reader sees where it was: the first of the blocks that is still there, or what took its place. */
function stay(anchors, replaced) {
  const successors = new Map(replaced.filter(([old, block]) => old && block));
  for (const { block, top } of anchors) {
    const now = block.isConnected ? block : successors.get(block);
    if (!now) continue;
    scrollBy({ top: now.getBoundingClientRect().top - top, behavior: "instant" });
    return;
  }
}

function mark(replaced) {
  for (const [, block] of replaced) {
    if (!block) continue;
    block.classList.add("is-fresh");
    block.addEventListener("animationend", () => block.classList.remove("is-fresh"), { once: true });
  }
}

window.addEventListener("preview:changed", follow);
if (window.parent === window) new EventSource("/events").addEventListener("changed", follow);
