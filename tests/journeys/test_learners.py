"""A learner's way from the LMS to a grade in its gradebook."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.activity import (
    answer,
    answer_all,
    begin,
    expect_answered,
    expect_result,
    go_on,
    in_frame,
    look_over_and_submit,
    open_in_window,
    open_quiz,
    option,
    question,
    sign_in,
)
from tests.journeys.browser import ALLOWED, BLOCKED
from tests.journeys.conftest import Chromium
from tests.journeys.people import IN_WINDOW, enrol, wait_for_grade
from tests.journeys.world import World

both_cookie_modes = pytest.mark.parametrize(
    "third_party_cookies", [ALLOWED, BLOCKED], ids=["cookies-allowed", "cookies-blocked"]
)


def test_a_newcomer_is_in_the_module_after_one_click(world: World, chromium: Callable[..., Chromium]) -> None:
    page = chromium().page
    page.goto(world.lms)
    page.get_by_role("button", name="Continue as learner").click()
    expect(in_frame(page).get_by_role("heading", level=1)).to_have_text(world.answers.module_title)


@both_cookie_modes
def test_a_learner_reads_checks_answers_and_is_graded_in_the_frame(
    world: World, chromium: Callable[..., Chromium], third_party_cookies: int
) -> None:
    person = enrol(world.stack.lms)
    page = chromium(third_party_cookies=third_party_cookies).page
    sign_in(page, world.lms, person)
    inside = in_frame(page)
    begin(inside)
    go_on(inside)
    self_check = world.answers.self_checks[0]
    answer(inside, self_check, rightly=False)
    question(inside, self_check).get_by_role("button", name="Check").click()
    expect(option(inside, self_check, self_check.wrong[0])).to_have_class("option is-wrong")

    open_quiz(inside)
    first, *others = world.answers.quiz
    answer_all(inside, world.answers.quiz, wrongly=first.id)
    page.reload()
    inside.get_by_role("link", name="Continue: Quiz").click()
    for known in others:
        expect_answered(inside, known)

    look_over_and_submit(inside)
    expect_result(inside, "7 of 8")
    expect(option(inside, first, first.wrong[0])).to_have_class("option is-wrong")
    assert wait_for_grade(world.stack.lms, person) == pytest.approx(7 / 8)
    page.goto(f"{world.lms}/courses/1/gradebook")
    expect(page.get_by_role("row", name=person.name).locator("[data-points]")).to_have_text("87.5")


@both_cookie_modes
def test_a_learner_is_graded_in_a_window_of_its_own(
    world: World, chromium: Callable[..., Chromium], third_party_cookies: int
) -> None:
    person = enrol(world.stack.lms)
    page = chromium(third_party_cookies=third_party_cookies).page
    sign_in(page, world.lms, person)
    window = open_in_window(page, world.lms)
    begin(window)
    open_quiz(window)
    answer_all(window, world.answers.quiz)
    look_over_and_submit(window)
    expect_result(window, "8 of 8")
    assert wait_for_grade(world.stack.lms, person, IN_WINDOW) == 1
