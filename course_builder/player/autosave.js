// Saves each answer of a quiz as it is given, one request at a time for each question.
// What the server does not have yet waits in this tab: through a dead connection, a reload and a new launch.

import { readAnswer, sayAnswer, showAnswer } from "./answers.js";
import { clock } from "./clocks.js";
import { conflictOf, showConflict } from "./conflict.js";
import { showHandedIn } from "./left-over.js";
import { controlsOf, isChanged, wordsOf } from "./questions/controls.js";
import { showUnclear } from "./questions/written.js";
import { doubt, isReachable } from "./reach.js";
import { openWaiting } from "./waiting.js";

const PAUSE_MS = 400;
const TYPING_PAUSE_MS = 1_500;
/** Bytes that a browser sends for a page that is closing. */
const MOST_KEPT_ALIVE = 60_000;
/** Between two looks whether all was sent, once the time is over. */
const LOOK_MS = 300;
/** So long a line may take before it is said that it is slow, or dead without having said so. */
const SLOW_MS = 6_000;
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
  #key;
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
    this.#key = `answers:${form.dataset.owner}:${form.id}`;
    this.#waiting = openWaiting(`${this.#key}:${form.dataset.number}`);
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
    this.#form.addEventListener("submit", (event) => this.#submitting(event));
    for (const [id, kept] of this.#waiting.entries()) {
      const question = this.#question(id);
      // What waits for a question of another page of this quiz is sent from here.
      if (question) this.#show(id, question, kept);
    }
    // On a slow line somebody answers before this script is there. Browsers fill nothing in: the form turns that off.
    for (const question of document.querySelectorAll("[data-question]")) {
      if (this.#waiting.get(question.dataset.question) === undefined && this.#isAnsweredEarly(question)) this.#changed(question);
    }
    this.#sendAll();
  }

  #isAnsweredEarly(question) {
    const sure = question.querySelectorAll(`[name="sure-${question.dataset.question}"]`);
    const own = [...controlsOf(question), ...sure].filter(({ form, type }) => form === this.#form && type !== "file");
    return own.some(isChanged);
  }

  /** Show what waits, and the other answer where a choice waits, too. */
  #show(id, question, kept) {
    showAnswer(question, kept.answer);
    if (!kept.other) return;
    if (Number(question.dataset.revision) <= kept.other.revision) this.#ask(id);
    // A newer answer than the one that was shown: the server says which.
    else this.#waiting.put(id, { ...kept, other: undefined });
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
    const { revision, other } = this.#waiting.get(id) ?? { revision: Number(question.dataset.revision) };
    const answer = readAnswer(question);
    const typed_at = new Date(Date.now() + this.#ahead).toISOString();
    // In words, too: where it is not taken any more, the question may not be there to say it.
    const said = { said: sayAnswer(question, answer), stem: wordsOf(document.getElementById(`${id}_stem`)) };
    this.#waiting.put(id, { answer, sure: this.#sure(question), revision, typed_at, other, ...said });
    if (other) this.#ask(id);
    else this.#later(id, pause);
  }

  #later(id, pause) {
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => this.#send(id), pause),
    );
  }

  /** Nothing is handed in before what waits was sent, over a choice that is to be made, or into a dead line. */
  async #submitting(event) {
    const checked = event.submitter?.closest("[data-question]");
    if (checked) {
      if (conflictOf(checked)) this.#stopAt(conflictOf(checked), event);
      return;
    }
    this.#cancel();
    if (!this.#waiting.size && !this.#failures && navigator.onLine) return;
    event.preventDefault();
    await Promise.all(this.#sendable().map(([id]) => this.#send(id)));
    while (this.#sending.size) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    if (this.#hasEnded) return;
    const conflict = [...document.querySelectorAll("[data-conflict]")].find((box) => this.#owns(box));
    if (conflict) {
      this.#stopAt(conflict, event);
    } else if (await isReachable()) {
      // The form brings what scripts could not send, for whatever reason.
      this.#submitForm(event.submitter);
    } else {
      this.#say(this.#words.no_connection);
    }
  }

  #stopAt(conflict, event) {
    event.preventDefault();
    this.#say(this.#words.choose);
    conflict.focus();
  }

  #submitForm(submitter) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: submitter?.name ?? "", value: submitter?.value ?? "" });
    this.#form.append(field);
    this.#form.submit();
  }

  #owns(box) {
    return this.#waiting.get(box.closest("[data-question]").dataset.question)?.other !== undefined;
  }

  /** What waits to be sent, and not for the person to choose. */
  #sendable() {
    return this.#waiting.entries().filter(([, kept]) => !kept.other);
  }

  #cancel() {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #sendAll() {
    for (const [id] of this.#sendable()) this.#send(id);
  }

  async #send(id) {
    clearTimeout(this.#timers.get(id));
    const kept = this.#waiting.get(id);
    if (!kept || kept.other || this.#hasEnded || this.#sending.has(id)) return;
    this.#sending.add(id);
    const slow = setTimeout(() => this.#sayWaits(), SLOW_MS);
    const response = await this.#put(id, kept).catch(() => null);
    clearTimeout(slow);
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
      if (response === null) doubt();
      this.#later(id, RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)]);
      this.#sayWaits();
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
    else if (body.submitted_at) this.#submittedElsewhere(body);
    else if (response.status === 409 && body.revision !== undefined) this.#conflict(id, body);
    else this.#refused(id, body);
  }

  /** Say that answers wait, and at each of their questions that what it says there is not the last. */
  #sayWaits() {
    const words = this.#isOver ? this.#words.over_offline : this.#words.offline;
    this.#say(fill(words, { number: this.#sendable().length }), "part");
    for (const [id] of this.#sendable()) {
      const line = this.#question(id)?.querySelector("[data-saved]");
      if (line && line.textContent !== this.#words.unsent) line.textContent = this.#words.unsent;
    }
  }

  #saved(id, sent, body) {
    const question = this.#question(id);
    if (question) this.#revise(question, body.revision);
    const now = this.#waiting.get(id);
    if (now && (now.sure !== sent.sure || JSON.stringify(now.answer) !== JSON.stringify(sent.answer))) {
      // It was changed while it was on its way: the change began from what was just saved.
      this.#waiting.put(id, { ...now, revision: body.revision });
      this.#send(id);
      return;
    }
    this.#waiting.drop(id);
    document.dispatchEvent(new Event("answer-saved"));
    if (question) {
      showUnclear(question, body.unclear);
      this.#saySaved(question, body.saved_at);
    }
    if (!this.#sendable().length) this.#say("");
  }

  #saySaved(question, at) {
    const line = question.querySelector("[data-saved]");
    const words = `✓ ${fill(this.#words.saved, { time: clock(new Date(at)) })}`;
    // Said once a minute: whoever goes through options by the arrow keys wants to hear them.
    if (line.textContent !== words) line.textContent = words;
  }

  /** The attempt was submitted meanwhile, when its time was over: what came now is kept beside it. */
  #ended(id) {
    this.#waiting.drop(id);
    if (!this.#sendable().length) location.reload();
  }

  /** The attempt was submitted in another window, and counts as it was: what waits here is shown, and never sent. */
  #submittedElsewhere({ submitted_at }) {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#cancel();
    this.#say(fill(this.#words.submitted, { time: clock(new Date(submitted_at)) }));
    showHandedIn(this.#status(), this.#key, this.#waiting, submitted_at, this.#words.see);
    this.#lock();
  }

  /** The time is over: nothing more is written, what waits is sent, and then all is submitted. */
  #end() {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancel();
    this.#say(this.#words.over);
    this.#lock();
    this.#sendAll();
    this.#submitOnceSent();
  }

  #lock() {
    const status = this.#status();
    if (status && document.activeElement?.form === this.#form) {
      status.tabIndex = -1;
      status.focus();
    }
    for (const control of this.#form.elements) control.disabled = true;
    for (const box of document.querySelectorAll("[data-conflict]")) if (this.#owns(box)) box.remove();
  }

  async #submitOnceSent() {
    // An answer about which the person did not choose any more is kept beside the other, as what comes late is.
    if (this.#sendable().length || this.#sending.size) {
      setTimeout(() => this.#submitOnceSent(), LOOK_MS);
      return;
    }
    const fields = { csrf_token: this.#form.elements.csrf_token.value, attempt: this.#form.dataset.number };
    const body = new URLSearchParams(fields);
    const response = await fetch(this.#form.dataset.submit, { method: "POST", body }).catch(() => null);
    if (response !== null && response.status < 500) location.reload();
    else setTimeout(() => this.#submitOnceSent(), RETRY_MS[0]);
  }

  #revise(question, revision) {
    question.dataset.revision = revision;
    question.querySelector(`[name="r-${question.dataset.question}"]`).value = revision;
  }

  /** Another window saved another answer: nothing is sent or lost before the person has chosen. */
  #conflict(id, { revision, response, saved_at }) {
    const now = this.#waiting.get(id);
    if (!now) return;
    this.#waiting.put(id, { ...now, other: { answer: response, revision, saved_at } });
    if (this.#question(id)) this.#ask(id);
    if (!this.#sendable().length) this.#say("");
  }

  #ask(id) {
    const question = this.#question(id);
    showConflict(question, this.#waiting.get(id), this.#words, {
      keep: () => {
        const { other, ...kept } = this.#waiting.get(id);
        this.#revise(question, other.revision);
        this.#waiting.put(id, { ...kept, revision: other.revision });
        this.#send(id);
      },
      take: () => {
        const { other } = this.#waiting.get(id);
        this.#revise(question, other.revision);
        this.#waiting.drop(id);
        this.#taken.delete(id);
        showAnswer(question, other.answer);
        this.#saySaved(question, other.saved_at);
      },
    });
  }

  #refused(id, body) {
    this.#waiting.drop(id);
    this.#say([body.error, body.next].filter(Boolean).join(" "), "bad");
  }

  #status() {
    return [...document.querySelectorAll("[data-status]")].find(({ dataset }) => dataset.status === this.#form.id);
  }

  #say(text, tone = "part") {
    const status = this.#status();
    if (!status) return;
    status.textContent = text;
    status.className = text ? `quiz-status note note-${tone}` : "quiz-status";
  }
}
