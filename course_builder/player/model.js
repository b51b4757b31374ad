// A 3D model, drawn by Google's model-viewer (vendor/model-viewer, some 290 kB packed), which is loaded with it.
// Angles are in degrees: yaw to the right of the model's front, pitch up.

// Else these would come from other hosts: each viewer asks this name of the window as it is made.
self.ModelViewerElement = Object.fromEntries(
  Object.entries({
    dracoDecoderLocation: "./vendor/draco/",
    meshoptDecoderLocation: "./meshopt.js",
    ktx2TranscoderLocation: "./vendor/none/",
    lottieLoaderLocation: "./vendor/none/lottie.js",
  }).map(([name, path]) => [name, new URL(path, import.meta.url).href]),
);
const SILENT = ["front", "back", "left", "right", "upper-front", "upper-back", "upper-left", "upper-right"].concat(
  ["lower-front", "lower-back", "lower-left", "lower-right", "interaction-prompt"],
);
const RADIANS = Math.PI / 180;
const START = "0deg 75deg 105%";

/** Show a model on a stage; rejects where it cannot be drawn. */
export async function open(stage, { address, name, places, isStill }) {
  if (!document.createElement("canvas").getContext("webgl2")) throw new Error("no WebGL 2");
  const [{ ModelViewerElement }, { default: style }] = await Promise.all([
    import("./vendor/model-viewer/model-viewer.js"),
    import("./vendor/model-viewer/style.js"),
  ]);
  const viewer = new ModelViewerElement();
  const section = stage.closest("[data-scene]");
  const attributes = {
    src: address,
    alt: name,
    "camera-controls": "",
    "camera-orbit": START,
    "disable-pan": "",
    "disable-tap": "",
    "disable-zoom": "",
    "interaction-prompt": "none",
    loading: "eager",
    "touch-action": "pan-y",
    "shadow-intensity": "0.6",
    ...("ar" in section.dataset && { ar: "", "ar-modes": "webxr" }),
  };
  for (const [attribute, value] of Object.entries(attributes)) viewer.setAttribute(attribute, value);
  // It would name its views in English; the scene names the places in view instead.
  viewer.setAttribute("a11y", JSON.stringify(Object.fromEntries(SILENT.map((view) => [view, ""]))));
  if (isStill) viewer.setAttribute("interpolation-decay", "1");
  const isLoaded = new Promise((resolve, reject) => {
    viewer.addEventListener("load", resolve, { once: true });
    viewer.addEventListener("error", () => reject(new Error("the model cannot be drawn")), { once: true });
  });
  const leave = Object.assign(document.createElement("button"), { type: "button", className: "button scene-leave" });
  leave.slot = "exit-webxr-ar-button";
  leave.textContent = section.dataset.placeWords;
  viewer.append(...hidden("ar-button", "progress-bar", "poster"), leave);
  stage.append(viewer);
  // Only now: being connected it lays its own sheets, of which it has none, over those that were there.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  viewer.shadowRoot.adoptedStyleSheets = [sheet];
  try {
    await isLoaded;
  } catch (error) {
    viewer.remove();
    throw error;
  }
  // The stage takes the focus and the keys; a second stop inside it, and a region named in English, would only confuse.
  const inside = viewer.shadowRoot.querySelector(".userInput");
  if (inside) inside.tabIndex = -1;
  for (const region of viewer.shadowRoot.querySelectorAll("[role=region]")) region.ariaHidden = "true";
  return new Model(viewer, places, isStill);
}

/** Fill slots whose own content is in English, or that the page has already. */
function hidden(...slots) {
  return slots.map((slot) => Object.assign(document.createElement("span"), { slot, hidden: true }));
}

class Model {
  #viewer;
  #places;
  #isStill;
  #goal;

