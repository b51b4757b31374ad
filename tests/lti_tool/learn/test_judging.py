"""Trainers judge essays and files from the page of an attempt; the score goes out again, and the learner reads why."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from itsdangerous import Signer
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.models import Answer, Attempt, Judgement, Person, Registration, Score
from lti_tool.services import personal_data
from tests.lti_tool.learn.test_pick import ToolClient
from tests.lti_tool.learn.visitor import Visitor
from tests.lti_tool.signing_platform import MEMBERSHIP, launch_through, signing_platform


@pytest.fixture
def platform(app):
    with signing_platform() as platform:
        platform.register(app)
        yield platform


@pytest.fixture
def learner(type_learner):
    """Somebody who handed in an essay of the quiz."""
    page = type_learner.open("pages/quiz").write("q-essay", "It joins both sides.")
    page.press("Look over and submit").press("Submit")
    return type_learner


@pytest.fixture
def look(app, platform, learner):
    """Send somebody to the review of the learner's work, as the gradebook does."""

    def enter(*, sub="trainer-1", role="Instructor", name="Tess Trainer"):
        claims = {
            "message_type": "LtiSubmissionReviewRequest",
            "sub": sub,
            "name": name,
            "roles": [f"{MEMBERSHIP}{role}"],
            "resource_link": {"id": "link-1"},
            "for_user": {"user_id": "learner-1"},
        }
        client = ToolClient(app, app.response_class)
        response = launch_through(client, platform, **claims)
        return Visitor(client, re.match(r"/l/[\w-]+/", response.headers["Location"])[0])

    return enter


def judge(trainer, points, comment="", question="q-essay"):
    page = trainer.open("review/")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.html)[1]
    fields = {"csrf_token": token, f"points-{question}": points, f"comment-{question}": comment}
    return trainer.post(address(page), fields)


def address(page):
    return page.forms["judging"]["action"]


def payloads(app):
    with app.app_context():
        return [json.loads(each) for each in db.session.scalars(select(Score.payload).order_by(Score.scored_at))]


def product(app, name):
    with app.app_context():
        for registration in db.session.scalars(select(Registration)):
            registration.product = name
        db.session.commit()


def test_a_trainer_gives_points_and_a_comment_and_the_learner_reads_them(app, look, learner):
    trainer = look()
    page = trainer.open("review/")
    assert "Judge this answer" in page.text
    assert "Points, up to 2" in page.text
    page = judge(trainer, "1,5", "Say which sides.\nThen it is whole.")
    assert page.status == 200
    assert "1.5 of 2 points" in page.text
    assert "Judged by Tess Trainer," in page.text
    pending, judged = payloads(app)
    assert (pending["gradingProgress"], judged["gradingProgress"]) == ("PendingManual", "FullyGraded")
    assert (pending["scoreGiven"], judged["scoreGiven"] / judged["scoreMaximum"]) == (0, 1.5 / 18)
    assert "comment" not in pending
    assert judged["comment"] == "Say which sides.\nThen it is whole."
    assert judged["timestamp"] > pending["timestamp"]
    with app.app_context():
        answer = db.session.scalars(select(Answer).where(Answer.question_id == "q-essay")).one()
        assert (answer.points, answer.state) == ("3/2", "partly")
        assert db.session.scalars(select(Score.is_again).order_by(Score.scored_at)).all() == [False, True]
    page = learner.open("pages/quiz")
    assert "Your trainer says: Say which sides." in page.text
    assert "You reached 1.5 of 15 points." in page.text
    assert "Waits for your trainer" not in page.text


def test_a_judgement_can_be_changed_and_the_earlier_one_is_kept(app, look):
    trainer = look()
    judge(trainer, "1", "A start.")
    other = look(sub="trainer-2", name="Tom Trainer")
    judge(other, "2", "Whole now.")
    assert "Judged by Tom Trainer," in trainer.open("review/").text
    with app.app_context():
        names = {person.id: person.name for person in db.session.scalars(select(Person))}
        kept = [(row.points, names[row.trainer_id]) for row in db.session.scalars(select(Judgement))]
        assert kept == [("1", "Tess Trainer"), ("2", "Tom Trainer")]
        assert db.session.scalars(select(Answer.state).where(Answer.question_id == "q-essay")).one() == "right"
    assert len(payloads(app)) == 3
    judge(other, "2", "Whole now.")
    assert len(payloads(app)) == 3, "nothing changed, so nothing is sent"


