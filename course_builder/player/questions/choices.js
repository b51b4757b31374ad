// Options of which one or several are chosen.

import { controlsOf, wordsOf } from "./controls.js";

function show(question, names) {
  for (const control of controlsOf(question)) control.checked = names.includes(control.value);
}

function say(question, names) {
  const text = (name) =>
    wordsOf(controlsOf(question).find((control) => control.value === name)?.parentElement.querySelector(".option-text"));
  return names.map(text).filter(Boolean).join("; ");
}

function chosen(question) {
  return controlsOf(question)
    .filter((control) => control.checked)
    .map((control) => control.value);
}

/** One option: its name, or null. */
export const one = {
  read: (question) => chosen(question)[0] ?? null,
  show: (question, answer) => show(question, [answer]),
  say: (question, answer) => say(question, [answer]),
};

/** Any number of options: a list of names. */
export const several = {
  read: chosen,
  show: (question, answer) => show(question, answer ?? []),
  say: (question, answer) => say(question, answer ?? []),
};
