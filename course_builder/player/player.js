// Improves the pages of a module. Everything works as forms and links without it.

import { startAsks } from "./asks.js";
import { startAutosave } from "./autosave.js";
import { startChecks } from "./checks.js";
import { showLocalTimes } from "./clocks.js";
import { startDescriptions } from "./descriptions.js";
import { startOrder } from "./order.js";
import { startScenes } from "./scene.js";
import { startSheet } from "./sheet.js";

/** Attach the modules to what a page, or a part that came later, holds. */
function improve(root) {
  showLocalTimes(root);
  startOrder(root);
}

improve(document);
startSheet(document);
startAsks(document);
startDescriptions(document);
startScenes(document);
startAutosave(document);
startChecks(document, improve);
