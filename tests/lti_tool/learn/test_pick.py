"""The picker: a trainer picks modules, pages and quizzes, and the LMS gets them signed."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.lti import keys
from lti_tool.lti.deep_linking import DL
from lti_tool.lti.vault import Vault
from lti_tool.models import Launch, Placement
from tests.lti_tool.conftest import MASTER_KEY, PUBLIC_URL
from tests.lti_tool.learn.visitor import Visitor
from tests.lti_tool.signing_platform import LTI, MEMBERSHIP, launch_through, signing_platform

RETURN_URL = "https://lms.test/return?course=2&id=1"
SETTINGS = {
    "deep_link_return_url": RETURN_URL,
    "accept_types": ["ltiResourceLink"],
    "accept_presentation_document_targets": ["iframe", "window"],
    "accept_multiple": True,
}


class ToolClient(FlaskClient):
    """A browser that speaks to the tool at its public address, and so keeps its cookies."""

    def open(self, *arguments, **options):
        options.setdefault("base_url", PUBLIC_URL)
        return super().open(*arguments, **options)


@pytest.fixture
def platform(app):
    with app.app_context():
        keys.ensure_key(db.session(), Vault((MASTER_KEY,)), datetime.now(UTC))
        db.session.commit()
    with signing_platform() as platform:
        platform.register(app)
        yield platform


@pytest.fixture
def ask(app, platform):
    """Send a trainer through a request for deep linking."""

    def enter(*, settings=(), roles=(f"{MEMBERSHIP}Instructor",), **changes):
        claims = {
            "message_type": "LtiDeepLinkingRequest",
            "resource_link": None,
            "roles": list(roles),
            f"{DL}deep_linking_settings": SETTINGS | dict(settings),
        }
        client = ToolClient(app, app.response_class)
        response = launch_through(client, platform, **(claims | changes))
        assert response.status_code == 303, response.text
        found = re.match(r"(/l/[\w-]+/)(.*)", response.headers["Location"])
        visitor = Visitor(client, found[1])
        visitor.form_page = found[2]
        return visitor

    return enter


def first_page(trainer: Visitor):
    return trainer.open(trainer.form_page)


def answer_of(app, page) -> dict:
    """Read the form that goes to the LMS, and the token in it as the LMS would."""
    action = re.search(r'action="([^"]*)"', page.html)[1]
    assert html.unescape(action) == RETURN_URL
    token = re.search(r'name="JWT" value="([^"]*)"', page.html)[1]
    with app.app_context():
        [key] = keys.key_set(db.session(), datetime.now(UTC))["keys"]
    assert jwt.get_unverified_header(token)["kid"] == key["kid"]
    return jwt.decode(token, jwt.PyJWK(key), algorithms=["RS256"], audience="https://lms.test", issuer="client-1")


def set_values(page, **values):
    for control in page.controls:
        if control.name in values:
            control.value = values[control.name]
    return page


def tick(page, *words):
    for control in page.controls:
        if control.is_choice:
            control.attributes.pop("checked", None)
            if control.words in words:
                control.attributes["checked"] = ""
    return page


def test_a_whole_module_goes_to_the_lms_with_its_column(app, ask, publish, town):
    publish(town)
    page = first_page(ask(settings={"data": 'opaque "data"'})).press("Pick")
    assert "What you picked" in page.text
    page = page.press("Put into the course")
    policy = page.visitor.client.get(page.visitor.home + "pick/items").headers["Content-Security-Policy"]
    assert "form-action 'self';" in policy
    claims = answer_of(app, page)
    assert claims[f"{LTI}message_type"] == "LtiDeepLinkingResponse"
    assert claims[f"{LTI}deployment_id"] == "1"
    assert claims[f"{DL}data"] == 'opaque "data"'
    [item] = claims[f"{DL}content_items"]
    assert item == {
        "type": "ltiResourceLink",
        "title": "The town",
        "url": f"{PUBLIC_URL}/lti/launch?module=town&version=1",
        "custom": {"module": "town", "version": "1"},
        "lineItem": {
            "scoreMaximum": 6,
            "label": "The town",
            "resourceId": "town",
            "tag": "module",
            "submissionReview": {"reviewableStatus": ["Completed"]},
        },
    }


def test_several_parts_go_together_in_the_order_and_with_the_settings_that_were_chosen(app, ask, publish, town):
    publish(town)
    trainer = ask()
    inside = trainer.open("pick/modules/town")
    page = tick(inside, "Reading", "Final quiz").press("Pick what is ticked")
    set_values(page, **{"title-1": "  The <b>exam</b> ", "points-1": "12,5", "version-1": "fixed"})
    set_values(page, **{"zone": "Europe/Tallinn", "due-1": "2027-01-31T23:59", "opens-1": "2027-01-01T08:00"})
    page = page.press("Up")
    assert page.text.index("exam") < page.text.index("Reading")
    claims = answer_of(app, page.press("Put into the course"))
    exam, reading = claims[f"{DL}content_items"]
    assert exam["title"] == "The <b>exam</b>"
    assert exam["lineItem"]["scoreMaximum"] == 12.5
    assert (exam["lineItem"]["resourceId"], exam["lineItem"]["tag"]) == ("town/final", "quiz")
    assert exam["custom"] == {"module": "town", "quiz": "final", "version": "1.0.0"}
    assert parse_qs(urlsplit(exam["url"]).query) == {"module": ["town"], "quiz": ["final"], "version": ["1.0.0"]}
    assert exam["available"] == {"startDateTime": "2027-01-01T06:00:00Z"}
    assert exam["submission"] == {"endDateTime": "2027-01-31T21:59:00Z"}
    assert "lineItem" not in reading
    assert reading["custom"] == {"module": "town", "page": "reading", "version": "1"}


def test_nothing_goes_along_that_the_platform_does_not_take(app, ask, publish, town):
    publish(town)
    with app.app_context():
        db.session.execute(db.text("UPDATE registration SET product = 'moodle'"))
        db.session.commit()
    trainer = ask(settings={"accept_lineitem": False, "accept_multiple": False})
    page = tick(trainer.open("pick/modules/town"), "Reading", "Final quiz").press("Pick what is ticked")
    assert "does not take dates" in page.text
    assert not {"column-0", "due-0", "title-1"} & {control.name for control in page.controls}
    claims = answer_of(app, page.press("Put into the course"))
    [item] = claims[f"{DL}content_items"]
    assert item["custom"]["quiz"] == "final", "of several, the last one counts"
    assert not {"lineItem", "available", "submission"} & item.keys()
    assert f"{DL}data" not in claims


def test_one_item_without_an_address_goes_to_an_lms_that_names_its_own_at_login(app, ask, publish, town):
    publish(town)
    with app.app_context():
        db.session.execute(db.text("UPDATE registration SET product = 'openedx'"))
        db.session.commit()
    library = first_page(ask())
    assert "You can pick several" not in library.text
    [item] = answer_of(app, library.press("Pick").press("Put into the course"))[f"{DL}content_items"]
    assert "url" not in item
    assert item["custom"] == {"module": "town", "version": "1"}


def test_cancel_gives_an_empty_list_with_a_message(app, ask, publish, town):
    publish(town)
    claims = answer_of(app, first_page(ask()).press("Cancel"))
    assert claims[f"{DL}content_items"] == []
    assert claims[f"{DL}msg"] == "Nothing was picked."


@pytest.mark.parametrize("where", ["custom", "address"])
def test_an_item_that_is_edited_begins_with_what_it_shows(app, ask, publish, town, where):
    publish(town)
    named = {"module": "town", "quiz": "final", "version": "1.0.0"}
    address = f"{PUBLIC_URL}/lti/launch?module=town&quiz=final&version=1.0.0"
    trainer = ask(custom=named) if where == "custom" else ask(target_link_uri=address)
    page = first_page(trainer)
    assert page.path.endswith("/pick/items")
    [item] = answer_of(app, page.press("Put into the course"))[f"{DL}content_items"]
    assert item["custom"] == named


def test_search_and_preview(ask, publish, town):
    publish(town)
    trainer = ask()
    assert "The town" in trainer.open("pick/?q=TOWN").text
    assert "Nothing fits this search" in trainer.open("pick/?q=%22%3E%3Cscript%3E").text
    page = trainer.open("pick/modules/town/pages/reading")
    assert "Who owns the bridge?" in page.text
    assert not re.search("FEEDBACK-|FACILITATOR-NOTE|HINT-", page.html)
    assert trainer.open("pick/modules/town/pages/none").status == 404
    assert trainer.open("pick/modules/none").status == 404


def test_learners_and_other_kinds_of_launches_do_not_get_in(app, ask, visit, publish, town):
    publish(town)
    assert first_page(ask(roles=[f"{MEMBERSHIP}Learner"])).status == 403
    picking = ask(roles=[])
    assert first_page(picking).status == 200, "who may add activities is for the platform to say"
    for path in ("", "start", "teach/", "pages/reading"):
        assert picking.open(path).status == 404
    assert visit("trainer", is_trainer=True).open("pick/items").path.endswith("/teach/")


def test_what_is_wrong_in_a_form_is_said(ask, publish, town):
    publish(town)
    trainer = ask()
    page = first_page(trainer).press("Pick")
    for name, value, words in (
        ("points-0", "many", "number above 0"),
        ("points-0", "0", "number above 0"),
        ("due-0", "yesterday", "date could not be read"),
    ):
        changed = set_values(trainer.open("pick/items"), **{name: value}).press("Put into the course")
        assert changed.status == 400
        assert words in changed.text
    inside = tick(trainer.open("pick/modules/town"))
    assert "Tick what you want" in inside.press("Pick what is ticked").text
    fields = {"csrf_token": page.fields(page.forms and next(iter(page.forms)))["csrf_token"], "module": "town"}
    assert trainer.post("pick/items", fields | {"quiz": "none"}).status == 404


def test_a_place_that_takes_no_activities_says_so(ask, publish, town):
    publish(town)
    page = first_page(ask(settings={"accept_types": ["file"]}))
    assert "takes no activities" in page.text
    assert not [control for control in page.controls if control.words == "Pick"]


def test_a_part_fills_an_empty_activity(app, publish, town, visit):
    publish(town)
    trainer = visit("trainer", is_trainer=True, module=None)
    page = tick(trainer.open("pick/modules/town"), "Final quiz").press("Pick what is ticked")
    page = page.press("Show it in this activity")
    assert page.path.endswith("/teach/")
    with app.app_context():
        placement = db.session.scalars(select(Placement)).one()
        assert (placement.module_id, placement.quiz_id, placement.is_version_fixed) == ("town", "final", False)
    learner = visit("learner-1", module=None)
    assert "Final quiz" in learner.open("start").text
    assert learner.open("pages/reading").status == 404
    page = learner.open("pages/quiz").choose("q-single", "Beta").press("Look over and submit").press("Submit")
    assert "You reached 1 of 6 points" in page.text


def test_only_the_quiz_of_the_part_counts(publish, every_type, visit, app):
    publish(every_type)
    trainer = visit("trainer", is_trainer=True, module=None)
    tick(trainer.open("pick/modules/town"), "Checks").press("Pick what is ticked").press("Show it in this activity")
    start = visit("learner-1", module=None).open("start")
    assert "Nothing is graded here" in start.text
    with app.app_context():
        assert db.session.scalars(select(Launch.picked).where(Launch.is_trainer)).one()["items"]
