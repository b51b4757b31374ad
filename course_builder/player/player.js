// Improves the pages of a module. Everything works as forms and links without it.

import { startAsks } from "./asks.js";
import { startAutosave } from "./autosave.js";
import { startChecks } from "./checks.js";
import { showLocalTimes } from "./clocks.js";
import { startDescriptions } from "./descriptions.js";
import { startHotspots } from "./questions/hotspot.js";
import { startMatch } from "./questions/match.js";
import { startOrder } from "./questions/order.js";
import { startWritten } from "./questions/written.js";
import { startReflections } from "./reflections.js";
import { startScenes } from "./scene.js";
import { startSheet } from "./sheet.js";
import { startTabs } from "./tabs.js";
import { closeTerms, startTerms } from "./terms.js";

/** Attach the modules to what a page, or a part that came later, holds. */
export function improve(root) {
  showLocalTimes(root);
  startOrder(root);
  startMatch(root);
  startHotspots(root);
  startWritten(root);
  startTabs(root);
  startReflections(root);
  startTerms(root);
}

improve(document);
startSheet(document);
closeTerms();
startAsks(document);
startDescriptions(document);
startScenes(document);
startAutosave(document);
startChecks(document, improve);
