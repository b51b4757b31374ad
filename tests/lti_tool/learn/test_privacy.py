"""A person asks through the LMS what the tool knows about them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from lti_tool.extensions import Model, db
from lti_tool.models import Context, CourseGroup, GroupMember, Member, MemberKind, MemberStatus, Person
from lti_tool.services import personal_data
from tests.journeys.audit import audit
from tests.lti_tool.learn.test_pick import ToolClient
from tests.lti_tool.learn.visitor import Visitor
from tests.lti_tool.signing_platform import MEMBERSHIP, launch_through, signing_platform


@pytest.fixture
def platform(app):
    with signing_platform() as platform:
        platform.register(app)
        yield platform


@pytest.fixture
def ask(app, platform, publish, town):
    """Send somebody through a data privacy launch, which names no activity."""
    publish(town)

    def enter(sub="learner-1", **changes):
        claims = {
            "message_type": "DataPrivacyLaunchRequest",
            "sub": sub,
            "roles": [f"{MEMBERSHIP}Learner"],
            "resource_link": None,
            "context": None,
        }
        client = ToolClient(app, app.response_class)
        response = launch_through(client, platform, **(claims | changes))
        assert response.status_code == 303, response.text
        assert response.headers["Location"].endswith("/privacy/")
        return Visitor(client, re.match(r"/l/[\w-]+/", response.headers["Location"])[0])

    return enter


def take_the_quiz(person):
    person.open("pages/reading")
    person.open("pages/quiz").choose("q-single", "Beta").press("Look over and submit").press("Submit")


def test_the_page_says_what_is_kept_why_and_for_how_long(ask, visit):
    take_the_quiz(visit("learner-1", name="Learner One"))
    page = ask().open("privacy/")
    assert page.status == 200
    for words in ("Attempts at quizzes", "evidence of what you achieved", "days after you were here last", "learner-1"):
        assert words in page.text


def test_everything_comes_as_json_without_secrets_and_without_other_people(app, ask, visit):
    take_the_quiz(visit("learner-1", name="Learner One"))
    take_the_quiz(visit("learner-2", name="Learner Two"))
    asking = ask()
    response = asking.client.get(asking.home + "privacy/data.json")
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    found = json.loads(response.text)
    assert {"person", "launch", "participation", "page_visit", "attempt", "answer", "score"} <= found.keys()
    assert [row["sub"] for row in found["person"]] == ["learner-1"]
    assert {row["question_id"] for row in found["answer"]} >= {"q-single"}
    assert "learner-2" not in response.text
    assert "Learner Two" not in response.text
    handle = asking.home.split("/")[2]
    assert handle not in response.text
    assert not {name for rows in found.values() for row in rows for name in row} & personal_data.SECRETS


def test_the_lists_of_courses_are_told_too(app, ask, visit):
    take_the_quiz(visit("learner-1", name="Learner One"))
    with app.app_context():
        context = db.session.query(Context).one()
        where = {"registration_id": context.deployment.registration_id, "deployment_id": context.deployment_id}
        group = CourseGroup(context_id=context.id, group_id="1", name="North")
        db.session.add(group)
        for sub in ("learner-1", "learner-2"):
            member = Member(**where, context_id=context.id, sub=sub, name=f"Name of {sub}", sort_key=sub, generation=1)
            member.kind, member.status = MemberKind.LEARNER, MemberStatus.ACTIVE
            db.session.add(member)
            db.session.flush()
            db.session.add(GroupMember(group_id=group.id, member_id=member.id))
        db.session.commit()
        registration_id = where["registration_id"]
        person = db.session.query(Person).filter_by(sub="learner-1", registration_id=registration_id).one()
        found = personal_data.collect(db.session(), person, datetime.now(UTC))
    assert [row["name"] for row in found["member"]] == ["Name of learner-1"]
    assert len(found["group_member"]) == 1


def test_everything_comes_as_tables_that_no_spreadsheet_computes(app, ask, visit):
    take_the_quiz(visit("learner-1", name="=HYPERLINK(1)"))
    with app.app_context():
        person = db.session.query(Person).filter_by(sub="learner-1").one()
        packed = personal_data.as_csv(personal_data.collect(db.session(), person, datetime.now(UTC)))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert "attempt.csv" in archive.namelist()
        [row] = csv.DictReader(io.StringIO(archive.read("person.csv").decode("utf-8-sig")))
    assert row["name"] == "'=HYPERLINK(1)"
    asking = ask()
    assert asking.client.get(asking.home + "privacy/data.zip").data[:2] == b"PK"


def test_nothing_is_said_of_somebody_else_whoever_asks(ask, visit):
    take_the_quiz(visit("learner-1", name="Learner One"))
    for roles in (
        [f"{MEMBERSHIP}Administrator"],
        ["http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"],
    ):
        asking = ask("admin-1", roles=roles, for_user={"user_id": "learner-1"}, name="An Admin")
        page = asking.open("privacy/")
        assert "asked for the data of another person" in page.text
        assert "Learner One" not in asking.open("privacy/data.json").html


def test_such_a_launch_opens_nothing_else(ask):
    asking = ask()
    for path in ("", "start", "teach/", "pick/", "review/"):
        assert asking.open(path).status == 404


def test_every_table_that_names_a_person_is_in_the_file(app, visit, publish, town):
    """A table that is added later must not be forgotten: it is found by its foreign key."""
    publish(town)
    take_the_quiz(visit("learner-1"))
    with app.app_context():
        person = db.session.query(Person).filter_by(sub="learner-1").one()
        found = personal_data.collect(db.session(), person, datetime.now(UTC))
        named = {
            table.name
            for table in Model.metadata.sorted_tables
            for key in table.foreign_keys
            if key.column.table.name == "person"
            and db.session.execute(table.select().where(key.parent == person.id)).first() is not None
        }
    assert named
    assert named <= found.keys()


def rows_about(app, sub):
    with app.app_context():
        person = db.session.query(Person).filter_by(sub=sub).one()
        return {
            name: len(rows) for name, rows in personal_data.collect(db.session(), person, datetime.now(UTC)).items()
        }


def leave_much(visitor):
    """Read, check, take a quiz, begin it again, report a problem, choose a language."""
    take_the_quiz(visitor)
    visitor.open("pages/quiz").press("Try again")
    visitor.open("pages/quiz").choose("q-single", "Alpha").press("Save")
    visitor.open("pages/reading").choose("q-check", "The town").press("Check", "q-check")
    fields = {"csrf_token": visitor.token, "page": "reading", "kind": "broken", "text": "It does not work."}
    visitor.post("problems/", fields)
    visitor.post("language/", {"csrf_token": visitor.token, "language": "en"})


@pytest.mark.parametrize("path", ["start", "pages/reading", "search/", "problems/", "computer/"])
def test_each_page_leads_there_in_one_place(learner, path):
    html = learner.open(path).html
    end = html[html.index("</main>") :]
    [address] = re.findall(r'<a href="([^"]*/privacy/)">Your data</a>', end)
    page = learner.open(address)
    assert "What is kept, and why" in page.text
    assert "You can erase it below." in page.text


def test_learners_take_what_is_known_of_them_with_them(learner, visit):
    take_the_quiz(visit("learner-2", name="Learner Two"))
    leave_much(learner)
    given = learner.client.get(learner.home + "privacy/data.json")
    assert {"person", "attempt", "answer", "problem_report", "page_visit"} <= json.loads(given.text).keys()
    assert "Learner Two" not in given.text
    with zipfile.ZipFile(io.BytesIO(learner.client.get(learner.home + "privacy/data.zip").data)) as archive:
        assert {"problem_report.csv", "answer.csv"} <= set(archive.namelist())


def test_learners_erase_what_may_be_erased_and_evidence_stays(app, learner, visit):
    other = visit("learner-2", name="Learner Two")
    for each in (learner, other):
        leave_much(each)
    visit(name="Learner One")
    before, others = rows_about(app, "learner-1"), rows_about(app, "learner-2")
    assert before["attempt"] == 3
    page = learner.open("privacy/")
    refused = page.press("Erase what I can erase")
    assert refused.status == 400
    assert "Tick the box" in refused.text
    assert rows_about(app, "learner-1") == before
    [box] = [each for each in page.controls if each.name == "sure"]
    box.attributes["checked"] = ""
    erased = page.press("Erase what I can erase")
    assert "entries were erased." in erased.text
    left = rows_about(app, "learner-1")
    assert not {"page_visit", "private_note", "problem_report"} & left.keys()
    # The submitted attempt, and the one that is open: nobody gets other questions by erasing it.
    assert (left["attempt"], left["score"], left["launch"]) == (2, before["score"], 1)
    assert rows_about(app, "learner-2") == others
    with app.app_context():
        assert db.session.query(Person).filter_by(sub="learner-1").one().language is None
    start = learner.open("start")
    assert start.status == 200, "the launch goes on"
    assert "0 %" in start.text
    assert ">Start <" in start.html


@pytest.mark.parametrize("make_app", ["sqlite"], indirect=True)
@pytest.mark.xdist_group("scripts")
def test_the_page_has_no_barriers(app, learner, visit, tab, axe):
    leave_much(learner)
    tab.goto(learner.home + "privacy/")
    audit(tab)
    tab.get_by_label("I am sure.").check()
    tab.get_by_role("button", name="Erase what I can erase").press("Enter")
    expect(tab.get_by_role("status")).to_contain_text("erased")
    audit(tab)
    tab.goto(visit("trainer-1", is_trainer=True).home + "teach/")
    audit(tab)
