"""The learner's record: each attempt, what was sent of it, when, and what the LMS answered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from lti_tool.extensions import db
from lti_tool.models import Score, ScoreReason, ScoreState
from tests.journeys.looking import look
from tests.lti_tool.learn.test_more import give
from tests.lti_tool.learn.test_quiz_settings import finish, set_rules

expect.set_options(timeout=30_000)


@pytest.fixture
def trainer(learner, visit):
    return visit("trainer", name="Tess Trainer", is_trainer=True)


def change(app, number, **values):
    """Let a score, in the order in which they were queued, stand otherwise."""
    with app.app_context():
        ids = list(db.session.scalars(select(Score.id).order_by(Score.id)))
        db.session.execute(update(Score).where(Score.id == ids[number]).values(**values))
        db.session.commit()


def test_nothing_submitted_is_said(learner):
    assert "You have not submitted anything yet." in learner.open("record/").text


def test_each_attempt_says_what_was_sent_when_and_what_the_lms_answered(app, learner, trainer):
    assert "record/" in finish(learner).html
    assert "record/" in learner.open("start").html
    finish(learner, single="Alpha", again=True)
    at = datetime(2026, 1, 1, 10, 43, tzinfo=UTC)
    change(app, 0, state=ScoreState.DELIVERED, reason=None, delivered_at=at)
    change(app, 1, state=ScoreState.FAILED, reason=ScoreReason.SCORE_REFUSED, http_status=422)
    page = learner.open("record/")
    first, second = page.html.split("Attempt 2")
    assert "Your best attempt counts. That makes 1 of 6 points." in page.text
    for words in (
        "Attempt 1",
        "1 of 6 points",
        ">counts<",
        "For the gradebook: 1 of 6 points,",
        "delivered",
        "The gradebook has it.",
    ):
        assert words in first
    assert "2026-01-01 10:43 UTC" in first
    for words in ("0 of 6 points", "not delivered", "The LMS does not take this score.", "answered with code 422"):
        assert words in second
    assert ">counts<" not in second
    overview = trainer.open("teach/").html
    seen = trainer.open("people/" + overview.split("people/")[1].split("/")[0] + "/").text
    assert "answered with code 422" in seen, "trainers see the same"


def test_what_was_sent_again_and_what_was_set_aside_is_named_so(app, learner, trainer):
    finish(learner)
    finish(learner, single="Alpha", again=True)
    set_rules(trainer, counting="last")
    page = learner.open("record/")
    assert "For the gradebook once more: 0 of 6 points," in page.text
    assert "replaced" in page.text
    give(trainer, "Learner One", kind="reset")
    page = learner.open("record/")
    assert page.text.count("An attempt that your trainer set aside") == 2
    finish(learner)
    assert "Attempt 1 :" in learner.open("record/").text.replace("Attempt 1:", "Attempt 1 :")


def test_without_a_column_the_record_says_that_nothing_is_sent(publish, town, visit):
    publish(town)
    learner = visit(column=None)
    finish(learner)
    page = learner.open("record/")
    assert "has no gradebook column" in page.text
    assert "Nothing was sent for this attempt." in page.text


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("make_app", ["sqlite"], indirect=True)
@pytest.mark.xdist_group("scripts")
def test_the_record_bars_nobody(learner, tab: Page):
    finish(learner)
    finish(learner, single="Alpha", again=True)
    tab.goto(learner.home + "pages/quiz")
    tab.get_by_role("link", name="Your attempts and the gradebook").press("Enter")
    expect(tab.get_by_role("heading", name="Your attempts and the gradebook")).to_be_visible()
    look(tab, "record")
