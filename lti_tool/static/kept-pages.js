// Copies of a module's pages, kept in this browser while a launch lasts; on a shared computer in the page only.
// A store is named after the person, their placement, the launch and the version of the package, so that nobody is shown another
// person's pages, and an old version goes when a new one comes.

import { isShared } from "../player/shared.js";

/** A copy that is older is as good as none. */
export const LONGEST_MS = 12 * 3_600_000;
const KEPT_AT = "X-Kept-At";

/** Open the store of a launch, and delete those of other people and of earlier launches. */
export async function openKeptPages({ person, owner, handle, version }) {
  const name = `module:${person}:${owner}:${handle}:${version}`;
  const store = isShared() ? null : await openStore(name, person, owner).catch(() => null);
  const memory = new Map();
  for (const request of store ? await store.keys() : []) {
    const response = await store.match(request);
    memory.set(new URL(request.url).pathname, { at: response.headers.get(KEPT_AT), response });
  }
  return {
    isStored: Boolean(store),
    has: (path) => memory.has(path) && Date.now() - Date.parse(memory.get(path).at) < LONGEST_MS,
    at: (path) => memory.get(path)?.at,
    html: (path) => memory.get(path).response.clone().text(),
    async put(path, response) {
      const headers = new Headers(response.headers);
      const at = new Date().toISOString();
      headers.set(KEPT_AT, at);
      const copy = new Response(await response.blob(), { headers });
      memory.set(path, { at, response: copy.clone() });
      await store?.put(path, copy).catch(() => {});
    },
  };
}

async function openStore(name, person, owner) {
  const store = await caches.open(name);
  for (const each of (await caches.keys()).filter((other) => other.startsWith("module:") && other !== name)) {
    if (!each.startsWith(`module:${person}:`) || each.startsWith(`module:${person}:${owner}:`)) await caches.delete(each);
  }
  await dropFiles();
  return store;
}

/** Delete the files of launches of which no page is kept. */
export async function dropFiles() {
  const handles = await handlesKept();
  for (const each of await caches.keys()) {
    if (each.startsWith("files:") && !handles.includes(each.split(":")[1])) await caches.delete(each);
  }
}

/** The launches of which something is kept, all of one person. */
export async function handlesKept() {
  return (await caches.keys()).filter((each) => each.startsWith("module:")).map((each) => each.split(":")[3]);
}
