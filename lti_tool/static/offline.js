// A module that was opened stays readable without a network. Its pages are fetched ahead while nothing else is to do;
// when the line is dead, the same links show the copies, which say from when they are.

import { clock } from "../player/clocks.js";
import { openPage } from "../player/player.js";
import { isDoubted, isReachable } from "../player/reach.js";
import { isShared } from "../player/shared.js";
import { openWaiting } from "../player/waiting.js";
import { dropFiles, handlesKept, openKeptPages } from "./kept-pages.js";

const FIRST_WAIT_MS = 5_000;
const PAUSE_MS = 1_500;
const SAVED_WAIT_MS = 3_000;
const LOOK_MS = 10_000;
/** A page that came over the line so lately says that the line is there. */
const LATELY_MS = 10_000;
/** A copy that is younger is not fetched again. */
const FRESH_MS = 30 * 60_000;
const MOST_BYTES = 5_000_000;
/** Where the browser keeps nothing for us, each page that opens begins anew: then it takes what is near. */
const MOST_IN_MEMORY = 12;

const place = document.querySelector("[data-offline]");
const said = place && JSON.parse(place.dataset.offline);
const words = said?.words;
const launchPath = `/l/${said?.handle}/`;
let kept;
/** Pages that were done without a network, by what their address has behind the launch's: another launch may send them. */
let doneHere;
/** The path of the page that is in view. */
let shown = location.pathname;

function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Whether more than what is read may be fetched: not on lines that are slow, or paid by what comes. */
function mayFetchAhead() {
  const line = navigator.connection;
  return !line?.saveData && !["slow-2g", "2g", "3g"].includes(line?.effectiveType);
}

async function keep(path) {
  const response = await fetch(path, { headers: { "X-Ahead": "1", Accept: "text/html" } }).catch(() => null);
  // A page that leads elsewhere, or an error, is no page of the module.
  if (!response?.ok || response.redirected) return 0;
  const size = (await response.clone().blob()).size;
  await kept.put(path, response);
  return size;
}

async function fetchAhead() {
  let bytes = 0;
  const here = said.pages.indexOf(location.pathname);
  // This page, what comes next, then what was before.
  const pages = [...said.pages.slice(Math.max(here, 0)), ...said.pages.slice(0, Math.max(here, 0))];
  for (const path of kept.isStored ? pages : pages.slice(0, MOST_IN_MEMORY)) {
    if (bytes > MOST_BYTES || !mayFetchAhead()) return;
    if (Date.now() - Date.parse(kept.at(path) ?? 0) < FRESH_MS) continue;
    if (document.visibilityState === "hidden" || !navigator.onLine) return;
    bytes += await keep(path);
    await keepFiles(path);
    place.dataset.kept = pages.filter((each) => kept.has(each)).length;
    await wait(PAUSE_MS);
  }
}

/** Let the browser have the pictures of a page; sound, films and models come when they are wanted. */
async function keepFiles(path) {
  const page = new DOMParser().parseFromString(kept.has(path) ? await kept.html(path) : "", "text/html");
  const sources = [...page.querySelectorAll("main img[src]")].map((image) => image.getAttribute("src"));
  for (const source of sources.filter((each) => each.startsWith("/packages/"))) {
    if (mayFetchAhead()) await fetch(source).catch(() => {});
  }
}

/** Show a copy in place of the page. */
async function show(path, hash) {
  shown = path;
  const page = new DOMParser().parseFromString(await kept.html(path), "text/html");
  const clock = document.querySelector("[data-ends]");
  for (const part of ["header.bar", "main", "footer.foot"]) {
    document.querySelector(part).replaceWith(document.adoptNode(page.querySelector(part)));
  }
  // The clock of a quiz goes on; a copy of it would begin anew.
  if (clock) {
    document.querySelector("[data-ends]")?.remove();
    document.querySelector("header.bar").append(clock);
  }
  document.title = page.title;
  say(kept.at(path));
  openPage();
  const target = (hash && document.getElementById(decodeURIComponent(hash.slice(1)))) || document.querySelector("main h1");
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
  if (hash) target.scrollIntoView();
  else scrollTo(0, 0);
}

/** Say above the page that there is no network, and from when this is; and when there is one again. */
async function say(at) {
  const note = document.createElement("div");
  note.className = "note note-part";
  note.dataset.isOffline = "";
  note.setAttribute("role", "status");
  document.querySelector("main").prepend(note);
  // A live region tells what comes into it.
  await wait(0);
  const text = document.createElement("p");
  const time = clock(new Date(at));
  text.textContent = (isShared() ? words.offline_shared : words.offline).replace("%(time)s", time);
  note.append(text);
  while (note.isConnected && !(await isReachable())) await wait(LOOK_MS);
  dispatchEvent(new Event("online"));
  await sendDone();
  const again = Object.assign(document.createElement("a"), { href: location.href, textContent: words.again });
  again.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
  text.replaceChildren(words.back, " ", again);
}

