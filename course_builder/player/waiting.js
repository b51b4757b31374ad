// Answers that the server does not have yet, kept in this tab's storage until it does.
// They are kept by person, placement, quiz and attempt, so that nobody is shown what another person left.

/** Open the store of one form; a browser that refuses storage keeps the answers as long as the page is open. */
export function openWaiting(form) {
  const key = `answers:${form.dataset.owner}:${form.id}:${form.dataset.number}`;
  let waiting = new Map(Object.entries(read(key)));

  function write() {
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

function read(key) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    return kept !== null && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}
