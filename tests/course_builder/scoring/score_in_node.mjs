// Scores a list of [key, response, triesUsed, hintsOpened] from standard input with the player's modules.

import { readFileSync } from "node:fs";

import { ResponseError, UnclearError, score } from "../../../course_builder/player/scoring/score.js";

function outcome([key, response, triesUsed, hintsOpened]) {
  try {
    const { points, maxPoints, state, parts, matched } = score(key, response, triesUsed, hintsOpened);
    return { points, max_points: maxPoints, state, parts, matched };
  } catch (error) {
    const { message, readings = [] } = error;
    if (error instanceof UnclearError) return { error: "unclear", readings, message };
    if (error instanceof ResponseError) return { error: "response", readings, message };
    if (error instanceof RangeError) return { error: "misuse", readings, message };
    throw error;
  }
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(outcome)));
