// Answers that no key judges: a survey's take part, an essay or a file waits for a person.

import { ResponseError } from "./errors.js";
import { ZERO, share } from "./fraction.js";
import { readPairs } from "./pairs.js";
import { readText, tidy } from "./text.js";

const LONGEST_ESSAY = 20_000;
const MOST_FILES = 100;
const LONGEST_FILE_NAME = 255;
const UNANSWERED = { share: ZERO, isAnswered: false };
const WAITING = { share: ZERO, state: "waiting" };

/** Count the rows that were answered, whatever the answer. */
export function judgeSurvey(key, response) {
  const answered = readPairs(key, response);
  return answered.size ? { share: share(answered.size, key.items.length, true), state: "given" } : UNANSWERED;
}

export function judgeEssay(_, response) {
  return tidy(readText(response, LONGEST_ESSAY)) ? WAITING : UNANSWERED;
}

export function judgeUpload(_, response) {
  if (response === null) return UNANSWERED;
  if (!Array.isArray(response)) throw new ResponseError("The answer to this question is a list of files.");
  if (response.length > MOST_FILES) throw new ResponseError(`The answer holds more than ${MOST_FILES} files.`);
  if (!response.every((name) => typeof name === "string" && readText(name, LONGEST_FILE_NAME))) {
    throw new ResponseError("The answer holds a file without a name.");
  }
  return response.length ? WAITING : UNANSWERED;
}
