"""Trainers read how the gradebook stands to what was earned here, and choose what is sent again."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, select, update

from lti_tool.extensions import db
from lti_tool.lti.grades import RESULT_SCOPE, SCORE_SCOPE
from lti_tool.models import (
    ColumnState,
    ComparedColumn,
    ComparedGrade,
    Comparison,
    Context,
    Person,
    Placement,
    ScoreReason,
    Verdict,
)
from lti_tool.services.name_order import sort_key

NOW = datetime.now(UTC)


@pytest.fixture
def trainer(app, publish, town, visit):
    publish(town)
    trainer = visit("trainer", name="The Trainer", is_trainer=True)
    visit("learner-1", name="Ada Learner")
    grant(app)
    return trainer


def grant(app, *scopes):
    with app.app_context():
        scopes = list(scopes or (SCORE_SCOPE, RESULT_SCOPE))
        db.session.execute(update(Placement).values(scopes=scopes, line_item_url="https://lms.test/lineitem/1"))
        db.session.commit()


def read(app, *grades, state=ColumnState.READ, reason=None, **more):
    """Write down what a worker reads: pairs of a name and a verdict."""
    with app.app_context():
        comparison = db.session.scalars(select(Comparison)).one()
        column = db.session.scalars(select(ComparedColumn)).one()
        column.state, column.reason = state, reason
        is_done = state is not ColumnState.WAITING
        comparison.compared_at, comparison.next_try_at = (NOW, None) if is_done else (None, NOW)
        where = {name: getattr(comparison, name) for name in ("registration_id", "deployment_id", "context_id")}
        person = db.session.scalars(select(Person).where(Person.sub == "learner-1")).one()
        for name, verdict in grades:
            db.session.add(
                ComparedGrade(
                    **where, column_id=column.id, sub=name, name=name, sort_key=sort_key(name, name), verdict=verdict,
                    person_id=person.id, has_left=False, points="3", max_points="6", theirs=25, their_maximum=100,
                    is_advised=verdict in {Verdict.MISSING, Verdict.OTHER}, **more,
                )
            )  # fmt: skip
        db.session.commit()


def test_the_button_stands_where_the_gradebook_can_be_read(app, trainer):
    assert "Compare with the gradebook" in trainer.open("teach/").text
    grant(app, SCORE_SCOPE)
    assert "Compare with the gradebook" not in trainer.open("teach/").text
    page = trainer.open("compare/").press("Compare now")
    assert page.status == 409
    assert "does not show this tool what its gradebook holds" in page.text


def test_learners_compare_nothing(trainer, visit):
    learner = visit("learner-1")
    assert learner.open("compare/").status == 403


def test_a_comparison_is_asked_for_and_its_progress_is_shown(app, trainer):
    assert "not compared with its gradebook yet" in trainer.open("compare/").text
    page = trainer.open("compare/").press("Compare now")
    assert "The gradebook is being read: column 1 of 1." in page.text
    assert "Refresh" in page.text
    with app.app_context():
        column = db.session.scalars(select(ComparedColumn)).one()
        assert column.quizzes == {"final": "6"}
        column.received = 300
        db.session.commit()
    assert "300 grades so far." in trainer.open("compare/").text
    read(app, state=ColumnState.WAITING, reason=ScoreReason.THROTTLED)
    assert "The LMS asked us to wait. It is tried again by itself. Next try:" in trainer.open("compare/").text
    read(app, state=ColumnState.FAILED, reason=ScoreReason.UNREADABLE)
    text = trainer.open("compare/").text
    assert "The gradebook could not be read." in text
    assert "in a way that cannot be read here" in text


def test_differences_are_shown_in_words_and_chosen_ones_are_marked(app, trainer):
    trainer.open("compare/").press("Compare now")
    read(app, *((f"{verdict.value} person", verdict) for verdict in Verdict))
    page = trainer.open("compare/")
    assert "6 grades differ." in page.text
    assert "same person" not in page.text
    assert "3 of 6 (50 %)" in page.text
    assert "25 of 100 (25 %)" in page.text
    for words in ("missing there", "older there", "changed by hand", "on its way", "nothing here", "unknown here"):
        assert words in page.text
    boxes = {control.words: "checked" in control.attributes for control in page.controls if control.is_choice}
    assert boxes == {"missing person": True, "other person": True, "by-hand person": False}
    page = page.press("Send the ticked grades again")
    assert "2 grades are being put on their way." in page.text
    with app.app_context():
        chosen = db.session.scalars(select(ComparedGrade.name).where(ComparedGrade.is_chosen)).all()
        assert set(chosen) == {"missing person", "other person"}
        db.session.execute(update(ComparedGrade).where(ComparedGrade.is_chosen).values(sent_at=NOW))
        db.session.commit()
    assert "sent again" in trainer.open("compare/").text


def test_nothing_ticked_is_asked_for(app, trainer):
    trainer.open("compare/").press("Compare now")
    read(app, ("by-hand person", Verdict.BY_HAND))
    page = trainer.open("compare/").press("Send the ticked grades again")
    assert page.status == 400
    assert "Tick the grades" in page.text


def test_nothing_is_sent_while_the_gradebook_is_read(app, trainer):
    trainer.open("compare/").press("Compare now")
    read(app, ("missing person", Verdict.MISSING))
    page = trainer.open("compare/")
    with app.app_context():
        db.session.execute(update(Comparison).values(compared_at=None))
        db.session.commit()
    assert page.press("Send the ticked grades again").status == 409


def test_many_are_shown_by_pages_and_sent_at_once_in_a_fixed_number_of_queries(app, trainer):
    trainer.open("compare/").press("Compare now")
    read(app, *((f"person {number:03}", Verdict.MISSING) for number in range(60)))
    page = trainer.open("compare/")
    assert "person 049" in page.text
    assert "person 050" not in page.text
    following = re.search(r"\?after=(\d+)", page.html)[0]
    counted = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *arguments: counted.append(arguments[2]))
    second = trainer.open("compare/" + following)
    assert "person 050" in second.text
    assert len([each for each in counted if "SELECT" in each]) < 20
    second.press("Send 60 grades again, on all pages")
    with app.app_context():
        assert len(db.session.scalars(select(ComparedGrade).where(ComparedGrade.is_chosen)).all()) == 60


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "9" * 14])
def test_an_odd_place_in_the_list_is_the_first_page(app, trainer, after):
    trainer.open("compare/").press("Compare now")
    read(app, ("missing person", Verdict.MISSING))
    assert "missing person" in trainer.open(f"compare/?after={after}").text


def test_rows_of_another_course_are_neither_shown_nor_sent(app, trainer, visit):
    other = visit("trainer-2", is_trainer=True, context="course-2", link="link-2")
    trainer.open("compare/").press("Compare now")
    read(app, ("missing person", Verdict.MISSING))
    with app.app_context():
        theirs = db.session.scalars(select(ComparedGrade.id)).one()
        context = db.session.scalars(select(Context).where(Context.context_id == "course-2")).one()
        values = {"registration_id": context.deployment.registration_id, "deployment_id": context.deployment_id}
        db.session.add(Comparison(context_id=context.id, **values, asked_at=NOW, compared_at=NOW))
        db.session.commit()
    page = other.open("compare/")
    assert "missing person" not in page.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.html)[1]
    other.post("compare/send", {"csrf_token": token, "grade": str(theirs)})
    other.post("compare/send", {"csrf_token": token, "which": "all"})
    with app.app_context():
        assert not db.session.scalars(select(ComparedGrade).where(ComparedGrade.is_chosen)).all()
