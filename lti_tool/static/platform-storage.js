/**
 * The platform's storage for tools: where a browser lets our frame keep nothing, the platform's page keeps it for us.
 *
 * Secrets go to the origin of the platform's authentication address only, and only answers from there count, so that
 * no other page reads or answers. A platform that promises storage may never answer (Canvas on phones), so each
 * question has a limit.
 *
 * Source: LTI Client Side postMessages 0.1 and LTI postMessage Storage 0.1.
 */
const LIMIT_MS = 1500;
const AGAIN_MS = 300;
const PUT = "lti.put_data";
const GET = "lti.get_data";

/** Our frame's page, or for a window the page that opened it. */
const host = window.parent === window ? window.opener : window.parent;

/**
 * Has the platform keep a value; null takes it away. Says whether it answered that it did.
 * @param {{target: string, origin: string}} place what the login named, or an empty target; and the platform's origin
 */
export async function put(place, key, value) {
  return (await askStorage(place, PUT, { key, value })) !== null;
}

/** Asks for a kept value. */
export async function get(place, key) {
  const answer = await askStorage(place, GET, { key });
  return typeof answer?.value === "string" ? answer.value : null;
}

async function askStorage({ target, origin }, subject, content) {
  if (!host) return null;
  const frame = target || (await promisedFrame());
  const asked = frame === "_parent" ? host : named(frame);
  return asked && ask(asked, origin, { subject, ...content }, (event) => event.origin === origin);
}

/**
 * Asks which frame takes storage messages, where the login did not say; Blackboard tells it only here. Nothing secret
 * is in this question, and the page that answers may have another origin than the authentication address.
 */
async function promisedFrame() {
  const answer = await ask(host, "*", { subject: "lti.capabilities" }, (event) => event.source === host);
  const messages = Array.isArray(answer?.supported_messages) ? answer.supported_messages : [];
  const storing = messages.find((each) => each?.subject === PUT);
  return storing ? storing.frame || "_parent" : "";
}

function named(frame) {
  try {
    const found = frame ? host.frames[frame] : null;
    return typeof found?.postMessage === "function" ? found : null;
  } catch {
    return null; // No frame of that name: a page of another site lets us see nothing else of it.
  }
}

/**
 * Sends a message and waits for its answer; null where there is none in time, or an error. It is sent again meanwhile:
 * the platform's frame may be loading beside ours.
 */
function ask(asked, origin, message, isTrusted) {
  const message_id = crypto.getRandomValues(new Uint32Array(4)).join("-");
  return new Promise((resolve) => {
    const finish = (answer) => {
      clearTimeout(limit);
      clearInterval(again);
      removeEventListener("message", listen);
      resolve(answer);
    };
    const listen = (event) => {
      const { subject, message_id: answered, error } = event.data ?? {};
      if (!isTrusted(event) || answered !== message_id || subject !== `${message.subject}.response`) return;
      finish(error ? null : event.data);
    };
    const send = () => asked.postMessage({ ...message, message_id }, origin);
    const limit = setTimeout(finish, LIMIT_MS, null);
    const again = setInterval(send, AGAIN_MS);
    addEventListener("message", listen);
    send();
  });
}
