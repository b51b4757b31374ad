// Keeps small values for tools, each under the tool's origin, as long as this page is open.

(() => {
  const MAX_CHARACTERS = 4096; // What platforms have to keep for each tool at least.
  const SUBJECTS = ["lti.put_data", "lti.get_data"];

  // The frame to ask, in the page that holds the tool; in that frame itself there is none.
  const frame = document.currentScript.dataset.storage;
  const kept = new Map();

  function put(values, { key, value }) {
    if (typeof key !== "string" || !key) return { error: { code: "bad_request", message: "There is no key." } };
    if (value === null || value === undefined) {
      values.delete(key);
      return { key };
    }
    if (typeof value !== "string") return { error: { code: "bad_request", message: "The value is no text." } };
    const others = [...values].filter(([name]) => name !== key).flat();
    if ([...others, key, value].join("").length > MAX_CHARACTERS) {
      return { error: { code: "storage_exhaustion", message: "The tool keeps too much already." } };
    }
    values.set(key, value);
    return { key, value };
  }

  function get(values, { key }) {
    if (typeof key !== "string" || !key) return { error: { code: "bad_request", message: "There is no key." } };
    return { key, value: values.get(key) ?? null };
  }

  function answer(message, origin) {
    if (message.subject === "lti.capabilities" && frame) {
      return { supported_messages: [{ subject: "lti.capabilities" }, ...SUBJECTS.map((subject) => ({ subject, frame }))] };
    }
    if (!SUBJECTS.includes(message.subject) || (frame && frame !== "_parent")) return null;
    if (!message.message_id) return { error: { code: "bad_request", message: "There is no message_id." } };
    if (!kept.has(origin)) kept.set(origin, new Map());
    return (message.subject === "lti.put_data" ? put : get)(kept.get(origin), message);
  }

  addEventListener("message", (event) => {
    const message = event.data;
    const found = message && event.source && event.origin !== location.origin ? answer(message, event.origin) : null;
    if (!found) return;
    const { subject, message_id } = message;
    event.source.postMessage({ subject: `${subject}.response`, message_id, ...found }, event.origin);
  });
})();
