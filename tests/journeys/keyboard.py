"""Working with the keyboard alone, and seeing all the time where one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import FileChooser, FilePayload, Frame, Page

MOST_STOPS = 120
MOST_PRESSES = 5

# A radio button may show its focus on the option around it.
_DESCRIBE = """() => {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  let isVisible = false;
  for (let each = element, up = 0; each && up < 4; each = each.parentElement, up += 1) {
    const {outlineStyle, outlineWidth} = getComputedStyle(each);
    isVisible ||= outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  }
  const box = element.getBoundingClientRect();
  const labels = [...element.labels ?? []].map((label) => label.innerText);
  const described = (element.getAttribute('aria-describedby') ?? '').split(' ')
    .map((id) => document.getElementById(id)?.innerText ?? '');
  return {
    tag: element.tagName, isVisible: isVisible && box.width > 0 && box.height > 0,
    isChecked: Boolean(element.checked), group: element.name ?? '',
    name: element.getAttribute('aria-label') ?? (labels.join(' ') || element.innerText || ''),
    description: described.join(' '),
  };
}"""


@dataclass(frozen=True)
class Stop:
    """The element that has the focus."""

    name: str
    """What is read out first: label or text, on one line."""
    description: str
    group: str
    """The ``name`` of a form control."""
    is_checked: bool


class Keyboard:
    """Presses keys on a page, and fails at the first stop where the focus cannot be seen."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, key: str) -> None:
        """Press a key."""
        self._page.keyboard.press(key)

    def go_to(self, name: str, *, description: str = "", group: str = "", key: str = "Tab") -> Stop:
        """Press Tab, or another key, until the element with all these texts has the focus."""
        passed = []
        for _ in range(MOST_STOPS):
            self.press(key)
            stop = self.stop()
            if stop and name in stop.name and description in stop.description and group in stop.group:
                return stop
            passed.append(stop.name if stop else "–")
        raise AssertionError(f"no way to {name!r} {description!r} {group!r} with {key}; passed {passed}")

    def choose_file(self, key: str, file: FilePayload) -> None:
        """Open the browser's own window for files with a key, and choose one there."""
        # A busy browser may have forgotten by then that a key was pressed, and opens no window without one.
        windows: list[FileChooser] = []
        self._page.once("filechooser", lambda window: windows.append(window))
        for _ in range(MOST_PRESSES):
            self.press(key)
            for _ in range(60):
                if windows:
                    windows[0].set_files(file)
                    return
                self._page.wait_for_timeout(100)
        raise AssertionError(f"no window for files opens with {key}")

    def stop(self) -> Stop | None:
        """Say where the focus is, in whichever frame; nowhere at the start of a document."""
        found = self._described(self._page.main_frame)
        if found is None:
            return None
        assert found["isVisible"], f"the focus cannot be seen at {found}"
        line = " ".join(found["name"].split())
        return Stop(line, " ".join(found["description"].split()), found["group"], found["isChecked"])

    def _described(self, frame: Frame) -> dict[str, Any] | None:
        found: dict[str, Any] | None = frame.evaluate(_DESCRIBE)
        if found and found["tag"] == "IFRAME":
            element = frame.evaluate_handle("() => document.activeElement").as_element()
            inner = element.content_frame() if element else None
            return self._described(inner) if inner else None
        return found
