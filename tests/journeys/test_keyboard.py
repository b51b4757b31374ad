"""The whole way with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import FrameLocator, expect

from lti_tool.demo.answers import Known, squeeze
from tests.journeys.activity import expect_answered, expect_result, expect_saved, in_frame
from tests.journeys.conftest import Chromium
from tests.journeys.keyboard import Keyboard
from tests.journeys.people import enrol, wait_for_grade
from tests.journeys.world import World


def answer(keyboard: Keyboard, inside: FrameLocator, known: Known) -> None:
    """Answer a question as its type wants it."""
    {"single": choose, "multiple": tick, "order": move}[known.type](keyboard, inside, known)


def choose(keyboard: Keyboard, _inside: FrameLocator, known: Known) -> None:
    """Enter a group of radio buttons, and go on with the arrows to the right one."""
    stop = keyboard.go_to("", group=f"q-{known.id}")
    keyboard.press("Space")
    while squeeze(known.right[0]) not in squeeze(stop.name):
        stop = keyboard.go_to("", group=f"q-{known.id}", key="ArrowDown")
        assert stop.is_checked


def tick(keyboard: Keyboard, inside: FrameLocator, known: Known) -> None:
    """Go through the boxes, and tick the right ones."""
    for _ in range(len(known.right) + len(known.wrong)):
        stop = keyboard.go_to("", group=f"q-{known.id}")
        if any(squeeze(text) in squeeze(stop.name) for text in known.right):
            keyboard.press("Space")
    expect_answered(inside, known)


def move(keyboard: Keyboard, inside: FrameLocator, known: Known) -> None:
    """Move each item up to its place, from the first one on; the focus goes with the item."""
    for place, text in enumerate(known.right):
        items = [squeeze(item) for item in inside.locator(f"#{known.id} .option-text").all_inner_texts()]
        steps = items.index(squeeze(text)) - place
        if steps:
            keyboard.go_to("Move up", description=text)
        for _ in range(steps):
            keyboard.press("Enter")
            stop = keyboard.stop()
            assert stop is not None
            assert squeeze(text) in squeeze(stop.description)
    expect_answered(inside, known)


def test_a_learner_with_a_keyboard_alone_is_graded(world: World, chromium: Callable[..., Chromium]) -> None:
    person = enrol(world.stack.lms)
    page = chromium().page
    keyboard = Keyboard(page)
    inside = in_frame(page)
    heading = inside.get_by_role("heading", level=1)

    page.goto(world.lms)
    keyboard.go_to(person.name)
    keyboard.press("Enter")
    expect(heading).to_have_text(world.answers.module_title)
    keyboard.go_to("Start →")
    keyboard.press("Enter")
    expect(heading).not_to_have_text(world.answers.module_title)
    keyboard.go_to("Done. Next:")
    first_page = heading.inner_text()
    keyboard.press("Enter")
    expect(heading).not_to_have_text(first_page)

    keyboard.go_to("Contents")
    keyboard.press("Enter")
    keyboard.go_to("Quiz")
    keyboard.press("Enter")
    expect(heading).to_contain_text("Quiz")
    for known in world.answers.quiz:
        answer(keyboard, inside, known)
        expect_saved(inside, known)
    keyboard.go_to("Look over and submit")
    keyboard.press("Enter")
    expect(heading).to_have_text("Before you submit")
    keyboard.go_to("Submit")
    keyboard.press("Enter")
    expect_result(inside, "8 of 8")
    assert wait_for_grade(world.stack.lms, person) == 1
