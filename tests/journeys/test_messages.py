"""Messages beside the usual one: the gradebook asks to see somebody's work; an LMS asks for what nobody does here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from lti_tool.practice_lms import PracticeLms, catalogue
from lti_tool.practice_lms.model import Column, Placement
from tests.journeys.activity import (
    answer_all,
    expect_result,
    in_frame,
    look_over_and_submit,
    open_in_frame,
    open_quiz,
    sign_in,
)
from tests.journeys.audit import audit
from tests.journeys.browser import BLOCKED
from tests.journeys.conftest import Chromium
from tests.journeys.people import COURSE, enrol, wait_for_grade
from tests.journeys.world import World

MESSAGE = "https://purl.imsglobal.org/spec/lti/claim/message_type"


def place_with_review(lms: PracticeLms) -> Placement:
    """Add an activity whose column lets trainers look at the work."""
    with lms.connect() as connection:
        [known, *_] = catalogue.placements(connection, COURSE)
        (free_id,) = connection.execute("SELECT max(id) + 1 FROM placements").fetchone()
    placed = replace(
        known, id=free_id, title="To be looked at", activity_id=None, column=Column(has_submission_review=True)
    )
    lms.add_placement(placed)
    return placed


def test_a_trainer_opens_somebodys_work_from_the_gradebook(world: World, chromium: Callable[..., Chromium]) -> None:
    lms = world.stack.lms
    placed, learner, trainer = place_with_review(lms), enrol(lms), enrol(lms, "Instructor")
    page = chromium(third_party_cookies=BLOCKED).page
    sign_in(page, world.lms, learner)
    inside = open_in_frame(page, world.lms, placed.id)
    inside.get_by_role("link", name="Start", exact=True).click()
    open_quiz(inside)
    answer_all(inside, world.answers.quiz, wrongly=world.answers.quiz[0].id)
    look_over_and_submit(inside)
    expect_result(inside, "7 of 8")
    assert wait_for_grade(lms, learner, placed.id) == 7 / 8

    sign_in(page, world.lms, trainer)
    page.goto(f"{world.lms}/courses/{COURSE}/gradebook")
    page.get_by_role("link", name=f"Look at the work of {learner.name} in To be looked at").click()
    inside = page.frame_locator("iframe[name=review]")
    expect(inside.get_by_role("heading", level=1)).to_have_text(learner.name)
    expect(inside.get_by_role("listitem").filter(has_text="7 of 8 points").first).to_be_visible()
    wrong = inside.locator(f"[data-question='{world.answers.quiz[0].id}']")
    expect(wrong.locator(".is-wrong").first).to_be_visible()
    # Somebody else's work is looked at, and not changed.
    expect(inside.locator("[data-question] input:enabled")).to_have_count(0)
    audit(page)


@pytest.mark.parametrize("message", ["LtiSomethingNewRequest", "LtiEulaRequest"])
def test_a_message_that_nobody_knows_ends_at_a_page_that_leads_back(
    world: World, chromium: Callable[..., Chromium], message: str
) -> None:
    lms = world.stack.lms
    browser = chromium()
    browser.watch.expect("400")
    lms.config.faults.tamper = lambda _header, claims: claims.update({MESSAGE: message})
    try:
        sign_in(browser.page, world.lms, enrol(lms))
        inside = in_frame(browser.page)
        expect(inside.get_by_role("alert")).to_contain_text("asked for something that this tool does not do")
        audit(browser.page)
    finally:
        lms.config.faults.tamper = None
    inside.get_by_role("link", name="Back to your learning platform").click()
    # The LMS itself, and not inside its own frame.
    expect(browser.page.get_by_role("link", name="Practice LMS")).to_be_visible()
    assert len(browser.page.frames) == 1
    # The activity is as it was.
    open_in_frame(browser.page, world.lms).get_by_role("link", name="Start", exact=True).wait_for()
