// Finds while one types. Without it the button does the same with a page of its own.

const PAUSE_MS = 300;

const form = document.querySelector("[data-live-search]");
const results = document.querySelector("[data-results]");
const count = document.querySelector("[data-count]");
let timer = 0;
let asking = null;

async function find() {
  const address = new URL(form.action);
  address.search = new URLSearchParams(new FormData(form)).toString();
  asking?.abort();
  asking = new AbortController();
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" }, signal: asking.signal });
    // What happened instead is said by a page of its own.
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    results.replaceChildren(...page.querySelector("[data-results]").childNodes);
    const said = page.querySelector("[data-count]").textContent;
    // Said once, and only where it changed: screen readers speak it while one types on.
    if (count.textContent !== said) count.textContent = said;
    document.title = page.title;
    history.replaceState(null, "", address);
  } catch {
    // Another search began meanwhile, or there is no connection: the button is still there.
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(find, PAUSE_MS);
});
