"""Trainers set the rules of a quiz; learners read them before they begin, and every route holds to them."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.models import Answer, Attempt, Person, Placement, Score, ScoreState
from lti_tool.services import personal_data
from tests.journeys.looking import look

expect.set_options(timeout=30_000)


@pytest.fixture
def trainer(learner, visit):
    return visit("trainer", name="Tess Trainer", is_trainer=True)


def set_rules(trainer, quiz="final", **fields):
    """Send the form as it stands, with some fields changed; ``None`` takes one away."""
    page = trainer.open(f"teach/quizzes/{quiz}")
    sent = page.fields(page.button("Save").form)
    for name, value in fields.items():
        sent.poplist(name)
        if value is not None:
            sent.add(name, value)
    return trainer.post(f"teach/quizzes/{quiz}", sent)


def finish(person, single="Beta", again=False):
    page = person.open("pages/quiz")
    page = page.press("Try again") if again else page
    return page.choose("q-single", single).press("Look over and submit").press("Submit")


def given_points(app):
    with app.app_context():
        return [json.loads(each)["scoreGiven"] for each in db.session.scalars(select(Score.payload).order_by(Score.id))]


def test_the_overview_leads_to_the_settings_which_say_what_each_does(trainer):
    assert "teach/quizzes/" in trainer.open("teach/").html
    page = trainer.open("teach/quizzes/")
    assert page.path.endswith("/teach/quizzes/final"), "there is one quiz only"
    for words in ("How many attempts", "Which attempt counts", "Per cent to pass", "70 % of the whole module", "Mix"):
        assert words in page.text
    assert "You can take it as often as you like." in page.text


def test_what_was_set_is_shown_to_the_trainer_and_to_learners_before_they_begin(trainer, learner):
    page = set_rules(trainer, attempts="2", counting="last", passing="50", shuffled="yes", feedback="submitted")
    assert "Saved." in page.text
    for shown in (page, learner.open("start"), learner.open("pages/quiz")):
        for words in (
            "You can take it 2 times.",
            "Your last attempt counts.",
            "With 50 % of its points you have passed it.",
            "an order of its own",
            "once you have submitted",
        ):
            assert words in shown.text
    assert "attempt 1 of 2" in learner.open("pages/quiz").text
    set_rules(trainer, attempts="", counting="best", passing="", shuffled=None, feedback="at-once")
    assert "You can take it as often as you like. Your best attempt counts." in learner.open("start").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"attempts": "0"}, "whole number from 1 to 100"),
        ({"attempts": "many"}, "whole number from 1 to 100"),
        ({"attempts": "9" * 40}, "whole number from 1 to 100"),
        ({"passing": "101"}, "whole number from 1 to 100"),
        ({"passing": "５"}, "whole number from 1 to 100"),
        ({"counting": "worst"}, "Choose one of the possibilities."),
        ({"feedback": None}, "Choose one of the possibilities."),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_set(app, trainer, fields, words):
    page = set_rules(trainer, shuffled="yes", **fields)
    assert page.status == 422
    assert words in page.text
    assert "checked" in next(each for each in page.controls if each.name == "shuffled").attributes
    with app.app_context():
        assert db.session.scalars(select(Placement.quiz_rules)).one() is None


def test_learners_set_nothing(learner, trainer):
    assert learner.open("teach/quizzes/").status == 404
    assert learner.open("teach/quizzes/final").status == 404
    assert learner.post("teach/quizzes/final", {"csrf_token": learner.token, "attempts": "9"}).status == 404
    assert trainer.open("teach/quizzes/module").status == 404


def test_no_attempt_begins_after_the_last_one_on_any_route(app, trainer, learner):
    set_rules(trainer, attempts="1")
    result = finish(learner)
    assert "You have used all your attempts at this quiz." in result.text
    assert not [each for each in result.controls if each.words.startswith("Try again")]
    form = {"csrf_token": learner.token, "attempt": "2", "page": "quiz"}
    for path in ("quizzes/final/attempts", "quizzes/final", "quizzes/final/submit", "questions/q-tries/hint"):
        answer = learner.post(path, form)
        assert answer.status == 409, path
    assert learner.autosave("final", "q-single", attempt=2, response=None, revision=0).status_code == 409
    with app.app_context():
        assert db.session.scalars(select(Attempt.number)).all() == [1]
    set_rules(trainer, attempts="2")
    assert "1 attempt is left." in learner.open("pages/quiz").text
    assert "You reached 1 of 6 points." in finish(learner, again=True).text


def test_an_attempt_that_was_begun_is_finished_although_fewer_are_allowed_now(trainer, learner):
    finish(learner)
    learner.open("pages/quiz").press("Try again").choose("q-single", "Beta").press("Save")
    set_rules(trainer, attempts="1")
    assert "You reached 1 of 6 points." in learner.open("pages/quiz").press("Look over and submit").press("Submit").text


def test_two_tabs_that_start_the_last_attempt_get_the_same_one(app, trainer, learner):
    set_rules(trainer, attempts="2")
    finish(learner)
    token, started = learner.token, threading.Barrier(2)
    answers = []

    def begin():
        started.wait()
        path, form = learner.home + "quizzes/final/attempts", {"csrf_token": token, "attempt": "2"}
        answers.append(app.test_client().post(path, data=form, base_url="https://tool.test").status_code)

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303, 303]
    with app.app_context():
        assert sorted(db.session.scalars(select(Attempt.number))) == [1, 2]


@pytest.mark.parametrize(
    ("counting", "points", "words"),
    [
        ("last", [1, 0], "The last"),
        ("first", [1, 1], "Your first attempt counts; further ones are practice. That makes 1 point."),
        ("average", [1, 0.5], "The average of your attempts counts. That makes 0.5 points."),
        ("best", [1, 1], "Your best attempt had 1 point, and it counts."),
    ],
)
def test_the_score_that_goes_out_is_the_one_that_counts(app, trainer, learner, visit, counting, points, words):
    set_rules(trainer, counting=counting)
    finish(learner)
    result = finish(learner, single="Alpha", again=True)
    assert counting == "last" or words in result.text
    with app.app_context():
        payloads = [json.loads(each) for each in db.session.scalars(select(Score.payload).order_by(Score.id))]
    assert [each["scoreGiven"] / each["scoreMaximum"] for each in payloads] == [each / 6 for each in points]
    row = trainer.open("teach/").text
    assert f"{'0.5' if counting == 'average' else points[-1]} of 6" in row


def test_what_counts_otherwise_is_sent_again_and_nothing_else(app, trainer, learner, visit):
    finish(learner)
    finish(learner, single="Alpha", again=True)
    other = visit("learner-2", name="Learner Two")
    finish(other)
    assert given_points(app) == [1, 1, 1]
    page = set_rules(trainer, counting="last")
    assert "1 score changes by this, and is sent to the gradebook again." in page.text
    assert given_points(app) == [1, 1, 1, 0]
    with app.app_context():
        score = db.session.scalars(select(Score).order_by(Score.id.desc())).first()
        assert (score.person.sub, score.is_again, score.state) == ("learner-1", True, ScoreState.WAITING)
        marked = db.session.scalars(select(Score).where(Score.state == ScoreState.SUPERSEDED)).all()
        assert {each.person.sub for each in marked} == {"learner-1"}
    assert "Saved." in set_rules(trainer, counting="last").text
    assert len(given_points(app)) == 4, "nothing changed"
    set_rules(trainer, counting="best")
    assert given_points(app) == [1, 1, 1, 0, 1]


def test_trainers_who_tried_themselves_are_sent_nothing(app, trainer, learner):
    finish(trainer)
    finish(trainer, single="Alpha", again=True)
    set_rules(trainer, counting="last")
    assert given_points(app) == []


def test_nothing_is_checked_before_submitting_where_the_trainer_wants_that(app, trainer, learner):
    set_rules(trainer, feedback="submitted")
    page = learner.open("pages/quiz").choose("q-tries", "Eta")
    assert not [each for each in page.in_question("q-tries") if each.words == "Check"]
    assert "try 1 of 2" not in page.text
    page.press("Save")
    form = learner.open("pages/quiz").fields("quiz_final")
    assert learner.post("questions/q-tries/check", form).status == 404
    with app.app_context():
        assert db.session.scalars(select(Answer.tries_used)).all() == [0]
    result = learner.open("pages/quiz").press("Look over and submit").press("Submit")
    assert "FEEDBACK-ETA" in result.html
    reading = learner.open("pages/reading").choose("q-check", "The river").press("Check", "q-check")
    assert "FEEDBACK-RIVER" in reading.html, "self-checks stay as they are"


def test_results_that_are_held_back_are_nowhere_until_they_are_released(app, trainer, learner):
    set_rules(trainer, feedback="held")
    result = finish(learner, single="Alpha")
    held = [result, learner.open("pages/quiz"), learner.open("start"), learner.open("quizzes/final/review")]
    for page in held:
        for words in ("FEEDBACK-", "Not right", "but it is wrong", "you missed it", "The right order"):
            assert words not in page.html, (page.path, words)
    assert "You reached 0 of 6 points." in result.text
    assert "What was right is not shown, unless your trainer releases it." in result.text
    chosen = [each.words for each in result.in_question("q-single") if "checked" in each.attributes]
    assert chosen == ["Alpha"]
    assert all("disabled" in each.attributes for each in result.in_question("q-single") if each.is_choice)
    with app.app_context():
        person = db.session.scalars(select(Person).filter_by(sub="learner-1")).one()
        found = personal_data.collect(db.session(), person, datetime.now(UTC))
        assert {row["state"] for row in found["answer"]} == {None}
        assert {row["response"] for row in found["answer"] if row["question_id"] == "q-single"} == {"alpha"}
    review = trainer.open("teach/").html
    person_page = review.split("people/")[1].split("/")[0]
    assert "FEEDBACK-ALPHA" in trainer.open(f"people/{person_page}/").html, "trainers see it"
    set_rules(trainer, feedback="submitted")
    assert "FEEDBACK-ALPHA" in learner.open("pages/quiz").html
    with app.app_context():
        person = db.session.scalars(select(Person).filter_by(sub="learner-1")).one()
        assert {row["state"] for row in personal_data.collect(db.session(), person, datetime.now(UTC))["answer"]} >= {
            "wrong"
        }


def order(page):
    return list(dict.fromkeys(each.question for each in page.controls if each.question.startswith("q-")))


def test_each_attempt_has_its_own_order_which_stays(app, trainer, learner, visit):
    plain = order(learner.open("pages/quiz"))
    set_rules(trainer, shuffled="yes")
    people = [visit(f"learner-{number}") for number in range(2, 9)]
    orders = [order(each.open("pages/quiz")) for each in people]
    assert all(sorted(each) == sorted(plain) for each in orders)
    assert len({tuple(each) for each in orders}) > 1
    first = people[0]
    first.open("pages/quiz").choose("q-single", "Beta").press("Save")
    set_rules(trainer, shuffled=None)
    assert order(first.open("pages/quiz")) == orders[0], "what was begun keeps its order"
    review = first.open("pages/quiz").press("Look over and submit")
    links = [each.split('"')[0] for each in review.html.split("pages/quiz#")[1:]]
    assert [each for each in links if each.startswith("q-")] == orders[0]
    assert "You reached 1 of 6 points." in review.press("Submit").text
    assert order(people[1].open("pages/quiz")) == plain


def test_a_module_of_several_quizzes_lists_them(publish, every_type, visit):
    publish(every_type)
    trainer = visit("trainer", is_trainer=True)
    page = trainer.open("teach/quizzes/")
    assert page.path.endswith("/teach/quizzes/")
    assert page.text.count("What learners read before they begin:") > 1


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("make_app", ["sqlite"], indirect=True)
@pytest.mark.xdist_group("scripts")
def test_the_settings_are_made_by_keyboard(app, trainer, tab: Page):
    tab.goto(f"{trainer.home}teach/")
    tab.get_by_role("link", name="Quizzes").press("Enter")
    attempts = tab.get_by_label("How many attempts")
    attempts.focus()
    tab.keyboard.type("x")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("radio", name="The best")).to_be_focused()
    tab.keyboard.press("ArrowDown")
    expect(tab.get_by_role("radio", name="The last")).to_be_checked()
    look(tab, "quiz-settings")
    tab.get_by_role("button", name="Save").press("Enter")
    expect(tab.get_by_role("alert")).to_contain_text("Nothing was saved yet.")
    look(tab, "quiz-settings-wrong")
    tab.get_by_role("alert").get_by_role("link").press("Enter")
    expect(attempts).to_be_focused()
    expect(attempts).to_have_attribute("aria-invalid", "true")
    tab.keyboard.press("Control+a")
    tab.keyboard.type("3")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("status")).to_contain_text("Saved.")
    look(tab, "quiz-settings-saved")
    with app.app_context():
        kept = db.session.scalars(select(Placement.quiz_rules)).one()
    assert kept == {"final": {"attempts": 3, "counting": "last"}}
