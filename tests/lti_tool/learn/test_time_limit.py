"""Dates and the clock of a quiz: the server decides, nothing written is lost, and the tool submits what is over."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from lti_tool.extensions import db
from lti_tool.jobs.delivery import open_outbox
from lti_tool.jobs.overdue import submit_overdue
from lti_tool.models import Answer, Attempt, LateAnswer, Placement, Score
from tests.journeys.looking import look
from tests.lti_tool.learn.test_quiz_settings import finish, set_rules

expect.set_options(timeout=30_000)
SQLITE = pytest.mark.parametrize("make_app", ["sqlite"], indirect=True)


@pytest.fixture
def trainer(learner, visit):
    return visit("trainer", name="Tess Trainer", is_trainer=True)


@pytest.fixture
def tidy(app):
    """Do the chore that submits what is over."""

    def submit():
        with app.app_context():
            outbox = open_outbox(db.engine, app.config["SETTINGS"])
        try:
            return submit_overdue(outbox)
        finally:
            outbox.egress.close()

    return submit


def local(at, zone=UTC):
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def began(app, **ago):
    """Let the open attempt have begun earlier."""
    with app.app_context():
        attempt = db.session.scalars(select(Attempt).where(Attempt.submitted_at.is_(None))).one()
        attempt.started_at -= timedelta(**ago)
        if attempt.ends_at:
            attempt.ends_at -= timedelta(**ago)
        db.session.commit()


def closed(app, **ago):
    """Let the quiz have been closed, behind the back of the settings page."""
    with app.app_context():
        placement = db.session.scalars(select(Placement)).one()
        rules = placement.quiz_rules["final"] | {"closes_at": (datetime.now(UTC) - timedelta(**ago)).isoformat()}
        placement.quiz_rules = {"final": rules}
        db.session.commit()


def attempt_of(app):
    with app.app_context():
        return db.session.scalars(select(Attempt).order_by(Attempt.number.desc())).first()


def test_dates_are_meant_in_a_zone_and_shown_in_it(app, trainer, learner):
    page = set_rules(
        trainer, opens_at="2027-03-31T12:00", closes_at="2027-06-30T12:00", zone="Europe/Helsinki", feedback="closed"
    )
    for shown in (page, learner.open("start"), learner.open("pages/quiz")):
        assert "It opens on March 31, 2027, 12:00 (Europe/Helsinki)." in shown.text
        assert "It closes on June 30, 2027, 12:00 (Europe/Helsinki)." in shown.text
        assert "once the quiz is closed" in shown.text
    with app.app_context():
        kept = db.session.scalars(select(Placement.quiz_rules)).one()["final"]
    assert kept["opens_at"] == "2027-03-31T09:00:00+00:00"
    assert 'value="2027-03-31T12:00"' in trainer.open("teach/quizzes/final").html


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"opens_at": "soon"}, "Opens at: Write a date and a time"),
        ({"closes_at": "0001-01-01T00:00", "zone": "Asia/Tokyo"}, "Closes at: Write a date and a time"),
        ({"opens_at": "2027-01-02T00:00", "closes_at": "2027-01-01T00:00"}, "has to close after it opens"),
        ({"feedback": "closed"}, "say when it closes"),
        ({"minutes": "1441"}, "Minutes for an attempt: Write a whole number from 1 to"),
    ],
)
def test_dates_that_cannot_be_are_said(trainer, fields, words):
    page = set_rules(trainer, **fields)
    assert page.status == 422
    assert words in page.text


def test_before_it_opens_nothing_of_it_is_served_or_taken(app, trainer, learner):
    set_rules(trainer, opens_at=local(datetime.now(UTC) + timedelta(days=1)))
    page = learner.open("pages/quiz")
    assert "The quiz opens on" in page.text
    assert "Pick one." not in page.html
    assert not page.in_question("q-single")
    assert "Pick one." not in learner.open("quizzes/final/review").html
    form = {"csrf_token": learner.token, "attempt": "1", "page": "quiz"}
    for path in ("quizzes/final", "quizzes/final/attempts", "quizzes/final/submit", "questions/q-tries/check"):
        answer = learner.post(path, form)
        assert (answer.status, "The quiz opens on" in answer.text) == (409, True), path
    assert learner.autosave("final", "q-single", attempt=1, response=None, revision=0).status_code == 409
    with app.app_context():
        assert db.session.scalar(select(Attempt)) is None
    set_rules(trainer, opens_at=local(datetime.now(UTC) - timedelta(days=1)))
    assert "You reached 1 of 6 points." in finish(learner).text


def test_once_it_is_closed_nothing_begins_and_results_are_shown_if_that_was_promised(app, trainer, learner):
    set_rules(trainer, closes_at=local(datetime.now(UTC) + timedelta(days=1)), feedback="closed")
    result = finish(learner, single="Alpha")
    assert "FEEDBACK-" not in result.html
    assert "You see what was right and why once the quiz is closed." in result.text
    closed(app, minutes=1)
    result = learner.open("pages/quiz")
    assert "FEEDBACK-ALPHA" in result.html
    assert "The quiz was closed on" in result.text
    assert not [each for each in result.controls if each.words.startswith("Try again")]
    assert learner.post("quizzes/final/attempts", {"csrf_token": learner.token, "attempt": "2"}).status == 409


def test_the_clock_starts_with_a_button(app, trainer, learner):
    set_rules(trainer, minutes="20")
    page = learner.open("pages/quiz")
    assert "An attempt has 20 minutes from its start." in page.text
    assert "ask your trainer" in page.text
    assert "Pick one." not in page.html
    page = page.press("Start the quiz")
    assert "Pick one." in page.html
    assert "It ends at" in page.text
    attempt = attempt_of(app)
    assert attempt.ends_at == attempt.started_at + timedelta(minutes=20)


def test_what_is_on_its_way_at_the_end_is_taken(app, trainer, learner):
    set_rules(trainer, minutes="20")
    page = learner.open("pages/quiz").press("Start the quiz")
    began(app, minutes=20, seconds=5)
    name = next(each.value for each in page.in_question("q-single") if each.words == "Beta")
    answer = learner.autosave("final", "q-single", attempt=1, response=name, revision=0)
    assert (answer.status_code, answer.json["revision"]) == (200, 1)
    result = learner.post("quizzes/final/submit", {"csrf_token": learner.token, "attempt": "1"})
    assert "You reached 1 of 6 points." in result.text
    assert attempt_of(app).is_ended_by_tool


def test_a_form_that_comes_too_late_is_kept_for_the_trainer_and_what_was_saved_is_submitted(app, trainer, learner):
    set_rules(trainer, minutes="20")
    learner.open("pages/quiz").press("Start the quiz").choose("q-single", "Beta").press("Save")
    page = learner.open("pages/quiz").choose("q-multiple", "Gamma", "Epsilon")
    began(app, minutes=21)
    result = page.press("Look over and submit")
    assert result.path.endswith("/pages/quiz")
    assert "You reached 1 of 6 points." in result.text
    assert "The time was over, so it was submitted with what was saved by then." in result.text
    with app.app_context():
        late = db.session.scalars(select(LateAnswer)).all()
        assert [(each.question_id, sorted(each.response), each.typed_at) for each in late] == [
            ("q-multiple", ["epsilon", "gamma"], None)
        ]
        assert json.loads(db.session.scalars(select(Score.payload)).one())["scoreGiven"] == 1
    overview = trainer.open("teach/").html
    page = trainer.open(re.search(r"people/\d+/", overview)[0])
    assert "Came after the end, and does not count" in page.text
    assert "Gamma" in page.text
    assert "ended by the clock" in page.text


def test_what_was_typed_in_time_is_kept_with_its_time_and_gives_way_to_nothing_later(app, trainer, learner):
    set_rules(trainer, minutes="20")
    page = learner.open("pages/quiz").press("Start the quiz")
    names = {each.words: each.value for each in page.in_question("q-single")}
    began(app, minutes=30)
    now = datetime.now(UTC)

    def send(words, typed_at):
        sent = {"attempt": 1, "response": names[words], "revision": 0, "typed_at": typed_at}
        answer = learner.autosave("final", "q-single", **sent)
        assert (answer.status_code, answer.json["ended"]) == (200, True)
        with app.app_context():
            late = db.session.scalars(select(LateAnswer)).one()
            return answer.json["kept"], late.response, late.typed_at

    in_time = now - timedelta(minutes=11)
    for nonsense in ("yesterday", 7, (now + timedelta(days=1)).isoformat(), (now - timedelta(days=1)).isoformat()):
        assert send("Alpha", nonsense)[1:] == ("alpha", None)
    assert send("Beta", in_time.isoformat()) == (True, "beta", in_time)
    assert send("Alpha", now.isoformat()) == (False, "beta", in_time)
    with app.app_context():
        assert db.session.scalars(select(Attempt.is_ended_by_tool)).one()
        assert set(db.session.scalars(select(Answer.state))) == {"unanswered"}
    assert learner.autosave("final", "q-single", attempt=1, response="none-of-these", revision=0).status_code == 400


def test_the_tool_submits_what_is_over_and_sends_the_score(app, trainer, learner, visit, tidy):
    set_rules(trainer, minutes="20")
    learner.open("pages/quiz").press("Start the quiz").choose("q-single", "Beta").press("Save")
    assert tidy() == {"submitted": 0, "failed": 0}
    began(app, minutes=21)
    other = visit("learner-2")
    other.open("pages/quiz").press("Start the quiz").choose("q-single", "Beta").press("Save")
    page = learner.open("pages/quiz")
    assert "The time is over." in page.text
    assert all("disabled" in each.attributes for each in page.in_question("q-single") if each.is_choice)
    assert "FEEDBACK-" not in page.html
    assert tidy() == {"submitted": 1, "failed": 0}
    assert "You reached 1 of 6 points." in learner.open("pages/quiz").text
    with app.app_context():
        assert json.loads(db.session.scalars(select(Score.payload)).one())["scoreGiven"] == 1
        still_open = db.session.scalars(select(Attempt).where(Attempt.submitted_at.is_(None))).one()
        assert still_open.person.sub == "learner-2"
    assert tidy() == {"submitted": 0, "failed": 0}


def test_what_is_open_when_the_quiz_closes_is_submitted_and_a_longer_time_lets_it_go_on(app, trainer, learner, tidy):
    set_rules(trainer, closes_at=local(datetime.now(UTC) + timedelta(days=1)))
    learner.open("pages/quiz").choose("q-single", "Beta").press("Save")
    with app.app_context():
        db.session.execute(update(Attempt).values(ends_at=datetime.now(UTC) - timedelta(days=1)))
        db.session.commit()
    assert tidy() == {"submitted": 0, "failed": 0}, "the rules decide, not what was noted earlier"
    closed(app, minutes=1)
    with app.app_context():
        db.session.execute(update(Attempt).values(ends_at=datetime.now(UTC) - timedelta(minutes=1)))
        db.session.commit()
    assert tidy() == {"submitted": 1, "failed": 0}


def test_new_settings_hold_for_what_is_open(app, trainer, learner):
    learner.open("pages/quiz").choose("q-single", "Beta").press("Save")
    assert attempt_of(app).ends_at is None
    set_rules(trainer, minutes="30")
    attempt = attempt_of(app)
    assert attempt.ends_at == attempt.started_at + timedelta(minutes=30)
    set_rules(trainer, minutes="")
    assert attempt_of(app).ends_at is None


def test_a_number_that_cannot_be_asked_back_any_more_waits_for_the_trainer(app, publish, every_type, visit, tidy):
    publish(every_type)
    learner, trainer = visit("learner-1"), visit("trainer", is_trainer=True)
    set_rules(trainer, minutes="20")
    page = learner.open("pages/quiz").press("Start the quiz")
    page.write("q-number", "1.000").press("Save")
    began(app, minutes=21)
    assert tidy() == {"submitted": 1, "failed": 0}
    with app.app_context():
        answer = db.session.scalars(select(Answer).where(Answer.question_id == "q-number")).one()
        assert (answer.state, answer.points) == ("waiting", "0")
    page = trainer.open(re.search(r"people/\d+/", trainer.open("teach/").html)[0])
    assert [each for each in page.controls if each.name == "points-q-number"]


@SQLITE
@pytest.mark.usefixtures("axe")
@pytest.mark.xdist_group("scripts")
def test_the_clock_is_shown_warns_and_submits_what_was_typed_last(app, trainer, learner, tab: Page):
    set_rules(trainer, minutes="20")
    tab.goto(learner.home + "pages/quiz")
    look(tab, "clock-before")
    tab.clock.install()
    tab.get_by_role("button", name="Start the quiz").press("Enter")
    left = tab.locator("[data-left]")
    expect(left).to_have_text("20 min left")
    look(tab, "clock-running")
    tab.clock.run_for(timedelta(minutes=10, seconds=1).total_seconds() * 1000)
    expect(tab.locator("[data-said]")).to_contain_text("10 minutes are left.")
    expect(tab.locator("[data-said]")).to_have_attribute("role", "status")
    look(tab, "clock-warning")
    tab.clock.run_for(timedelta(minutes=9, seconds=1).total_seconds() * 1000)
    expect(tab.locator("[data-said]")).to_contain_text("1 minute is left.")
    expect(left).to_have_text("less than a minute left")
    tab.locator("[id=q-single]").get_by_label("Beta").check()
    # The end comes while the answer still waits to be sent.
    tab.clock.run_for(60_000)
    expect(tab.locator(".quiz-result")).to_contain_text("You reached 1 of 6 points.")


@SQLITE
@pytest.mark.xdist_group("scripts")
def test_what_was_typed_offline_before_the_end_arrives_later_and_is_kept(app, trainer, learner, tab: Page, tidy):
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    set_rules(trainer, minutes="20")
    tab.goto(learner.home + "pages/quiz")
    tab.get_by_role("button", name="Start the quiz").click()
    expect(tab.locator("[data-left]")).to_have_text("20 min left")
    tab.context.set_offline(True)
    tab.locator("[id=q-single]").get_by_label("Beta").check()
    expect(tab.locator("[data-status]")).to_contain_text("No connection.")
    began(app, minutes=21)
    assert tidy() == {"submitted": 1, "failed": 0}
    tab.goto("about:blank")
    tab.context.set_offline(False)
    tab.goto(learner.home + "pages/quiz")
    expect(tab.locator("[data-late]")).to_contain_text("your trainer sees it")
    with app.app_context():
        late = db.session.scalars(select(LateAnswer)).one()
        assert (late.question_id, late.response) == ("q-single", "beta")
        assert late.typed_at is not None
    assert tab.evaluate("Object.keys(sessionStorage)") == []
