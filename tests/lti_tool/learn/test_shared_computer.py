"""A computer that several people use: nothing stays in its browser, and nobody meets what somebody else left there."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.models import Answer, Person
from tests.journeys.audit import audit
from tests.lti_tool.launching import launch
from tests.lti_tool.learn.test_private_notes import OWN
from tests.lti_tool.learn.town import QUIZ, READING, build_town
from tests.lti_tool.learn.visitor import Visitor

SHARED = '<html lang="en" dir="ltr" data-shared>'
KEPT = "() => JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)])"


def say_shared(visitor):
    return visitor.open("computer/").press("This is a shared computer")


def test_a_learner_says_so_and_takes_it_back(app, learner):
    assert SHARED not in learner.open("start").html
    page = say_shared(learner)
    assert "nothing is kept in its browser" in page.text
    for path in ("start", "pages/quiz", "search/"):
        assert SHARED in learner.open(path).html
    assert "Keep this page open: your answers wait on it" in learner.open("pages/quiz").html
    learner.open("computer/").press("This is my own computer")
    assert SHARED not in learner.open("start").html


def test_it_holds_where_the_browser_takes_no_cookie(app, learner):
    say_shared(learner)
    assert learner.client.get_cookie("__Host-shared")
    learner.client.delete_cookie("__Host-shared")
    assert SHARED in learner.open("start").html


def test_the_next_person_in_this_browser_keeps_nothing_either(app, learner, visit):
    say_shared(learner)
    visit("learner-2", name="Learner Two")
    second = Visitor(learner.client, launch(app, None, sub="learner-2"))
    assert SHARED in second.open("start").html
    assert SHARED not in visit("learner-2").open("start").html, "another computer"


def test_finishing_ends_what_the_person_has_open_in_this_browser_only(app, learner, visit):
    visit("learner-2", name="Learner Two")
    here, elsewhere = app.test_client(), app.test_client()
    for client in (here, elsewhere):
        client.environ_base.update(learner.client.environ_base)
        client.set_cookie("__Host-browser", f"browser-of-{id(client)}")
    first, second = (Visitor(here, launch(app, here)) for _ in range(2))
    others = Visitor(here, launch(app, here, sub="learner-2"))
    away = Visitor(elsewhere, launch(app, elsewhere))
    say_shared(first)
    assert "You have finished here" in first.open("computer/").press("Finish here").text
    assert [each.open("start").status for each in (first, second, others, away)] == [401, 401, 200, 200]


def test_nothing_stays_shared_without_a_launch(app):
    assert "data-shared" not in app.test_client().get("/l/nobody/start", headers={"Cookie": "__Host-shared=yes"}).text


@pytest.fixture(scope="session")
def own_quiz(tmp_path_factory):
    pages = {"own.md": OWN, "reading.md": READING, "quiz.md": QUIZ}
    return build_town(tmp_path_factory.mktemp("own-quiz"), pages=pages)


@pytest.fixture
def person(publish, own_quiz, visit):
    publish(own_quiz)
    return visit(name="Learner One")


def answers_of(app, sub):
    """Give which questions somebody's answers are kept for."""
    with app.app_context():
        wanted = select(Answer.question_id).join(Answer.attempt).join(Person).where(Person.sub == sub)
        return [each for each in db.session.scalars(wanted) if each]


def pick(tab, words):
    tab.locator("#q-single .option", has_text=words).locator("input").check()


def saved(tab):
    expect(tab.locator("#q-single [data-saved]")).to_contain_text("Saved")


