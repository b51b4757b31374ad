// Improves the pages of a module. Everything works as forms and links without it.

import { startAutosave } from "./autosave.js";
import { startChecks } from "./checks.js";
import { showLocalTimes } from "./clocks.js";
import { startOrder } from "./order.js";
import { startSheet } from "./sheet.js";

/** Attach the modules to what a page, or a part that came later, holds. */
export function improve(root) {
  showLocalTimes(root);
  startOrder(root);
}

improve(document);
startSheet(document);
startAutosave(document);
startChecks(document, improve);
