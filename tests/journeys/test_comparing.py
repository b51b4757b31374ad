"""A trainer compares the course with its gradebook, and chooses what is sent again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import FrameLocator, expect

from lti_tool.practice_lms import PracticeLms, gradebook
from lti_tool.practice_lms.model import Person, Score
from tests.journeys.activity import (
    MOST_REFRESHES,
    answer_all,
    begin,
    expect_result,
    in_frame,
    look_over_and_submit,
    open_quiz,
    sign_in,
)
from tests.journeys.conftest import Chromium
from tests.journeys.looking import look
from tests.journeys.people import COURSE, IN_FRAME, enrol, wait_for_grade
from tests.journeys.world import World


def change_by_hand(lms: PracticeLms, person: Person, points: float | None) -> None:
    """Give somebody another grade in the LMS, or take it away."""
    at = datetime.now(UTC)
    with lms.connect() as connection:
        [column] = [each for each in gradebook.line_items(connection, COURSE) if each.placement_id == IN_FRAME]
        if points is None:
            connection.execute("DELETE FROM scores WHERE sub = ?", (person.sub,))
            return
        gradebook.store_score(
            connection,
            Score(
                line_item_id=column.id,
                sub=person.sub,
                given=points,
                maximum=column.maximum,
                timestamp=at,
                activity_progress="Completed",
                grading_progress="FullyGraded",
                received_at=at,
            ),
        )


def refresh_until(inside: FrameLocator, name: str, text: str) -> None:
    """Refresh the page, where it offers that, until somebody's row is there and holds a text."""
    row = inside.get_by_role("row", name=name).filter(has_text=text)
    refresh = inside.get_by_role("link", name="Refresh")
    for _ in range(MOST_REFRESHES):
        expect(row.or_(refresh).first).to_be_visible()
        if row.is_visible():
            return
        refresh.click()
    expect(row).to_be_visible()


def test_a_trainer_sends_again_what_the_gradebook_lost_and_leaves_what_was_changed_by_hand(
    world: World, chromium: Callable[..., Chromium]
) -> None:
    lms, page = world.stack.lms, chromium().page
    lost, changed, trainer = enrol(lms), enrol(lms), enrol(lms, "Instructor")
    inside = in_frame(page)
    for person in (lost, changed):
        sign_in(page, world.lms, person)
        begin(inside)
        open_quiz(inside)
        answer_all(inside, world.answers.quiz)
        look_over_and_submit(inside)
        expect_result(inside, "8 of 8")
        assert wait_for_grade(lms, person) == 1
    change_by_hand(lms, lost, None)
    change_by_hand(lms, changed, 3)
    sign_in(page, world.lms, trainer)
    inside.get_by_role("link", name="Compare with the gradebook").click()
    inside.get_by_role("button", name="Compare").click()
    refresh_until(inside, lost.name, "missing there")
    expect(inside.get_by_role("row", name=changed.name)).to_contain_text("changed by hand")
    expect(inside.get_by_role("checkbox", name=lost.name)).to_be_checked()
    expect(inside.get_by_role("checkbox", name=changed.name)).not_to_be_checked()
    look(page, "compare")
    inside.get_by_role("button", name="Send the ticked grades again").click()
    refresh_until(inside, lost.name, "sent again")
    assert wait_for_grade(lms, lost) == 1
    assert wait_for_grade(lms, changed) != 1, "nobody chose it"
