// Sends the forms that carry a launch on, and hears what the tool in the frame says, as far as the profile does.

const MIN_HEIGHT = 320;
const MAX_HEIGHT = 20000;

for (const form of document.querySelectorAll("form[data-auto-submit]")) {
  form.submit();
}

const frame = document.querySelector("iframe[data-activity]");

function read(data) {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data); // Tools made for Canvas send text.
  } catch {
    return null;
  }
}

const HANDLERS = {
  "lti.frameResize": ({ height }) => {
    if (!Number.isFinite(Number(height))) return;
    frame.style.flex = "none"; // It would grow to the rest of the page.
    frame.style.minBlockSize = "0";
    frame.style.blockSize = `${Math.min(Math.max(Number(height), MIN_HEIGHT), MAX_HEIGHT)}px`;
  },
  "lti.scrollToTop": () => window.scrollTo(0, frame.getBoundingClientRect().top + window.scrollY),
  "lti.screenReaderAlert": ({ body }) => {
    document.querySelector("[data-announced]").textContent = typeof body === "string" ? body : JSON.stringify(body);
  },
};
const taken = document.body.dataset.frameMessages?.split(" ") ?? [];

window.addEventListener("message", (event) => {
  if (!frame || event.source !== frame.contentWindow) return;
  const message = read(event.data);
  if (message?.subject === "org.imsglobal.lti.close" && frame.dataset.after) {
    location.assign(frame.dataset.after); // The tool is registered.
    return;
  }
  if (taken.includes(message?.subject)) HANDLERS[message.subject](message);
});
