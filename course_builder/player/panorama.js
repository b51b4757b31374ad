// A 360° panorama: an equirectangular photograph on the inside of a sphere, drawn by one WebGL shader.
// Angles are in degrees: yaw to the right of the photograph's middle, pitch up, fov the height of the view.

const START = { yaw: 0, pitch: 0, fov: 75 };
const NARROWEST = 25;
const WIDEST = 100;
const TURN_MS = 400;
const RADIANS = Math.PI / 180;

const VERTEX = `#version 300 es
out vec2 at;
void main() {
  // One triangle that covers the view.
  at = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(at, 0.0, 1.0);
}`;
const FRAGMENT = `#version 300 es
precision highp float;
in vec2 at;
uniform sampler2D photograph;
uniform vec2 tangent, yaw, pitch;
out vec4 colour;
const float PI = 3.14159265;
void main() {
  vec3 ray = normalize(vec3(at * tangent, -1.0));
  ray = vec3(ray.x, ray.y * pitch.x - ray.z * pitch.y, ray.y * pitch.y + ray.z * pitch.x);
  ray = vec3(ray.x * yaw.x - ray.z * yaw.y, ray.y, ray.x * yaw.y + ray.z * yaw.x);
  colour = texture(photograph, vec2(atan(ray.x, -ray.z) / (2.0 * PI) + 0.5, acos(clamp(ray.y, -1.0, 1.0)) / PI));
}`;

/** Show a panorama on a stage; rejects where it cannot be drawn. */
export async function open(stage, { address, places, isStill }) {
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl2", { alpha: false });
  if (!gl) throw new Error("no WebGL 2");
  const image = await load(address);
  const viewer = new Panorama(canvas, gl, image, places, isStill);
  stage.append(canvas, viewer.overlay);
  viewer.start();
  return viewer;
}

async function load(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

class Panorama {
  #canvas;
  #gl;
  #uniforms;
  #places;
  #isStill;
  #view = { ...START };
  #goal = null;
  #frame = 0;
  #motion = null;

  constructor(canvas, gl, image, places, isStill) {
    this.#canvas = canvas;
    this.#gl = gl;
    this.#places = places;
    this.#isStill = isStill;
    this.overlay = document.createElement("div");
    this.overlay.className = "scene-places";
    this.overlay.append(...places.map((place) => place.button));
    this.#prepare(image);
  }

  start() {
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
    this.#canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    this.#startDragging();
  }

  turn(yaw, pitch) {
    const from = this.#goal?.to ?? this.#view;
    this.#go({ ...from, yaw: from.yaw + yaw, pitch: from.pitch + pitch });
  }

  zoom(factor) {
    const from = this.#goal?.to ?? this.#view;
    this.#go({ ...from, fov: from.fov / factor });
  }

  look(yaw, pitch) {
    const from = this.#view;
    // The shorter way round.
    this.#go({ ...from, yaw: from.yaw + ((((yaw - from.yaw) % 360) + 540) % 360) - 180, pitch });
  }

  reset() {
    this.look(START.yaw, START.pitch);
    this.#go({ ...(this.#goal?.to ?? this.#view), fov: START.fov });
  }

  inView() {
    const view = this.#goal?.to ?? this.#view;
    return this.#places.filter((place) => isInside(project(place, view, this.#aspect)));
  }

  /** Turn with the device; resolves to whether it does. */
  async follow(isOn) {
    if (this.#motion) removeEventListener("deviceorientation", this.#motion);
    this.#motion = null;
    if (!isOn) return false;
    const ask = globalThis.DeviceOrientationEvent?.requestPermission;
    if (ask && (await ask.call(DeviceOrientationEvent).catch(() => "denied")) !== "granted") return false;
    let offset = null;
    this.#motion = (event) => {
      const facing = facingOf(event);
      if (!facing) return;
      offset ??= this.#view.yaw - facing.yaw;
      this.#set({ ...this.#view, yaw: facing.yaw + offset, pitch: facing.pitch });
    };
    addEventListener("deviceorientation", this.#motion);
    return true;
  }

  get #aspect() {
    return this.#canvas.clientWidth / this.#canvas.clientHeight || 1;
  }

  #go(to) {
    const goal = limited(to);
    if (this.#isStill) {
      this.#set(goal);
      return;
    }
    this.#goal = { from: { ...this.#view }, to: goal, start: performance.now() };
    this.#later();
  }

  #set(view) {
    this.#goal = null;
    this.#view = limited(view);
    this.#later();
  }

  #later() {
    this.#frame ||= requestAnimationFrame((now) => {
      this.#frame = 0;
      if (this.#goal) this.#move(now);
      this.#draw();
    });
  }

  #move(now) {
    const { from, to, start } = this.#goal;
    const share = Math.min(1, Math.max(0, now - start) / TURN_MS);
    const eased = 1 - (1 - share) ** 3;
    for (const name of ["yaw", "pitch", "fov"]) this.#view[name] = from[name] + (to[name] - from[name]) * eased;
    if (share === 1) this.#goal = null;
    else queueMicrotask(() => this.#later());
  }

  #prepare(image) {
    const gl = this.#gl;
    const program = gl.createProgram();
    for (const [kind, source] of [
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, FRAGMENT],
    ]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
    gl.useProgram(program);
    this.#uniforms = ["tangent", "yaw", "pitch"].map((name) => gl.getUniformLocation(program, name));
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, gl.RGB, gl.UNSIGNED_BYTE, fitting(image, gl.getParameter(gl.MAX_TEXTURE_SIZE)));
  }

  #draw() {
    const gl = this.#gl;
    const canvas = this.#canvas;
    const density = Math.min(devicePixelRatio, 2);
    canvas.width = Math.max(1, Math.round(canvas.clientWidth * density));
    canvas.height = Math.max(1, Math.round(canvas.clientHeight * density));
    const { yaw, pitch, fov } = this.#view;
    const height = Math.tan((fov / 2) * RADIANS);
    const [tangent, yawAt, pitchAt] = this.#uniforms;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.uniform2f(tangent, height * this.#aspect, height);
    gl.uniform2f(yawAt, Math.cos(yaw * RADIANS), Math.sin(yaw * RADIANS));
    gl.uniform2f(pitchAt, Math.cos(pitch * RADIANS), Math.sin(pitch * RADIANS));
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    canvas.dataset.yaw = Math.round(yaw);
    canvas.dataset.pitch = Math.round(pitch);
    canvas.dataset.fov = Math.round(fov);
    for (const place of this.#places) put(place.button, project(place, this.#view, this.#aspect));
  }

  #startDragging() {
    const canvas = this.#canvas;
    canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      const scale = this.#view.fov / canvas.clientHeight;
      const { yaw, pitch, fov } = this.#view;
      this.#set({ yaw: yaw - event.movementX * scale, pitch: pitch + event.movementY * scale, fov });
    });
  }
}

