// Tabs: titled sections one after the other become tabs that show one of them. Print shows all.

import { within } from "./within.js";

function select(tabs, chosen, { focus = false } = {}) {
  for (const tab of tabs) {
    const isChosen = tab === chosen;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    tab.panel.toggleAttribute("data-closed", !isChosen);
  }
  if (focus) chosen.focus();
}

function step(key, index, count) {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (key === "ArrowRight") return (index + 1) % count;
  if (key === "ArrowLeft") return (index + count - 1) % count;
  return null;
}

function build(box) {
  const list = document.createElement("div");
  list.className = "tab-list";
  list.setAttribute("role", "tablist");
  const tabs = [...box.querySelectorAll(":scope > .tab")].map((panel) => {
    const title = panel.querySelector(":scope > .tab-title");
    const tab = document.createElement("button");
    tab.type = "button";
    tab.className = "tab-button";
    tab.textContent = title.textContent;
    tab.setAttribute("role", "tab");
    // The title's id names the section already; the button takes its words, the section keeps its name.
    panel.id ||= `_${title.id}_panel`;
    tab.setAttribute("aria-controls", panel.id);
    tab.panel = panel;
    panel.setAttribute("role", "tabpanel");
    panel.tabIndex = 0;
    list.append(tab);
    return tab;
  });
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) select(tabs, tab);
  });
  list.addEventListener("keydown", (event) => {
    const isTurned = getComputedStyle(list).direction === "rtl";
    const key = isTurned ? ({ ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" }[event.key] ?? event.key) : event.key;
    const next = step(key, tabs.indexOf(document.activeElement), tabs.length);
    if (next === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    select(tabs, tabs[next], { focus: true });
  });
  box.prepend(list);
  box.classList.add("is-tabbed");
  select(tabs, tabs[0]);
  return tabs;
}

/** Open the tabs around what the address points at. */
function openAround(target) {
  for (let panel = target?.closest(".tab"); panel; panel = panel.parentElement.closest(".tab")) {
    const list = panel.parentElement.querySelector(":scope > .tab-list");
    if (!list) continue;
    const tabs = [...list.children];
    select(tabs, tabs.find((tab) => tab.panel === panel));
  }
}

function fromAddress() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id ? document.getElementById(id) : null;
  if (!target?.closest(".tab")) return;
  openAround(target);
  target.scrollIntoView();
}

/** Attach to every block of tabs. */
export function startTabs(root) {
  const boxes = within(root, ".tabs:not(.is-tabbed)").filter((box) => box.querySelector(":scope > .tab"));
  boxes.forEach(build);
  if (boxes.length === 0) return;
  fromAddress();
  window.addEventListener("hashchange", fromAddress);
}
