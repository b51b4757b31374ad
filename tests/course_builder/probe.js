// Reads pieces of HTML as a page would, and says what each of them did. It is in every frame before anything else.

const NOTED = ["alert", "confirm", "prompt", "print", "open"];
const EVENTS = [
  ..."click dblclick auxclick contextmenu mousedown mouseup mousemove mouseover mouseout mouseenter mouseleave".split(" "),
  ..."pointerdown pointerup pointermove pointerover pointerout pointerenter pointerleave wheel touchstart".split(" "),
  ..."keydown keyup keypress focus focusin blur input change submit reset toggle beforetoggle command load".split(" "),
  ..."error scroll copy cut paste drag dragstart drop animationstart animationend transitionend".split(" "),
];

let noted = 0;
for (const name of NOTED) {
  Object.defineProperty(window, name, {
    value: () => {
      noted += 1;
      if (parent !== window) parent[name]();
    },
  });
}

const ofWindow = namesOf(window);

function namesOf(thing) {
  const names = new Set();
  for (let each = thing; each; each = Object.getPrototypeOf(each)) {
    for (const name of Object.getOwnPropertyNames(each)) names.add(name);
  }
  return names;
}

/** Read the cases, many at a time: {name: html} → {name: [what it did]}, without those that did nothing. */
async function probe(cases, allowed) {
  const found = {};
  const all = Object.entries(cases);
  for (let start = 0; start < all.length; start += 40) {
    const some = all.slice(start, start + 40);
    if ((await read(some.map(([, html]) => html), allowed)).size === 0) continue;
    for (const [name, html] of some) {
      const did = await read([html], allowed);
      if (did.size) found[name] = [...did];
    }
  }
  return found;
}

async function read(pieces, allowed) {
  const did = new Set();
  const html = pieces.map((piece) => `<div>${piece}</div>`).join("");
  const place = document.createElement("div");
  document.body.append(place);
  for (const [how, written] of [["innerHTML", () => html], ["written again", () => place.innerHTML]]) {
    const before = noted;
    place.innerHTML = written();
    await look(how, did, allowed, document, place, pieces.length, before);
  }
  place.remove();
  const frame = document.createElement("iframe");
  const isLoaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  frame.srcdoc = `<!doctype html><base href="${location.href}"><body>${html}</body>`;
  const before = noted;
  document.body.append(frame);
  await isLoaded;
  await look("document", did, allowed, frame.contentDocument, frame.contentDocument.body, pieces.length, before);
  frame.remove();
  return did;
}

async function look(how, did, allowed, page, place, count, before) {
  await handlersHaveRun(page);
  if (place.children.length !== count) did.add(`${how}: leaves its place`);
  for (const what of inspect(page, place, allowed)) did.add(`${how}: ${what}`);
  stir(place);
  await handlersHaveRun(page);
  if (noted > before) did.add(`${how}: ran a script`);
}

/** Images fail, and toggles are told of, in tasks of their own. */
async function handlersHaveRun(page) {
  const images = [...page.images].filter((image) => !image.complete);
  await Promise.all(
    images.map((image) => new Promise((resolve) => ["load", "error"].map((kind) => image.addEventListener(kind, resolve)))),
  );
  await new Promise((resolve) => setTimeout(resolve));
}

/** Do what a person may do to all that could answer; links are not followed, `inspect` says where they lead. */
function stir(place) {
  for (const element of place.querySelectorAll("*")) {
    if (element.attributes.length === 0) continue;
    for (const kind of EVENTS) element.dispatchEvent(new Event(kind, { cancelable: true }));
  }
}

function* inspect(page, place, { tags, links, images }) {
  for (const element of place.querySelectorAll("*")) {
    const name = element.localName;
    const attributes = tags[name];
    if (!attributes || !(element instanceof element.ownerDocument.defaultView.HTMLElement)) {
      yield `has ${name}`;
      continue;
    }
    for (const attribute of element.getAttributeNames()) {
      if (!attributes.includes(attribute)) yield `has ${attribute} on ${name}`;
    }
    if (element.hasAttribute("href") && !isAllowed(element.href, element.getAttribute("href"), links)) {
      yield `leads to ${element.href}`;
    }
    if (element.hasAttribute("src") && !isAllowed(element.src, element.getAttribute("src"), images)) {
      yield `shows ${element.src}`;
    }
  }
  yield* taken(page, place);
}

/** An address of ours, or one with an allowed scheme that is there to be seen. */
function isAllowed(address, written, schemes) {
  const url = URL.parse(address);
  if (url === null) return true; // It leads nowhere.
  if (url.origin === location.origin) return true;
  return schemes.includes(url.protocol.slice(0, -1)) && written.toLowerCase().startsWith(url.protocol);
}

/** Names that an element took from the document or the window, or gave to the document. */
function* taken(page, place) {
  const view = page.defaultView;
  const empty = page.implementation.createHTMLDocument("");
  const isNode = (value) => value instanceof view.Element || value instanceof view.HTMLCollection;
  for (const element of place.querySelectorAll("[id], [name]")) {
    for (const name of [element.id, element.getAttribute("name")]) {
      if (!name) continue;
      if (isNode(page[name]) && !isNode(empty[name])) yield `takes document.${name}`;
      if (isNode(view[name]) && ofWindow.has(name)) yield `takes window.${name}`;
    }
  }
}

Object.defineProperty(window, "probe", { value: probe });
