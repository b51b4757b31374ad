// The time that is left of an attempt: shown by the minute, said aloud ten, five and one minute before the end.

const MINUTE_MS = 60_000;
/** How long a warning stays for those who read it. */
const SHOWN_MS = 20_000;

/** Attach to the clock of the page, if it has one. */
export function startCountdown(root) {
  const clock = root.querySelector("[data-ends]");
  if (clock) new Countdown(clock).tick();
}

class Countdown {
  #clock;
  #words;
  #ends;
  /** The server's clock decides: ours may be wrong. */
  #ahead;
  #warned;

  constructor(clock) {
    this.#clock = clock;
    this.#words = JSON.parse(clock.dataset.words);
    this.#ends = Date.parse(clock.dataset.ends);
    this.#ahead = Date.parse(clock.dataset.now) - Date.now();
    this.#warned = this.#minutes();
  }

  #left() {
    return this.#ends - Date.now() - this.#ahead;
  }

  #minutes() {
    return Math.ceil(this.#left() / MINUTE_MS);
  }

  tick() {
    const minutes = this.#minutes();
    if (this.#left() <= 0) {
      document.dispatchEvent(new CustomEvent("time-is-over"));
      // While one looks over what is saved already.
      document.querySelector("form[data-at-end]")?.submit();
      return;
    }
    const chip = this.#clock.querySelector("[data-left]");
    chip.textContent = minutes > 1 ? this.#words.left.replace("%(minutes)s", minutes) : this.#words.last;
    chip.className = `chip chip-${minutes > 5 ? "plain" : minutes > 1 ? "part" : "bad"}`;
    if (minutes < this.#warned) this.#warn(minutes);
    this.#warned = Math.min(this.#warned, minutes);
    setTimeout(() => this.tick(), Math.min(this.#left(), 1_000));
  }

  #warn(minutes) {
    const words = this.#words.warnings[minutes];
    if (!words) return;
    const said = this.#clock.querySelector("[data-said]");
    said.textContent = words;
    setTimeout(() => {
      if (said.textContent === words) said.textContent = "";
    }, SHOWN_MS);
  }
}
