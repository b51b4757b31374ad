// The service worker of one launch in a window of its own: where the network is dead it answers a reload with the copy that the
// page has kept (kept-pages.js). Its scope is the launch's address, so that it never sees the pages of another launch.

const LONGEST_MS = 12 * 3_600_000;

// The page that brought it goes on without it: what a page says as it is left is lost where a worker takes it over just then.
// A reload is answered all the same.
self.addEventListener("install", () => self.skipWaiting());

const handle = () => new URL(self.registration.scope).pathname.split("/")[2];

/** The name of the store of pages, if it is there. It is never opened: that would make it anew where it was just deleted. */
async function storeName() {
  return (await caches.keys()).find((each) => each.startsWith("module:") && each.split(":")[3] === handle());
}

async function files() {
  return caches.open(`files:${handle()}`);
}

/** The launch is over, or was somebody else's: nothing of it stays. */
async function forget() {
  for (const name of await caches.keys()) {
    if (name.split(":").includes(handle())) await caches.delete(name);
  }
  await self.registration.unregister();
}

async function page(request) {
  try {
    const response = await fetch(request);
    if (response.status === 401) await forget();
    return response;
  } catch (error) {
    const cacheName = await storeName();
    const copy = cacheName && (await caches.match(new URL(request.url).pathname, { cacheName }));
    const at = copy?.headers.get("X-Kept-At");
    // Without its policy a copy is not shown: it was kept by something else.
    if (!copy?.headers.has("Content-Security-Policy") || !(Date.now() - Date.parse(at) < LONGEST_MS)) throw error;
    const html = (await copy.text()).replace("<html ", `<html data-kept-at="${at}" `);
    return new Response(html, { headers: copy.headers });
  }
}

async function file(request) {
  // Nothing is kept for the page that says that the launch is over.
  if (!(await storeName())) return fetch(request);
  const kept = await (await files()).match(request.url);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.status === 200) await (await files()).put(request.url, response.clone()).catch(() => {});
  return response;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (["script", "style", "image", "font"].includes(request.destination) && /^\/(static|packages)\//.test(pathname)) {
    event.respondWith(file(request));
  }
});

/** Keep what a page is made of; unless the next person's launch has come meanwhile and deleted all of this one. */
async function keep(paths) {
  const cache = await files();
  await Promise.all(paths.map((each) => cache.add(each).catch(() => {})));
  if (!(await storeName())) await caches.delete(`files:${handle()}`);
}

self.addEventListener("message", (event) => event.waitUntil(keep(event.data)));