@pytest.mark.parametrize("points", ["-1", "2.01", "many", "1e1", "１", "1.", ".", "9" * 40, "1/2"])
def test_points_that_are_none_are_refused_and_nothing_is_kept(app, look, points):
    page = judge(look(), points)
    assert page.status == 400
    assert "Give points from 0 to 2" in page.text
    with app.app_context():
        assert db.session.scalars(select(Judgement)).all() == []


def test_a_comment_that_is_too_long_is_refused(app, look):
    assert judge(look(), "1", "x" * 2001).status == 400
    assert len(payloads(app)) == 1


def test_no_points_judge_nothing_and_0_points_do(app, look):
    trainer = look()
    assert judge(trainer, "", "A comment alone").status == 200
    assert len(payloads(app)) == 1
    assert "Not" not in judge(trainer, "0").text.partition("Judge this answer")[0][-40:]
    with app.app_context():
        assert db.session.scalars(select(Answer.state).where(Answer.question_id == "q-essay")).one() == "wrong"
    assert payloads(app)[-1]["gradingProgress"] == "FullyGraded"


def test_what_a_key_judges_and_what_is_not_there_is_judged_by_nobody(app, look):
    trainer = look()
    for question in ("q-single", "q-upload", "nowhere"):
        assert judge(trainer, "1", question=question).status == 200
    with app.app_context():
        assert db.session.scalars(select(Judgement)).all() == []
        assert db.session.scalars(select(Attempt.points)).one() == "0"


def test_what_is_shown_without_names_is_not_shown_beside_one(look):
    """Who answered a survey was promised that."""
    assert "How do you feel about the bridge?" not in look().open("review/").text
    assert "How do you feel about the bridge?" in look(sub="learner-1", role="Learner").open("review/").text


def test_learners_judge_nothing(app, look):
    trainer, curious = look(), look(sub="learner-1", role="Learner", name="Learner One")
    assert "Judge this answer" not in curious.open("review/").text
    path = address(trainer.open("review/")).removeprefix(trainer.home)
    token = Signer(app.config["SECRET_KEY"], salt="csrf").get_signature(curious.home.split("/")[2]).decode()
    answer = curious.post(path, {"csrf_token": token, "points-q-essay": "2"})
    assert answer.status == 403
    with app.app_context():
        assert db.session.scalars(select(Judgement)).all() == []


@pytest.mark.parametrize(
    ("name", "progress", "comment"),
    [
        ("moodle", "FullyGraded", "a < b\nc"),
        ("canvas", "PendingManual", "a < b\nc"),
        ("blackboard", "FullyGraded", "a &lt; b<br/>c"),
    ],
)
def test_each_platform_is_told_as_it_bears_it(app, look, learner, name, progress, comment):
    product(app, name)
    page = learner.open("pages/quiz").press("Try again").write("q-essay", "Once more.")
    page.press("Look over and submit").press("Submit")
    assert payloads(app)[-1]["gradingProgress"] == progress
    judge(look(), "2", "a < b\r\nc")
    assert payloads(app)[-1]["gradingProgress"] == "FullyGraded"
    assert payloads(app)[-1]["comment"] == comment


def test_both_get_what_is_known_of_a_judgement(app, look):
    judge(look(), "1", "A start.")
    with app.app_context():
        for sub in ("learner-1", "trainer-1"):
            person = db.session.scalars(select(Person).where(Person.sub == sub)).one()
            assert [
                row["comment"] for row in personal_data.collect(db.session(), person, datetime.now(UTC))["judgement"]
            ] == ["A start."]


def test_trainers_find_what_waits_for_them_on_the_overview(app, learner, visit):
    trainer = visit("trainer-1", name="Tess Trainer", is_trainer=True)
    page = trainer.open("teach/")
    assert "1 answer waits for you" in page.text
    [path] = re.findall(r'href="([^"]+/people/\d+/)"', page.html)
    page = trainer.open(path)
    assert "Judge this answer" in page.text
    [field] = [each for each in page.controls if each.name == "points-q-essay"]
    field.value = "2"
    page = page.press("Save points and comments")
    assert "Judged by Tess Trainer," in page.text
    assert "waits for you" not in trainer.open("teach/").text
    assert payloads(app)[-1]["gradingProgress"] == "FullyGraded"
    assert learner.open(path.removeprefix(trainer.home)).status == 404
    for nobody in ("people/999/", "people/x/", f"people/{9**30}/"):
        assert trainer.open(nobody).status == 404
