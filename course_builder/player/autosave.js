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
/** Between two looks whether all was sent, once the time is over. */
const LOOK_MS = 300;
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
  /** How far the clock of the server is ahead of ours, where the attempt has one. */
  #ahead = 0;
  #isOver = false;

  constructor(form) {
    this.#form = form;
    this.#words = JSON.parse(form.dataset.words);
    this.#waiting = openWaiting(`answers:${form.dataset.owner}:${form.id}:${form.dataset.number}`);
  }

  start() {
    for (const button of document.querySelectorAll("[data-save-button]")) {
      if (button.form === this.#form) button.hidden = true;
    }
    document.addEventListener("change", (event) => {
      const question = event.target.closest("[data-question]");
      // Files go by their own button.
      if (!question || event.target.type === "file") return;
      if (event.target.form === this.#form && this.#isNews(question, event.target)) this.#changed(question);
    });
    document.addEventListener("input", (event) => {
      const question = event.target.closest("[data-question]");
      const isTyped = event.target.matches("textarea, input[type=text]");
      if (question && isTyped && event.target.form === this.#form) this.#changed(question, TYPING_PAUSE_MS);
    });
    const clock = document.querySelector("[data-ends]");
    if (clock) this.#ahead = Date.parse(clock.dataset.now) - Date.now();
    document.addEventListener("time-is-over", () => this.#end());
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
  #isNews(question, control) {
    if (control.name.startsWith("sure-")) return true;
    const id = question.dataset.question;
    return this.#waiting.get(id) !== undefined || this.#taken.get(id) !== JSON.stringify(readAnswer(question));
  }

  /** How sure the person is of the answer, where that is asked. */
  #sure(question) {
    return question.querySelector(`[name="sure-${question.dataset.question}"]:checked`)?.value;
  }

  #changed(question, pause = PAUSE_MS) {
    const id = question.dataset.question;
    this.#taken.set(id, JSON.stringify(readAnswer(question)));
    const revision = this.#waiting.get(id)?.revision ?? Number(question.dataset.revision);
    question.querySelector("[data-conflict]")?.remove();
    const typed_at = new Date(Date.now() + this.#ahead).toISOString();
    this.#waiting.put(id, { answer: readAnswer(question), sure: this.#sure(question), revision, typed_at });
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

  #put(id, { answer, sure, revision, typed_at }) {
    const attempt = Number(this.#form.dataset.number);
    const body = JSON.stringify({ attempt, response: answer, sure, revision, typed_at });
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
      const words = this.#isOver ? this.#words.over_offline : this.#words.offline;
      this.#say(fill(words, { number: this.#waiting.size }), "part");
      return;
    }
    if (response.status === 401) {
      this.#hasEnded = true;
      this.#say(this.#words.ended, "bad");
      return;
    }
    this.#failures = 0;
    const body = await response.json().catch(() => ({}));
    if (body.ended) this.#ended(id);
    else if (response.ok) this.#saved(id, sent, body);
    else if (response.status === 409 && body.revision !== undefined) this.#conflict(id, body);
    else this.#refused(id, body);
  }

  #saved(id, sent, body) {
    const question = this.#question(id);
    this.#revise(question, body.revision);
    const now = this.#waiting.get(id);
    if (now && (now.sure !== sent.sure || JSON.stringify(now.answer) !== JSON.stringify(sent.answer))) {
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

  /** The attempt was submitted meanwhile, when its time was over: what came now is kept beside it. */
  #ended(id) {
    this.#waiting.drop(id);
    if (!this.#waiting.size) location.reload();
  }

  /** The time is over: nothing more is written, what waits is sent, and then all is submitted. */
  #end() {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancel();
    this.#say(this.#words.over);
    if (this.#form.elements.length && document.activeElement?.form === this.#form) this.#focusStatus();
    for (const control of this.#form.elements) control.disabled = true;
    this.#sendAll();
    this.#submitOnceSent();
  }

  async #submitOnceSent() {
    if (this.#waiting.size || this.#sending.size) {
      setTimeout(() => this.#submitOnceSent(), LOOK_MS);
      return;
    }
    const fields = { csrf_token: this.#form.elements.csrf_token.value, attempt: this.#form.dataset.number };
    const body = new URLSearchParams(fields);
    const response = await fetch(this.#form.dataset.submit, { method: "POST", body }).catch(() => null);
    if (response !== null && response.status < 500) location.reload();
    else setTimeout(() => this.#submitOnceSent(), RETRY_MS[0]);
  }

  #focusStatus() {
    for (const status of document.querySelectorAll("[data-status]")) {
      if (status.dataset.status !== this.#form.id) continue;
      status.tabIndex = -1;
      status.focus();
    }
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
