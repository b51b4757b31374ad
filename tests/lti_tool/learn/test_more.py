"""Trainers give people more attempts, more time, a later date or a fresh start; why, by whom and when is kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.models import Allowance, Attempt, CourseGroup, GroupMember, Member, Person, Placement, Registration
from lti_tool.services import people, personal_data
from tests.journeys.looking import look
from tests.lti_tool.learn.test_quiz_settings import finish, given_points, set_rules
from tests.lti_tool.learn.test_time_limit import attempt_of, began, closed, local

expect.set_options(timeout=30_000)
MORE = "teach/quizzes/final/more/"


@pytest.fixture
def trainer(learner, visit):
    return visit("trainer", name="Tess Trainer", is_trainer=True)


def give(trainer, *names, kind, reason="Was ill", **fields):
    """Send the form for some people, by their names."""
    page = trainer.open(MORE)
    who = [each for each in page.controls if each.name in {"person", "group"} and each.words in names]
    assert len(who) == len(names)
    sent = page.fields(page.button("Give").form)
    for each in who:
        sent.add(each.name, each.value)
    for name, value in {"kind": kind, "reason": reason, **fields}.items():
        sent.poplist(name)
        sent.add(name, value)
    return trainer.post(MORE, sent)


def put_in_group(app, sub, name="Group 1"):
    """Let the course's list say that somebody is in a group."""
    with app.app_context():
        placement = db.session.scalars(select(Placement)).one()
        group = CourseGroup(context_id=placement.context_id, group_id=name, name=name)
        more = {"kind": "learner", "status": "active", "generation": 1, "sort_key": sub, "name": sub, "sub": sub}
        member = Member(
            registration_id=db.session.scalars(select(Registration.id)).one(),
            deployment_id=placement.deployment_id,
            context_id=placement.context_id,
            **more,
        )
        db.session.add_all([group, member])
        db.session.flush()
        db.session.add(GroupMember(group_id=group.id, member_id=member.id))
        db.session.commit()


def test_an_attempt_more_is_for_that_person_alone_and_the_page_says_who_gave_it_and_why(app, trainer, learner, visit):
    set_rules(trainer, attempts="1")
    finish(learner)
    other = visit("learner-2", name="Learner Two")
    finish(other)
    page = give(trainer, "Learner One", kind="attempts", attempts="1", reason="The power went out.")
    assert "Given to 1 person or group." in page.text
    for words in ("Learner One", "1 attempt more", "The power went out.", "Tess Trainer"):
        assert words in page.text
    assert "1 attempt is left." in learner.open("pages/quiz").text
    assert "You can take it 2 times." in learner.open("start").text
    assert "You reached 1 of 6 points." in finish(learner, again=True).text
    assert learner.post("quizzes/final/attempts", {"csrf_token": learner.token, "attempt": "3"}).status == 409
    assert "You have used all your attempts" in other.open("pages/quiz").text


def test_more_time_holds_for_the_attempt_that_is_under_way_and_can_be_withdrawn(app, trainer, learner, visit):
    set_rules(trainer, minutes="20")
    learner.open("pages/quiz").press("Start the quiz").choose("q-single", "Beta").press("Save")
    began(app, minutes=25)
    assert "The time is over." in learner.open("pages/quiz").text
    give(trainer, "Learner One", kind="minutes", minutes="10")
    attempt = attempt_of(app)
    assert attempt.ends_at == attempt.started_at + timedelta(minutes=30)
    page = learner.open("pages/quiz")
    assert "The time is over." not in page.text
    assert "An attempt has 30 minutes from its start." in page.text
    page.choose("q-single", "Alpha").press("Save")
    page = trainer.open(MORE).press("Withdraw")
    assert "withdrawn" in page.text
    assert "10 minutes more" in page.text, "it stays on the page"
    assert not [each for each in page.controls if each.words == "Withdraw"]
    attempt = attempt_of(app)
    assert attempt.ends_at == attempt.started_at + timedelta(minutes=20)


