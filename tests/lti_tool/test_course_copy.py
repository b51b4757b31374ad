"""A copied link works at once: with the settings of the one it was copied from, and with nobody's work."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.lti.content import Content
from lti_tool.models import Columns, Placement
from lti_tool.services import library
from lti_tool.services.quiz_rules import Feedback, Rules, keep_rules, read_rules
from tests.lti_tool.launching import add_placement
from tests.lti_tool.learn.test_pick import ToolClient
from tests.lti_tool.learn.town import build_town
from tests.lti_tool.learn.visitor import Visitor
from tests.lti_tool.signing_platform import MEMBERSHIP, launch_through, signing_platform


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    return build_town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def platform(app, town):
    """A platform in whose course a trainer chose a quiz for an activity, with a column of its own."""
    with signing_platform() as platform:
        platform.register(app)
        with app.app_context():
            library.publish(db.session(), town, datetime.now(UTC))
            original = add_placement()
            library.place(db.session(), original, Content(module_id="town", quiz_id="final", version="1.0.0"))
            original.columns = Columns.MODULE
            db.session.commit()
        yield platform


def enter(app, platform, history, *, role="Learner", **changes):
    claims = {
        "resource_link": {"id": "link-copy", "title": "The copy"},
        "context": {"id": "course-copy"},
        "roles": [f"{MEMBERSHIP}{role}"],
        "custom": {"link_history": history},
    }
    client = ToolClient(app, app.response_class)
    response = launch_through(client, platform, **(claims | changes))
    assert response.status_code == 303, response.text
    return Visitor(client, re.match(r"/l/[\w-]+/", response.headers["Location"])[0])


def copy_of(app) -> Placement:
    with app.app_context():
        return db.session.scalars(select(Placement).filter_by(resource_link_id="link-copy")).one()


@pytest.mark.parametrize("history", ["link-1", "link-unknown, link-1", "link%2D1,link-older"])
def test_a_copy_shows_what_the_original_shows(app, platform, history):
    learner = enter(app, platform, history)
    assert "Final quiz" in learner.open("start").text
    copy = copy_of(app)
    shown = (copy.module_id, copy.quiz_id, copy.is_version_fixed, copy.columns)
    assert shown == ("town", "final", True, Columns.MODULE)
    assert (
        "Nobody has been here yet" not in enter(app, platform, history, sub="t", role="Instructor").open("teach/").text
    )


def test_no_learner_of_the_original_is_seen_in_the_copy(app, platform):
    original = {"resource_link": {"id": "link-1"}, "context": {"id": "course-1"}, "custom": {}}
    learner = enter(app, platform, "", name="Old Learner", sub="old", **original)
    learner.open("pages/quiz").choose("q-single", "Beta").press("Look over and submit").press("Submit")
    page = enter(app, platform, "link-1", role="Instructor", sub="new-trainer").open("teach/")
    assert "Nobody has been here yet" in page.text
    assert "Old Learner" not in page.text


def test_rules_of_a_quiz_come_along_without_dates_and_without_what_anybody_was_given(app, platform):
    """The dates of last year would keep this year's people out, and the latest one is somebody's own."""
    rules = Rules(
        attempts=2,
        minutes=30,
        zone="Europe/Tallinn",
        feedback=Feedback.CLOSED,
        opens_at=datetime(2025, 1, 1, tzinfo=UTC),
        closes_at=datetime(2025, 2, 1, tzinfo=UTC),
        last_closes_at=datetime(2025, 3, 1, tzinfo=UTC),
    )
    with app.app_context():
        original = db.session.scalars(select(Placement).filter_by(resource_link_id="link-1")).one()
        original.quiz_rules = {"final": keep_rules(rules)}
        db.session.commit()
    enter(app, platform, "link-1")
    kept = copy_of(app).quiz_rules
    assert {quiz: read_rules(each) for quiz, each in kept.items()} == {
        # What was to be hidden until a date stays hidden until the trainer says otherwise.
        "final": Rules(attempts=2, minutes=30, zone="Europe/Tallinn", feedback=Feedback.HELD)
    }


def test_the_copy_goes_its_own_way_afterwards(app, platform):
    enter(app, platform, "link-1")
    with app.app_context():
        copy = db.session.scalars(select(Placement).filter_by(resource_link_id="link-copy")).one()
        copy.columns = Columns.GIVEN
        db.session.commit()
    enter(app, platform, "link-1", sub="learner-9")
    assert copy_of(app).columns is Columns.GIVEN


@pytest.mark.parametrize(
    "history", [None, 7, "$ResourceLink.id.history", "", ",,", "link-copy", "x" * 999, "link-1\x00"]
)
def test_no_history_leaves_the_activity_empty(app, platform, history):
    assert "has not chosen a module" in enter(app, platform, history).open().text


def test_a_link_of_another_deployment_gives_nothing(app, platform):
    learner = enter(app, platform, "link-1", deployment_id="2")
    assert "has not chosen a module" in learner.open().text


def test_what_the_link_itself_names_comes_first(app, platform):
    custom = {"link_history": "link-1", "module": "town", "page": "reading", "version": "1"}
    enter(app, platform, "", custom=custom)
    copy = copy_of(app)
    assert (copy.page_id, copy.quiz_id, copy.columns) == ("reading", None, Columns.MODULE)
