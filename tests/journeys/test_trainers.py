"""What a trainer sees of the learners."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.activity import (
    answer_all,
    begin,
    expect_result,
    go_on,
    in_frame,
    look_over_and_submit,
    open_quiz,
    refresh_until,
    sign_in,
)
from tests.journeys.conftest import Chromium
from tests.journeys.people import enrol, wait_for_grade
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
    expect(inside.get_by_role("row", name=reader.name)).to_contain_text("1 of 8 pages done")
    expect(inside.get_by_role("row", name=finisher.name)).to_contain_text("8 of 8")
    refresh_until(inside, finisher.name, "delivered")
    expect(inside.get_by_role("row", name=trainer.name)).to_have_count(0)
