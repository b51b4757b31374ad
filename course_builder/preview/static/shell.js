// The preview around the page: follows the server, the frame and the author's choices.

import { startSheet } from "/static/player/sheet.js";

const KEY = "course-preview";
const frame = document.querySelector("[data-shown]");
const stage = document.querySelector("[data-stage]");
const tools = document.querySelector("[data-tools]");
const status = document.querySelector("[data-status]");
const panels = { problems: document.getElementById("problems"), tools };
let changedAt = 0;
let hiddenFor = null;
let hasOpenedByItself = false;
let fetching;

// The page in the frame ------------------------------------------------------------------------------------------------

function shownPath() {
  try {
    return frame.contentWindow.location.pathname.replace(/^\/page\//, "/view/");
  } catch {
    return location.pathname;
  }
}

function go(viewPath) {
  frame.contentWindow.location = viewPath.replace(/^\/view\//, "/page/");
}

function tellFrame() {
  frame.contentWindow.dispatchEvent(new Event("preview:changed"));
}

/** Say whether a save came while the page was on its way: it may be older, and did not hear of it. */
function isOutdated() {
  return changedAt > frame.contentWindow.performance.timeOrigin;
}

function followFrame() {
  const path = shownPath();
  useLook();
  if (path.startsWith("/view/") && isOutdated()) tellFrame();
  if (!path.startsWith("/view/") || path === location.pathname) return;
  history.replaceState(null, "", path);
  refresh();
}

frame.addEventListener("load", followFrame);
document.querySelector("[data-skip]").addEventListener("click", (event) => {
  event.preventDefault();
  frame.focus();
});

// What the server says -------------------------------------------------------------------------------------------------

const events = new EventSource("/events");
events.addEventListener("changed", (event) => {
  const { modules, pages, at } = JSON.parse(event.data);
  const [, , name] = location.pathname.split("/");
  changedAt = performance.timeOrigin + performance.now();
  if (modules.includes(decodeURIComponent(name))) tellFrame();
  if (tools.elements.follow.checked && pages.length === 1 && pages[0] !== location.pathname) go(pages[0]);
  say(`Saved ${at}`);
});
// The checks end a moment after the page is shown; until then the list stays as it was.
events.addEventListener("checked", refresh);
events.addEventListener("open", () => {
  if (status.dataset.state === "lost") {
    say("Follows what you save");
    tellFrame();
    refresh();
  }
});
events.addEventListener("error", () => {
  say("The preview has ended. Start it again, and this page goes on.", "lost");
});

function say(text, state = "") {
  status.dataset.state = state;
  if (status.textContent !== text) status.textContent = text;
}

/** Fetch this page again, and put in the parts that differ. */
async function refresh() {
  fetching?.abort();
  fetching = new AbortController();
  let page;
  try {
    const response = await fetch(location.pathname, { signal: fetching.signal });
    if (!response.ok) return;
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return; // A newer one is on its way, or the server has ended, which is said elsewhere.
  }
  document.title = page.title;
  frame.title = page.querySelector("[data-shown]").title;
  for (const fresh of page.querySelectorAll("[data-part]")) put(fresh);
  showPanels();
}

function put(fresh) {
  const part = document.getElementById(fresh.id);
  if (part.dataset.came === fresh.innerHTML) return;
  part.dataset.came = fresh.innerHTML;
  const focused = part.contains(document.activeElement) ? place(document.activeElement, part) : null;
  const scrolled = part.scrollTop;
  part.innerHTML = fresh.innerHTML;
  if (fresh.dataset.hasErrors) part.dataset.hasErrors = fresh.dataset.hasErrors;
  part.scrollTop = scrolled;
  if (focused) (find(focused, part) ?? part).focus({ preventScroll: true });
}

function place(element, root) {
  return { tag: element.nodeName, href: element.getAttribute("href"), index: [...root.querySelectorAll(element.nodeName)].indexOf(element) };
}

function find({ tag, href, index }, root) {
  const same = [...root.querySelectorAll(tag)];
  return same.find((each) => href && each.getAttribute("href") === href) ?? same[index];
}

// Panels: problems and tools -------------------------------------------------------------------------------------------

/** Open the problems by themselves when there are errors on this page that nobody has put away. */
function showPanels() {
  const errors = panels.problems.dataset.hasErrors === "yes" ? panels.problems.dataset.came : null;
  if (errors === null) {
    hiddenFor = null;
    if (hasOpenedByItself && !panels.problems.contains(document.activeElement)) panels.problems.hidden = true;
    hasOpenedByItself = false;
  } else if (errors !== hiddenFor && panels.problems.hidden) {
    panels.problems.hidden = false;
    hasOpenedByItself = true;
  }
  for (const button of document.querySelectorAll("[data-toggle]")) {
    button.ariaExpanded = String(!panels[button.dataset.toggle].hidden);
  }
}

function toggle(name, isHidden, takesFocus = false) {
  panels[name].hidden = isHidden;
  if (name === "problems") hasOpenedByItself = false;
  if (name === "problems") hiddenFor = isHidden ? panels.problems.dataset.came : null;
  showPanels();
  if (takesFocus) {
    if (isHidden) document.querySelector(`[data-toggle="${name}"]`).focus();
    else if (name === "problems") panels.problems.focus();
  }
}

document.addEventListener("click", async (event) => {
  const { target } = event;
  const opener = target.closest("[data-toggle]");
  const closer = target.closest("[data-hide]");
  const link = target.closest("a[data-go]");
  const copier = target.closest("[data-copy]");
  if (opener) toggle(opener.dataset.toggle, !panels[opener.dataset.toggle].hidden, true);
  if (closer) toggle(closer.dataset.hide, true, true);
  if (copier) {
    await navigator.clipboard.writeText(copier.dataset.copy);
    say(`Copied ${copier.dataset.copy}`);
  }
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    link.closest("details").open = false;
    go(new URL(link.href).pathname);
    frame.focus();
  }
});
for (const name of Object.keys(panels)) {
  panels[name].addEventListener("keydown", (event) => {
    if (event.key === "Escape") toggle(name, true, true);
  });
}

// How to look at the page ----------------------------------------------------------------------------------------------

function look() {
  const { width, scheme, facilitator, key, follow } = tools.elements;
  return {
    width: width.value,
    scheme: scheme.value,
    facilitator: facilitator.checked,
    key: key.checked,
    follow: follow.checked,
  };
}

function useLook() {
  stage.dataset.width = look().width;
  frame.contentWindow.previewLook?.use(look());
}

function startLook() {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    // Storage is refused: the choices last as long as this page.
  }
  for (const [name, value] of Object.entries(kept)) {
    const control = tools.elements[name];
    if (control instanceof RadioNodeList) control.value = value;
    else if (control) control.checked = value;
  }
  useLook();
}

tools.addEventListener("change", () => {
  try {
    localStorage.setItem(KEY, JSON.stringify(look()));
  } catch {
    // As above.
  }
  useLook();
});
tools.querySelector("[data-reset]").addEventListener("click", async () => {
  await fetch("/reset", { method: "POST" });
  sessionStorage.clear();
  frame.contentWindow.location.reload();
  say("All answers are forgotten");
});
tools.querySelector("[data-print]").addEventListener("click", () => frame.contentWindow.print());

for (const part of document.querySelectorAll("[data-part]")) part.dataset.came = part.innerHTML;
startSheet(document);
startLook();
showPanels();
followFrame();
