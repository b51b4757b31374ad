// Decides how the page is looked at before it is painted: in which colours, on a screen or on paper, with which parts.
// Style sheets ask the browser with media queries; here the question is changed, so that every sheet answers for itself.

(() => {
  const KEY = "course-preview";
  const TRUE = "(min-width: 0)";
  const FALSE = "(max-width: 0)";
  const asked = new WeakMap();

  function stored() {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {
      return {};
    }
  }

  function answer(query, look) {
    let text = query;
    if (look.width === "paper") text = text.replace(/\bprint\b/g, "all").replace(/\bscreen\b/g, "tty");
    const scheme = look.width === "paper" ? "light" : look.scheme;
    if (scheme === "light" || scheme === "dark") {
      text = text.replace(/\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/g, (_all, wanted) =>
        wanted === scheme ? TRUE : FALSE,
      );
    }
    return text;
  }

  function change(media, look) {
    if (!asked.has(media)) asked.set(media, media.mediaText);
    const text = answer(asked.get(media), look);
    if (media.mediaText !== text) media.mediaText = text;
  }

  function visit(sheet, look) {
    if (sheet.media) change(sheet.media, look);
    for (const rule of sheet.cssRules) {
      if (rule instanceof CSSMediaRule) change(rule.media, look);
      if (rule instanceof CSSImportRule) {
        change(rule.media, look);
        if (rule.styleSheet) visit(rule.styleSheet, look);
      } else if (rule.cssRules) {
        visit({ cssRules: rule.cssRules }, look);
      }
    }
  }

  /** Look at the page in another way, and give the parts that are for trainers only the state that was asked for. */
  function applyLook(look) {
    for (const sheet of document.styleSheets) visit(sheet, look);
    const scheme = look.width === "paper" ? "light" : look.scheme;
    document.documentElement.style.colorScheme = scheme === "light" || scheme === "dark" ? scheme : "";
    showParts(document, look);
  }

  function showParts(root, look) {
    for (const part of root.querySelectorAll("[data-for]")) part.hidden = !look[part.dataset.for];
  }

  let current = stored();
  applyLook(current);
  document.addEventListener("DOMContentLoaded", () => showParts(document, current));
  window.previewLook = {
    use(look) {
      current = look;
      applyLook(look);
    },
    refresh: () => applyLook(current),
  };
})();