def test_a_later_closing_date_lets_one_go_on_and_nobody_sees_what_was_right_before(app, trainer, learner, visit):
    soon = datetime.now(UTC) + timedelta(days=1)
    set_rules(trainer, closes_at=local(soon), feedback="closed")
    other = visit("learner-2", name="Learner Two")
    finish(other)
    page = give(trainer, "Learner One", kind="closing", closes_at=local(soon - timedelta(hours=1)))
    assert "Write a date that is later than the one for everybody." in page.text
    give(trainer, "Learner One", kind="closing", closes_at=local(soon + timedelta(days=2)))
    closed(app, minutes=1)
    assert "You reached 1 of 6 points." in finish(learner).text
    assert other.post("quizzes/final/attempts", {"csrf_token": other.token, "attempt": "2"}).status == 409
    assert "FEEDBACK-" not in other.open("pages/quiz").html, "somebody is still at it"
    trainer.open(MORE).press("Withdraw")
    assert "FEEDBACK-" in other.open("pages/quiz").html


def test_a_fresh_start_sets_aside_what_was_done_and_deletes_nothing(app, trainer, learner):
    set_rules(trainer, attempts="2")
    finish(learner)
    learner.open("pages/quiz").press("Try again").choose("q-single", "Alpha").press("Save")
    page = give(trainer, "Learner One", kind="reset")
    assert "a fresh start: attempts so far were set aside" in page.text
    assert not [each for each in page.controls if each.words == "Withdraw"]
    page = learner.open("pages/quiz")
    assert "attempt 1 of 2" in page.text
    assert not any("checked" in each.attributes for each in page.controls if each.question)
    assert given_points(app) == [1], "the gradebook keeps what it has"
    result = page.choose("q-single", "Alpha").press("Look over and submit").press("Submit")
    assert "You reached 0 of 6 points." in result.text
    assert "1 attempt is left." in result.text
    assert given_points(app) == [1, 0]
    with app.app_context():
        kept = db.session.scalars(select(Attempt).order_by(Attempt.number)).all()
        assert [(each.number, each.points, each.set_aside_at is not None) for each in kept] == [
            (1, "1", True),
            (2, "0", True),
            (3, "0", False),
        ]
        assert all(each.answers for each in kept)
    page = trainer.open(re.search(r"people/\d+/", trainer.open("teach/").html)[0])
    assert page.text.count("set aside") == 2
    assert "0 of 6" in trainer.open("teach/").text


def test_a_reset_of_who_did_nothing_gives_nothing(app, trainer, learner):
    assert "Nobody of them had an attempt" in give(trainer, "Learner One", kind="reset").text
    with app.app_context():
        assert db.session.scalar(select(Allowance)) is None


def test_a_group_has_it_whoever_is_in_it_when_it_matters(app, trainer, learner, visit):
    put_in_group(app, "learner-2")
    set_rules(trainer, attempts="1")
    give(trainer, "Group: Group 1", kind="attempts", attempts="2")
    assert "You can take it once." in learner.open("start").text
    late_comer = visit("learner-2", name="Learner Two")
    assert "You can take it 3 times." in late_comer.open("start").text
    with app.app_context():
        db.session.delete(db.session.scalars(select(CourseGroup)).one())
        db.session.commit()
    assert "You can take it once." in late_comer.open("start").text
    assert "Group: Group 1" in trainer.open(MORE).text, "what was given, and why, stays"


