// Improves the pages of a module. Everything works as forms and links without it.

import { startAsks } from "./asks.js";
import { startAutosave } from "./autosave.js";
import { startCarry } from "./carry.js";
import { startChecks } from "./checks.js";
import { showLocalTimes } from "./clocks.js";
import { startCountdown } from "./countdown.js";
import { startDescriptions } from "./descriptions.js";
import { startLeftOver } from "./left-over.js";
import { startPlace } from "./place.js";
import { startPrivateNotes } from "./private-notes.js";
import { startHotspots } from "./questions/hotspot.js";
import { startMatch } from "./questions/match.js";
import { startOrder } from "./questions/order.js";
import { startWritten } from "./questions/written.js";
import { startScenes } from "./scene.js";
import { forgetKept, isShared } from "./shared.js";
import { startSheet } from "./sheet.js";
import { startTabs } from "./tabs.js";
import { closeTerms, startTerms } from "./terms.js";
import { within } from "./within.js";

/** Attach the modules to what a page, or a part that came later, holds. */
export function improve(root) {
  showLocalTimes(root);
  // From now on what these lines say is news; before, it was the time in the reader's own clock.
  for (const line of within(root, "[data-saved]")) line.setAttribute("role", "status");
  startAsks(root);
  startDescriptions(root);
  startScenes(root);
  startOrder(root);
  startMatch(root);
  startHotspots(root);
  startWritten(root);
  startTabs(root);
  startPrivateNotes(root);
  startTerms(root);
}

/** Attach to a page that was put in the place of another one: to what does not listen to the whole document already. */
export function openPage() {
  improve(document.querySelector("main"));
  startSheet(document);
  startAutosave(document);
  startLeftOver(document);
}

if (isShared()) forgetKept();
improve(document);
startSheet(document);
closeTerms();
startAutosave(document);
startPlace(document);
startCarry(document);
startLeftOver(document);
startCountdown(document);
startChecks(document, improve);
