// Panoramas and 3D models: opened on request, turned and zoomed by buttons, keys or dragging, their places as buttons.
// The picture, the text and the table of places are the page's own; where nothing can be drawn they stay as they are.

import { within } from "./within.js";

const STEP = 15;
const ZOOM = 1.25;
const KEYS = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  "+": "in",
  "-": "out",
  Home: "reset",
};
const VIEWERS = { panorama: "./panorama.js", model: "./model.js" };

/** Attach to every scene. */
export function startScenes(root) {
  for (const section of within(root, "[data-scene]")) new Scene(section).start();
}

class Scene {
  #section;
  #stage;
  #bar;
  #status;
  #open;
  #places;
  #viewer;
  #panel = null;

  constructor(section) {
    this.#section = section;
    this.#stage = section.querySelector("[data-stage]");
    this.#bar = section.querySelector("[data-bar]");
    this.#status = section.querySelector("[data-status]");
    this.#open = section.querySelector("[data-open]");
    this.#places = [...section.querySelectorAll("tr[data-yaw]")].map((row) => this.#place(row));
  }

  start() {
    this.#open.hidden = false;
    this.#open.addEventListener("click", () => this.#show());
  }

  async #show() {
    if (this.#open.ariaDisabled === "true") return;
    this.#open.ariaDisabled = "true";
    const options = {
      address: this.#section.dataset.src,
      name: this.#section.ariaLabel,
      places: this.#places,
      isStill: matchMedia("(prefers-reduced-motion: reduce)").matches,
    };
    try {
      const { open } = await import(VIEWERS[this.#section.dataset.scene]);
      this.#viewer = await open(this.#stage, options);
    } catch (error) {
      console.warn(error);
      this.#status.textContent = this.#section.dataset.failedWords;
      this.#open.hidden = true;
      this.#section.querySelector(".scene-text").focus({ preventScroll: true });
      return;
    }
    this.#section.classList.add("is-open");
    this.#open.hidden = true;
    this.#bar.hidden = false;
    this.#startControls();
    this.#stage.tabIndex = 0;
    this.#stage.setAttribute("role", "group");
    this.#stage.ariaLabel = this.#section.ariaLabel;
    this.#stage.scrollIntoView({ block: "nearest" });
    this.#stage.focus({ preventScroll: true });
    this.#say();
  }

  #startControls() {
    this.#bar.addEventListener("click", (event) => {
      const turn = event.target.closest("[data-turn]")?.dataset.turn;
      if (turn) this.#turn(turn);
    });
    this.#stage.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (KEYS[event.key]) {
        event.preventDefault();
        // A model viewer has keys of its own, which turn the other way round.
        event.stopPropagation();
        this.#turn(KEYS[event.key]);
      }
    }, { capture: true });
    this.#section.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#panel) this.#close();
    });
    for (const place of this.#places) {
      place.button.addEventListener("focus", () => {
        if (place.button.matches(":focus-visible")) this.#viewer.look(place.yaw, place.pitch);
      });
      place.button.addEventListener("click", () => this.#tell(place));
    }
    this.#offer("fullscreen", document.fullscreenEnabled, () => this.#toggleFullscreen());
    this.#offer("motion", this.#viewer.follow && matchMedia("(pointer: coarse)").matches, (button) => this.#follow(button));
    this.#viewer.canPlace?.().then((isThere) => this.#offer("ar", isThere, () => this.#viewer.place()), () => {});
  }

  #offer(name, isThere, act) {
    const button = this.#bar.querySelector(`[data-${name}]`);
    if (!button || !isThere) return;
    button.hidden = false;
    button.addEventListener("click", () => act(button));
  }

  #turn(turn) {
    if (turn === "reset") this.#viewer.reset();
    else if (turn === "in" || turn === "out") this.#viewer.zoom(turn === "in" ? ZOOM : 1 / ZOOM);
    else this.#viewer.turn({ left: -STEP, right: STEP }[turn] ?? 0, { up: STEP, down: -STEP }[turn] ?? 0);
    this.#say();
  }

  /** Name the places that are in view, for those who do not see them. */
  #say() {
    const names = this.#viewer.inView().map((place) => place.name);
    this.#status.textContent = this.#section.dataset.viewWords.replace("{places}", names.join(", ") || "–");
  }

  async #toggleFullscreen() {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await this.#section.requestFullscreen().catch(() => {});
  }

  async #follow(button) {
    const isOn = button.ariaPressed !== "true" && (await this.#viewer.follow(true));
    if (!isOn) this.#viewer.follow(false);
    button.ariaPressed = String(isOn);
  }

  #place(row) {
    const [name, text] = row.cells;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "scene-place";
    button.textContent = name.textContent.trim();
    button.ariaExpanded = "false";
    return { button, name: button.textContent, text, yaw: Number(row.dataset.yaw), pitch: Number(row.dataset.pitch) };
  }

  /** Show what there is to know about a place below the scene; the focus stays where it is. */
  #tell(place) {
    const isAgain = this.#panel?.place === place;
    this.#close();
    if (isAgain) return;
    this.#viewer.look(place.yaw, place.pitch);
    const panel = document.createElement("div");
    panel.className = "scene-panel note";
    panel.setAttribute("role", "status");
    this.#stage.after(panel);
    const title = document.createElement("p");
    const name = document.createElement("strong");
    name.textContent = place.name;
    title.append(name);
    const text = place.text.cloneNode(true);
    for (const each of text.querySelectorAll("[id]")) each.removeAttribute("id");
    const content = document.createElement("div");
    content.append(...text.childNodes);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button";
    close.textContent = this.#section.dataset.placeWords;
    close.addEventListener("click", () => this.#close());
    // What comes into a live region after it is there is read out.
    setTimeout(() => panel.append(title, content, close), 50);
    place.button.ariaExpanded = "true";
    this.#panel = { place, panel };
  }

  #close() {
    if (!this.#panel) return;
    const { place, panel } = this.#panel;
    const hadFocus = panel.contains(document.activeElement);
    panel.remove();
    place.button.ariaExpanded = "false";
    this.#panel = null;
    if (hadFocus) place.button.focus({ preventScroll: true });
  }
}
