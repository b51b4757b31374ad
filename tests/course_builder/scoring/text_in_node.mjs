// Says which patterns are expressions, how texts are folded, and gives the tables, from the player's modules.

import { readFileSync } from "node:fs";

import { OWN, PLAIN } from "../../../course_builder/player/scoring/letters.js";
import { RegexError, parse } from "../../../course_builder/player/scoring/regex-parser.js";
import { TYPED, fold } from "../../../course_builder/player/scoring/text.js";

function isExpression(pattern) {
  try {
    parse(pattern.normalize("NFC"));
    return true;
  } catch (error) {
    if (error instanceof RegexError) return false;
    throw error;
  }
}

const { patterns = [], folds = [] } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(
  JSON.stringify({
    patterns: patterns.map(isExpression),
    folds: folds.map(([text, language]) => fold(text, language)),
    tables: { own: OWN, plain: PLAIN, typed: Object.fromEntries(TYPED) },
  }),
);