/** Whether it has to be asked if the tool is there. */
function isInDoubt() {
  const isCopy = "keptAt" in document.documentElement.dataset || document.querySelector("[data-is-offline]");
  return !navigator.onLine || isDoubted() || isCopy || performance.now() > LATELY_MS;
}

function follow(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.target) return;
  const to = new URL(link.href);
  const isHere = to.pathname === location.pathname && to.hash;
  const isOurs = to.origin === location.origin && to.pathname.startsWith(launchPath);
  if (!isOurs || isHere || link.hasAttribute("download") || !isInDoubt()) return;
  event.preventDefault();
  go(to, link);
}

async function go(to, link) {
  if (await isReachable()) {
    location.assign(to);
    return;
  }
  if (kept.has(to.pathname)) {
    history.pushState(null, "", to);
    await show(to.pathname, to.hash);
  } else {
    sayUnsent(link.closest("p, ul, ol, .actions, .way-on, .bar") ?? link);
  }
}

/** A form that cannot be sent does not take the page away. "Done" goes on to the next page all the same. */
async function send(event) {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.dataset.isReachable || !isInDoubt()) return;
  event.preventDefault();
  if (await isReachable()) {
    form.dataset.isReachable = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.isReachable;
    return;
  }
  const next = said.pages[said.pages.indexOf(location.pathname) + 1];
  if (submitter?.name === "done" && submitter.value === "yes" && next && kept.has(next)) {
    const path = form.getAttribute("action").slice(launchPath.length);
    doneHere.put(path, [...new FormData(form, submitter)].filter(([name]) => name !== "csrf_token"));
    history.pushState(null, "", next);
    await show(next, "");
    return;
  }
  sayUnsent((submitter ?? form).closest(".way-on, .actions, form"));
}

/** Say beside what was pressed that it leads nowhere now. */
function sayUnsent(place) {
  document.querySelector("[data-unsent]")?.remove();
  const line = Object.assign(document.createElement("p"), { className: "note note-part" });
  line.dataset.unsent = "";
  line.setAttribute("role", "alert");
  line.textContent = words.unsent;
  // The bar stays in view: what is said about its buttons stands in it.
  if (place.matches(".bar")) place.append(line);
  else place.before(line);
}

/** Mark the pages that were done without a network. */
async function sendDone() {
  const csrf_token = document.querySelector("input[name=csrf_token]")?.value ?? "";
  for (const [path, fields] of doneHere.entries()) {
    const body = new URLSearchParams([...fields, ["csrf_token", csrf_token]]);
    const response = await fetch(launchPath + path, { method: "POST", body, redirect: "manual" }).catch(() => null);
    // Where this launch is over the next one sends it; what is refused else is of a page that is no more.
    if (response && ![401, 429].includes(response.status) && response.status < 500) doneHere.drop(path);
  }
}

/** In a window of its own a worker answers a reload; in a frame the browser would keep it for each site that frames us. */
async function startWorker() {
  if (isShared() || window.parent !== window || !("serviceWorker" in navigator)) return;
  const handles = await handlesKept();
  for (const each of await navigator.serviceWorker.getRegistrations()) {
    if (!handles.includes(new URL(each.scope).pathname.split("/")[2])) await each.unregister();
  }
  await navigator.serviceWorker.register(said.worker, { scope: launchPath, updateViaCache: "none" });
  const worker = (await navigator.serviceWorker.ready).active;
  // What this page is made of came before the worker did.
  const files = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  const own = files.filter(({ origin, pathname }) => origin === location.origin && /^\/(static|packages)\//.test(pathname));
  worker.postMessage(own.map(({ pathname }) => pathname));
}

async function start() {
  doneHere = openWaiting(`done:${said.owner}`);
  kept = await openKeptPages(said);
  document.addEventListener("click", follow);
  document.addEventListener("submit", send);
  addEventListener("popstate", () => {
    // A link to a place of the page that is shown comes by here, too.
    if (location.pathname === shown) return;
    if (kept.has(location.pathname)) show(location.pathname, location.hash);
    else location.reload();
  });
  const { keptAt } = document.documentElement.dataset;
  if (keptAt) say(keptAt);
  let timer;
  document.addEventListener("answer-saved", () => {
    clearTimeout(timer);
    timer = setTimeout(() => mayFetchAhead() && keep(location.pathname), SAVED_WAIT_MS);
  });
  if (!keptAt) await sendDone();
  await startWorker().catch(() => {});
  await wait(FIRST_WAIT_MS);
  // The worker of an earlier launch may have been at them still.
  if (kept.isStored) await dropFiles();
  for (;;) {
    await fetchAhead();
    await wait(FRESH_MS);
  }
}

if (place) start();
