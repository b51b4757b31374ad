"""People find the way back to where their LMS wants them, and it may tell them what they reached."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import update

from lti_tool.extensions import db
from lti_tool.models import Launch


@pytest.fixture
def learner(app, publish, town, visit):
    publish(town)

    def enter(return_url, **where):
        visitor = visit("learner-1", **where)
        with app.app_context():
            db.session.execute(update(Launch).values(return_url=return_url))
            db.session.commit()
        return visitor

    return enter


def way_back(page) -> str | None:
    found = re.search(r'href="([^"]*)" target="_top">Back to your course', page.html)
    return html.unescape(found[1]) if found else None


def test_the_address_of_the_platform_stays_as_it_is(learner):
    url = "https://lms.test/return.php?course=2&launch_container=3&a=%C3%84&sesskey=X#top"
    person = learner(url)
    assert way_back(person.open("start")) == url
    person.open("pages/quiz").choose("q-single", "Beta").press("Look over and submit").press("Submit")
    address = urlsplit(way_back(person.open("start")))
    assert address.query.startswith("course=2&launch_container=3&a=%C3%84&sesskey=X&lti_msg=")
    assert parse_qs(address.query)["lti_msg"] == ["You reached 1 of 6 points."]
    assert address.fragment == "top"


def test_who_waits_for_a_trainer_finds_back_too(learner):
    assert way_back(learner("https://lms.test/return", module=None).open()) == "https://lms.test/return"


def test_there_is_no_way_where_the_platform_names_none(learner):
    assert way_back(learner(None).open("start")) is None
