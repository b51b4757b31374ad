/**
 * Lets the page of a registration be closed by the LMS that opened it, in a frame or a window of its own, and sends its
 * form once. Without a script people close the page themselves.
 */
const opener = window.parent === window ? window.opener : window.parent;
const close = document.querySelector("[data-close]");

if (close && opener) {
  close.hidden = false;
  document.querySelector("[data-no-close]").hidden = true;
  // The message holds nothing, and which site listens is not known for sure: the LMS may be framed from another host.
  close.querySelector("button").addEventListener("click", () => {
    opener.postMessage({ subject: "org.imsglobal.lti.close" }, "*");
  });
}

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.once === "sent") event.preventDefault();
    form.dataset.once = "sent";
  });
}