function limited({ yaw, pitch, fov }) {
  return { yaw, pitch: Math.max(-85, Math.min(85, pitch)), fov: Math.max(NARROWEST, Math.min(WIDEST, fov)) };
}

/** Give where a place stands in the view, from -1 to 1, or null if it is behind. */
function project(place, view, aspect) {
  const yaw = (place.yaw - view.yaw) * RADIANS;
  const pitch = place.pitch * RADIANS;
  const tilt = view.pitch * RADIANS;
  const ahead = Math.cos(yaw) * Math.cos(pitch);
  const depth = ahead * Math.cos(tilt) + Math.sin(pitch) * Math.sin(tilt);
  if (depth <= 0.05) return null;
  const height = Math.tan((view.fov / 2) * RADIANS);
  return {
    x: (Math.sin(yaw) * Math.cos(pitch)) / depth / height / aspect,
    y: (Math.sin(pitch) * Math.cos(tilt) - ahead * Math.sin(tilt)) / depth / height,
  };
}

function isInside(at) {
  return at !== null && Math.abs(at.x) < 0.95 && Math.abs(at.y) < 0.95;
}

function put(button, at) {
  const isThere = isInside(at);
  button.classList.toggle("is-away", !isThere);
  // A button out of view stays in the order of the keyboard: reaching it turns the view to it.
  button.style.left = `${isThere ? 50 + at.x * 50 : 50}%`;
  button.style.top = `${isThere ? 50 - at.y * 50 : 50}%`;
}

/** Make a photograph fit the largest texture that the machine can hold. */
function fitting(image, largest) {
  if (Math.max(image.naturalWidth, image.naturalHeight) <= largest) return image;
  const canvas = document.createElement("canvas");
  const scale = largest / Math.max(image.naturalWidth, image.naturalHeight);
  canvas.width = Math.floor(image.naturalWidth * scale);
  canvas.height = Math.floor(image.naturalHeight * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** Give where the back of the device faces, however it is held (Device Orientation, W3C: Z-X'-Y''). */
function facingOf({ alpha, beta, gamma }) {
  if (alpha === null || beta === null || gamma === null) return null;
  const [a, b, g] = [alpha, beta, gamma].map((angle) => angle * RADIANS);
  const east = -Math.cos(a) * Math.sin(g) - Math.sin(a) * Math.sin(b) * Math.cos(g);
  const north = -Math.sin(a) * Math.sin(g) + Math.cos(a) * Math.sin(b) * Math.cos(g);
  const up = -Math.cos(b) * Math.cos(g);
  return { yaw: Math.atan2(east, north) / RADIANS, pitch: Math.asin(up) / RADIANS };
}