def test_several_people_at_once(app, trainer, learner, visit):
    visit("learner-2", name="Learner Two")
    set_rules(trainer, attempts="1")
    assert (
        "Given to 2 people and groups."
        in give(trainer, "Learner One", "Learner Two", kind="attempts", attempts="1").text
    )
    with app.app_context():
        assert len(db.session.scalars(select(Allowance)).all()) == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "attempts", "attempts": "0"}, "Write a whole number from 1 to 100."),
        ({"kind": "attempts", "attempts": ""}, "Write a whole number from 1 to 100."),
        ({"kind": "minutes", "minutes": "1e3"}, "Write a whole number from 1 to"),
        ({"kind": "closing", "closes_at": "soon"}, "Write a date and a time"),
        ({"kind": "closing", "closes_at": ""}, "Write a date that is later"),
        ({"kind": "everything"}, "Choose one of the possibilities."),
        ({"kind": "reset", "reason": " "}, "Say why"),
        ({"kind": "reset", "reason": "x" * 501}, "Say why"),
    ],
)
def test_what_cannot_be_given_is_said_and_nothing_is_kept(app, trainer, learner, fields, words):
    page = give(trainer, "Learner One", **fields)
    assert page.status == 422
    assert words in page.text
    assert "checked" in next(each for each in page.controls if each.name == "person").attributes
    with app.app_context():
        assert db.session.scalar(select(Allowance)) is None


def test_nobody_chosen_is_said_and_learners_give_nothing(app, trainer, learner):
    assert "Choose at least one person or group." in give(trainer, kind="reset").text
    form = {"csrf_token": learner.token, "kind": "attempts", "attempts": "9", "reason": "me", "person": "1"}
    assert learner.post(MORE, form).status == 404
    assert learner.open(MORE).status == 404
    assert trainer.post(MORE, form | {"csrf_token": trainer.token, "person": "x"}).status == 400
    assert trainer.post(f"{MORE}7/withdraw", {"csrf_token": trainer.token}).status == 404


def test_it_is_exported_with_the_person_and_its_reason_goes_when_only_results_are_kept(app, trainer, learner):
    set_rules(trainer, attempts="1")
    finish(learner)
    give(trainer, "Learner One", kind="attempts", attempts="1", reason="Dyslexia")
    with app.app_context():
        person = db.session.scalars(select(Person).filter_by(sub="learner-1")).one()
        found = personal_data.collect(db.session(), person, datetime.now(UTC))
        assert [row["reason"] for row in found["allowance"]] == ["Dyslexia"]
        at = datetime.now(UTC)
        people.erase(db.session(), people.find(db.session(), person.id), at, "owner", keeps_results=True)
        db.session.commit()
        assert [(each.reason, each.amount) for each in db.session.scalars(select(Allowance))] == [("", 1)]
        people.erase(db.session(), people.find(db.session(), person.id), at, "owner", keeps_results=False)
        db.session.commit()
        assert db.session.scalar(select(Allowance)) is None


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("make_app", ["sqlite"], indirect=True)
@pytest.mark.xdist_group("scripts")
def test_more_time_is_given_by_keyboard(app, trainer, learner, tab: Page):
    set_rules(trainer, minutes="20", attempts="2", closes_at=local(datetime.now(UTC) + timedelta(days=9)))
    tab.goto(f"{trainer.home}teach/quizzes/final")
    tab.get_by_role("link", name="More for some people").press("Enter")
    tab.get_by_role("button", name="Give").press("Enter")
    expect(tab.get_by_role("alert")).to_contain_text("Nothing was given yet.")
    look(tab, "more-wrong")
    tab.get_by_label("Learner One").press("Space")
    tab.get_by_role("radio", name="More time").press("Space")
    tab.get_by_label("How many minutes more").press("Tab")
    tab.get_by_label("How many minutes more").fill("10")
    tab.get_by_label("Reason").fill("Reads with a screen reader.")
    tab.get_by_role("button", name="Give").press("Enter")
    expect(tab.get_by_role("status")).to_contain_text("Given to 1 person or group.")
    expect(tab.get_by_role("row", name="Learner One")).to_contain_text("10 minutes more")
    look(tab, "more-given")
    with app.app_context():
        [kept] = db.session.scalars(select(Allowance)).all()
        assert (kept.amount, kept.reason) == (10, "Reads with a screen reader.")
