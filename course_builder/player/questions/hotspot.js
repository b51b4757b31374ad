// Places in a picture: entries of a list, each with a marker that can be moved by the arrow keys.

import { wordsOf } from "./controls.js";
import { several } from "./choices.js";
import { within } from "../within.js";

const STEP = 1;
const BIG_STEP = 5;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const MOST = 20;

function isPlace(value) {
  return value.includes(",");
}

function places(hotspot) {
  return [...hotspot.querySelectorAll("[data-places] input")];
}

function round(share) {
  return Math.round(Math.min(100, Math.max(0, share)) * 10) / 10;
}

/** Names of areas, and places as "left,top" in per cent. */
export const spots = {
  read: (question) => several.read(question).filter(Boolean),
  show(question, answer) {
    const hotspot = question.querySelector("[data-hotspot]");
    for (const input of places(hotspot)) input.closest(".place").remove();
    several.show(question, answer);
    for (const value of (answer ?? []).filter(isPlace)) addPlace(hotspot, value);
    drawMarkers(hotspot);
  },
  say(question, answer) {
    const hotspot = question.querySelector("[data-hotspot]");
    const named = several.say(question, (answer ?? []).filter((each) => !isPlace(each)));
    const pointed = (answer ?? []).filter(isPlace).map((value, index) => placeWords(hotspot, index, value));
    return [named, ...pointed].filter(Boolean).join("; ");
  },
};

function placeWords(hotspot, index, value) {
  const format = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
  const [left, top] = value.split(",").map((each) => format.format(each));
  const values = { number: index + 1, left, top };
  return hotspot.dataset.label.replace(/%\((\w+)\)s/g, (_all, key) => values[key]);
}

function addPlace(hotspot, value) {
  const place = hotspot.querySelector("template").content.firstElementChild.cloneNode(true);
  place.querySelector("input").value = value;
  hotspot.querySelector("[data-places]").append(place);
}

/** Give each entry its name, and each checked one a marker in the picture. */
function drawMarkers(hotspot) {
  const frame = hotspot.querySelector(".hotspot-frame");
  const kept = [...frame.querySelectorAll(".hotspot-marker")];
  places(hotspot).forEach((input, index) => {
    const text = input.closest(".place").querySelector(".option-text");
    const words = placeWords(hotspot, index, input.value);
    if (wordsOf(text) !== words) text.textContent = words;
    const marker = kept[index] ?? newMarker(frame);
    const [left, top] = input.value.split(",");
    marker.style.left = `${left}%`;
    marker.style.top = `${top}%`;
    marker.textContent = index + 1;
    marker.setAttribute("aria-label", words);
    marker.hidden = !input.checked;
  });
  for (const marker of kept.slice(places(hotspot).length)) marker.remove();
}

function newMarker(frame) {
  const marker = document.createElement("button");
  marker.type = "button";
  marker.className = "hotspot-marker";
  frame.append(marker);
  return marker;
}

function changed(hotspot, input) {
  drawMarkers(hotspot);
  (input ?? hotspot.querySelector("input")).dispatchEvent(new Event("change", { bubbles: true }));
}

function point(hotspot, event) {
  const box = hotspot.querySelector(".hotspot-frame img").getBoundingClientRect();
  if (places(hotspot).length >= MOST || !box.width || !box.height) return;
  const left = round((100 * (event.clientX - box.left)) / box.width);
  const top = round((100 * (event.clientY - box.top)) / box.height);
  addPlace(hotspot, `${left},${top}`);
  changed(hotspot, places(hotspot).at(-1));
  hotspot.querySelector(".hotspot-marker:last-of-type").focus({ preventScroll: true });
}

function remove(hotspot, index) {
  places(hotspot)[index].closest(".place").remove();
  changed(hotspot);
  const markers = hotspot.querySelectorAll(".hotspot-marker");
  (markers[Math.min(index, markers.length - 1)] ?? hotspot.querySelector("input")).focus({ preventScroll: true });
}

function move(hotspot, index, [x, y], step) {
  const input = places(hotspot)[index];
  const [left, top] = input.value.split(",").map(Number);
  input.value = `${round(left + x * step)},${round(top + y * step)}`;
  changed(hotspot, input);
}

function onKey(hotspot, event) {
  const index = [...hotspot.querySelectorAll(".hotspot-marker")].indexOf(event.target);
  if (index < 0) return;
  if (event.key in MOVES) move(hotspot, index, MOVES[event.key], event.shiftKey ? BIG_STEP : STEP);
  else if (event.key === "Delete" || event.key === "Backspace") remove(hotspot, index);
  else return;
  event.preventDefault();
}

function framed(image) {
  const frame = document.createElement("span");
  frame.className = "hotspot-frame";
  image.replaceWith(frame);
  frame.append(image);
  return frame;
}

/** Attach to every picture of the part. */
export function startHotspots(root) {
  for (const hotspot of within(root, "[data-hotspot]")) {
    const image = hotspot.querySelector(".hotspot-picture img");
    if (!image) continue;
    const frame = image.closest(".hotspot-frame") ?? framed(image);
    drawMarkers(hotspot);
    const hint = hotspot.querySelector("[data-pointing]");
    if (!hint) {
      for (const marker of frame.querySelectorAll("button")) marker.disabled = true;
      continue;
    }
    hint.hidden = false;
    hotspot.classList.add("can-point");
    frame.addEventListener("click", (event) => {
      if (event.target === image) point(hotspot, event);
    });
    frame.addEventListener("keydown", (event) => onKey(hotspot, event));
    hotspot.addEventListener("change", (event) => {
      if (event.target.closest("[data-places]")) drawMarkers(hotspot);
    });
  }
}
