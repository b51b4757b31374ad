"""Trainers choose which gradebook columns an activity has, where the LMS leaves that to the tool."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.lti.grades import SCORE_SCOPE
from lti_tool.lti.line_items import LINE_ITEM_SCOPE
from lti_tool.models import Columns, LineItem, LineItemState, Placement, Score


@pytest.fixture
def trainer(app, publish, town, visit):
    publish(town)
    trainer = visit("trainer", is_trainer=True, column=None)
    with app.app_context():
        placement = db.session.scalars(select(Placement)).one()
        placement.line_items_url, placement.scopes = "https://lms.test/items", [SCORE_SCOPE, LINE_ITEM_SCOPE]
        db.session.commit()
    return trainer


def choose(trainer, words):
    page = trainer.open("gradebook/")
    for control in page.controls:
        if control.is_choice:
            control.attributes.pop("checked", None)
            if control.words == words:
                control.attributes["checked"] = ""
    return page.press("Save")


def finish(person):
    person.open("pages/quiz").choose("q-single", "Beta").press("Look over and submit").press("Submit")


def again(visit, app, sub="learner-1"):
    """Open the activity; the visitor of these tests grants the scope for scores only."""
    person = visit(sub, column=None)
    with app.app_context():
        db.session.scalars(select(Placement)).one().scopes = [SCORE_SCOPE, LINE_ITEM_SCOPE]
        db.session.commit()
    return person


def test_a_choice_makes_a_column_and_scores_wait_for_it(app, trainer, visit):
    page = trainer.open("teach/")
    assert "gradebook/" in page.html
    assert "One for the whole activity" in trainer.open("gradebook/").text
    page = choose(trainer, "One for the whole activity")
    assert "on its way" in page.text
    learner = again(visit, app)
    assert "Your score goes to the gradebook of your course." in learner.open("start").text
    finish(learner)
    assert "on its way" in learner.open("start").text
    with app.app_context():
        row = db.session.scalars(select(LineItem)).one()
        assert (row.quiz_id, row.resource_id, row.tag, row.maximum) == ("", "town", "module", "6")
        assert db.session.scalars(select(Score.line_item_url)).all() == [f"line-item:{row.id}"]


def test_what_was_submitted_before_is_sent_later(app, trainer, visit):
    learner = again(visit, app)
    finish(learner)
    assert "shown here only" in learner.open("start").text
    choose(trainer, "One for the whole activity")
    choose(trainer, "One for the whole activity")
    with app.app_context():
        assert len(db.session.scalars(select(Score)).all()) == 1


def test_the_page_says_what_came_in_the_way(app, trainer):
    choose(trainer, "One for the whole activity")
    with app.app_context():
        row = db.session.scalars(select(LineItem)).one()
        row.state, row.reason = LineItemState.FAILED, "access-refused"
        db.session.commit()
    page = trainer.open("gradebook/")
    assert "not made" in page.text
    assert "does not let this tool write into the gradebook" in page.text
    assert "on its way" in choose(trainer, "One for the whole activity").text


def test_the_choice_can_be_taken_back(app, trainer, visit):
    choose(trainer, "One for the whole activity")
    choose(trainer, "None: scores stay here")
    finish(again(visit, app))
    with app.app_context():
        assert db.session.scalars(select(Placement.columns)).one() is Columns.GIVEN
        assert not db.session.scalars(select(Score)).all()


@pytest.mark.parametrize("values", [{"line_item_url": "https://lms.test/items/1"}, {"scopes": [SCORE_SCOPE]}])
def test_there_is_no_choice_where_the_lms_decides(app, trainer, values):
    with app.app_context():
        placement = db.session.scalars(select(Placement)).one()
        for name, value in values.items():
            setattr(placement, name, value)
        db.session.commit()
    page = trainer.open("gradebook/")
    assert not [control for control in page.controls if control.is_choice]
    fields = {"csrf_token": trainer.token, "columns": "module"}
    assert trainer.post("gradebook/columns", fields).status == 409


def test_nonsense_and_learners_choose_nothing(app, trainer, visit):
    assert trainer.post("gradebook/columns", {"csrf_token": trainer.token, "columns": "all"}).status == 400
    learner = again(visit, app)
    assert learner.open("gradebook/").status == 403
    assert learner.post("gradebook/columns", {"csrf_token": learner.token, "columns": "module"}).status == 403
    with app.app_context():
        assert not db.session.scalars(select(LineItem)).all()
