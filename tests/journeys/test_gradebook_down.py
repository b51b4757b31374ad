"""The gradebook is down: learners notice nothing, trainers see why, and each score arrives once when it is back."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import FrameLocator, expect

from lti_tool.practice_lms import Fault, PracticeLms, gradebook
from lti_tool.practice_lms.model import Person
from tests.journeys.activity import (
    answer_all,
    begin,
    expect_result,
    in_frame,
    look_over_and_submit,
    open_quiz,
    refresh_until,
    sign_in,
)
from tests.journeys.conftest import Chromium
from tests.journeys.people import COURSE, IN_FRAME, enrol, wait_for_grade
from tests.journeys.world import World


def take_quiz(inside: FrameLocator, world: World, reached: str, wrongly: str = "") -> None:
    answer_all(inside, world.answers.quiz, wrongly=wrongly)
    look_over_and_submit(inside)
    expect_result(inside, reached)


def received(lms: PracticeLms, person: Person) -> list[float]:
    """What the LMS stored for a person, in the order it came."""
    with lms.connect() as connection:
        columns = [each for each in gradebook.line_items(connection, COURSE) if each.placement_id == IN_FRAME]
        found = [score for each in columns for score in gradebook.scores(connection, each.id, person.sub)]
    return [(score.given or 0) / (score.maximum or 1) for score in found]


def test_grades_wait_while_the_gradebook_is_down_and_arrive_once(
    world: World, chromium: Callable[..., Chromium]
) -> None:
    lms, page = world.stack.lms, chromium().page
    first, second, trainer = enrol(lms), enrol(lms), enrol(lms, "Instructor")
    inside = in_frame(page)
    lms.config.faults.add(Fault(operation="scores", status=503, times=-1))
    try:
        sign_in(page, world.lms, first)
        begin(inside)
        open_quiz(inside)
        take_quiz(inside, world, "7 of 8", wrongly=world.answers.quiz[0].id)
        inside.get_by_role("button", name="Try again").click()
        take_quiz(inside, world, "8 of 8")
        sign_in(page, world.lms, second)
        begin(inside)
        open_quiz(inside)
        take_quiz(inside, world, "8 of 8")
        sign_in(page, world.lms, trainer)
        for person in (first, second):
            refresh_until(inside, person.name, "The LMS answered with an error of its own. Nothing is lost")
            expect(inside.get_by_role("row", name=person.name)).to_contain_text("waiting")
            assert received(lms, person) == []
    finally:
        lms.config.faults.clear()
    assert wait_for_grade(lms, first) == 1
    assert wait_for_grade(lms, second) == 1
    assert received(lms, first) == [1], "the first attempt was replaced before it could go"
    assert received(lms, second) == [1]
    for person in (first, second):
        refresh_until(inside, person.name, "delivered")
