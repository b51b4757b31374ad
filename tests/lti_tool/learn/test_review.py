"""A gradebook asks to see what somebody handed in: trainers of that activity do, and nobody else."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from lti_tool.extensions import db
from lti_tool.lti.content import Content
from lti_tool.models import Participation
from lti_tool.services import library
from tests.lti_tool.launching import add_person, add_placement
from tests.lti_tool.learn.test_pick import ToolClient
from tests.lti_tool.learn.visitor import Visitor
from tests.lti_tool.signing_platform import MEMBERSHIP, launch_through, signing_platform


@pytest.fixture
def platform(app):
    with signing_platform() as platform:
        platform.register(app)
        yield platform


@pytest.fixture
def look(app, platform, publish, town):
    """Send somebody through a request for a review, as the gradebook does."""
    publish(town)

    def enter(of, *, sub="trainer-1", role="Instructor", link="link-1", **changes):
        claims = {
            "message_type": "LtiSubmissionReviewRequest",
            "sub": sub,
            "name": None,
            "roles": [f"{MEMBERSHIP}{role}"],
            "resource_link": {"id": link},
            "for_user": {"user_id": of},
        }
        client = ToolClient(app, app.response_class)
        response = launch_through(client, platform, **(claims | changes))
        if response.status_code != 303:
            return response
        assert response.headers["Location"].endswith("/review/")
        return Visitor(client, re.match(r"/l/[\w-]+/", response.headers["Location"])[0])

    return enter


def hand_in(person, option):
    page = person.open("pages/quiz")
    if "Try again" in page.text:
        page = page.press("Try again")
    return page.choose("q-single", option).press("Look over and submit").press("Submit")


def test_a_trainer_sees_the_attempt_that_counts_and_the_others(look, visit):
    learner = visit("learner-1", name="Learner One")
    hand_in(learner, "Beta")
    hand_in(learner, "Alpha")
    trainer = look("learner-1")
    page = trainer.open("review/")
    assert "Learner One" in page.text
    assert "on its way" in page.text
    assert "Answers of attempt 1" in page.text, "the better one"
    [beta] = [control for control in page.in_question("q-single") if "checked" in control.attributes]
    assert beta.words.startswith("Beta")
    other = trainer.open("review/quizzes/final/attempts/2")
    assert "Answers of attempt 2" in other.text
    [alpha] = [control for control in other.in_question("q-single") if "checked" in control.attributes]
    assert alpha.words.startswith("Alpha")


def test_nothing_can_be_changed_from_a_review(look, visit):
    hand_in(visit("learner-1"), "Beta")
    trainer = look("learner-1")
    page = trainer.open("review/")
    actions = {control.form for control in page.controls if control.is_sent or control.tag == "button"}
    # The language of the page is the reader's own.
    assert {page.forms[form]["action"].rstrip("/").rsplit("/", 1)[-1] for form in actions} == {"language"}
    for path in ("", "start", "teach/", "pages/quiz", "pick/", "quizzes/final/review"):
        assert trainer.open(path).status == 404


def test_drafts_are_not_shown(look, visit):
    visit("learner-1").open("pages/quiz").choose("q-single", "Beta").press("Save")
    page = look("learner-1").open("review/")
    assert "Nothing was handed in yet" in page.text
    assert "Beta" not in page.text
    trainer = look("learner-1")
    assert trainer.open("review/quizzes/final/attempts/1").status == 404


def test_learners_see_their_own_work_only(look, visit):
    hand_in(visit("learner-1"), "Beta")
    hand_in(visit("learner-2"), "Beta")
    assert "Answers of attempt 1" in look("learner-1", sub="learner-1", role="Learner").open("review/").text
    for other in ("learner-2", "nobody"):
        curious = look(other, sub="learner-1", role="Learner")
        assert curious.open("review/").status == 403
        assert curious.open("review/quizzes/final/attempts/1").status == 403


def test_nobody_sees_work_of_another_activity_deployment_or_platform(app, look, visit):
    hand_in(visit("learner-1", name="Learner One"), "Beta")
    with app.app_context():
        for where in ({"link": "link-2"}, {"deployment": "2"}, {"client_id": "client-2"}):
            library.place(db.session(), add_placement(**where), Content(module_id="town"))
        namesake = add_person(add_placement(client_id="client-2"), "only-elsewhere", "Somebody Elsewhere")
        elsewhere = Participation(placement_id=add_placement(client_id="client-2").id, person_id=namesake.id)
        elsewhere.first_seen_at = elsewhere.last_seen_at = datetime.now(UTC)
        db.session.add(elsewhere)
        db.session.commit()
    for trainer in (look("learner-1", link="link-2"), look("learner-1", deployment_id="2"), look("only-elsewhere")):
        page = trainer.open("review/")
        assert page.status == 404
        assert "has not opened the activity yet" in page.text
        assert trainer.open("review/quizzes/final/attempts/1").status == 404


def test_a_review_of_nobody_is_refused(look):
    for for_user in (None, {}, {"user_id": 7}, "learner-1"):
        response = look("learner-1", for_user=for_user)
        assert response.status_code == 400
        assert "stays closed" in response.text


def test_a_review_leaves_the_column_of_the_activity_alone(app, look, visit):
    hand_in(visit("learner-1"), "Beta")
    with app.app_context():
        add_placement().line_item_url = "https://lms.test/items/of-the-activity"
        db.session.commit()
    look("learner-1")
    with app.app_context():
        assert add_placement().line_item_url == "https://lms.test/items/of-the-activity"
