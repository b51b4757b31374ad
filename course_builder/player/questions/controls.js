// The controls of a question, and what they are called.

/** All controls that are named after a question, or after one of its items. */
export function controlsOf(question) {
  const name = `q-${question.dataset.question}`;
  return [...question.querySelectorAll("[name]")].filter(
    (control) => control.name === name || control.name.startsWith(`${name}.`),
  );
}

/** The item that a control belongs to, by its drawn name. */
export function itemOf(question, control) {
  return control.name.slice(`q-${question.dataset.question}.`.length);
}

/** The words of an element, on one line. */
export function wordsOf(element) {
  return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** Whether somebody changed it since the page came: also while its scripts were still on their way. */
export function isChanged(control) {
  if (control.matches("input[type=radio], input[type=checkbox]")) return control.checked !== control.defaultChecked;
  if (!control.matches("select")) return control.value !== control.defaultValue;
  const first = [...control.options].findIndex((option) => option.defaultSelected);
  return control.selectedIndex !== Math.max(first, 0);
}
