"""The way of a learner as a screen reader says it: a golden file, read by a person whenever it changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.listening import Listener

GOLDEN = Path(__file__).parent / "golden" / "screen-reader.txt"

pytestmark = [
    pytest.mark.parametrize("make_app", ["sqlite"], indirect=True),
    pytest.mark.xdist_group("scripts"),
]


def walk(tab: Page, home: str) -> str:
    """Read, answer, lose the connection, look over and submit, with the keyboard alone."""
    reader = Listener(tab)
    reader.chapter("The activity opens")
    tab.goto(home)
    reader.read_page()
    reader.tab_to("Start, link")
    tab.keyboard.press("Enter")
    tab.get_by_role("heading", name="Reading", level=1).wait_for()

    reader.chapter("A page with a question for oneself")
    reader.read_page()
    reader.tab_to("Who owns the bridge?")
    reader.press("Space")
    reader.press("ArrowDown")
    reader.tab_to("Check, button")
    tab.keyboard.press("Enter")
    tab.locator("#q-check .question-result").wait_for()
    reader.lines.append(f"[Enter] {reader.focus()}")
    reader.tab_to("Next: Quiz, link")
    tab.keyboard.press("Enter")
    tab.get_by_role("heading", name="Quiz", level=1).wait_for()

    reader.chapter("A quiz")
    reader.read_page()
    reader.tab_to("Pick one.")
    reader.press("Space")
    reader.hear("Saved")

    reader.chapter("The connection is lost, and comes back")
    tab.context.set_offline(True)
    reader.press("ArrowDown")
    reader.hear("No connection")
    tab.context.set_offline(False)
    reader.hear("Saved")
    reader.tab_to("Look over and submit")
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="Submit", exact=True).wait_for()

    reader.chapter("Before submitting")
    reader.read_page()
    reader.tab_to("Submit, button")
    tab.keyboard.press("Enter")
    tab.get_by_role("heading", name="Your result").or_(tab.get_by_text("of 6 points").first).first.wait_for()

    reader.chapter("The result")
    reader.lines.append(f"focus: {reader.focus()}")
    reader.read_page()
    reader.tab_through()
    return reader.script


def test_the_way_of_a_learner_is_said_as_it_was_read(learner, tab, tmp_path):
    said = walk(tab, learner.home)
    (tmp_path / GOLDEN.name).write_text(said, encoding="utf-8")
    assert said == GOLDEN.read_text(encoding="utf-8"), f"read {tmp_path / GOLDEN.name}; if it is good, take it over"
