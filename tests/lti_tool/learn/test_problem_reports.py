"""Reporting a problem with a page or a question: by anybody, without scripts, seen by the trainers of the activity."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.models import Person, ProblemReport, Release
from lti_tool.services import people, personal_data
from lti_tool.services.problem_reports import LONGEST_TEXT, MOST_IN_AN_HOUR
from tests.journeys.audit import audit

ACCESS = "I cannot see, hear, reach"


def choose_kind(page, words=ACCESS):
    for control in page.controls:
        if control.name == "kind":
            control.attributes.pop("checked", None)
            if control.words.startswith(words):
                control.attributes["checked"] = ""
    return page


def fill(page, text):
    [field] = [each for each in page.controls if each.name == "text"]
    field.value = text
    return page


def follow_report(visitor, path):
    """Follow the link at the end of a page."""
    page = visitor.open(path)
    [address] = re.findall(r'<a href="([^"]*/problems/[^"]*)">Report a problem', page.html)
    return visitor.open(address)


def send(visitor, text="It is wrong.", path="pages/reading"):
    return fill(choose_kind(follow_report(visitor, path)), text).press("Send the report")


def kept(app):
    with app.app_context():
        return list(db.session.scalars(select(ProblemReport).order_by(ProblemReport.id)))


@pytest.mark.parametrize(
    ("path", "about"),
    [("start", None), ("pages/reading", "reading"), ("search/", None), ("quizzes/final/review", "quiz")],
)
def test_each_page_has_the_way_to_report_in_the_same_place(app, learner, path, about):
    page = learner.open(path)
    end = page.html[page.html.index("</main>") :]
    assert end.count("/problems/") == 1
    assert "Thank you." in send(learner, path=path).text
    assert kept(app)[0].page_id == about


def test_page_question_version_and_language_go_along(app, learner):
    page = choose_kind(follow_report(learner, "pages/reading"))
    [about] = [each for each in page.controls if each.name == "question"]
    assert [words for _value, words in about.options] == ["The page as a whole", "Question 1: Who owns the bridge?"]
    about.value = "q-check"
    sent = fill(page, "  Two answers are right.\n").press("Send the report")
    assert sent.status == 200
    [report] = kept(app)
    assert (report.page_id, report.question_id, report.text) == ("reading", "q-check", "Two answers are right.")
    assert (report.kind, report.language, report.done_at) == ("access", "en", None)
    with app.app_context():
        assert db.session.get(Release, report.release_digest).version == "1.0.0"
    assert "Two answers are right." in learner.open("problems/").text


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"kind": "broken", "text": " \n"}, 422, "Describe the problem."),
        ({"kind": "broken", "text": "\0"}, 422, "Describe the problem."),
        ({"kind": "broken", "text": "x" * (LONGEST_TEXT + 1)}, 422, "can have 4000 characters"),
        ({"kind": "", "text": "kept as typed"}, 422, "Say what kind"),
        ({"kind": "other", "text": "kept as typed"}, 422, "Say what kind"),
        ({"kind": "broken", "text": "x", "page": "nowhere"}, 404, "no such page"),
        ({"kind": "broken", "text": "x", "page": "reading", "question": "q-single"}, 404, "no such question"),
        ({"kind": "broken", "text": "x", "question": "q-check"}, 404, "no such question"),
    ],
)
def test_what_cannot_be_taken_is_said_and_stays_in_the_form(app, learner, fields, status, words):
    page = learner.post("problems/", fields | {"csrf_token": learner.token})
    assert page.status == status
    assert words in page.text
    if "kept" in fields["text"]:
        assert "kept as typed</textarea>" in page.html
        assert "<title>Error:" in page.html
    assert kept(app) == []


def test_only_questions_that_were_drawn_for_the_person_are_offered(app, publish, every_type, visit):
    publish(every_type)
    learner = visit(name="Learner One")
    page = follow_report(learner, "pages/pool")
    [about] = [each for each in page.controls if each.name == "question"]
    offered = {value for value, _words in about.options[1:]}
    assert offered == set(re.findall(r'data-question="([^"]+)"', learner.open("pages/pool").html))


def test_nobody_floods_the_trainers(app, learner, visit):
    for number in range(MOST_IN_AN_HOUR):
        assert send(learner, f"Number {number}").status == 200
    refused = send(learner, "One more")
    assert refused.status == 429
    assert "One more</textarea>" in refused.html
    assert "Wait a while" in refused.text
    assert send(visit("learner-2", name="Learner Two")).status == 200
    with app.app_context():
        first = db.session.scalars(select(ProblemReport)).first()
        first.reported_at = datetime.now(UTC) - timedelta(hours=2)
        db.session.commit()
    assert send(learner, "One more").status == 200


def test_trainers_see_the_list_with_its_states(app, learner, visit):
    send(learner, "It is <b>wrong</b>.")
    trainer = visit("trainer-1", name="Trainer", is_trainer=True)
    assert "1 reported problem" in trainer.open("teach/").text
    page = trainer.open("problems/all")
    for words in ("Reading", "It is &lt;b&gt;wrong&lt;/b&gt;.", "Learner One", "Version 1.0.0", "Open: 1", "Done: 0"):
        assert words in page.html
    done = page.press("Mark as done")
    assert "Open: 0" in done.text
    assert "Nothing is here." in done.text
    assert 'chip-good">done' in learner.open("problems/").html
    again = trainer.open("problems/all?state=done").press("Open again")
    assert "Done: 0" in again.text
    assert kept(app)[0].done_at is None


def test_learners_see_no_list_and_settle_nothing(app, learner, visit):
    send(visit("learner-2", name="Learner Two"), "Of the other one")
    assert learner.open("problems/all").status == 403
    assert learner.post("problems/all/1", {"csrf_token": learner.token}).status == 404
    assert "Of the other one" not in learner.open("problems/").text


@pytest.mark.parametrize("number", ["0", "99", "x", "-1", "1" * 12])
def test_a_report_that_is_not_there_is_not_found(learner, visit, number):
    trainer = visit("trainer-1", is_trainer=True)
    assert trainer.post(f"problems/all/{number}", {"csrf_token": trainer.token}).status == 404


def test_reports_are_given_out_and_erased_with_their_person(app, learner, visit):
    send(learner, "Mine")
    send(visit("learner-2", name="Learner Two"), "Of the other one")
    with app.app_context():
        person = db.session.scalar(select(Person).filter_by(sub="learner-1"))
        at = datetime.now(UTC)
        assert [row["text"] for row in personal_data.collect(db.session(), person, at)["problem_report"]] == ["Mine"]
        found = people.find(db.session(), person.id)
        assert people.erase(db.session(), found, at, "admin", keeps_results=True)["problem_report"] == 1
        db.session.commit()
    assert [report.text for report in kept(app)] == ["Of the other one"]


@pytest.mark.parametrize("make_app", ["sqlite"], indirect=True)
@pytest.mark.xdist_group("scripts")
class TestInABrowser:
    """As people see it."""

    def test_the_pages_have_no_barriers_and_keys_are_enough(self, app, learner, visit, tab, axe):
        tab.goto(learner.home + "pages/reading")
        tab.get_by_role("link", name="Report a problem with this page").press("Enter")
        audit(tab)
        tab.get_by_label("What is it about?").press("ArrowDown")
        tab.get_by_role("radio", name="Something does not work").press("Space")
        tab.get_by_label("What happened?").press_sequentially("Nothing moves.")
        tab.get_by_role("button", name="Send the report").press("Enter")
        expect(tab.get_by_role("status")).to_contain_text("Thank you.")
        audit(tab)
        assert kept(app)[0].question_id == "q-check"
        tab.goto(visit("trainer-1", is_trainer=True).home + "problems/all")
        audit(tab)
