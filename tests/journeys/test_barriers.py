"""Every page, in every frame: no serious or critical finding of axe in light, dark and at 320 pixels."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.activity import (
    answer,
    answer_all,
    begin,
    expect_result,
    go_on,
    in_frame,
    look_over_and_submit,
    open_in_frame,
    open_quiz,
    question,
    sign_in,
)
from tests.journeys.audit import audit
from tests.journeys.conftest import Chromium
from tests.journeys.people import COURSE, IN_WINDOW, enrol, place_without_module
from tests.journeys.world import World

pytestmark = pytest.mark.usefixtures("axe")


def test_pages_of_the_lms(world: World, chromium: Callable[..., Chromium]) -> None:
    page = chromium().page
    page.goto(world.lms)
    audit(page)
    sign_in(page, world.lms, enrol(world.stack.lms, "Instructor"))
    for path in (f"/courses/{COURSE}", f"/courses/{COURSE}/gradebook", f"/courses/{COURSE}/placements/{IN_WINDOW}"):
        page.goto(world.lms + path)
        audit(page)


def test_pages_of_the_module(world: World, chromium: Callable[..., Chromium]) -> None:
    page = chromium().page
    sign_in(page, world.lms, enrol(world.stack.lms))
    inside = in_frame(page)
    begin(inside)
    for page_id in world.answers.pages:
        audit(page)
        for known in world.answers.self_checks:
            if known.page == page_id:
                answer(inside, known, rightly=False)
                question(inside, known).get_by_role("button", name="Check").click()
                question(inside, known).locator(".is-wrong").wait_for()
                audit(page)
        if page_id != world.answers.pages[-1]:
            go_on(inside)


def test_pages_of_the_quiz(world: World, chromium: Callable[..., Chromium]) -> None:
    page = chromium().page
    sign_in(page, world.lms, enrol(world.stack.lms))
    inside = in_frame(page)
    inside.get_by_role("heading", name=world.answers.module_title).wait_for()
    audit(page)
    begin(inside)
    inside.get_by_text("Contents", exact=True).first.click()
    audit(page)
    page.keyboard.press("Escape")
    open_quiz(inside)
    hinted = inside.get_by_role("button", name=re.compile("hint", re.IGNORECASE)).first
    hinted.click()
    inside.locator(".hint").first.wait_for()
    first, *others = world.answers.quiz
    answer_all(inside, others)
    audit(page)
    inside.get_by_role("button", name="Look over and submit").click()
    expect(inside.get_by_role("heading", name="Before you submit")).to_be_visible()
    audit(page)
    inside.get_by_role("link", name="Answer it").click()
    answer(inside, first, rightly=False)
    look_over_and_submit(inside)
    expect_result(inside, "6.5 of 8")
    audit(page)


def test_pages_of_trainers(world: World, chromium: Callable[..., Chromium]) -> None:
    learner, trainer = enrol(world.stack.lms), enrol(world.stack.lms, "Instructor")
    page = chromium().page
    sign_in(page, world.lms, learner)
    inside = in_frame(page)
    begin(inside)
    inside.get_by_role("button", name="Done. Next:").wait_for()
    sign_in(page, world.lms, trainer)
    inside.get_by_role("row", name=learner.name).wait_for()
    audit(page)
    inside.get_by_role("link", name="View as learner").click()
    inside.get_by_role("link", name="Back to the overview").wait_for()
    audit(page)


def test_pages_of_an_activity_without_a_module(world: World, chromium: Callable[..., Chromium]) -> None:
    placement = place_without_module(world.stack.lms, world.tool)
    page = chromium().page
    for person in (enrol(world.stack.lms), enrol(world.stack.lms, "Instructor")):
        sign_in(page, world.lms, person)
        inside = open_in_frame(page, world.lms, placement.id)
        inside.get_by_role("heading", name=re.compile("not chosen|Choose a module")).wait_for()
        audit(page)


def test_the_page_that_says_a_launch_is_no_longer_open(world: World, chromium: Callable[..., Chromium]) -> None:
    browser = chromium()
    browser.watch.expect("401")
    browser.page.goto(f"{world.tool}/l/{'x' * 22}/")
    browser.page.get_by_role("alert").wait_for()
    audit(browser.page)


def test_the_accessibility_statement(world: World, chromium: Callable[..., Chromium]) -> None:
    page = chromium().page
    page.goto(f"{world.tool}/accessibility")
    page.get_by_role("heading", name="Accessibility statement").wait_for()
    audit(page)


def test_the_page_of_components(world: World, chromium: Callable[..., Chromium]) -> None:
    page = chromium().page
    page.goto(f"{world.tool}/design")
    page.get_by_role("heading", name="Components", exact=True).wait_for()
    audit(page)


def test_the_page_that_offers_a_window(world: World, chromium: Callable[..., Chromium]) -> None:
    page = chromium(without_storage=(world.tool, world.lms)).page
    sign_in(page, world.lms, enrol(world.stack.lms))
    in_frame(page).get_by_role("link", name="Open in a new window").wait_for()
    audit(page)
