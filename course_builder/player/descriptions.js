// Written audio descriptions: browsers load them but keep silent, so each is put where screen readers hear of it.

import { within } from "./within.js";

/** Attach to every player that has written descriptions. */
export function startDescriptions(root) {
  for (const line of within(root, "[data-descriptions]")) {
    const player = line.previousElementSibling;
    const track = [...player.textTracks].find((each) => each.kind === "descriptions");
    if (!track) continue;
    track.mode = "hidden";
    track.addEventListener("cuechange", () => {
      line.textContent = [...track.activeCues].map((cue) => cue.text).join(" ");
    });
  }
}
