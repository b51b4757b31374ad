// Private notes: room to write in, which says that it is not kept as long as nobody keeps it.

/** Attach to every private note that has no field yet. */
export function startReflections(root) {
  for (const section of root.querySelectorAll("[data-reflection]")) {
    if (section.querySelector("textarea")) continue;
    const title = section.querySelector(".reflection-title");
    title.id ||= `_reflection_${section.dataset.reflection}`;
    const field = document.createElement("textarea");
    field.rows = 4;
    field.setAttribute("aria-labelledby", title.id);
    const unsaved = document.createElement("p");
    unsaved.className = "quiet";
    unsaved.id = `${title.id}_unsaved`;
    unsaved.textContent = section.dataset.unsaved;
    field.setAttribute("aria-describedby", unsaved.id);
    section.append(field, unsaved);
  }
}
