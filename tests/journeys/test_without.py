"""The same way for browsers that lack something: scripts, storage in a frame, or the cookies they were given."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import FrameLocator, Page, Route, expect

from lti_tool.demo.stack import TOOL_HOST
from tests.journeys.activity import (
    answer,
    answer_all,
    begin,
    expect_result,
    go_on,
    in_frame,
    look_over_and_submit,
    new_window,
    open_quiz,
    sign_in,
)
from tests.journeys.conftest import Chromium
from tests.journeys.people import enrol, wait_for_grade
from tests.journeys.world import World

MOST_STEPS = 8


def press_on(page: Page, title: str) -> FrameLocator:
    """Press what a script would press, until the activity is open in its frame.

    Playwright turns scripts off in the process of a frame, now and then after the frame's page was read there, so that
    its ``noscript`` stands on it as text: then the activity is opened again. Who has turned scripts off in the browser
    itself never sees that.
    """
    inside = in_frame(page)
    inside.locator("body").wait_for()
    onward = inside.get_by_role("button", name="Continue").or_(inside.get_by_role("link", name="Go on here"))
    arrived = inside.get_by_role("heading", name=title)
    for _ in range(MOST_STEPS):
        expect(onward.or_(arrived).or_(inside.get_by_text("Scripts are off")).first).to_be_visible()
        if arrived.is_visible():
            return inside
        if not onward.is_visible():
            page.reload()
            continue
        with page.frames[1].expect_navigation():
            onward.click()
    raise AssertionError("the activity does not open")


def test_a_learner_without_scripts_is_graded(world: World, chromium: Callable[..., Chromium]) -> None:
    person = enrol(world.stack.lms)
    page = chromium(java_script_enabled=False).page
    sign_in(page, world.lms, person)
    inside = press_on(page, world.answers.module_title)
    begin(inside)
    go_on(inside)
    open_quiz(inside)
    for known in world.answers.quiz:
        answer(inside, known)
    look_over_and_submit(inside)
    expect_result(inside, "8 of 8")
    assert wait_for_grade(world.stack.lms, person) == 1


def test_a_frame_that_can_store_nothing_offers_a_window_that_works(
    world: World, chromium: Callable[..., Chromium]
) -> None:
    person = enrol(world.stack.lms)
    page = chromium(without_storage=(world.tool, world.lms)).page
    sign_in(page, world.lms, person)
    inside = in_frame(page)
    expect(inside.get_by_role("status")).to_contain_text("new window")
    window = new_window(page, inside.get_by_role("link", name="Open in a new window"))
    begin(window)
    open_quiz(window)
    answer_all(window, world.answers.quiz)
    look_over_and_submit(window)
    expect_result(window, "8 of 8")
    assert wait_for_grade(world.stack.lms, person) == 1


def test_a_frame_that_loses_its_cookies_proves_itself_by_its_storage(
    world: World, chromium: Callable[..., Chromium]
) -> None:
    person = enrol(world.stack.lms)
    browser = chromium()

    def lose_cookies(route: Route) -> None:
        browser.context.clear_cookies(domain=TOOL_HOST)
        route.continue_()

    browser.context.route("**/lti/launch", lose_cookies)
    sign_in(browser.page, world.lms, person)
    inside = in_frame(browser.page)
    begin(inside)
    open_quiz(inside)
    answer_all(inside, world.answers.quiz)
    look_over_and_submit(inside)
    expect_result(inside, "8 of 8")
    assert browser.context.cookies(world.tool) == []
    assert wait_for_grade(world.stack.lms, person) == 1
