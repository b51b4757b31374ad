// What an answer is worth, where there is no Python: the same as course_builder/scoring, proven by the same cases.

import { judgeAreas } from "./areas.js";
import { judgeEssay, judgeSurvey, judgeUpload } from "./by-person.js";
import { judgeMultiple, judgeOrder, judgeSingle } from "./choices.js";
import { UnclearError } from "./errors.js";
import { Fraction, ONE, notBelowZero } from "./fraction.js";
import { judgeNumber } from "./numbers.js";
import { judgePairs } from "./pairs.js";
import { judgeGaps, judgeText } from "./written.js";

export { ResponseError, UnclearError } from "./errors.js";

const JUDGES = {
  single: judgeSingle,
  truefalse: judgeSingle,
  multiple: judgeMultiple,
  order: judgeOrder,
  match: judgePairs,
  table: judgePairs,
  number: judgeNumber,
  text: judgeText,
  gap: judgeGaps,
  hotspot: judgeAreas,
  survey: judgeSurvey,
  essay: judgeEssay,
  upload: judgeUpload,
};

const DEFAULTS = {
  options: [],
  correct: [],
  items: [],
  pairs: {},
  written: {},
  choices: {},
  areas: {},
  points: "1",
  tries: 1,
  penalty: "0",
  partial: "off",
  hint_costs: [],
  language: "en",
  unit: "",
};

/**
 * Score an answer.
 *
 * @param key what `key_json` of course_builder.scoring gives.
 * @param response the answer; null is none.
 * @param triesUsed answers given to the question in this attempt, this one included.
 * @param hintsOpened positions of the hints that were opened.
 * @returns `{points, maxPoints, state, parts, matched}`, with points as exact text such as "5/2".
 * @throws ResponseError, UnclearError, or RangeError if the tries or the hints do not fit the key.
 */
export function score(key, response, triesUsed = 1, hintsOpened = []) {
  const whole = { ...DEFAULTS, ...key };
  if (triesUsed < 1 || (whole.tries !== null && triesUsed > whole.tries)) {
    throw new RangeError(`${triesUsed} tries do not fit a question that allows ${whole.tries}`);
  }
  if (hintsOpened.some((hint) => !(hint in whole.hint_costs))) throw new RangeError("the question has no such hint");
  const judgement = JUDGES[whole.type](whole, response ?? null);
  const points = Fraction.of(whole.points);
  const hints = [...new Set(hintsOpened)].map((hint) => whole.hint_costs[hint]);
  const lost = hints.reduce((sum, cost) => sum.plus(cost), Fraction.of(whole.penalty).times(triesUsed - 1));
  return {
    points: String(notBelowZero(points.times(judgement.share.minus(lost)))),
    maxPoints: String(points),
    state: stateOf(judgement),
    parts: judgement.parts ?? {},
    matched: judgement.matched ?? null,
  };
}

/** Score an answer that can no longer be asked back: one that is unclear counts as none. */
export function scoreUnasked(key, response, triesUsed = 1, hintsOpened = []) {
  try {
    return score(key, response, triesUsed, hintsOpened);
  } catch (error) {
    if (!(error instanceof UnclearError)) throw error;
    return score(key, null, triesUsed, hintsOpened);
  }
}

function stateOf({ share, isAnswered = true, state = null }) {
  if (!isAnswered) return "unanswered";
  if (state) return state;
  if (share.compare(ONE) === 0) return "right";
  return share.compare(0) ? "partly" : "wrong";
}
