// The page on which people say whether the computer is shared, and the one that they see when they have finished.

import { forgetKept, isShared } from "../player/shared.js";

const waits = document.querySelector("[data-waits]");

/** Whether this browser holds something of the person that the tool does not have yet. */
function holdsSomething(owner) {
  try {
    return Object.keys(sessionStorage).some((key) => ["answers", "notes"].some((kind) => key.startsWith(`${kind}:${owner}:`)));
  } catch {
    return false;
  }
}

if (isShared()) forgetKept();
else if (waits && holdsSomething(waits.dataset.waits)) waits.hidden = false;
