// Two answers to one question, given in two places: both are shown with their times, and the person chooses one.

import { sayAnswer } from "./answers.js";
import { clock } from "./clocks.js";

/** The box of a question that waits for a choice, if it has one. */
export function conflictOf(question) {
  return question.querySelector("[data-conflict]");
}

/**
 * Show both answers, or what is newer of them in the box that is there.
 *
 * `kept` is what waits here, with the other answer in `other`; `choices` are called for the one and for the other.
 */
export function showConflict(question, kept, words, choices) {
  const old = conflictOf(question);
  if (old) {
    // What one types oneself is not read out again.
    old.querySelector("[role=alert]")?.removeAttribute("role");
    old.querySelector("dl").replaceChildren(...both(question, kept, words));
    return;
  }
  const box = document.createElement("div");
  box.className = "note note-part conflict";
  box.dataset.conflict = "";
  // Words of the interface, whatever language the question is in.
  box.lang = document.documentElement.lang;
  box.tabIndex = -1;
  box.setAttribute("role", "group");
  const said = document.createElement("div");
  said.setAttribute("role", "alert");
  const title = paragraph("strong", words.conflict);
  title.id = `${question.id}_conflict`;
  box.setAttribute("aria-labelledby", title.id);
  const answers = document.createElement("dl");
  answers.append(...both(question, kept, words));
  said.append(title, paragraph("span", words.conflict_next), answers);
  const actions = document.createElement("div");
  actions.className = "actions";
  for (const name of ["keep", "take"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = words[name];
    button.addEventListener("click", () => {
      box.remove();
      choices[name]();
      // The button is gone: whoever used the keyboard goes on at the question.
      question.tabIndex = -1;
      question.focus({ preventScroll: true });
    });
    actions.append(button);
  }
  box.append(said, actions);
  question.querySelector(".question-actions").before(box);
  // It would say "Saved" of an answer that is not the one above.
  question.querySelector("[data-saved]").textContent = "";
}

function both(question, kept, words) {
  const here = kept.said ?? sayAnswer(question, kept.answer);
  return [
    ...pair(words.here, kept.typed_at, here, question, words),
    ...pair(words.elsewhere, kept.other.saved_at, sayAnswer(question, kept.other.answer), question, words),
  ];
}

function pair(label, at, answer, question, words) {
  const term = document.createElement("dt");
  term.textContent = label.replace("%(time)s", clock(new Date(at)));
  const text = document.createElement("dd");
  text.textContent = answer || words.no_answer;
  if (answer && question.closest("[lang]") !== document.documentElement) text.lang = question.closest("[lang]").lang;
  return [term, text];
}

function paragraph(tag, text) {
  const paragraph = document.createElement("p");
  const inner = document.createElement(tag);
  inner.textContent = text;
  paragraph.append(inner);
  return paragraph;
}
