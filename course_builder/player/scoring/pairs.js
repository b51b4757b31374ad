// Right-hand sides that go with left-hand sides, choices in the rows of a table, and texts of gaps.

import { ResponseError } from "./errors.js";
import { ZERO, share } from "./fraction.js";

export function judgePairs(key, response) {
  const chosen = readPairs(key, response);
  const parts = Object.fromEntries(
    key.items.map((item) => {
      if (!chosen.has(item)) return [item, "missed"];
      return [item, chosen.get(item) === key.pairs[item] ? "right" : "wrong"];
    }),
  );
  if (!chosen.size) return { share: ZERO, parts, isAnswered: false };
  return { share: shareOfRight(key, parts), parts };
}

/** Give the share that the right ones of all items make, or all or nothing. */
export function shareOfRight(key, parts) {
  const all = Object.values(parts);
  return share(all.filter((part) => part === "right").length, all.length, key.partial === "each");
}

/** Take the items that have an option chosen; a choice of nothing is as good as none. */
export function readPairs(key, response) {
  const chosen = new Map([...readFields(key, response)].filter(([, option]) => option));
  if (![...chosen.values()].every((option) => key.options.includes(option))) {
    throw new ResponseError("The answer holds an option that the question does not have.");
  }
  return chosen;
}

/** Take a response that has a text for each item, or for some, as a Map. */
export function readFields(key, response) {
  if (response === null) return new Map();
  if (typeof response !== "object" || Array.isArray(response)) {
    throw new ResponseError("The answer to this question says what goes with each item.");
  }
  const fields = new Map(Object.entries(response));
  if (![...fields.keys()].every((item) => key.items.includes(item))) {
    throw new ResponseError("The answer holds an item that the question does not have.");
  }
  if (![...fields.values()].every((text) => typeof text === "string")) {
    throw new ResponseError("The answer to an item is a text.");
  }
  return fields;
}
