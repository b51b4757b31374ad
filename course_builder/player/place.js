// Where the reader is on a page: told to whoever keeps it when they leave or look away, so that they go on at the very
// block, on another device too. And what an address leads to gets the focus, and is opened if it is folded away.

const BLOCKS = "p, h2, h3, h4, h5, h6, li, pre, tr, caption, figcaption, dt, dd, summary, blockquote, .question";
/** Of a block: as much of it has to be seen for it to be the one that is read. */
const MOSTLY = 0.5;

/** Attach to the page whose place is kept. */
export function startPlace(root) {
  arrive();
  window.addEventListener("hashchange", arrive);
  const page = root.querySelector("[data-place]");
  if (page && "IntersectionObserver" in window) watch(page);
}

function arrive() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id && document.getElementById(id);
  const named = id && !target && document.querySelector(`[data-block="${CSS.escape(id)}"]`);
  // A heading, whose own id is another one in each language.
  if (named) location.replace(`#${encodeURIComponent(named.id)}`);
  if (!target || !target.closest("main")) return;
  let isFolded = false;
  for (let around = target.closest("details"); around; around = around.parentElement.closest("details")) {
    isFolded ||= !around.open;
    around.open = true;
  }
  if (isFolded) target.scrollIntoView();
  // What can have the focus has its own place in the order of the keyboard.
  if (target.tabIndex < 0 && !target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

function watch(page) {
  const blocks = [...page.querySelectorAll(BLOCKS)].filter((block) => block.id && !block.parentElement.closest(".question"));
  if (blocks.length === 0) return;
  const seen = new Map();
  let told = page.dataset.placeKnown;
  // It also sees what a frame as tall as its page cannot know by itself: which part of it is on the screen.
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) seen.set(entry.target, entry.intersectionRatio);
        else seen.delete(entry.target);
      }
    },
    { rootMargin: `-${coveredAbove()}px 0px 0px`, threshold: [0, MOSTLY, 1] },
  );
  for (const block of blocks) observer.observe(block);

  /** The id of the block that is read; empty at the top of the page. */
  function read() {
    const shown = blocks.filter((block) => seen.has(block));
    const block = shown.find((each) => seen.get(each) >= MOSTLY) ?? shown[0];
    return block && (block === blocks[0] ? "" : (block.dataset.block ?? block.id));
  }

  function tell() {
    const id = read();
    if (id === undefined || id === told) return;
    told = id;
    const form = new FormData();
    form.set("csrf_token", page.dataset.placeToken);
    form.set("block", id);
    navigator.sendBeacon(page.dataset.place, form);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") tell();
  });
  window.addEventListener("pagehide", tell);
  // A form that leads back to this page, in another language, leads to the same block.
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-keeps-place]")) target.elements.block.value = read() ?? "";
  });
}

/** Pixels that a bar which stays in view takes away. */
function coveredAbove() {
  const bar = document.querySelector(".bar");
  return bar && getComputedStyle(bar).position === "sticky" ? Math.round(bar.getBoundingClientRect().height) : 0;
}
