"""A trainer judges an answer in a real browser; the page bars nobody, at any width and in either scheme."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.looking import look
from tests.lti_tool.learn.visitor import Visitor

expect.set_options(timeout=30_000)

pytestmark = [
    pytest.mark.parametrize("make_app", ["sqlite"], indirect=True),
    pytest.mark.xdist_group("scripts"),
]


@pytest.mark.usefixtures("axe")
def test_points_and_a_comment_are_given_and_read(type_learner: Visitor, visit, tab: Page) -> None:
    page = type_learner.open("pages/quiz").write("q-essay", "It joins both sides.")
    page.press("Look over and submit").press("Submit")
    trainer = visit("trainer-1", name="Tess Trainer", is_trainer=True)
    tab.goto(f"{trainer.home}teach/")
    expect(tab.get_by_role("row", name="Learner One")).to_contain_text("1 answer waits for you")
    look(tab, "judging-overview")
    tab.get_by_role("link", name="Learner One").click()
    fields = tab.get_by_role("group", name="Judge this answer")
    fields.get_by_label("Points, up to 2").fill("1.5")
    fields.get_by_label("Comment for this person").fill("Say which sides.")
    look(tab, "judging")
    tab.get_by_role("button", name="Save points and comments").click()
    expect(fields).to_contain_text("Judged by Tess Trainer")
    tab.goto(f"{type_learner.home}pages/quiz")
    expect(tab.locator("[id=q-essay]")).to_contain_text("Your trainer says: Say which sides.")
    look(tab, "judged")
