// What is answered in a question, read from its controls, put back into them, and said in words: by its type.

import { one, several } from "./questions/choices.js";
import { fields } from "./questions/fields.js";
import { spots } from "./questions/hotspot.js";
import { order } from "./questions/order.js";
import { written } from "./questions/written.js";

const TYPES = {
  single: one,
  truefalse: one,
  multiple: several,
  order,
  match: fields,
  gap: fields,
  table: fields,
  survey: fields,
  number: written,
  text: written,
  essay: written,
  hotspot: spots,
};

/** Read the answer under drawn names, in the shape that the server reads (course_builder/player/forms.py). */
export function readAnswer(question) {
  return TYPES[question.dataset.type].read(question);
}

/** Show an answer. */
export function showAnswer(question, answer) {
  TYPES[question.dataset.type].show(question, answer);
}

/** Say an answer in the words of its question; empty where there is none. */
export function sayAnswer(question, answer) {
  return TYPES[question.dataset.type].say(question, answer);
}
