/** Fills in the zone of this browser, in which the dates of picked items are meant; without scripts they are in UTC. */
const field = document.querySelector("[data-zone]");
if (field && field.dataset.zone !== "kept") {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isOffered = !field.options || [...field.options].some((option) => option.value === zone);
  if (zone && zone !== field.value && isOffered) {
    field.value = zone;
    const name = document.querySelector("[data-zone-name]");
    if (name) name.textContent = zone;
  }
}
