// What a reader did with a block lives on in the one that takes its place: answers, open parts, the focus.

import { readAnswer, showAnswer } from "/static/player/answers.js";

const KEY = `answers:${location.pathname}`;

/** Keep what is answered and not yet sent in this tab, so that going to another page and back loses nothing. */
export function keepUnsent(root) {
  const unsent = safely(() => JSON.parse(sessionStorage.getItem(KEY))) ?? {};
  for (const question of questions(root)) {
    const answer = unsent[question.dataset.question];
    if (answer !== undefined && !isLocked(question)) safely(() => showAnswer(question, answer));
  }
  root.addEventListener("change", (event) => {
    const question = event.target.closest("[data-question]");
    if (!question) return;
    unsent[question.dataset.question] = safely(() => readAnswer(question));
    safely(() => sessionStorage.setItem(KEY, JSON.stringify(unsent)));
  });
}

/** Note what a block holds, before it goes; the result puts it into another block. */
export function keep(old) {
  const answers = [...questions(old)].map((question) => [question.dataset.question, safely(() => readAnswer(question))]);
  const open = new Set([...old.querySelectorAll("details[open]")].map(nameOf));
  if (old.matches("details[open]")) open.add(nameOf(old));
  const chosen = boxesOfTabs(old).map((box) => titlesOf(box).findIndex((tab) => tab.ariaSelected === "true"));
  const fields = fieldsOf(old).map((field) => [field.id, field.value, field.checked]);
  const focused = old.contains(document.activeElement) ? describe(document.activeElement, old) : null;

  return (fresh) => {
    for (const [id, answer] of answers) {
      const question = [...questions(fresh)].find((each) => each.dataset.question === id);
      if (question && answer !== undefined && !isLocked(question)) safely(() => showAnswer(question, answer));
    }
    for (const part of [fresh, ...fresh.querySelectorAll("details")]) {
      if (part.matches("details") && open.has(nameOf(part))) part.open = true;
    }
    boxesOfTabs(fresh).forEach((box, index) => titlesOf(box)[chosen[index]]?.click());
    for (const field of fieldsOf(fresh)) {
      const before = fields.find(([id]) => id === field.id);
      if (before) [, field.value, field.checked] = before;
    }
    if (focused) find(focused, fresh)?.focus({ preventScroll: true });
  };
}

function boxesOfTabs(root) {
  return [root, ...root.querySelectorAll(".is-tabbed")].filter((each) => each.matches(".is-tabbed"));
}

function titlesOf(box) {
  return [...box.querySelectorAll(":scope > .tab-list > [role=tab]")];
}

/** List what can be filled in and is no answer: boxes of checklists, notes to oneself. */
function fieldsOf(root) {
  return [...root.querySelectorAll("input[id]:not([type=file]), textarea[id], select[id]")].filter((each) => !each.closest("[data-question]"));
}

function* questions(root) {
  if (root.matches("[data-question]")) yield root;
  yield* root.querySelectorAll("[data-question]");
}

function isLocked(question) {
  return question.querySelector(":scope input:enabled, :scope select:enabled, :scope textarea:enabled") === null;
}

function nameOf(details) {
  return details.id || details.querySelector("summary")?.textContent.trim();
}

function describe(element, root) {
  const same = [...root.querySelectorAll(element.nodeName)];
  return { id: element.id, name: element.name, value: element.value, tag: element.nodeName, index: same.indexOf(element) };
}

function find(focused, root) {
  const same = [...root.querySelectorAll(focused.tag)];
  return (
    same.find((each) => focused.id && each.id === focused.id) ??
    same.find((each) => focused.name && each.name === focused.name && each.value === focused.value) ??
    same[focused.index]
  );
}

/** A question may have changed its type since it was answered; then there is nothing to keep. */
function safely(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}