@pytest.mark.parametrize("make_app", ["sqlite"], indirect=True)
@pytest.mark.xdist_group("scripts")
class TestInABrowser:
    """With the page's scripts, and the network cut."""

    def test_on_a_shared_computer_nothing_is_kept_even_without_a_connection(self, app, person, tab):
        tab.goto(person.home + "computer/")
        tab.get_by_role("button", name="This is a shared computer").click()
        expect(tab.get_by_role("status")).to_contain_text("nothing is kept")
        tab.goto(person.home + "pages/own")
        tab.context.set_offline(True)
        tab.get_by_role("textbox", name="Private note").fill("A secret of mine")
        expect(tab.locator(".reflection [role=status]")).to_contain_text("Keep this page open")
        assert json.loads(tab.evaluate(KEPT)) == [[], []]
        tab.context.set_offline(False)
        expect(tab.locator(".reflection [role=status]")).to_contain_text("Saved")
        tab.goto(person.home + "pages/quiz")
        tab.context.set_offline(True)
        pick(tab, "Beta")
        expect(tab.get_by_role("status").filter(has_text="Keep this page open")).to_be_visible()
        assert json.loads(tab.evaluate(KEPT)) == [[], []]
        tab.context.set_offline(False)
        saved(tab)
        assert answers_of(app, "learner-1") == ["q-single"]

    def test_who_leaves_a_page_that_holds_something_is_asked_first(self, app, person, tab):
        say_shared(person)
        tab.goto(person.home + "pages/quiz")
        tab.context.set_offline(True)
        pick(tab, "Beta")
        expect(tab.get_by_role("status").filter(has_text="Keep this page open")).to_be_visible()
        asked = []
        tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        tab.evaluate("() => { location.href = 'start'; }")
        tab.wait_for_timeout(500)
        assert asked == ["beforeunload"]
        tab.context.set_offline(False)
        saved(tab)

    def test_what_waits_is_deleted_when_the_computer_is_shared_and_that_is_said_before(self, app, person, tab):
        tab.route("**/answers/*", lambda route: route.abort())
        tab.goto(person.home + "pages/quiz")
        pick(tab, "Alpha")
        expect(tab.get_by_role("status").filter(has_text="Your answers wait here")).to_be_visible()
        tab.goto(person.home + "computer/")
        expect(tab.get_by_text("Something that you wrote has not been sent yet.")).to_be_visible()
        audit(tab)
        assert json.loads(tab.evaluate(KEPT)) != [[], []]
        tab.get_by_role("button", name="This is a shared computer").click()
        expect(tab.get_by_role("status")).to_contain_text("nothing is kept")
        tab.wait_for_function("() => sessionStorage.length === 0")
        audit(tab)

    def test_what_was_delivered_is_wiped_from_any_browser(self, app, person, tab):
        tab.goto(person.home + "pages/quiz")
        pick(tab, "Beta")
        saved(tab)
        assert json.loads(tab.evaluate(KEPT)) == [[], []]
        tab.goto(person.home + "pages/own")
        tab.get_by_role("textbox", name="Private note").fill("Mine")
        expect(tab.locator(".reflection [role=status]")).to_contain_text("Saved")
        assert json.loads(tab.evaluate(KEPT)) == [[], []]

    def test_the_next_person_neither_sees_nor_sends_what_the_last_one_left(self, app, person, visit, tab):
        tab.route("**/answers/*", lambda route: route.abort())
        tab.route("**/notes/*", lambda route: route.abort())
        tab.goto(person.home + "pages/own")
        tab.get_by_role("textbox", name="Private note").fill("A secret of mine")
        expect(tab.locator(".reflection [role=status]")).to_contain_text("waits here")
        tab.goto(person.home + "pages/quiz")
        pick(tab, "Alpha")
        expect(tab.get_by_role("status").filter(has_text="Your answers wait here")).to_be_visible()
        tab.unroute_all()
        sent = []
        tab.on("request", lambda request: sent.append(request.url) if request.method != "GET" else None)
        second = visit("learner-2", name="Learner Two")
        tab.goto(second.home + "pages/own")
        expect(tab.get_by_role("textbox", name="Private note")).to_have_value("")
        tab.goto(second.home + "pages/quiz")
        expect(tab.locator("#q-single input:checked")).to_have_count(0)
        assert "A secret of mine" not in tab.content()
        assert [url for url in sent if "/answers/" in url or "/notes/" in url] == []
        assert answers_of(app, "learner-2") == []
        tab.goto(visit(name="Learner One").home + "pages/quiz")
        saved(tab)
        assert answers_of(app, "learner-1") == ["q-single"], "the first one's are there for them"

    def test_nobody_goes_back_to_the_pages_of_who_has_finished(self, app, person, tab):
        say_shared(person)
        tab.goto(person.home + "pages/quiz")
        pick(tab, "Beta")
        saved(tab)
        tab.goto(person.home + "computer/")
        tab.get_by_role("button", name="Finish here").click()
        expect(tab.get_by_role("heading", name="You have finished here")).to_be_visible()
        audit(tab)
        tab.go_back()
        tab.go_back()
        expect(tab.get_by_role("alert")).to_contain_text("open the activity again")
        assert "Pick one" not in tab.content()
