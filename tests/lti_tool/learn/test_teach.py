"""What trainers see, and what nobody else does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from lti_tool.extensions import db
from lti_tool.models import Attempt, Outage, Placement, Score, ScoreReason, ScoreState


def finish(person):
    person.open("pages/quiz").choose("q-single", "Beta").press("Look over and submit").press("Submit")


def set_state(app, **values):
    with app.app_context():
        db.session.execute(update(Score).values(**values))
        db.session.commit()


@pytest.fixture
def trainer(publish, town, visit):
    publish(town)
    return visit("trainer", name="The Trainer", is_trainer=True)


def test_the_overview_shows_who_did_what_and_where_the_grade_is(trainer, visit):
    learner, nameless = visit("learner-1", name="Learner One"), visit("learner-2")
    learner.open("pages/reading").press("Done. Next")
    finish(learner)
    nameless.open("pages/reading")
    page = trainer.open()
    assert page.path.endswith("/teach/")
    for words in (
        "Learner One",
        "1 of 6",
        "on its way",
        "no name shared",
        "0 of 2 pages done",
        "Version 1.0.0",
        "1 done",
        "1 under way",
    ):
        assert words in page.text
    assert "The Trainer" not in page.text


def test_a_delivered_score_says_so(app, trainer, visit):
    finish(visit())
    set_state(app, state=ScoreState.DELIVERED, delivered_at=datetime(2026, 1, 1, 10, 43, tzinfo=UTC))
    assert "delivered 10:43" in trainer.open().text


@pytest.mark.parametrize("reason", list(ScoreReason))
def test_each_reason_why_a_score_waits_or_failed_has_words(app, trainer, visit, reason):
    finish(visit(name="Learner One"))
    set_state(app, state=ScoreState.FAILED, reason=reason, tries=3)
    page = trainer.open()
    assert "The grade of Learner One could not be delivered" in page.text
    assert "1 grade not delivered" in page.text
    assert "The score is kept here." in page.text
    set_state(app, state=ScoreState.WAITING)
    assert "Nothing is lost; it is tried again by itself. Next try:" in trainer.open().text


def test_an_overview_without_learners_says_what_comes_next(trainer):
    assert "Nobody has been here yet" in trainer.open().text


def test_a_trainer_can_look_as_a_learner_and_no_score_of_theirs_is_sent(app, trainer):
    page = trainer.open("start")
    assert "Back to the overview" in page.text
    finish(trainer)
    with app.app_context():
        assert db.session.scalar(select(Attempt.points)) == "1"
        assert db.session.scalar(select(Score)) is None
    assert "Nobody has been here yet" in trainer.open().text


def test_trainers_see_their_own_placement_only(trainer, visit):
    finish(visit("learner-9", name="Somebody Else", link="link-2"))
    finish(visit("learner-9", name="Somebody Else", link="link-1", client_id="client-2"))
    assert "Nobody has been here yet" in trainer.open().text


def test_learners_of_other_placements_have_attempts_of_their_own(publish, town, visit):
    publish(town)
    visit("learner-1").open("pages/quiz").choose("q-single", "Alpha").press("Save")
    for other in (visit("learner-2"), visit("learner-1", link="link-2"), visit("learner-1", client_id="client-2")):
        page = other.open("pages/quiz")
        assert not any("checked" in control.attributes for control in page.controls if control.question)


@pytest.mark.parametrize("path", ["teach/", "pick/"])
def test_learners_do_not_get_the_trainers_pages(learner, path):
    assert learner.open(path).status == 403
    assert learner.post(path, {"csrf_token": learner.token, "module": "town"}).status in {403, 405}


def test_a_trainer_chooses_a_module_for_an_empty_placement(app, publish, town, visit):
    publish(town)
    page = visit("trainer", is_trainer=True, module=None).open()
    assert "Choose a module" in page.text
    overview = page.press("Choose")
    assert overview.path.endswith("/teach/")
    with app.app_context():
        placement = db.session.scalars(select(Placement)).one()
        assert (placement.module_id, placement.release.version) == ("town", "1.0.0")
    assert page.press("Choose").status == 200, "the same choice again is fine"
    assert "Start" in visit("learner-1", module=None).open().text


def test_a_choice_is_not_changed_by_a_second_one(trainer):
    fields = {"csrf_token": trainer.token, "module": "another", "whole": "yes", "do": "place"}
    page = trainer.post("pick/items", fields)
    assert page.status == 409
    assert "shows a module already" in page.text


@pytest.mark.parametrize("module", ["nothing", "", "a\0b", "x" * 5000], ids=["unknown", "empty", "nul", "long"])
def test_a_module_that_the_library_does_not_have_cannot_be_chosen(publish, town, visit, module):
    publish(town)
    trainer = visit("trainer", is_trainer=True, module=None)
    page = trainer.open()
    fields = page.fields(page.button("Choose").form)
    fields["module"] = module
    assert trainer.post("pick/items", fields).status == 404


def test_an_empty_library_says_whom_to_ask(visit):
    assert "The library is empty" in visit("trainer", is_trainer=True, module=None).open().text


def test_trainers_and_learners_read_that_the_platform_is_down(app, trainer, visit):
    learner = visit("learner-1", name="Learner One")
    finish(learner)
    with app.app_context():
        registration_id = db.session.scalars(select(Score.registration_id)).one()
        at = datetime.now(UTC)
        down = {"is_paused": True, "failures": 9, "reason": ScoreReason.UNREACHABLE, "since": at, "next_trial_at": at}
        db.session.add(Outage(registration_id=registration_id, **down))
        db.session.commit()
    for page in (trainer.open(), learner.open("start")):
        assert "The LMS does not answer. Nothing is lost; it is tried again by itself." in page.text
        assert "in a moment" not in page.text
