// Regular expressions of authors: RFC 9485 (I-Regexp), the whole answer, in linear time. The browser's own engine is
// asked about single characters only: it backtracks, and an expression with an answer to fit can hold it up for hours.

import { parse } from "./regex-parser.js";

const cache = new Map();

/** Whether an expression matches all of a tidy text; capitals count only where it is exact. */
export function matches(pattern, text, isExact) {
  const name = `${isExact ? "=" : "~"}${pattern}`;
  if (!cache.has(name)) cache.set(name, compile(parse(pattern.normalize("NFC")), isExact));
  return run(cache.get(name), text);
}

/** Write a tree as a list of steps: look for a character, go two ways, jump, or be done. */
function compile(tree, isExact) {
  const steps = [];
  emit(steps, tree, isExact ? "u" : "iu");
  steps.push({ kind: "done" });
  return steps;
}

function emit(steps, node, flags) {
  if (node.kind === "set") steps.push({ kind: "look", test: tester(node, flags) });
  else if (node.kind === "sequence") for (const each of node.nodes) emit(steps, each, flags);
  else if (node.kind === "alternatives") emitAlternatives(steps, node.nodes, flags);
  else emitRepeat(steps, node, flags);
}

function emitAlternatives(steps, nodes, flags) {
  const ends = [];
  nodes.forEach((node, index) => {
    const isLast = index === nodes.length - 1;
    const fork = { kind: "fork", ways: [steps.length + 1, null] };
    if (!isLast) steps.push(fork);
    emit(steps, node, flags);
    if (isLast) return;
    const end = { kind: "fork", ways: [null] };
    steps.push(end);
    ends.push(end);
    fork.ways[1] = steps.length;
  });
  for (const end of ends) end.ways[0] = steps.length;
}

function emitRepeat(steps, { node, low, high }, flags) {
  // No more copies than the author asked for: repetitions within each other would double with each one that is added.
  for (let time = 1; time < low; time += 1) emit(steps, node, flags);
  const start = steps.length;
  if (low) emit(steps, node, flags);
  if (low && high === Infinity) steps.push({ kind: "fork", ways: [start, steps.length + 1] });
  else if (high === Infinity) emitAnyNumber(steps, node, flags);
  else emitUpTo(steps, node, high - low, flags);
}

function emitAnyNumber(steps, node, flags) {
  const start = steps.length;
  const fork = { kind: "fork", ways: [start + 1, null] };
  steps.push(fork);
  emit(steps, node, flags);
  steps.push({ kind: "fork", ways: [start] });
  fork.ways[1] = steps.length;
}

function emitUpTo(steps, node, times, flags) {
  const forks = [];
  for (let time = 0; time < times; time += 1) {
    const fork = { kind: "fork", ways: [steps.length + 1, null] };
    steps.push(fork);
    forks.push(fork);
    emit(steps, node, flags);
  }
  for (const fork of forks) fork.ways[1] = steps.length;
}

/** Make a test for one character. Each member is asked by itself, so that a negation comes after the folding of case. */
function tester({ members, isNegated }, flags) {
  const tests = members.map(({ source, isComplement }) => {
    const expression = new RegExp(`^[${source}]$`, flags);
    return (each) => expression.test(each) !== isComplement;
  });
  const known = new Map();
  return (each) => {
    if (!known.has(each)) known.set(each, tests.some((test) => test(each)) !== isNegated);
    return known.get(each);
  };
}

/** Follow all ways at once, character by character (Thompson's algorithm). */
function run(steps, text) {
  let current = reach(steps, [0]);
  for (const each of text) {
    const next = [];
    for (const at of current) if (steps[at].kind === "look" && steps[at].test(each)) next.push(at + 1);
    if (!next.length) return false;
    current = reach(steps, next);
  }
  return current.has(steps.length - 1);
}

/** Give all steps that are reached without looking at a character. */
function reach(steps, starts) {
  const reached = new Set(starts);
  for (const at of reached) {
    // A Set visits what is added while it is walked through.
    if (steps[at].kind === "fork") for (const way of steps[at].ways) reached.add(way);
  }
  return reached;
}
