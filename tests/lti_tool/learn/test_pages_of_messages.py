"""What a gradebook, a trainer and a person who asks for their data are shown has no barriers."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from lti_tool.extensions import db
from lti_tool.lti.grades import SCORE_SCOPE
from lti_tool.lti.line_items import LINE_ITEM_SCOPE
from lti_tool.models import Columns, Launch, LineItem, LineItemState, Message, Placement
from lti_tool.services.fingerprints import fingerprint
from tests.journeys.audit import audit

pytestmark = [
    pytest.mark.parametrize("make_app", ["sqlite"], indirect=True),
    pytest.mark.xdist_group("scripts"),
    pytest.mark.usefixtures("axe"),
]


def turn_into(app, visitor, **values):
    """Let a launch be one of another message."""
    with app.app_context():
        one = Launch.handle_hash == fingerprint(visitor.home.split("/")[2])
        db.session.execute(update(Launch).where(one).values(**values))
        db.session.commit()


@pytest.fixture
def learner_who_submitted(learner):
    page = learner.open("pages/quiz").choose("q-single", "Beta").press("Look over and submit").press("Submit")
    page.press("Try again").choose("q-single", "Alpha").press("Look over and submit").press("Submit")
    return learner


def test_a_review(app, tab, visit, learner_who_submitted):
    trainer = visit("trainer", is_trainer=True)
    turn_into(app, trainer, message=Message.SUBMISSION_REVIEW, request={"for_user": "learner-1"})
    tab.goto(trainer.home + "review/")
    assert tab.get_by_role("heading", level=1).inner_text() == "Learner One"
    assert tab.locator("main").locator("input:enabled, button").count() == 0
    audit(tab)


def test_what_is_known_of_a_person(app, tab, learner_who_submitted):
    turn_into(app, learner_who_submitted, message=Message.DATA_PRIVACY, placement_id=None)
    tab.goto(learner_who_submitted.home + "privacy/")
    assert "What this tool knows about you" in tab.get_by_role("heading", level=1).inner_text()
    audit(tab)


def test_the_choice_of_columns(app, tab, visit, publish, town):
    publish(town)
    trainer = visit("trainer", is_trainer=True, column=None)
    with app.app_context():
        placement = db.session.scalars(select(Placement)).one()
        placement.line_items_url, placement.scopes = "https://lms.test/items", [SCORE_SCOPE, LINE_ITEM_SCOPE]
        placement.columns = Columns.QUIZ
        at = placement.created_at
        for quiz_id, state, reason in (
            ("a", "failed", "access-refused"),
            ("b", "waiting", "unreachable"),
            ("c", "ready", None),
        ):
            values = {"label": f"Column {quiz_id}", "resource_id": "r", "tag": "quiz", "maximum": "8"}
            row = LineItem(
                placement_id=placement.id, quiz_id=quiz_id, reason=reason, next_try_at=at, created_at=at, **values
            )
            row.state = LineItemState(state)
            db.session.add(row)
        db.session.commit()
    tab.goto(trainer.home + "gradebook/")
    assert tab.get_by_text("not made").is_visible()
    audit(tab)
