// Sends the forms that carry a launch on, and lets the tool in the frame say how tall it is.

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

window.addEventListener("message", (event) => {
  if (!frame || event.source !== frame.contentWindow) return;
  const message = read(event.data);
  if (message?.subject !== "lti.frameResize") return;
  const height = Number(message.height);
  if (Number.isFinite(height)) {
    frame.style.blockSize = `${Math.min(Math.max(height, MIN_HEIGHT), MAX_HEIGHT)}px`;
  }
});
