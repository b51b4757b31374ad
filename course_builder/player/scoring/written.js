// Answers in words: a field of its own, or gaps in a text.

import { ResponseError } from "./errors.js";
import { ONE, ZERO } from "./fraction.js";
import { readFields, shareOfRight } from "./pairs.js";
import { matches } from "./regex.js";
import { collapse, fold, readText, tidy } from "./text.js";

export function judgeText(key, response) {
  const text = readText(response);
  if (!tidy(text)) return { share: ZERO, isAnswered: false };
  const matched = match(key.written[""], text, key.language);
  return { share: isAccepted(matched) ? ONE : ZERO, matched };
}

/** Judge each gap by itself; one with a drop-down list takes what the list offers, to the letter. */
export function judgeGaps(key, response) {
  const texts = new Map([...readFields(key, response)].map(([gap, text]) => [gap, readText(text)]));
  const parts = Object.fromEntries(key.items.map((gap) => [gap, judgeGap(key, gap, texts.get(gap) ?? "")]));
  if (Object.values(parts).every((part) => part === "missed")) return { share: ZERO, parts, isAnswered: false };
  return { share: shareOfRight(key, parts), parts };
}

function judgeGap(key, gap, text) {
  if (!tidy(text)) return "missed";
  const hasList = Object.hasOwn(key.choices, gap);
  if (hasList && !key.choices[gap].includes(text)) {
    throw new ResponseError("The answer holds a choice that the gap does not offer.");
  }
  const written = hasList ? { ...key.written[gap], exact: true } : key.written[gap];
  return isAccepted(match(written, text, key.language)) ? "right" : "wrong";
}

function isAccepted(matched) {
  return matched !== null && matched.startsWith("accepted");
}

/** Name the first answer of a key that a text is. */
function match({ accepted, foreseen = [], exact = false }, text, language) {
  for (const [kind, patterns] of [["accepted", accepted], ["foreseen", foreseen]]) {
    const place = patterns.findIndex((pattern) => isSame(pattern, text, language, exact));
    if (place !== -1) return `${kind}-${place + 1}`;
  }
  return null;
}

function isSame({ text: pattern, regex = false }, text, language, isExact) {
  if (regex) return matches(pattern, isExact ? tidy(text) : collapse(tidy(text)), isExact);
  if (isExact) return tidy(text) === tidy(pattern);
  return fold(text, language) === fold(pattern, language);
}
