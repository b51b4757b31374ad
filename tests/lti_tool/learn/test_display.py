"""Text size and contrast: as the LMS says, as the person chose, on each page, and without a script, too."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.lti.content import Content
from lti_tool.models import Person
from lti_tool.services import library, people
from tests.journeys.audit import audit
from tests.lti_tool.launching import add_placement
from tests.lti_tool.learn.test_pick import ToolClient
from tests.lti_tool.learn.visitor import Visitor
from tests.lti_tool.signing_platform import launch_through, signing_platform

AUTO, MORE, STANDARD = "(prefers-contrast: more)", "all", "not all"


def shown(visitor, path="start"):
    """Read the text size of a page, and when high contrast applies there."""
    html = visitor.client.get(visitor.home + path).text
    size = re.search(r'<html[^>]* data-text-size="(\w+)"', html)
    return size[1] if size else "normal", re.search(r'media="([^"]+)" data-contrast', html)[1]


def choose(visitor, **values):
    fields = {"csrf_token": visitor.token, "text_size": "normal", "contrast": "auto", "back": ""} | values
    return visitor.client.post(visitor.home + "display", data=fields)


@pytest.fixture
def enter(app, town):
    """Launch through a platform that fills in the custom parameter as told."""
    with signing_platform() as platform:
        platform.register(app, product="canvas")
        with app.app_context():
            library.publish(db.session(), town, datetime.now(UTC))
            library.place(db.session(), add_placement(), Content(module_id="town"))
            db.session.commit()

        def launch(custom=None):
            client = ToolClient(app, app.response_class)
            response = launch_through(client, platform, custom=custom)
            return Visitor(client, re.match(r"/l/[\w-]+/", response.headers["Location"])[0])

        yield launch


def test_each_page_shows_what_was_chosen_on_one(learner, visit):
    assert shown(learner) == ("normal", AUTO)
    assert choose(learner, text_size="largest", contrast="more").status_code == 303
    assert {shown(learner), shown(learner, "pages/quiz")} == {("largest", MORE)}
    choose(learner, contrast="standard")
    assert shown(learner) == ("normal", STANDARD)
    assert shown(visit("learner-2")) == ("normal", AUTO)


def test_it_is_kept_for_the_person_on_other_devices_and_in_other_courses(learner, visit):
    choose(learner, text_size="large", contrast="more")
    assert shown(visit(name="Learner One")) == ("large", MORE)
    assert shown(visit(context="course-2", link="link-2")) == ("large", MORE)
    assert shown(visit(client_id="client-2")) == ("normal", AUTO)


@pytest.mark.parametrize(
    ("custom", "media"),
    [
        ({"high_contrast": "true"}, MORE),
        ({"high_contrast": "false"}, AUTO),
        ({"high_contrast": "$Canvas.user.prefersHighContrast"}, AUTO),
        ({"high_contrast": None}, AUTO),
        ({"high_contrast": True}, AUTO),
        (None, AUTO),
    ],
)
def test_what_the_lms_says_counts_until_the_person_chooses(enter, custom, media):
    learner = enter(custom)
    assert shown(learner) == ("normal", media)
    assert shown(enter(custom)) == ("normal", media), "the second launch takes the short way"
    choose(learner, contrast="standard")
    assert shown(enter(custom)) == ("normal", STANDARD)


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [
        ("pages/quiz", "pages/quiz"),
        ("start", "start"),
        ("", "start"),
        ("display", "start"),
        ("pages/reading/done", "start"),
        ("//other.test/", "start"),
        ("https://other.test/", "start"),
        ("/admin/", "start"),
        ("/l/another-launch/start", "start"),
    ],
)
def test_it_leads_back_to_a_page_of_this_launch_only(learner, back, leads_to):
    is_here = back and "/" not in back[:1] and ":" not in back
    response = choose(learner, back=learner.home + back if is_here else back)
    assert response.headers["Location"] == learner.home + leads_to


@pytest.mark.parametrize("values", [{"text_size": "huge"}, {"contrast": ""}, {"contrast": "x" * 999}])
def test_a_choice_that_there_is_not_is_refused(learner, values):
    response = choose(learner, **values)
    assert response.status_code == 400
    assert "Reload the page" in response.text
    assert shown(learner) == ("normal", AUTO)


def test_the_choice_goes_with_the_person(app, learner):
    choose(learner, text_size="large", contrast="more")
    with app.app_context():
        number = db.session.scalar(select(Person.id))
        found = people.find(db.session(), number)
        people.erase(db.session(), found, datetime.now(UTC), "owner", keeps_results=True)
        db.session.commit()
        person = db.session.get(Person, number)
        assert (person.name, person.text_size, person.contrast) == (None, "normal", "auto")


sqlite_only = pytest.mark.parametrize("make_app", ["sqlite"], indirect=True)


@sqlite_only
def test_a_choice_shows_at_once_and_stays(learner, tab):
    tab.goto(learner.home + "pages/reading")
    size = "getComputedStyle(document.documentElement).fontSize"
    paper = "getComputedStyle(document.body).backgroundColor"
    assert tab.evaluate(size) == "16px"
    tab.locator("summary", has_text="Display").click()
    sheet = tab.locator(".display-sheet")
    expect(sheet.get_by_role("button", name="Keep")).to_be_hidden()
    sheet.get_by_role("radio", name="Very large").check()
    expect(sheet.get_by_role("status")).to_have_text("Kept.")
    assert tab.evaluate(size) == "24px"
    sheet.get_by_role("radio", name="High").check()
    assert tab.evaluate(paper) == "rgb(255, 255, 255)"
    expect(sheet.get_by_role("status")).to_have_text("Kept.")
    tab.goto(learner.home + "pages/quiz")
    assert (tab.evaluate(size), tab.evaluate(paper)) == ("24px", "rgb(255, 255, 255)")
    tab.context.set_offline(True)
    tab.locator("summary", has_text="Display").click()
    sheet.get_by_role("radio", name="Normal").check()
    expect(sheet.get_by_role("status")).to_contain_text("No connection")
    assert tab.evaluate(size) == "16px"


@sqlite_only
def test_the_device_says_so_where_nobody_chose(learner, tab):
    tab.goto(learner.home + "pages/reading")
    paper = "getComputedStyle(document.body).backgroundColor"
    assert tab.evaluate(paper) == "rgb(251, 250, 247)"
    tab.emulate_media(contrast="more")
    assert tab.evaluate(paper) == "rgb(255, 255, 255)"
    tab.emulate_media(contrast="more", color_scheme="dark")
    assert tab.evaluate(paper) == "rgb(0, 0, 0)"


@sqlite_only
def test_without_a_script_the_form_does_it(learner, tab):
    page = learner.open("pages/quiz")
    assert "As your course and your device say" in page.text
    context = tab.context.browser.new_context(java_script_enabled=False, base_url=tab.url)
    tab.goto(learner.home + "pages/quiz")
    plain = context.new_page()
    plain.goto(tab.url)
    plain.locator("summary", has_text="Display").click()
    plain.get_by_role("radio", name="Large", exact=True).check()
    plain.get_by_role("button", name="Keep").click()
    expect(plain.locator("html")).to_have_attribute("data-text-size", "large")
    assert plain.url == tab.url
    context.close()


@sqlite_only
@pytest.mark.parametrize("contrast", ["auto", "more"])
@pytest.mark.parametrize("size", ["normal", "largest"])
def test_no_barrier_at_any_size_and_contrast(learner, tab, axe, size, contrast):
    choose(learner, text_size=size, contrast=contrast)
    for path in ("start", "pages/reading", "pages/quiz"):
        tab.goto(learner.home + path)
        tab.locator("summary", has_text="Display").click()
        audit(tab)
