// How two texts are compared, letter by letter as course_builder/scoring/text.py does it.

import { ResponseError } from "./errors.js";
import { PLAIN, ownLetters } from "./letters.js";

const SPACES =
  "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a" +
  "\u2028\u2029\u202f\u205f\u3000";
const INVISIBLE = "\xad\u200b\u200e\u200f\u2060\ufeff";
const SAME = {
  "'": "‘’‚‛‹›′ʼ`´",
  '"': "“”„‟«»″",
  "-": "‐‑‒–—―−﹘﹣－",
  "...": "…",
  ș: "ş",
  ț: "ţ",
  Ș: "Ş",
  Ț: "Ţ",
};

/** By character, what a plain keyboard has instead. */
export const TYPED = new Map([
  ...[...SPACES].map((space) => [space, " "]),
  ...[...INVISIBLE].map((each) => [each, ""]),
  ...Object.entries(SAME).flatMap(([plain, fancy]) => [...fancy].map((each) => [each, plain])),
]);

const LONGEST_LINE = 1_000;

/** How many characters, not code units. */
export function lengthOf(text) {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** Take a response that is a text; null is an empty one. */
export function readText(response, longest = LONGEST_LINE) {
  if (response === null || response === undefined) return "";
  if (typeof response !== "string") throw new ResponseError("The answer to this question is a text.");
  if (response.length > 2 * longest || lengthOf(response) > longest) {
    throw new ResponseError(`The answer is longer than ${longest} characters.`);
  }
  if (/[\0\p{Cs}]/u.test(response)) throw new ResponseError("The answer holds what is not a character.");
  return response;
}

/** Write a text with the characters of a plain keyboard, without space around it. */
export function tidy(text) {
  const typed = [...text.normalize("NFC")].map((each) => TYPED.get(each) ?? each).join("");
  // What stood between a letter and its accent may be gone.
  return typed.normalize("NFC").replace(/^ +| +$/g, "");
}

/** Make one space of several, in a tidy text. */
export function collapse(text) {
  return text.split(" ").filter(Boolean).join(" ");
}

/** Leave out what does not count: how a text was typed, capitals, spaces, accents foreign to a language. */
export function fold(text, language) {
  const own = ownLetters(language);
  const lower = [...collapse(tidy(text))].map((each) => each.toLowerCase()).join("").replaceAll("ς", "σ");
  return own === null ? lower : [...lower].map((each) => (own.has(each) ? each : plain(each))).join("");
}

function plain(letter) {
  const kept = [...letter.normalize("NFD")].filter((each) => each < "\u0300" || each > "\u036f");
  return kept.map((each) => (Object.hasOwn(PLAIN, each) ? PLAIN[each] : each)).join("");
}
