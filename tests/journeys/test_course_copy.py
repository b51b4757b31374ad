"""A course is copied in the LMS: its links work at once, and know nobody of the old one."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from lti_tool.practice_lms import Seed, catalogue, gradebook
from lti_tool.practice_lms.model import Enrolment, Person
from tests.journeys.activity import (
    answer_all,
    begin,
    expect_result,
    in_frame,
    look_over_and_submit,
    open_quiz,
    sign_in,
)
from tests.journeys.conftest import Chromium
from tests.journeys.people import COURSE, IN_FRAME, enrol, wait_for_grade
from tests.journeys.world import World


def join(world: World, course_id: int, person: Person, role: str) -> Person:
    """Put a person into another course, and into no other one."""
    with world.stack.lms.connect() as connection:
        connection.execute("DELETE FROM enrolments WHERE sub = ?", (person.sub,))
        enrolment = Enrolment(course_id=course_id, sub=person.sub, role=role)  # type: ignore[arg-type]
        catalogue.plant(
            connection, Seed(registrations=(), courses=(), people=(), enrolments=(enrolment,), placements=())
        )
    return person


def test_copied_links_show_the_same_and_send_scores_to_their_own_columns(
    world: World, chromium: Callable[..., Chromium]
) -> None:
    lms = world.stack.lms
    old = enrol(lms)
    page = chromium().page
    sign_in(page, world.lms, old)
    begin(in_frame(page))
    open_quiz(in_frame(page))
    answer_all(in_frame(page), world.answers.quiz, wrongly=world.answers.quiz[0].id)
    look_over_and_submit(in_frame(page))
    expect_result(in_frame(page), "7 of 8")
    assert wait_for_grade(lms, old) == 7 / 8

    copy = lms.copy_course(COURSE)
    with lms.connect() as connection:
        copied = next(each for each in catalogue.placements(connection, copy.id) if each.history == str(IN_FRAME))
        [column] = gradebook.line_items_of_placement(connection, copied.id)
    trainer = join(world, copy.id, enrol(lms, "Instructor"), "Instructor")
    new = join(world, copy.id, enrol(lms), "Learner")

    sign_in(page, world.lms, trainer)
    page.goto(f"{world.lms}/courses/{copy.id}/placements/{copied.id}")
    expect(in_frame(page).get_by_role("heading", level=1)).to_have_text(world.answers.module_title)
    expect(in_frame(page).get_by_role("heading", name="Nobody has been here yet")).to_be_visible()

    sign_in(page, world.lms, new)
    page.goto(f"{world.lms}/courses/{copy.id}/placements/{copied.id}")
    begin(in_frame(page))
    open_quiz(in_frame(page))
    answer_all(in_frame(page), world.answers.quiz)
    look_over_and_submit(in_frame(page))
    expect_result(in_frame(page), "8 of 8")
    with lms.connect() as connection:
        expect(
            in_frame(page).get_by_text("delivered").or_(in_frame(page).get_by_text("on its way")).first
        ).to_be_visible()
        deadline = 600
        while not (found := gradebook.results(connection, column.id)) and deadline:
            page.wait_for_timeout(100)
            deadline -= 1
    assert [(cell.sub, cell.points(1)) for cell in found] == [(new.sub, 1)]
    assert wait_for_grade(lms, old) == 7 / 8
