// Pairs, rows and gaps: a control, or a group of radio buttons, for each item.

import { controlsOf, itemOf, wordsOf } from "./controls.js";

function label(control) {
  const [first] = (control.getAttribute("aria-labelledby") ?? "").split(" ");
  return control.getAttribute("aria-label") ?? wordsOf(document.getElementById(first));
}

function value(control) {
  if (control.type === "radio") {
    return wordsOf(document.getElementById(control.getAttribute("aria-labelledby").split(" ")[1]));
  }
  return control.tagName === "SELECT" ? wordsOf(control.selectedOptions[0]) : control.value;
}

/** What is chosen or typed for each item that is answered, by drawn names. */
export const fields = {
  read(question) {
    const answer = {};
    for (const control of controlsOf(question)) {
      if (control.type === "radio" ? control.checked : control.value.trim()) {
        answer[itemOf(question, control)] = control.value;
      }
    }
    return answer;
  },
  show(question, answer) {
    for (const control of controlsOf(question)) {
      const given = answer?.[itemOf(question, control)] ?? "";
      if (control.type === "radio") control.checked = control.value === given;
      else control.value = given;
      control.dispatchEvent(new Event("shown", { bubbles: true }));
    }
  },
  say(question, answer) {
    const own = fields.read(question);
    const isOwn = JSON.stringify(own) === JSON.stringify(answer);
    if (!isOwn) fields.show(question, answer);
    const said = controlsOf(question)
      .filter((control) => (control.type === "radio" ? control.checked : control.value))
      .map((control) => `${label(control)}: ${value(control)}`);
    if (!isOwn) fields.show(question, own);
    return said.join("; ");
  },
};
