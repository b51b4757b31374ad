// What was written and the server does not have yet, kept in this tab's storage until it does.
// On a shared computer only the page holds it, and asks before it is closed.

import { isShared } from "./shared.js";

/**
 * Open a store; a browser that refuses storage keeps what waits as long as the page is open.
 *
 * The key names person, placement and what is written, so that nobody is shown what another person left.
 */
export function openWaiting(key) {
  // One for all that ask: a page that comes back without a reload goes on with what waits.
  if (!stores.has(key)) stores.set(key, openStore(key));
  return stores.get(key);
}

const stores = new Map();

function openStore(key) {
  const waiting = new Map(Object.entries(read(key)));
  if (isShared()) {
    window.addEventListener("beforeunload", (event) => {
      if (waiting.size) event.preventDefault();
    });
  }

  function write() {
    if (isShared()) return;
    try {
      if (waiting.size) sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(waiting)));
      else sessionStorage.removeItem(key);
    } catch {
      // Storage is refused or full: the page itself still holds the answers.
    }
  }

  return {
    get size() {
      return waiting.size;
    },
    entries: () => [...waiting],
    get: (question) => waiting.get(question),
    put(question, answer) {
      waiting.set(question, answer);
      write();
    },
    drop(question) {
      waiting.delete(question);
      write();
    },
  };
}

/** The numbers under which something waits in this tab's storage, at keys that begin alike. */
export function numbersWaiting(key) {
  if (isShared()) return [];
  try {
    return Object.keys(sessionStorage).flatMap((each) => (each.startsWith(`${key}:`) ? [each.slice(key.length + 1)] : []));
  } catch {
    return [];
  }
}

function read(key) {
  if (isShared()) return {};
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    return kept !== null && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}
