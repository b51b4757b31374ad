// What was written in this browser and had not arrived when its attempt was submitted somewhere else: it is shown with its
// time until the learner dismisses it, and goes nowhere. What the clock ended is sent, for the trainer to see (late.js).

import { readAnswer } from "./answers.js";
import { clock } from "./clocks.js";
import { sendLate } from "./late.js";
import { numbersWaiting, openWaiting } from "./waiting.js";
import { within } from "./within.js";

/** Attach to every quiz of the page: to what waits for attempts of it that are over. */
export function startLeftOver(root) {
  for (const place of within(root, "[data-left-over]")) {
    const submitted = JSON.parse(place.dataset.submitted);
    const ended = JSON.parse(place.dataset.ended);
    for (const number of numbersWaiting(place.dataset.leftOver)) {
      if (number === place.dataset.open) continue;
      const waiting = openWaiting(`${place.dataset.leftOver}:${number}`);
      if (ended.includes(Number(number))) {
        sendLate(place, number, waiting, (words) => (place.querySelector("[role=status]").textContent = words));
      } else {
        if (number === place.dataset.shown) dropWhatArrived(waiting);
        if (waiting.size) showLeftOver(place, waiting, submitted[number]);
      }
    }
  }
}

/** What the attempt that is shown holds was not left over, but came by a form, or its receipt was lost. */
function dropWhatArrived(waiting) {
  for (const [id, { answer }] of waiting.entries()) {
    const question = document.getElementById(id);
    if (question && JSON.stringify(readAnswer(question)) === JSON.stringify(answer)) waiting.drop(id);
  }
}

/** Show what is left over of an attempt, with a button that deletes it from this browser. */
export function showLeftOver(place, waiting, submittedAt) {
  const words = JSON.parse(place.dataset.words);
  const status = place.querySelector("[role=status]");
  const box = document.createElement("section");
  box.className = "note note-part left-over";
  const title = document.createElement("h3");
  title.id = `${place.id}_${place.childElementCount}`;
  title.textContent = words.title;
  box.setAttribute("aria-labelledby", title.id);
  const text = document.createElement("p");
  text.textContent = submittedAt ? words.text.replace("%(time)s", clock(new Date(submittedAt))) : words.no_time;
  const answers = document.createElement("dl");
  for (const [id, kept] of waiting.entries()) {
    const stem = document.createElement("dt");
    stem.textContent = kept.stem || id;
    const answer = document.createElement("dd");
    const at = clock(new Date(kept.typed_at));
    answer.textContent = `${words.written.replace("%(time)s", at)} ${kept.said || words.no_answer}`;
    answers.append(stem, answer);
  }
  const actions = document.createElement("p");
  actions.className = "actions";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = words.dismiss;
  button.addEventListener("click", () => {
    for (const [id] of waiting.entries()) waiting.drop(id);
    box.remove();
    status.textContent = words.dismissed;
    status.tabIndex = -1;
    status.focus();
  });
  actions.append(button);
  box.append(title, text, answers, actions);
  status.before(box);
}

/** Let a page that still asks say that its attempt was submitted elsewhere: nothing to press any more, and what is left over. */
export function showHandedIn(status, key, waiting, submittedAt, words) {
  const place = document.querySelector(`[data-left-over="${CSS.escape(key)}"]`);
  if (!status || !place) return;
  for (const each of status.parentElement.querySelectorAll("button")) each.hidden = true;
  const again = Object.assign(document.createElement("a"), { href: location.pathname, className: "button" });
  again.textContent = words;
  status.after(place, again);
  showLeftOver(place, waiting, submittedAt);
}
