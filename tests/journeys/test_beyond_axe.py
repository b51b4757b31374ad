"""What axe cannot see: text that is spaced, targets, a focus that is covered, keys that do something by themselves."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator

from playwright.sync_api import Page

from tests.journeys.activity import answer_all, begin, look_over_and_submit, open_in_window, open_quiz, sign_in
from tests.journeys.audit import WIDE
from tests.journeys.conftest import Chromium
from tests.journeys.people import enrol
from tests.journeys.world import World

PHONE = {"width": 360, "height": 640}
MOST_STOPS = 150

# Source: WCAG 2.2, 1.4.12. Set through the CSSOM, which the Content-Security-Policy of the pages lets a test do.
_SPACE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`p { margin-bottom: 2em !important; }
    * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
_UNSPACE = "() => { document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1); }"
_CUT_OFF = """() => [...document.querySelectorAll('body *')].filter((element) => {
  const {overflowX, overflowY, clipPath} = getComputedStyle(element);
  if (!element.innerText?.trim() || clipPath !== 'none') return false;
  if (element.closest('.visually-hidden, svg, math, pre')) return false;
  const hides = (overflow) => overflow === 'hidden' || overflow === 'clip';
  return (hides(overflowY) && element.scrollHeight > element.clientHeight + 2)
    || (hides(overflowX) && element.scrollWidth > element.clientWidth + 2);
}).map((element) => element.outerHTML.slice(0, 120))"""
_SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Links in sentences need no size (2.5.8, "inline"); what cannot be seen is no target; a label is part of its control's.
_SMALL = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter((element) => {
    if (!element.checkVisibility({visibilityProperty: true})) return false;
    if (element.tagName === 'A' && element.closest('p, li, td, dd, figcaption')) return false;
    const boxes = [element, ...element.labels ?? []].map((each) => each.getBoundingClientRect());
    const isShown = boxes.some((box) => box.width > 1 && box.height > 1);
    return isShown && !boxes.some((box) => box.width >= 24 && box.height >= 24);
  }).map((element) => element.outerHTML.slice(0, 120))"""
_COVERED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const box = element.getBoundingClientRect();
  const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]];
  const seen = points.some(([x, y]) => {
    const there = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    const isOfLabel = [...element.labels ?? []].some((label) => label.contains(there));
    return there && (element.contains(there) || there.contains(element) || isOfLabel);
  });
  return {what: element.outerHTML.slice(0, 120), isCovered: !seen};
}"""
_STATE = "() => [location.href, document.body.innerHTML.length, scrollY].join(' ')"


def spaced(page: Page) -> Iterator[str]:
    page.evaluate(_SPACE)
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        yield from (f"cut off when text is spaced: {each}" for each in page.evaluate(_CUT_OFF))
        if page.evaluate(_SIDEWAYS) > 0:
            yield f"scrolls sideways at {size['width']} px when text is spaced"
    page.evaluate(_UNSPACE)
    page.set_viewport_size(WIDE)


def small(page: Page) -> Iterator[str]:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    yield from (f"smaller than 24 px: {each}" for each in page.evaluate(_SMALL))
    page.set_viewport_size(WIDE)


def covered(page: Page) -> Iterator[str]:
    stops = set()
    page.evaluate("() => { scrollTo(0, 0); document.activeElement?.blur(); }")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found = page.evaluate(_COVERED)
        if found is None:
            break
        stops.add(found["what"])
        if found["isCovered"]:
            yield f"has the focus and is covered: {found['what']}"
    if len(stops) < 2:
        yield "the keyboard reaches nothing"


def moved_by_keys(page: Page) -> Iterator[str]:
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    before = page.evaluate(_STATE)
    for key in string.ascii_lowercase + string.digits + "/?.,;[]":
        page.keyboard.press(key)
        if page.evaluate(_STATE) != before:
            yield f"the key {key} does something"
            before = page.evaluate(_STATE)


def test_what_axe_cannot_see(world: World, chromium: Callable[..., Chromium]) -> None:
    browser = chromium()
    found: list[str] = []
    titles: dict[str, str] = {}

    def look(page: Page, name: str) -> None:
        page.wait_for_load_state()
        for check in (spaced, small, covered, moved_by_keys):
            found.extend(f"{name}: {each}" for each in check(page))
        titles[name] = page.title()

    sign_in(browser.page, world.lms, enrol(world.stack.lms))
    page = open_in_window(browser.page, world.lms)
    page.get_by_role("link", name="Start", exact=True).wait_for()
    look(page, "start page")
    begin(page)
    look(page, "page")
    open_quiz(page)
    look(page, "quiz")
    answer_all(page, world.answers.quiz)
    page.get_by_role("button", name="Look over and submit").click()
    page.get_by_role("heading", name="Before you submit").wait_for()
    look(page, "before submitting")
    page.go_back()
    look_over_and_submit(page)
    page.get_by_text(re.compile("of 8")).first.wait_for()
    look(page, "result")

    other = chromium()
    sign_in(other.page, world.lms, enrol(world.stack.lms, "Instructor"))
    page = open_in_window(other.page, world.lms)
    page.get_by_role("heading", level=1).wait_for()
    look(page, "overview")
    assert not found, "\n".join(found)
    assert all(titles.values())
    assert len({titles[name] for name in ("start page", "page", "quiz", "overview")}) == 4, titles