  constructor(viewer, places, isStill) {
    this.#viewer = viewer;
    this.#places = places;
    this.#isStill = isStill;
    this.#goal = this.#now();
    viewer.addEventListener("camera-change", (event) => {
      if (event.detail.source === "user-interaction") this.#goal = this.#now();
      this.#note();
    });
    this.#note();
    places.forEach((place, index) => this.#put(place, index));
  }

  turn(yaw, pitch) {
    this.#go({ ...this.#goal, yaw: this.#goal.yaw + yaw, pitch: this.#goal.pitch + pitch });
  }

  zoom(factor) {
    this.#go({ ...this.#goal, radius: this.#goal.radius / factor });
  }

  look(yaw, pitch) {
    const from = this.#goal.yaw;
    this.#go({ ...this.#goal, yaw: from + ((((yaw - from) % 360) + 540) % 360) - 180, pitch });
  }

  reset() {
    this.#viewer.cameraOrbit = START;
    this.#viewer.jumpCameraToGoal();
    this.#goal = this.#now();
  }

  inView() {
    const camera = direction(this.#goal.yaw, this.#goal.pitch);
    return this.#places.filter((place) => dot(direction(place.yaw, place.pitch), camera) > 0.2);
  }

  /** Whether there is a room; the viewer itself finds out at some time after it has loaded. */
  async canPlace() {
    return Boolean(await navigator.xr?.isSessionSupported("immersive-ar"));
  }

  place() {
    this.#viewer.activateAR();
  }

  #now() {
    const { theta, phi, radius } = this.#viewer.getCameraOrbit();
    return { yaw: theta / RADIANS, pitch: 90 - phi / RADIANS, radius };
  }

  #go({ yaw, pitch, radius }) {
    const nearest = this.#viewer.getBoundingBoxCenter && size(this.#viewer) * 0.6;
    this.#goal = {
      yaw,
      pitch: Math.max(-60, Math.min(85, pitch)),
      radius: Math.max(nearest, Math.min(size(this.#viewer) * 4, radius)),
    };
    this.#viewer.minCameraOrbit = `auto auto ${nearest}m`;
    this.#viewer.maxCameraOrbit = `auto 150deg ${size(this.#viewer) * 4}m`;
    this.#viewer.cameraOrbit = `${yaw}deg ${90 - this.#goal.pitch}deg ${this.#goal.radius}m`;
    if (this.#isStill) this.#viewer.jumpCameraToGoal();
  }

  #note() {
    const { yaw, pitch, radius } = this.#now();
    Object.assign(this.#viewer.dataset, { yaw: Math.round(yaw), pitch: Math.round(pitch), radius: radius.toFixed(2) });
  }

  /** Put a place's button on the outside of the model, where its direction leaves the box around it. */
  #put(place, index) {
    const centre = this.#viewer.getBoundingBoxCenter();
    const box = this.#viewer.getDimensions();
    const way = direction(place.yaw, place.pitch);
    const reach = Math.min(...["x", "y", "z"].map((axis) => box[axis] / 2 / Math.max(Math.abs(way[axis]), 1e-6)));
    const at = ["x", "y", "z"].map((axis) => centre[axis] + way[axis] * reach);
    place.button.slot = `hotspot-${index + 1}`;
    place.button.dataset.position = at.map((number) => `${number.toFixed(4)}m`).join(" ");
    place.button.dataset.normal = `${way.x.toFixed(4)} ${way.y.toFixed(4)} ${way.z.toFixed(4)}`;
    place.button.dataset.visibilityAttribute = "visible";
    this.#viewer.append(place.button);
  }
}

function direction(yaw, pitch) {
  const flat = Math.cos(pitch * RADIANS);
  return { x: Math.sin(yaw * RADIANS) * flat, y: Math.sin(pitch * RADIANS), z: Math.cos(yaw * RADIANS) * flat };
}

function dot(one, other) {
  return one.x * other.x + one.y * other.y + one.z * other.z;
}

function size(viewer) {
  const { x, y, z } = viewer.getDimensions();
  return Math.hypot(x, y, z);
}
