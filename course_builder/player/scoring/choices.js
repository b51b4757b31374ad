// Options that are chosen, and items that are put in order.

import { ResponseError } from "./errors.js";
import { ONE, Fraction, ZERO, notBelowZero, share } from "./fraction.js";

export function judgeSingle(key, response) {
  const right = key.correct[0];
  if (response === null) return { share: ZERO, parts: { [right]: "missed" }, isAnswered: false };
  if (typeof response !== "string") throw new ResponseError("The answer to a question with one choice is one option.");
  refuseUnknown(key, [response]);
  if (response === right) return { share: ONE, parts: { [right]: "right" } };
  return { share: ZERO, parts: { [response]: "wrong", [right]: "missed" } };
}

export function judgeMultiple(key, response) {
  const chosen = new Set(idsOf(key, response));
  const parts = markOptions(key, chosen);
  if (!chosen.size) return { share: ZERO, parts, isAnswered: false };
  return { share: shareOfTicks(key, chosen, 0), parts };
}

/** Give the share that ticks are worth; `strays` are wrong ones that stand for no option. */
export function shareOfTicks(key, chosen, strays) {
  const right = key.correct.filter((option) => chosen.has(option)).length;
  const wrong = chosen.size - right + strays;
  const missed = key.correct.length - right;
  if (key.partial === "each") return notBelowZero(fraction(key.options.length - wrong - missed, key.options.length));
  if (key.partial === "net") return notBelowZero(fraction(right - wrong, key.correct.length));
  return wrong || missed ? ZERO : ONE;
}

function fraction(top, bottom) {
  return new Fraction(BigInt(top), BigInt(bottom));
}

/** Mark the options that were chosen, and those that should have been. */
export function markOptions(key, chosen) {
  const parts = {};
  for (const option of key.options) {
    const isCorrect = key.correct.includes(option);
    if (chosen.has(option)) parts[option] = isCorrect ? "right" : "wrong";
    else if (isCorrect) parts[option] = "missed";
  }
  return parts;
}

/** Judge an order: each item counts where it is in its place. */
export function judgeOrder(key, response) {
  const placed = idsOf(key, response);
  if (!placed.length) return { share: ZERO, parts: {}, isAnswered: false };
  if (placed.length !== key.correct.length) {
    throw new ResponseError("The answer to an ordering question holds each item once.");
  }
  const parts = Object.fromEntries(placed.map((item, index) => [item, item === key.correct[index] ? "right" : "wrong"]));
  const inPlace = placed.filter((item) => parts[item] === "right").length;
  return { share: share(inPlace, placed.length, key.partial === "each"), parts };
}

function idsOf(key, response) {
  if (response === null) return [];
  if (!Array.isArray(response)) throw new ResponseError("The answer to this question is a list of options.");
  if (response.length > key.options.length) {
    throw new ResponseError("The answer holds more options than the question has.");
  }
  refuseUnknown(key, response);
  if (new Set(response).size !== response.length) throw new ResponseError("The answer holds an option twice.");
  return response;
}

function refuseUnknown(key, ids) {
  if (!ids.every((option) => key.options.includes(option))) {
    throw new ResponseError("The answer holds an option that the question does not have.");
  }
}
