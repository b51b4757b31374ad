"""Launches in tabs, through reloads and after their end."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

from playwright.sync_api import Page, expect

from lti_tool.practice_lms.model import Person
from tests.journeys.activity import (
    answer,
    answer_all,
    begin,
    expect_answered,
    expect_result,
    expect_saved,
    in_frame,
    look_over_and_submit,
    open_in_frame,
    open_quiz,
    question,
    sign_in,
)
from tests.journeys.audit import wait_for_input
from tests.journeys.conftest import Chromium
from tests.journeys.people import enrol, wait_for_grade
from tests.journeys.world import World


def bring_to_front(page: Page) -> None:
    """Choose a tab, as a person does, who clicks only once it is there."""
    page.bring_to_front()
    wait_for_input(page)


def end_launches(world: World, person: Person) -> None:
    """Let the launches of a person have ended a minute ago, as after a long pause."""
    with closing(sqlite3.connect(world.tool_database, timeout=15)) as connection, connection:
        ended = connection.execute(
            "UPDATE launch SET expires_at = datetime('now', '-1 minute') "
            "WHERE person_id = (SELECT id FROM person WHERE sub = ?)",
            [person.sub],
        )
        assert ended.rowcount


def test_answers_given_after_a_launch_has_ended_are_kept_for_the_next_one(
    world: World, chromium: Callable[..., Chromium]
) -> None:
    person = enrol(world.stack.lms)
    browser = chromium()
    sign_in(browser.page, world.lms, person)
    inside = in_frame(browser.page)
    begin(inside)
    open_quiz(inside)
    end_launches(world, person)
    known = world.answers.quiz[0]
    browser.watch.expect("401")
    answer(inside, known)
    expect(inside.get_by_role("status").filter(has_text="open the activity again")).to_be_visible()

    inside = open_in_frame(browser.page, world.lms)
    inside.get_by_role("link", name="Continue: Quiz").click()
    expect_saved(inside, known)
    expect_answered(inside, known)


def test_a_page_of_an_ended_launch_says_what_to_do(world: World, chromium: Callable[..., Chromium]) -> None:
    person = enrol(world.stack.lms)
    browser = chromium()
    sign_in(browser.page, world.lms, person)
    inside = in_frame(browser.page)
    begin(inside)
    end_launches(world, person)
    browser.watch.expect("401")
    inside.get_by_role("button", name="Done. Next:").click()
    expect(inside.get_by_role("alert")).to_contain_text("open the activity again")


def test_a_reload_of_the_frame_stays_on_the_page(world: World, chromium: Callable[..., Chromium]) -> None:
    browser = chromium()
    sign_in(browser.page, world.lms, enrol(world.stack.lms))
    inside = in_frame(browser.page)
    begin(inside)
    heading = inside.get_by_role("heading", level=1).inner_text()
    frame = browser.page.frame(name="activity")
    assert frame is not None
    frame.evaluate("() => location.reload()")
    expect(inside.get_by_role("heading", level=1)).to_have_text(heading)


def test_two_people_in_two_tabs_of_one_browser_do_not_disturb_each_other(
    world: World, chromium: Callable[..., Chromium]
) -> None:
    learner, trainer = enrol(world.stack.lms), enrol(world.stack.lms, "Instructor")
    first = chromium().page
    sign_in(first, world.lms, learner)
    begin(in_frame(first))
    second = first.context.new_page()
    sign_in(second, world.lms, trainer)
    expect(in_frame(second).get_by_role("row", name=learner.name)).to_be_visible()

    bring_to_front(first)
    open_quiz(in_frame(first))
    answer_all(in_frame(first), world.answers.quiz)
    look_over_and_submit(in_frame(first))
    expect_result(in_frame(first), "8 of 8")
    assert wait_for_grade(world.stack.lms, learner) == 1
    bring_to_front(second)
    in_frame(second).get_by_role("link", name="Refresh").click()
    expect(in_frame(second).get_by_role("row", name=learner.name)).to_contain_text("8 of 8")


def test_an_answer_from_another_tab_is_shown_before_it_is_overwritten(
    world: World, chromium: Callable[..., Chromium]
) -> None:
    browser = chromium()
    first = browser.page
    sign_in(first, world.lms, enrol(world.stack.lms))
    begin(in_frame(first))
    open_quiz(in_frame(first))
    second = browser.context.new_page()
    open_in_frame(second, world.lms).get_by_role("link", name="Continue: Quiz").click()
    known = world.answers.quiz[0]
    question(in_frame(second), known).wait_for()
    bring_to_front(first)
    answer_all(in_frame(first), [known])
    bring_to_front(second)
    browser.watch.expect("409")
    answer(in_frame(second), known, rightly=False)
    conflict = question(in_frame(second), known).locator("[data-conflict]")
    expect(conflict.get_by_role("definition")).to_contain_text([known.wrong[0], known.right[0]])
    conflict.get_by_role("button", name="Keep the other answer").click()
    expect_answered(in_frame(second), known)
