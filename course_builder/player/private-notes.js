// Private notes and the boxes of checklists: kept while one writes, where the page says where to.
// Elsewhere, as in an export or a preview, a note has room to write in, and says that it is not kept.

import { clock } from "./clocks.js";
import { doubt } from "./reach.js";
import { openWaiting } from "./waiting.js";
import { within } from "./within.js";

const PAUSE_MS = 800;
const RETRY_MS = [2_000, 4_000, 8_000, 15_000, 30_000];
/** Bytes that a browser sends for a page that is closing. */
const MOST_KEPT_ALIVE = 60_000;
const TICKED = "x";

let keeper;

/** Attach to every private note that has no field yet, and to every box of a checklist. */
export function startPrivateNotes(root) {
  if (!keeper?.isOpen) keeper = openKeeper();
  for (const section of within(root, "[data-reflection]")) {
    if (!section.querySelector("textarea")) addField(section);
  }
  if (!keeper) return;
  const said = new Map();
  // All of the page in its order, so that a box that says what another one says has a name of its own.
  for (const box of document.querySelectorAll(".checklist input[type=checkbox]")) {
    const words = box.labels[0]?.textContent.replace(/\s+/g, " ").trim() ?? "";
    said.set(words, (said.get(words) ?? 0) + 1);
    if (box.dataset.note) continue;
    box.dataset.note = `check:${digest(`${words}\n${said.get(words)}`)}`;
    keeper.hold(box.dataset.note, {
      read: () => (box.checked ? TICKED : ""),
      show: (text) => (box.checked = text === TICKED),
      join: (mine) => mine,
      say: () => {},
    });
    box.addEventListener("change", () => keeper.changed(box.dataset.note, 0));
  }
}

function openKeeper() {
  const page = document.querySelector("[data-notes]");
  return page && new Keeper(page);
}

function addField(section) {
  const title = section.querySelector(".reflection-title");
  const name = section.dataset.reflection;
  title.id ||= `_reflection_${name}`;
  const field = document.createElement("textarea");
  field.id = `${title.id}_note`;
  field.rows = 4;
  field.setAttribute("aria-labelledby", title.id);
  const state = document.createElement("p");
  state.className = "quiet";
  state.id = `${title.id}_state`;
  // What it says are words of the interface, whatever language the text around is in.
  if (keeper) state.lang = document.documentElement.lang;
  field.setAttribute("aria-describedby", state.id);
  section.append(field, state);
  if (!keeper) {
    state.textContent = section.dataset.unsaved;
    return;
  }
  state.setAttribute("role", "status");
  field.maxLength = keeper.longest;
  keeper.hold(name, {
    read: () => field.value,
    show: (text) => (field.value = text),
    // Both texts stay, and the person sorts them out.
    join: (mine, theirs) => (theirs.includes(mine) ? theirs : mine.includes(theirs) ? mine : `${theirs}\n\n${mine}`),
    say: (text) => (state.textContent = text),
  });
  field.addEventListener("input", () => keeper.changed(name, PAUSE_MS));
}

/** A digest of 56 bits by which a box is known again wherever it stands (FNV-1a, the upper bits of 64). */
function digest(text) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return (hash >> 8n).toString(16).padStart(14, "0");
}

class Keeper {
  #page;
  #words;
  #kept;
  #waiting;
  #places = new Map();
  #timers = new Map();
  #sending = new Set();
  #failures = 0;

  constructor(page) {
    this.#page = page;
    this.#words = JSON.parse(page.dataset.notesWords);
    this.#kept = new Map(Object.entries(JSON.parse(page.dataset.notes)));
    this.#waiting = openWaiting(`notes:${page.dataset.notesOwner}`);
    window.addEventListener("online", () => this.#sendAll());
    window.addEventListener("pagehide", () => this.#sendAll());
  }

  /** Whether its page is still the one that is shown. */
  get isOpen() {
    return this.#page.isConnected;
  }

  get longest() {
    return Number(this.#page.dataset.notesLongest);
  }

  /** Show what is kept under a name, or what waits to be; `place` reads, shows, joins and says. */
  hold(name, place) {
    this.#places.set(name, place);
    const waits = this.#waiting.get(name);
    const kept = this.#kept.get(name);
    if (waits || kept) place.show((waits ?? kept).text);
    place.say(this.#words.kept);
    if (waits) this.#send(name);
  }

  changed(name, pause) {
    const revision = this.#waiting.get(name)?.revision ?? this.#kept.get(name)?.revision ?? 0;
    this.#waiting.put(name, { text: this.#places.get(name).read(), revision });
    this.#later(name, pause);
  }

  #later(name, pause) {
    clearTimeout(this.#timers.get(name));
    this.#timers.set(
      name,
      setTimeout(() => this.#send(name), pause),
    );
  }

  #sendAll() {
    for (const [name] of this.#waiting.entries()) this.#send(name);
  }

  async #send(name) {
    clearTimeout(this.#timers.get(name));
    const sent = this.#waiting.get(name);
    const place = this.#places.get(name);
    if (!sent || !place || !this.isOpen || this.#sending.has(name)) return;
    this.#sending.add(name);
    const response = await this.#put(name, sent).catch(() => null);
    const body = (await response?.json().catch(() => null)) ?? {};
    this.#sending.delete(name);
    if (response === null || response.status >= 500 || response.status === 429) {
      if (response === null) doubt();
      place.say(this.#words.offline);
      this.#later(name, RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)]);
    } else if (response.ok || (response.status === 409 && body.revision !== undefined)) {
      this.#failures = 0;
      this.#settle(name, place, sent, body, response.ok);
    } else {
      // What was written stays where it is, and waits for a launch that has not ended, or for a shorter text.
      place.say([body.error, body.next].filter(Boolean).join(" "));
    }
  }

  #settle(name, place, sent, body, isKept) {
    this.#kept.set(name, { text: body.text, revision: body.revision });
    if (!isKept) {
      place.show(place.join(place.read(), body.text));
      this.#waiting.put(name, { text: place.read(), revision: body.revision });
      this.#send(name);
      place.say(this.#words.joined);
    } else if (place.read() === sent.text) {
      this.#waiting.drop(name);
      place.say(this.#words.saved.replace("%(time)s", clock(new Date(body.saved_at))));
    } else {
      // It was changed while it was on its way: the change began from what was just kept.
      this.#waiting.put(name, { text: place.read(), revision: body.revision });
      this.#send(name);
    }
  }

  #put(name, { text, revision }) {
    const body = JSON.stringify({ text, revision });
    return fetch(this.#page.dataset.notesUrl.replace("-name-", encodeURIComponent(name)), {
      method: "PUT",
      keepalive: body.length < MOST_KEPT_ALIVE,
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        "X-CSRF-Token": this.#page.dataset.notesToken,
      },
      body,
    });
  }
}
