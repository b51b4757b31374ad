// Areas of a picture, named or pointed at, without rounding.

import { markOptions, shareOfTicks } from "./choices.js";
import { ResponseError } from "./errors.js";
import { Fraction, ZERO } from "./fraction.js";

const MOST_PLACES = 50;
const PLACE = /^([0-9]{1,3}(?:\.[0-9]{1,2})?),([0-9]{1,3}(?:\.[0-9]{1,2})?)$/;

/** Judge areas that were chosen; a place in none of them is a wrong tick of its own. */
export function judgeAreas(key, response) {
  const entries = entriesOf(key, response);
  const chosen = new Set();
  const strays = new Map();
  for (const entry of entries) {
    const point = key.options.includes(entry) ? null : pointOf(entry);
    const option = point ? findArea(key, point) : entry;
    if (option !== undefined) chosen.add(option);
    else if (!strays.has(String(point))) strays.set(String(point), entry);
  }
  const parts = markOptions(key, chosen);
  for (const stray of strays.values()) parts[stray] = "wrong";
  if (!entries.length) return { share: ZERO, parts, isAnswered: false };
  return { share: shareOfTicks(key, chosen, strays.size), parts };
}

/** Find the first area, in the options' order, that holds a place; its border belongs to it. */
export function findArea(key, point) {
  return key.options.find((option) => contains(key.areas[option], point));
}

/** Whether a place, a pair of fractions, is in an area or on its border. */
export function contains({ shape, numbers: texts }, [x, y]) {
  const numbers = texts.map(Fraction.of);
  if (shape === "rect") {
    const [left, top, width, height] = numbers;
    return isBetween(left, x, left.plus(width)) && isBetween(top, y, top.plus(height));
  }
  if (shape === "ellipse") {
    const across = x.minus(numbers[0]).dividedBy(numbers[2]);
    const down = y.minus(numbers[1]).dividedBy(numbers[3]);
    return across.times(across).plus(down.times(down)).compare(1) <= 0;
  }
  return polygonContains(numbers, x, y);
}

/** Count the edges that a ray to the right crosses: an odd number is inside. */
function polygonContains(numbers, x, y) {
  let isInside = false;
  for (let corner = 0; corner < numbers.length; corner += 2) {
    const [x1, y1] = [numbers[corner], numbers[corner + 1]];
    const [x2, y2] = [numbers[(corner + 2) % numbers.length], numbers[(corner + 3) % numbers.length]];
    const turn = x2.minus(x1).times(y.minus(y1)).minus(y2.minus(y1).times(x.minus(x1))).compare(0);
    if (turn === 0 && isOnSpan(x1, x, x2) && isOnSpan(y1, y, y2)) return true;
    const isCrossed = y1.compare(y) > 0 !== y2.compare(y) > 0;
    if (isCrossed && turn > 0 === y2.compare(y1) > 0) isInside = !isInside;
  }
  return isInside;
}

function isBetween(low, value, high) {
  return low.compare(value) <= 0 && value.compare(high) <= 0;
}

function isOnSpan(one, value, other) {
  return isBetween(one, value, other) || isBetween(other, value, one);
}

function entriesOf(key, response) {
  if (response === null) return [];
  if (!Array.isArray(response)) throw new ResponseError("The answer to this question is a list of areas and places.");
  if (response.length > key.options.length + MOST_PLACES) {
    throw new ResponseError("The answer holds too many areas and places.");
  }
  if (!response.every((entry) => typeof entry === "string")) {
    throw new ResponseError("The answer holds an area that the question does not have.");
  }
  return response;
}

function pointOf(entry) {
  const place = PLACE.exec(entry);
  if (!place) throw new ResponseError("The answer holds an area that the question does not have.");
  const point = [Fraction.of(place[1]), Fraction.of(place[2])];
  if (point.some((each) => each.compare(100) > 0)) {
    throw new ResponseError("The answer holds a place outside the picture.");
  }
  return point;
}
