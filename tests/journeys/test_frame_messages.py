"""The LMS around the frame hears how tall the tool's page is: nothing scrolls inside something that scrolls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, Playwright, expect

from tests.journeys.activity import begin, go_on, in_frame, open_quiz, sign_in
from tests.journeys.audit import NARROW, Watch, audit
from tests.journeys.browser import BLOCKED, open_chromium
from tests.journeys.conftest import Chromium
from tests.journeys.matrix.browsers import open_browser
from tests.journeys.matrix.states import STATES
from tests.journeys.matrix.visitor import Place, Visitor
from tests.journeys.people import enrol
from tests.journeys.world import World, start_world

_INNER_SCROLL = "() => document.documentElement.scrollHeight - document.documentElement.clientHeight"
_SETTLED = """async () => {
  let same = 0, height = -1;
  while (same < 20) {
    await new Promise(requestAnimationFrame);
    same = innerHeight === height ? same + 1 : 0;
    height = innerHeight;
  }
}"""
_RECORD = """() => {
  window.heard = [];
  addEventListener('message', ({data, origin}) => window.heard.push({origin, ...data}));
}"""


@pytest.fixture(scope="module")
def canvas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with start_world(tmp_path_factory.mktemp("canvas"), "canvas") as running:
        yield running


@pytest.fixture
def page(canvas: World, playwright: Playwright, tmp_path: Path) -> Iterator[Page]:
    """A browser that blocks third-party cookies; it must end without errors."""
    with open_chromium(playwright, tmp_path / "profile", third_party_cookies=BLOCKED) as context:
        watch = Watch(context, canvas.tool, canvas.lms)
        context.add_init_script(f"if (window === top) ({_RECORD})();")
        yield context.pages[0]
        watch.assert_clean()


def frame_of(page: Page) -> Frame:
    frame = page.frame(name="activity")
    assert frame is not None
    return frame


def subjects(page: Page) -> list[str]:
    return [str(each.get("subject")) for each in heard(page)]


def heard(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("heard")
    return [each for each in found if not str(each.get("subject")).endswith((".response", "_data", "capabilities"))]


def expect_no_inner_scroll(page: Page) -> None:
    frame = frame_of(page)
    frame.evaluate(_SETTLED)
    assert frame.evaluate(_INNER_SCROLL) <= 0


@pytest.mark.parametrize("size", [{"width": 1280, "height": 700}, NARROW], ids=["desk", "phone"])
def test_nothing_scrolls_inside_the_page_of_the_course(canvas: World, page: Page, size: Any) -> None:
    page.set_viewport_size(size)
    sign_in(page, canvas.lms, enrol(canvas.stack.lms))
    inside = in_frame(page)
    inside.get_by_role("link", name="Start", exact=True).wait_for()
    expect_no_inner_scroll(page)
    begin(inside)
    expect_no_inner_scroll(page)
    tall = frame_of(page).evaluate("innerHeight")
    contents = inside.get_by_text("Contents", exact=True).first
    inside.locator("summary", has=contents).click()
    inside.get_by_role("navigation", name="Contents").get_by_role("link", name="Quiz").wait_for()
    expect_no_inner_scroll(page)
    page.keyboard.press("Escape")
    expect_no_inner_scroll(page)
    assert frame_of(page).evaluate("innerHeight") == tall
    go_on(inside)
    expect_no_inner_scroll(page)
    assert "lti.frameResize" in subjects(page)


def test_a_page_turn_shows_the_top_and_says_what_is_here(canvas: World, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    sign_in(page, canvas.lms, enrol(canvas.stack.lms))
    inside = in_frame(page)
    inside.get_by_role("link", name="Start", exact=True).wait_for()
    expect_no_inner_scroll(page)
    # Whoever opens the activity looks at the course's page, and hears of it from there.
    assert set(subjects(page)) == {"lti.frameResize"}
    begin(inside)
    expect_no_inner_scroll(page)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    go_on(inside)
    expect(page.locator("[data-announced]")).to_have_text(frame_of(page).title())
    assert (
        page.locator("iframe[name=activity]").evaluate("(frame) => Math.round(frame.getBoundingClientRect().top)") == 0
    )
    assert {each["origin"] for each in heard(page)} == {canvas.tool}
    before = len(heard(page))
    frame_of(page).evaluate("() => location.reload()")
    in_frame(page).get_by_role("navigation", name="Previous and next page").wait_for()
    while len(heard(page)) == before:
        page.wait_for_timeout(50)
    expect_no_inner_scroll(page)
    assert set(subjects(page)[before:]) == {"lti.frameResize"}
    audit(page)


def test_a_place_on_the_page_is_shown_rather_than_its_top(canvas: World, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    sign_in(page, canvas.lms, enrol(canvas.stack.lms))
    inside = in_frame(page)
    begin(inside)
    open_quiz(inside)
    inside.get_by_role("button", name="Look over and submit").click()
    answer_it = inside.get_by_role("link", name="Answer it").last
    answer_it.click()
    question = inside.locator(f"[id='{canvas.answers.quiz[-1].id}']")
    expect(question).to_be_in_viewport()
    expect_no_inner_scroll(page)
    expect(question).to_be_in_viewport()


def test_a_frame_whose_content_follows_its_height_stops_growing(canvas: World, page: Page) -> None:
    sign_in(page, canvas.lms, enrol(canvas.stack.lms))
    inside = in_frame(page)
    inside.get_by_role("link", name="Start", exact=True).wait_for()
    frame_of(page).evaluate(_SETTLED)
    before = len(heard(page))
    frame_of(page).evaluate(
        "() => { const sheet = new CSSStyleSheet();"
        " sheet.replaceSync('body { min-height: calc(100vh + 50px) }'); document.adoptedStyleSheets = [sheet]; }"
    )
    frame_of(page).evaluate(_SETTLED)
    assert 0 < len(heard(page)) - before < 10


_FITS = "return document.documentElement.scrollHeight <= document.documentElement.clientHeight && innerHeight > 400"
_TOP = "return Math.round(document.querySelector('iframe[name=activity]').getBoundingClientRect().top)"
_ANNOUNCED = "return document.querySelector('[data-announced]').textContent"


@pytest.mark.parametrize(
    "browser",
    [pytest.param(("firefox", "cookies partitioned"), id="firefox"), pytest.param(("webkit", "cold"), id="webkit")],
)
def test_other_browsers_do_the_same(canvas: World, tmp_path: Path, browser: tuple[str, str]) -> None:
    [state] = [each for each in STATES if (each.browser, each.name) == browser]
    person = enrol(canvas.stack.lms)
    with open_browser(state, tmp_path / "profile", ()) as driver:
        visitor = Visitor(driver)
        page = visitor.go(canvas.lms)
        visitor.click(page, f"//li[contains(., '{person.name}')]//button")
        frame = Place(page.window, is_frame=True)
        visitor.find(frame, "//a[starts-with(normalize-space(), 'Start')]")
        visitor.wait(frame, "a frame as tall as its content", lambda: driver.execute_script(_FITS))
        visitor.click(frame, "//a[starts-with(normalize-space(), 'Start')]")
        visitor.find(frame, "//nav[@aria-label='Previous and next page']")
        visitor.wait(frame, "a frame as tall as its content", lambda: driver.execute_script(_FITS))
        title = visitor.wait(frame, "the title", lambda: driver.execute_script("return document.title"))
        visitor.wait(page, "the top", lambda: driver.execute_script(_TOP) == 0)
        assert visitor.wait(page, "what is announced", lambda: driver.execute_script(_ANNOUNCED)) == title


def test_nobody_but_the_page_that_the_launch_leads_back_to_is_told(
    canvas: World, playwright: Playwright, tmp_path: Path
) -> None:
    presentation = "https://purl.imsglobal.org/spec/lti/claim/launch_presentation"
    lms = canvas.stack.lms
    with open_chromium(playwright, tmp_path / "profile", third_party_cookies=BLOCKED) as context:
        watch = Watch(context, canvas.tool, canvas.lms)
        watch.expect("target origin provided")
        context.add_init_script(f"if (window === top) ({_RECORD})();")
        page = context.pages[0]
        # The host is known, so that the page may be framed, before somebody comes whose launch leads elsewhere.
        sign_in(page, canvas.lms, enrol(lms))
        in_frame(page).get_by_role("link", name="Start", exact=True).wait_for()
        lms.config.faults.tamper = lambda _header, claims: claims[presentation].update(
            return_url="https://elsewhere.example/"
        )
        try:
            page.reload()
            in_frame(page).get_by_role("link", name="Start", exact=True).wait_for()
            frame_of(page).evaluate(_SETTLED)
            assert subjects(page) == []
        finally:
            lms.config.faults.tamper = None
        watch.assert_clean()


def test_a_platform_that_takes_no_messages_is_sent_none(world: World, chromium: Callable[..., Chromium]) -> None:
    browser = chromium()
    browser.context.add_init_script(f"if (window === top) ({_RECORD})();")
    sign_in(browser.page, world.lms, enrol(world.stack.lms))
    begin(in_frame(browser.page))
    assert heard(browser.page) == []
    assert in_frame(browser.page).locator("body[data-frame-parent]").count() == 0
