// The grammar of RFC 9485, as course_builder/scoring/regex.py reads it: each function reads one rule.

const LONGEST = 500;
const LARGEST = 1_000;
const DEEPEST = 50;
const ESCAPED = new Map([...[..."()*+-.?[\\]^{|}"].map((each) => [each, each]), ["n", "\n"], ["r", "\r"], ["t", "\t"]]);
const SPECIAL = new Set("()*+.?[\\]{|}");
const CATEGORY = /^\{(L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|Z[lps]?|S[ckmo]?|C[cfo]?)\}/;
const QUANTIFIER = /^\{([0-9]{1,4})(?:(,)([0-9]{1,4})?)?\}/;

/** An expression that is none of RFC 9485, or too large. */
export class RegexError extends Error {}

/**
 * Read an expression into a tree of nodes.
 *
 * `{kind: "set", members, isNegated}` is one character; a member has the `source` of a JavaScript character class, and
 * `isComplement`. `{kind: "sequence", nodes}`, `{kind: "alternatives", nodes}`, `{kind: "repeat", node, low, high}`.
 */
export function parse(pattern) {
  const characters = [...pattern];
  if (characters.length > LONGEST) throw new RegexError("too long");
  if (/\p{Cs}/u.test(pattern)) throw new RegexError("not a character");
  const state = { characters, at: 0, depth: 0 };
  const { node } = alternatives(state);
  if (state.at < characters.length) throw new RegexError("closes a group that it did not open");
  return node;
}

function peek(state, ahead = 0) {
  return state.characters[state.at + ahead] ?? "";
}

function take(state) {
  state.at += 1;
  return state.characters[state.at - 1] ?? "";
}

function takeMatch(state, expression) {
  const found = expression.exec(state.characters.slice(state.at, state.at + 12).join(""));
  if (!found) throw new RegexError("a repetition or a category that is none");
  state.at += found[0].length;
  return found;
}

function alternatives(state) {
  const branches = [];
  let size = 1;
  for (;;) {
    const nodes = [];
    while (!["", "|", ")"].includes(peek(state))) {
      const piece = readPiece(state);
      nodes.push(piece.node);
      size += piece.size;
      if (size > LARGEST) throw new RegexError("too large");
    }
    branches.push({ kind: "sequence", nodes });
    if (peek(state) !== "|") return { node: { kind: "alternatives", nodes: branches }, size };
    take(state);
  }
}

function readPiece(state) {
  const { node, size } = readAtom(state);
  const next = peek(state);
  if (next === "*" || next === "+" || next === "?") {
    take(state);
    return { node: { kind: "repeat", node, low: next === "+" ? 1 : 0, high: next === "?" ? 1 : Infinity }, size };
  }
  if (next !== "{") return { node, size };
  const [, lowest, comma, highest] = takeMatch(state, QUANTIFIER);
  const low = Number(lowest);
  const high = highest ? Number(highest) : comma ? Infinity : low;
  const times = highest ? high : low;
  if (high < low) throw new RegexError("repeats at least more often than at most");
  if (times > LARGEST) throw new RegexError("too large");
  return { node: { kind: "repeat", node, low, high }, size: size * Math.max(times, 1) };
}

function readAtom(state) {
  const each = take(state);
  if (each === "(") return readGroup(state);
  if (each === ".") return { node: set([member("\\n\\r")], true), size: 1 };
  if (each === "[") return { node: readClass(state), size: 1 };
  if (each === "\\") return { node: set([readEscape(state)]), size: 1 };
  if (SPECIAL.has(each)) throw new RegexError("a stray character");
  return { node: set([member(literal(each))]), size: 1 };
}

function readGroup(state) {
  state.depth += 1;
  if (state.depth > DEEPEST) throw new RegexError("too deep");
  const group = alternatives(state);
  if (take(state) !== ")") throw new RegexError("a group that is not closed");
  state.depth -= 1;
  return group;
}

function readEscape(state) {
  const each = take(state);
  if (each !== "p" && each !== "P") return member(literal(escaped(each)));
  const [, name] = takeMatch(state, CATEGORY);
  // Which characters do not exist yet depends on the version of Unicode, so none of them counts as "other".
  return member(name === "C" ? "\\p{Cc}\\p{Cf}\\p{Co}" : `\\p{${name}}`, each === "P");
}

function escaped(each) {
  if (!ESCAPED.has(each)) throw new RegexError("an escape that RFC 9485 does not have");
  return ESCAPED.get(each);
}

function readClass(state) {
  const isNegated = peek(state) === "^";
  if (isNegated) take(state);
  const members = [];
  if (peek(state) === "-") members.push(member(literal(take(state))));
  while (!["", "]"].includes(peek(state))) {
    if (peek(state) === "-" && members.length && peek(state, 1) === "]") {
      members.push(member(literal(take(state))));
    } else if (peek(state) === "\\" && (peek(state, 1) === "p" || peek(state, 1) === "P")) {
      take(state);
      members.push(readEscape(state));
    } else {
      members.push(readRange(state));
    }
  }
  if (take(state) !== "]" || !members.length) throw new RegexError("a character class that is empty or not closed");
  return set(members, isNegated);
}

function readRange(state) {
  const first = classCharacter(state);
  if (peek(state) !== "-" || peek(state, 1) === "]") return member(literal(first));
  take(state);
  const last = classCharacter(state);
  if (last.codePointAt(0) < first.codePointAt(0)) throw new RegexError("a range that ends before it begins");
  return member(`${literal(first)}-${literal(last)}`);
}

function classCharacter(state) {
  const each = take(state);
  if (each === "\\") return escaped(take(state));
  if (!each || each === "-" || each === "[" || each === "]") throw new RegexError("a stray character");
  return each;
}

function set(members, isNegated = false) {
  return { kind: "set", members, isNegated };
}

function member(source, isComplement = false) {
  return { source, isComplement };
}

function literal(each) {
  return `\\u{${each.codePointAt(0).toString(16)}}`;
}
