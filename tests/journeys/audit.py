"""What must be true of every page of every journey: no barriers, no errors, no request to a third party."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Frame, Page, Request, ViewportSize

AXE = Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"
SEVERE = {"serious", "critical"}
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 640}

# A change of scheme fades colours, however shortly, and what is inherited fades after it.
_SETTLE = """async () => {
  do await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  while (document.getAnimations().some((each) => each.playState === 'running'));
}"""
_RUN_AXE = """async (rules) => {
  const only = rules ? {runOnly: {type: 'rule', values: rules}} : {};
  const found = await axe.run(document, {iframes: false, preload: false, resultTypes: ['violations'], ...only});
  return found.violations.map(({id, impact, help, nodes}) =>
    ({id, impact, help, nodes: nodes.slice(0, 3).map((node) => `${node.target}: ${node.failureSummary}`)}));
}"""
_WATCH_POINTER = """() => {
  if (window.lastPointer) return;
  window.lastPointer = [];
  addEventListener('pointermove', (event) => { window.lastPointer = [event.clientX, event.clientY]; }, true);
}"""
_LONGEST_WAIT_MS, _LOOK_EVERY_MS = 30_000, 50
_OF_COLOURS = ["color-contrast", "link-in-text-block"]
_PAINT_EVERY = 40
_PAINT = "() => { document.documentElement.animate([{opacity: 1}, {opacity: 0.999}], 100); }"
_OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Watch:
    """Records what a browser complains of and whom it asks; :meth:`assert_clean` looks at it.

    Violations of the Content-Security-Policy are errors on the console, so that they are among the complaints.
    """

    def __init__(self, context: BrowserContext, *origins: str) -> None:
        self._origins = set(origins)
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self._expected: list[str] = []
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))
        context.on("request", self._on_request)

    def expect(self, text: str) -> None:
        """Let the browser complain of something that a journey brings about, such as an answer 401."""
        self._expected.append(text)

    def allow(self, origin: str) -> None:
        """Let the browser ask another site that a journey brings about."""
        self._origins.add(origin)

    def assert_clean(self) -> None:
        """Fail when there was an error on the console or a request that left the two sites."""
        assert not self.complaints, "\n".join(self.complaints)
        assert not self.strangers, "\n".join(self.strangers)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(text in message.text for text in self._expected):
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"data", "blob", "about"}:
            return
        if f"{address.scheme}://{address.netloc}" not in self._origins:
            self.strangers.append(request.url)


def find_barriers(page: Page, rules: list[str] | None = None) -> list[str]:
    """Run axe in every frame of a page, with all its rules or some; give the serious and critical findings as lines."""
    return [line for frame in page.frames for line in _find_barriers(frame, rules)]


def _find_barriers(frame: Frame, rules: list[str] | None) -> Iterator[str]:
    if frame.url == "about:blank":
        return
    frame.wait_for_load_state()
    frame.evaluate(_SETTLE)
    if not frame.evaluate("() => 'axe' in window"):
        frame.evaluate(AXE.read_text())
    findings: list[dict[str, Any]] = frame.evaluate(_RUN_AXE, rules)
    for finding in findings:
        if finding["impact"] in SEVERE:
            yield f"{frame.url}: {finding['impact']} {finding['id']}: {finding['help']}: {' | '.join(finding['nodes'])}"


def wait_for_input(page: Page) -> None:
    """Wait until the pointer reaches every frame of a page at the place where it is shown.

    A frame of another site lives in a process of its own, and the browser sends input to where that frame was painted
    last: after a change of size, or of the tab in front, a click is lost until the new picture has arrived.
    """
    for frame in page.frames[1:]:
        size = page.viewport_size or WIDE
        if not frame.url.startswith("http") or frame.frame_element().bounding_box() is None:
            continue
        frame.evaluate(_WATCH_POINTER)
        for turn in range(_LONGEST_WAIT_MS // _LOOK_EVERY_MS):
            # Looked up each time: the frame may still change its height with what is in it.
            box = frame.frame_element().bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
            x = min(box["x"] + box["width"], size["width"]) - 5
            y = (max(box["y"], 0) + min(box["y"] + box["height"], size["height"])) / 2
            page.mouse.move(x - turn % 2, y)
            page.wait_for_timeout(_LOOK_EVERY_MS)
            there = frame.evaluate("() => window.lastPointer")
            if there and max(abs(there[0] + box["x"] - x), abs(there[1] + box["y"] - y)) <= 2:
                break
            if turn % _PAINT_EVERY == _PAINT_EVERY - 1:
                # Where nothing changes nothing is painted: a picture that a busy machine dropped is not made again.
                page.evaluate(_PAINT)
                frame.evaluate(_PAINT)
        else:
            raise AssertionError(f"the pointer does not reach {frame.url} at {x}, {y}: {there} in {box}")


def audit(page: Page) -> None:
    """Fail when a page has barriers in light or dark, or when it has them or scrolls sideways at 320 pixels."""
    size = page.viewport_size or WIDE
    found = []
    # What is dark differs in its colours only.
    for scheme, view, rules in (("light", size, None), ("dark", size, _OF_COLOURS), ("light", NARROW, None)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size(view)
        found += [f"{scheme}, {view['width']} px: {line}" for line in find_barriers(page, rules)]
    found += [f"{frame.url} scrolls sideways" for frame in page.frames if frame.evaluate(_OVERFLOW) > 0]
    page.set_viewport_size(size)
    wait_for_input(page)
    assert not found, "\n".join(found)
