"""What a trainer sees of the learners."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.activity import (
    MOST_REFRESHES,
    answer_all,
    begin,
    expect_result,
    go_on,
    in_frame,
    look_over_and_submit,
    open_in_frame,
    open_quiz,
    refresh_until,
    sign_in,
)
from tests.journeys.conftest import Chromium
from tests.journeys.people import enrol, place_without_module, wait_for_grade
from tests.journeys.world import World


def test_a_trainer_sees_who_did_what_and_that_the_grade_was_delivered(
    world: World, chromium: Callable[..., Chromium]
) -> None:
    reader, finisher = enrol(world.stack.lms), enrol(world.stack.lms)
    trainer = enrol(world.stack.lms, "Instructor")
    page = chromium().page
    inside = in_frame(page)

    sign_in(page, world.lms, reader)
    begin(inside)
    go_on(inside)
    sign_in(page, world.lms, finisher)
    begin(inside)
    open_quiz(inside)
    answer_all(inside, world.answers.quiz)
    look_over_and_submit(inside)
    expect_result(inside, "8 of 8")
    assert wait_for_grade(world.stack.lms, finisher) == 1

    sign_in(page, world.lms, trainer)
    expect(inside.get_by_role("row", name=reader.name)).to_contain_text("1 of 9 pages done")
    expect(inside.get_by_role("row", name=finisher.name)).to_contain_text("8 of 8")
    refresh_until(inside, finisher.name, "delivered")
    expect(inside.get_by_role("row", name=trainer.name)).to_have_count(0)


def test_learners_wait_until_a_trainer_has_chosen_a_module(world: World, chromium: Callable[..., Chromium]) -> None:
    placement = place_without_module(world.stack.lms, world.tool)
    learner, trainer = enrol(world.stack.lms), enrol(world.stack.lms, "Instructor")
    page = chromium().page
    sign_in(page, world.lms, learner)
    inside = open_in_frame(page, world.lms, placement.id)
    expect(inside.get_by_role("heading", name="Your trainer has not chosen")).to_be_visible()

    sign_in(page, world.lms, trainer)
    inside = open_in_frame(page, world.lms, placement.id)
    inside.get_by_role("button", name=f"Choose {world.answers.module_title}").click()
    expect(inside.get_by_role("heading", level=1)).to_have_text(world.answers.module_title)

    sign_in(page, world.lms, learner)
    begin(open_in_frame(page, world.lms, placement.id))


def test_a_trainer_reads_the_course_list_and_sees_who_never_came(
    world: World, chromium: Callable[..., Chromium]
) -> None:
    absent, trainer = enrol(world.stack.lms), enrol(world.stack.lms, "Instructor")
    page = chromium().page
    inside = in_frame(page)
    sign_in(page, world.lms, trainer)
    inside.get_by_role("button", name="Read the course list").click()
    row = inside.get_by_role("row", name=absent.name)
    for _ in range(MOST_REFRESHES):
        if row.count():
            break
        inside.get_by_role("link", name="Refresh").click()
        inside.get_by_role("heading", name="Course list").wait_for()
    expect(row).to_contain_text("not here yet")
    expect(inside.get_by_role("row", name=trainer.name)).to_have_count(0)
