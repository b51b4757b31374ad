"""A trainer puts content into a course from inside the LMS (deep linking), in each LMS's own way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, Playwright, expect

from lti_tool.practice_lms import catalogue, gradebook
from lti_tool.practice_lms.config import ProfileName
from lti_tool.practice_lms.model import LineItem, Placement
from tests.journeys.activity import (
    answer_all,
    expect_result,
    look_over_and_submit,
    open_in_frame,
    sign_in,
)
from tests.journeys.audit import Watch
from tests.journeys.browser import BLOCKED, open_chromium
from tests.journeys.people import COURSE, enrol, wait_for_grade
from tests.journeys.world import World, start_world


@pytest.fixture(params=["strict", "moodle", "canvas"])
def lms_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The tool, and an LMS that behaves as each profile."""
    profile: ProfileName = request.param
    if profile == "strict":
        yield request.getfixturevalue("world")
        return
    with start_world(tmp_path / profile, profile) as running:
        yield running


@pytest.fixture
def page(lms_world: World, playwright: Playwright, tmp_path: Path) -> Iterator[Page]:
    """A browser that blocks third-party cookies; it must end without errors."""
    with open_chromium(playwright, tmp_path / "profile", third_party_cookies=BLOCKED) as context:
        watch = Watch(context, lms_world.tool, lms_world.lms)
        yield context.pages[0]
        watch.assert_clean()


def library(page: Page) -> FrameLocator:
    """The tool's library in the LMS."""
    return page.frame_locator("iframe[name=content]")


def look_inside(inside: FrameLocator, module: str) -> None:
    """Look inside a module, to pick parts of it."""
    inside.get_by_role("link", name=module, exact=True).click()
    inside.get_by_role("checkbox", name="The whole module").uncheck()


def tick_quiz(inside: FrameLocator) -> None:
    inside.get_by_role("list", name="Single quizzes").get_by_role("checkbox").check()


def fill_in_quiz(inside: FrameLocator, title: str, points: str) -> None:
    """Say how the quiz, which was picked last, is called in the course and what it counts there."""
    inside.get_by_label("Title in your course").last.fill(title)
    inside.get_by_label("Points in the gradebook").last.fill(points)


def newest_activities(world: World, count: int) -> list[tuple[Placement, LineItem | None]]:
    """The activities that were added last, with their columns."""
    with world.stack.lms.connect() as connection:
        placements = catalogue.placements(connection, COURSE)[-count:]
        columns = {column.placement_id: column for column in gradebook.line_items(connection, COURSE)}
    return [(placement, columns.get(placement.id)) for placement in placements]


def test_a_trainer_picks_two_items_and_the_grade_arrives_in_the_column_of_one(lms_world: World, page: Page) -> None:
    world, profile = lms_world, lms_world.stack.lms.profile.name
    trainer, learner = enrol(world.stack.lms, "Instructor"), enrol(world.stack.lms)
    sign_in(page, world.lms, trainer)
    page.goto(f"{world.lms}/courses/{COURSE}")
    page.get_by_role("link", name="Add content from").click()
    inside = library(page)
    look_inside(inside, world.answers.module_title)
    inside.get_by_role("list", name="Single pages").get_by_role("checkbox").first.check()
    tick_quiz(inside)
    inside.get_by_role("button", name="Pick what is ticked").click()
    fill_in_quiz(inside, "Exam of the first week", "20")
    inside.get_by_role("button", name="Put into the course").click()
    expect(inside.get_by_role("heading", name="2 activities were added")).to_be_visible()

    (reading, nothing), (quiz, column) = newest_activities(world, 2)
    assert nothing is None
    assert column is not None
    assert (quiz.title, column.maximum, column.tag) == ("Exam of the first week", 20, "quiz")
    inside.get_by_role("link", name="Back to the course").click()
    expect(page.get_by_role("link", name="Exam of the first week", exact=True)).to_be_visible()

    sign_in(page, world.lms, learner)
    inside = open_in_frame(page, world.lms, quiz.id)
    inside.get_by_role("link", name="Start", exact=True).click()
    answer_all(inside, world.answers.quiz)
    look_over_and_submit(inside)
    expect_result(inside, "8 of 8")
    assert wait_for_grade(world.stack.lms, learner, quiz.id) == 1
    inside = open_in_frame(page, world.lms, reading.id)
    expect(inside.get_by_text("Nothing is graded here.")).to_be_visible()

    sign_in(page, world.lms, trainer)
    page.goto(f"{world.lms}/courses/{COURSE}")
    page.get_by_role("link", name="Choose again: Exam of the first week").click()
    inside = library(page)
    if profile == "moodle":
        # It does not say what is edited, so that the trainer begins anew.
        look_inside(inside, world.answers.module_title)
        tick_quiz(inside)
        inside.get_by_role("button", name="Pick what is ticked").click()
    fill_in_quiz(inside, "Exam of the second week", "10")
    inside.get_by_role("button", name="Put into the course").click()
    if profile == "moodle":
        inside.get_by_role("button", name="Save and return to course").click()
    else:
        expect(inside.get_by_role("heading", name="The activity was changed")).to_be_visible()
        inside.get_by_role("link", name="Back to the course").click()
    expect(page.get_by_role("link", name="Exam of the second week", exact=True)).to_be_visible()
    [(changed, changed_column)] = newest_activities(world, 1)
    assert changed_column is not None
    assert (changed.id, changed_column.id, changed_column.maximum) == (quiz.id, column.id, 10)
    assert wait_for_grade(world.stack.lms, learner, quiz.id) == 1, "the grade stays"
