"""What a screen reader would say on a way through pages, read from the accessibility tree of Chromium.

No real screen reader is at work here: each has words and habits of its own. What they say comes from here, though:
names, roles, states and descriptions of what has the focus, groups that one enters, and what live regions are given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

MOST_STOPS = 80
# Groups and landmarks are said when one enters them.
_ENTERED = {"banner", "navigation", "main", "contentinfo", "region", "group", "radiogroup", "form", "search", "alert"}
_STATES = {
    "checked": {"true": "checked", "false": "not checked", "mixed": "partly checked"},
    "pressed": {"true": "pressed", "false": "not pressed"},
    "expanded": {"True": "expanded", "False": "collapsed"},
    "invalid": {"true": "invalid"},
    "required": {"True": "required"},
    "disabled": {"True": "unavailable"},
}
_LISTEN = """() => {
  const regions = '[role=status], [role=alert], [role=log], [aria-live]:not([aria-live=off])';
  window.said = [];
  const changed = new Set();
  const say = () => {
    for (const region of changed) {
      const text = region.innerText?.replace(/\\s+/g, ' ').trim();
      if (text && region.isConnected && window.said.at(-1) !== text) window.said.push(text);
    }
    changed.clear();
  };
  new MutationObserver((mutations) => {
    for (const {target} of mutations) {
      const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
      const region = element?.closest(regions);
      if (region) changed.add(region);
    }
    setTimeout(say, 100);
  }).observe(document, {subtree: true, childList: true, characterData: true});
}"""
_TIMES = re.compile(r"\b\d{1,2}:\d\d(:\d\d)?(\s?[AP]M)?")


class Listener:
    """Writes down, line by line, what is said while somebody goes through pages with the keyboard."""

    def __init__(self, page: Page) -> None:
        self.lines: list[str] = []
        self._page = page
        self._tree = page.context.new_cdp_session(page)
        self._inside: list[str] = []
        page.add_init_script(f"({_LISTEN})()")

    @property
    def script(self) -> str:
        """All that was said; times of the day are masked."""
        return _TIMES.sub("HH:MM", "\n".join(self.lines)) + "\n"

    def chapter(self, title: str) -> None:
        """Begin a part."""
        self.lines += ["", f"# {title}", ""]

    def read_page(self) -> None:
        """Write down the title, and the page as it is read from top to bottom."""
        self._page.wait_for_load_state()
        self._inside = []
        self.lines += [f"page: {self._page.title()}"]
        self.lines += [
            f"  {line}" for line in self._page.locator("main").aria_snapshot().splitlines() if "/url:" not in line
        ]

    def press(self, key: str) -> None:
        """Press a key, and write down what then has the focus."""
        self._page.keyboard.press(key)
        self.lines.append(f"[{key}] {self.focus()}")

    def type(self, text: str) -> None:
        """Type a text."""
        self._page.keyboard.type(text)
        self.lines.append(f"[{text}]")

    def tab_to(self, name: str) -> None:
        """Press Tab, writing each stop down, until something with this name has the focus."""
        for _ in range(MOST_STOPS):
            self.press("Tab")
            if name in self.lines[-1]:
                return
        raise AssertionError(f"Tab never comes to {name!r}, but to:\n" + "\n".join(self.lines[-MOST_STOPS:]))

    def tab_through(self) -> None:
        """Press Tab, writing each stop down, until the page ends."""
        for _ in range(MOST_STOPS):
            self.press("Tab")
            if self.lines[-1] == "[Tab] –":
                self.lines[-1] = "[Tab] the page ends"
                return
        raise AssertionError("The page never ends.")

    def hear(self, words: str) -> None:
        """Wait until a live region says words, and write down what it said."""
        self._page.wait_for_function("(words) => window.said.some((text) => text.includes(words))", arg=words)
        said = self._page.evaluate("() => window.said.splice(0)")
        self.lines += [f"said: {text}" for text in said]

    def focus(self) -> str:
        """Say what has the focus, and the groups that were entered to get there."""
        element = self._tree.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]
        if element.get("className") in {"HTMLBodyElement", "HTMLHtmlElement"}:
            self._inside = []
            return "–"
        found = self._tree.send(
            "Accessibility.getPartialAXTree", {"objectId": element["objectId"], "fetchRelatives": True}
        )["nodes"]
        nodes = {node["nodeId"]: node for node in found}
        at = next(node for node in found if any(each["name"] == "focused" for each in node.get("properties", [])))
        around = []
        while (at_parent := nodes.get((around[-1] if around else at).get("parentId"))) is not None:
            around.append(at_parent)
        inside = [said for node in reversed(around) if (said := _entered(node))]
        entered = [each for each in inside if each not in self._inside]
        self._inside = inside
        return "; ".join([*entered, ", ".join(_words(at))])


def _entered(node: dict[str, Any]) -> str:
    role, name = node["role"]["value"], node.get("name", {}).get("value", "")
    if node.get("ignored") or role not in _ENTERED or (role in {"group", "form"} and not name):
        return ""
    return " ".join(filter(None, [role, f"“{_one_line(name)}”" if name else ""]))


def _words(node: dict[str, Any]) -> Iterator[str]:
    yield _one_line(node.get("name", {}).get("value", "")) or "(no name)"
    yield {"DisclosureTriangle": "disclosure"}.get(role := str(node["role"]["value"]), role)
    for each in node.get("properties", []):
        value = str(each["value"].get("value"))
        if word := _STATES.get(each["name"], {}).get(value):
            yield word
    if value := node.get("value", {}).get("value"):
        yield f"“{_one_line(str(value))}”"
    if description := node.get("description", {}).get("value"):
        yield f"({_one_line(description)})"


def _one_line(text: str) -> str:
    return " ".join(text.split())
