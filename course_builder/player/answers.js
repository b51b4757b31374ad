// What is chosen in a question, read from its controls and put back into them.

import { arrange } from "./order.js";

function choices(question) {
  return [...question.querySelectorAll(`[name="q-${question.dataset.question}"]`)];
}

/** Read the answer: a name, a list of names, or null. */
export function readAnswer(question) {
  if (question.dataset.type === "order") {
    return [...question.querySelectorAll("[data-order] > [data-name]")].map((item) => item.dataset.name);
  }
  const chosen = choices(question)
    .filter((control) => control.checked)
    .map((control) => control.value);
  return question.dataset.type === "single" ? (chosen[0] ?? null) : chosen;
}

/** Show an answer. */
export function showAnswer(question, answer) {
  if (question.dataset.type === "order") {
    arrange(question.querySelector("[data-order]"), answer ?? []);
    return;
  }
  const names = new Set([answer ?? []].flat());
  for (const control of choices(question)) control.checked = names.has(control.value);
}

/** Say an answer in the words of its options. */
export function sayAnswer(question, answer) {
  const names = [answer ?? []].flat();
  const text = (name) =>
    question.querySelector(`[value="${name}"] ~ .option-text, [data-name="${name}"] .option-text`)?.textContent.trim();
  return names.map(text).filter(Boolean).join("; ") || "–";
}
