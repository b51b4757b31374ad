// The contents close with Escape, and when the reader goes on elsewhere.

/** Attach to every sheet of the page. */
export function startSheet(root) {
  for (const sheet of root.querySelectorAll("details[data-sheet]")) {
    sheet.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && sheet.open) {
        sheet.open = false;
        sheet.querySelector("summary").focus();
      }
    });
    document.addEventListener("click", (event) => {
      if (!sheet.contains(event.target)) sheet.open = false;
    });
    sheet.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !sheet.contains(event.relatedTarget)) sheet.open = false;
    });
  }
}
