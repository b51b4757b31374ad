/**
 * Tells the page of the LMS around this frame how tall the content is, so that nothing scrolls inside something that
 * scrolls; and at a page turn, to show its top and to say what is here now.
 *
 * Source: Canvas, Using window.postMessage in LTI Tools.
 */

/** Pictures drawn after a change of the frame's height until the content has followed it, if it does. */
const PICTURES = 10;
/** Times that the frame follows such changes, until somebody does something on the page. */
const MOST_ECHOES = 5;
/** Alerts that a page brings along as it opens; more of them would be heard as noise. */
const MOST_ALERTS = 3;

const { frameParent, frameMessages, pageTurn } = document.body.dataset;
const taken = new Set(frameMessages.split(" "));

function send(subject, more = {}) {
  if (taken.has(subject)) window.parent.postMessage({ subject, ...more }, frameParent);
}

/** The height of the content, whatever that of the frame is; the contents and other sheets hang out of their boxes. */
function contentHeight() {
  return Math.max(Math.ceil(document.documentElement.getBoundingClientRect().height), document.body.scrollHeight);
}

let told = 0;
let echoes = 0;
let waits = 0;

function tellHeight() {
  const height = contentHeight();
  if (height === told) return;
  told = height;
  // Content that follows the frame's height would grow for ever if the frame always followed it.
  if (waits && ++echoes > MOST_ECHOES) return;
  send("lti.frameResize", { height });
}

function countDown() {
  waits -= 1;
  if (waits) requestAnimationFrame(countDown);
}

function frameChanged() {
  if (!waits) requestAnimationFrame(countDown);
  waits = PICTURES;
}

function isShown(element) {
  return !element.closest("[hidden]") && element.textContent.trim() !== "";
}

/** What a screen reader says of a page that opens by itself; in a frame it says nothing, nor of alerts that were there. */
function news() {
  const alerts = [...document.querySelectorAll("main [role=alert]")].filter(isShown).slice(0, MOST_ALERTS);
  return [document.title, ...alerts.map((each) => each.textContent.replace(/\s+/g, " ").trim())].join(". ");
}

/** Show a place on this page: browsers move a page of another site for scripts, and only once the frame has the room. */
function showPlace(place) {
  place.scrollIntoView();
  window.addEventListener("resize", () => place.scrollIntoView(), { once: true });
}

function turnPage() {
  const place = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (place) showPlace(place);
  else send("lti.scrollToTop");
  send("lti.screenReaderAlert", { body: news() });
}

if (window.parent !== window) {
  const isReload = performance.getEntriesByType("navigation")[0]?.type === "reload";
  let isTurn = pageTurn !== undefined && !isReload;
  const heights = new ResizeObserver(() => {
    tellHeight();
    // After the height: the page around the frame cannot show the top of what has no room yet.
    if (isTurn) turnPage();
    isTurn = false;
  });
  for (const each of [document.body, ...document.querySelectorAll(".contents-sheet")]) heights.observe(each);
  document.addEventListener("toggle", tellHeight, true);
  window.addEventListener("resize", frameChanged);
  for (const each of ["pointerdown", "keydown"]) document.addEventListener(each, () => (echoes = 0));
}
