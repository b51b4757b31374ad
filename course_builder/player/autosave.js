// Saves each answer of a quiz as it is given, one request at a time for each question.
// What the server does not have yet waits in this tab: through a dead connection, a reload and a new launch.

import { readAnswer, sayAnswer, showAnswer } from "./answers.js";
import { clock } from "./clocks.js";
import { showUnclear } from "./questions/written.js";
import { openWaiting } from "./waiting.js";

const PAUSE_MS = 400;
const TYPING_PAUSE_MS = 1_500;
/** Bytes that a browser sends for a page that is closing. */
const MOST_KEPT_ALIVE = 60_000;
const RETRY_MS = [2_000, 4_000, 8_000, 15_000, 30_000];

/** Attach to every quiz of the page that is open. */
export function startAutosave(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) new Autosave(form).start();
}

function fill(words, values) {
  return words.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
}

class Autosave {
  #form;
  #words;
  #waiting;
  #timers = new Map();
  #taken = new Map();
  #sending = new Set();
  #failures = 0;
  #hasEnded = false;

  constructor(form) {
    this.#form = form;
    this.#words = JSON.parse(form.dataset.words);
    this.#waiting = openWaiting(form);
  }

  start() {
    for (const button of document.querySelectorAll("[data-save-button]")) {
      if (button.form === this.#form) button.hidden = true;
    }
    document.addEventListener("change", (event) => {
      const question = event.target.closest("[data-question]");
      if (question && event.target.form === this.#form && this.#isNews(question)) this.#changed(question);
    });
    document.addEventListener("input", (event) => {
      const question = event.target.closest("[data-question]");
      const isTyped = event.target.matches("textarea, input[type=text]");
      if (question && isTyped && event.target.form === this.#form) this.#changed(question, TYPING_PAUSE_MS);
    });
    window.addEventListener("online", () => this.#sendAll());
    window.addEventListener("pagehide", () => this.#sendAll());
    this.#form.addEventListener("submit", () => this.#cancel());
    for (const [id, { answer }] of this.#waiting.entries()) {
      const question = this.#question(id);
      if (question) showAnswer(question, answer);
      else this.#waiting.drop(id);
    }
    this.#sendAll();
  }

  #question(id) {
    const question = document.getElementById(id);
    return question?.querySelector(`[name="r-${id}"]`) ? question : null;
  }

  /** What was typed was taken while it was typed: leaving the field is no further answer. */
  #isNews(question) {
    const id = question.dataset.question;
    return this.#waiting.get(id) !== undefined || this.#taken.get(id) !== JSON.stringify(readAnswer(question));
  }

  #changed(question, pause = PAUSE_MS) {
    const id = question.dataset.question;
    this.#taken.set(id, JSON.stringify(readAnswer(question)));
    const revision = this.#waiting.get(id)?.revision ?? Number(question.dataset.revision);
    question.querySelector("[data-conflict]")?.remove();
    this.#waiting.put(id, { answer: readAnswer(question), revision });
    this.#later(id, pause);
  }

  #later(id, pause) {
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => this.#send(id), pause),
    );
  }

  #cancel() {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #sendAll() {
    for (const [id] of this.#waiting.entries()) this.#send(id);
  }

  async #send(id) {
    clearTimeout(this.#timers.get(id));
    const kept = this.#waiting.get(id);
    if (!kept || this.#hasEnded || this.#sending.has(id)) return;
    this.#sending.add(id);
    const response = await this.#put(id, kept).catch(() => null);
    this.#sending.delete(id);
    await this.#settle(id, kept, response);
  }

  #put(id, { answer, revision }) {
    const body = JSON.stringify({ attempt: Number(this.#form.dataset.number), response: answer, revision });
    return fetch(`${this.#form.getAttribute("action")}/answers/${id}`, {
      method: "PUT",
      keepalive: body.length < MOST_KEPT_ALIVE,
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        "X-CSRF-Token": this.#form.elements.csrf_token.value,
      },
      body,
    });
  }

  async #settle(id, sent, response) {
    if (response === null || response.status >= 500 || response.status === 429) {
      this.#later(id, RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)]);
      this.#say(fill(this.#words.offline, { number: this.#waiting.size }), "part");
      return;
    }
    if (response.status === 401) {
      this.#hasEnded = true;
      this.#say(this.#words.ended, "bad");
      return;
    }
    this.#failures = 0;
    const body = await response.json().catch(() => ({}));
    if (response.ok) this.#saved(id, sent, body);
    else if (response.status === 409 && body.revision !== undefined) this.#conflict(id, body);
    else this.#refused(id, body);
  }

  #saved(id, sent, body) {
    const question = this.#question(id);
    this.#revise(question, body.revision);
    const now = this.#waiting.get(id);
    if (now && JSON.stringify(now.answer) !== JSON.stringify(sent.answer)) {
      // It was changed while it was on its way: the change began from what was just saved.
      this.#waiting.put(id, { ...now, revision: body.revision });
      this.#send(id);
      return;
    }
    this.#waiting.drop(id);
    showUnclear(question, body.unclear);
    question.querySelector("[data-saved]").textContent = `✓ ${fill(this.#words.saved, { time: clock(new Date(body.saved_at)) })}`;
    if (!this.#waiting.size) this.#say("");
  }

  #revise(question, revision) {
    question.dataset.revision = revision;
    question.querySelector(`[name="r-${question.dataset.question}"]`).value = revision;
  }

  /** Another window saved another answer: show both, and let the person choose. */
  #conflict(id, body) {
    const question = this.#question(id);
    this.#revise(question, body.revision);
    question.querySelector("[data-conflict]")?.remove();
    const note = document.createElement("div");
    note.className = "note note-part";
    note.dataset.conflict = "";
    note.setAttribute("role", "alert");
    const text = document.createElement("p");
    const other = { time: clock(new Date(body.saved_at)), answer: sayAnswer(question, body.response) };
    text.textContent = fill(this.#words.conflict, other);
    const actions = document.createElement("p");
    actions.className = "actions";
    actions.append(
      this.#choice(this.#words.keep, note, () => this.#changed(question)),
      this.#choice(this.#words.take, note, () => {
        this.#waiting.drop(id);
        this.#taken.delete(id);
        showAnswer(question, body.response);
      }),
    );
    note.append(text, actions);
    question.querySelector(".question-actions").before(note);
    this.#waiting.drop(id);
  }

  #choice(label, note, choose) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      choose();
      note.remove();
    });
    return button;
  }

  #refused(id, body) {
    this.#waiting.drop(id);
    this.#say([body.error, body.next].filter(Boolean).join(" "), "bad");
  }

  #say(text, tone = "part") {
    for (const status of document.querySelectorAll("[data-status]")) {
      if (status.dataset.status !== this.#form.id) continue;
      status.textContent = text;
      status.className = text ? `quiz-status note note-${tone}` : "quiz-status";
    }
  }
}
