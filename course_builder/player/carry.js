// What was chosen or typed for oneself and not checked yet comes along where a form leads back to the same page, in another
// language: such answers are kept nowhere before they are checked.

import { readAnswer, showAnswer } from "./answers.js";
import { isShared } from "./shared.js";

const KEY = `carried:${location.pathname}`;

/** Attach to the forms that lead back to this page, and show what came along. */
export function startCarry(root) {
  show(root);
  if (isShared()) return;
  root.addEventListener("submit", ({ target }) => {
    if (!target.matches("[data-keeps-place]")) return;
    const answers = unkept(root).map((question) => [question.id, readAnswer(question)]);
    try {
      if (answers.length) sessionStorage.setItem(KEY, JSON.stringify(answers));
    } catch {
      // Storage is refused or full.
    }
  });
}

/** The questions whose form is sent by its button only. */
function unkept(root) {
  const fields = [...root.querySelectorAll(".question input[name^='r-']")];
  const open = fields.filter((field) => field.form && !("autosave" in field.form.dataset));
  return open.map((field) => field.closest(".question")).filter(({ dataset }) => dataset.type !== "upload");
}

function show(root) {
  let carried = [];
  try {
    carried = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing came along.
  }
  for (const [id, answer] of carried) {
    const question = unkept(root).find((each) => each.id === id);
    if (question) showAnswer(question, answer);
  }
}
