"""Test accounts, through which trainers see what learners see, are set apart in words, numbers and the gradebook."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from lti_tool.extensions import db
from lti_tool.lti.content import Content
from lti_tool.lti.grades import SCORE_SCOPE
from lti_tool.models import Person, Score, ScoreReason, ScoreState
from lti_tool.services import library
from tests.lti_tool.launching import add_placement
from tests.lti_tool.learn.test_pick import ToolClient
from tests.lti_tool.learn.visitor import Visitor
from tests.lti_tool.signing_platform import GRADES, MEMBERSHIP, launch_through, signing_platform

TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
COLUMN = {GRADES: {"scope": [SCORE_SCOPE], "lineitem": "https://lms.test/items/1"}}


@pytest.fixture
def platform():
    with signing_platform() as platform:
        yield platform


@pytest.fixture
def enter(app, platform, town):
    """Register the platform as a product, and launch into the activity of its course."""
    entered = []

    def enter(role="Learner", *more, product="generic", **changes):
        if not entered:
            platform.register(app, product=product)
            with app.app_context():
                library.publish(db.session(), town, datetime.now(UTC))
                library.place(db.session(), add_placement(), Content(module_id="town"))
                db.session.commit()
            entered.append(True)
        client = ToolClient(app, app.response_class)
        response = launch_through(client, platform, roles=[MEMBERSHIP + role, *more], **(COLUMN | changes))
        assert response.status_code == 303, response.text
        return Visitor(client, re.match(r"/l/[\w-]+/", response.headers["Location"])[0])

    return enter


def test_account(enter, **more):
    return enter("Learner", TEST_USER, sub="preview", name="Test Student", **more)


test_account.__test__ = False


def finish(visitor):
    visitor.open("pages/reading").press("Done. Next")
    return visitor.open("pages/quiz").choose("q-single", "Beta").press("Look over and submit").press("Submit")


def test_the_overview_sets_it_apart_and_counts_it_nowhere(enter):
    finish(test_account(enter))
    finish(enter(name="Learner One"))
    page = enter("Instructor", sub="trainer", name="The Trainer").open("teach/").text
    assert "Test Student test account done" in page
    assert "Learner One done" in page
    assert "1 done" in page
    assert "0 under way" in page
    assert "Nobody stands behind a test account" in page


def test_a_course_of_people_says_nothing_of_test_accounts(enter):
    finish(enter(name="Learner One"))
    assert "test account" not in enter("Instructor", sub="trainer").open("teach/").text


@pytest.mark.parametrize(
    ("product", "is_sent"), [("generic", False), ("moodle", False), ("blackboard", False), ("canvas", True)]
)
def test_its_score_goes_only_where_the_gradebook_has_a_place_for_it(app, enter, product, is_sent):
    page = finish(test_account(enter, product=product))
    with app.app_context():
        assert bool(db.session.scalars(select(Score)).all()) == is_sent
    assert ("This is a test account, so the score is shown here only." in page.text) == (not is_sent)


def test_a_score_of_it_that_was_refused_is_no_alarm(app, enter):
    finish(test_account(enter, product="canvas"))
    finish(enter(name="Learner One"))
    with app.app_context():
        db.session.execute(update(Score).values(state=ScoreState.FAILED, reason=ScoreReason.PERSON_REFUSED, tries=1))
        db.session.commit()
    page = enter("Instructor", sub="trainer").open("teach/").text
    assert "1 grade not delivered" in page
    assert "The grade of Learner One could not be delivered" in page
    assert "The grade of Test Student" not in page


def test_the_newest_launch_says_what_an_account_is(app, enter):
    def is_test():
        with app.app_context():
            return db.session.scalar(select(Person.is_test).where(Person.sub == "preview"))

    assert [is_test() for _ in range(2) if test_account(enter)] == [True, True]
    enter(sub="preview", name="Test Student")
    assert is_test() is False
