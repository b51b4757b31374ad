// Checks a question, or opens a hint, in place: the page stays where it is, and the result is read out.

/** Attach to every form of the page; `improve` is called with a question that came anew. */
export function startChecks(root, improve) {
  root.addEventListener("submit", async (event) => {
    const question = event.submitter?.closest("[data-question]");
    if (!question || event.defaultPrevented) return;
    event.preventDefault();
    const button = event.submitter;
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    const page = await post(button).catch(() => undefined);
    button.ariaDisabled = null;
    if (page === undefined) {
      question.querySelector("[data-saved]").textContent = question.closest("[data-no-connection]").dataset.noConnection;
    } else if (page === null) {
      // The answer is another page, such as one that says what is wrong: go there as without a script.
      button.form.action = button.formAction;
      button.form.submit();
    } else {
      show(page, question, improve);
    }
  });
}

async function post(button) {
  const response = await fetch(button.formAction, { method: "POST", body: new FormData(button.form, button) });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.getElementById(button.closest("[data-question]").id) ? page : null;
}

function show(page, question, improve) {
  const fresh = document.adoptNode(page.getElementById(question.id));
  for (const kept of page.querySelectorAll('input[name^="r-"]')) {
    for (const own of document.getElementsByName(kept.name)) own.value = kept.value;
  }
  question.replaceWith(fresh);
  for (const part of [".way", ".way-on"]) {
    const other = page.querySelector(part);
    if (other) document.querySelector(part)?.replaceWith(document.adoptNode(other));
  }
  improve(fresh);
  const hints = [...fresh.querySelectorAll(".hint")];
  // A hint that was asked for is what is new, whatever was said before it.
  const hint = hints.length > question.querySelectorAll(".hint").length ? hints.at(-1) : null;
  const told = hint ?? fresh.querySelector('.question-result, [role="alert"]:not([hidden])') ?? fresh;
  if (told !== fresh) {
    // What gets the focus is read out as its name, and once: an alert would be read out besides.
    told.setAttribute("role", "group");
    told.ariaLabel = told.innerText.replace(/\s+/g, " ").trim();
  }
  told.tabIndex = -1;
  told.focus({ preventScroll: true });
  told.scrollIntoView({ block: "nearest" });
}
