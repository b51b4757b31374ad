"""People in the admin pages: found, given what is known of them, and erased, with a trace in the log alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from lti_tool.extensions import Model, db
from lti_tool.models import (
    Answer,
    Attempt,
    AuditEntry,
    Launch,
    Member,
    MemberKind,
    MemberStatus,
    PageVisit,
    Participation,
    Person,
    PrivateNote,
    Role,
    Score,
)
from lti_tool.services import people, private_notes
from lti_tool.services.records import Participant
from tests.lti_tool.admin.browser import signed_in
from tests.lti_tool.learn.conftest import publish, town, visit

__all__ = ["publish", "town", "visit"]


@pytest.fixture
def learner(app, publish, town, visit):
    """Somebody who read, tried and submitted, and somebody else who did the same; gives the first one's number."""
    publish(town)
    for sub, name in (("learner-1", "Ana Álvarez"), ("learner-2", "Bo Berg")):
        person = visit(sub, name=name)
        person.open("pages/reading")
        person.open("pages/quiz").choose("q-single", "Beta").press("Look over and submit").press("Submit")
        person.open("pages/quiz")
        person.open("pages/reading").choose("q-check", "The river").press("Check")
        with app.app_context():
            one = db.session.scalars(select(Participation).join(Participation.person).filter_by(sub=sub)).one()
            who = Participant(one.placement_id, one.person_id)
            private_notes.save(db.session(), who, "reading", "note", f"A note of {name}", 0, datetime.now(UTC))
            db.session.commit()
    with app.app_context():
        found = db.session.scalars(select(Person).filter_by(sub="learner-1")).one()
        launch = db.session.scalars(select(Launch)).first()
        where = {
            "registration_id": found.registration_id,
            "deployment_id": launch.deployment_id,
            "context_id": launch.context_id,
        }
        member = Member(**where, sub=found.sub, name=found.name, sort_key="a", generation=1)
        member.kind, member.status = MemberKind.LEARNER, MemberStatus.ACTIVE
        db.session.add(member)
        db.session.commit()
        return found.id


def left(app, model, **where):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model).filter_by(**where))


def entries(app, action):
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry).filter_by(action=action)))


@pytest.mark.parametrize("text", ["álv", "learner-1", "Ana"])
def test_somebody_is_found_by_a_part_of_the_name_or_the_identifier(app, learner, text):
    page = signed_in(app).get("/admin/people", query_string={"text": text}).text
    assert f"/admin/people/{learner}" in page
    assert "Bo Berg" not in page


@pytest.mark.parametrize("text", ["%", "_n_", "nobody", "x" * 5000, "a\0b", "' OR 1=1"])
def test_nobody_is_found_by_what_means_something_to_a_database(app, learner, text):
    page = signed_in(app).get("/admin/people", query_string={"text": text})
    assert page.status_code == 200
    if len(text) > 1:
        assert "Ana Álvarez" not in page.text


def test_pages_of_people_follow_each_other(app, learner, monkeypatch):
    monkeypatch.setattr(people, "PAGE_ROWS", 1)
    owner = signed_in(app)
    first = owner.get("/admin/people").text
    assert "Ana Álvarez" in first
    assert "Bo Berg" not in first
    second = owner.get(f"/admin/people?after={learner}").text
    assert "Bo Berg" in second
    assert "More people" not in second


def test_everything_is_given_out_and_the_log_says_so_without_a_name(app, learner):
    owner = signed_in(app)
    given = owner.send(f"/admin/people/{learner}", f"/admin/people/{learner}/export")
    assert given.headers["Content-Disposition"] == f'attachment; filename="person-{learner}.json"'
    found = json.loads(given.text)
    assert {"person", "attempt", "answer", "score", "member", "page_visit", "private_note"} <= found.keys()
    assert "A note of Ana Álvarez" in [note["text"] for note in found["private_note"]]
    assert "Bo Berg" not in given.text
    [entry] = entries(app, "person-exported")
    assert entry.subject == f"LMS: person {learner}"
    assert "Ana" not in owner.get("/admin/audit").text


def test_results_stay_without_a_name_where_they_are_to(app, learner):
    owner = signed_in(app)
    page = f"/admin/people/{learner}"
    refused = owner.send(page, f"{page}/erase")
    assert refused.status_code == 400
    assert "Tick the box" in refused.text
    assert left(app, PageVisit, person_id=learner) == 2
    assert owner.send(page, f"{page}/erase", sure="yes").status_code == 303
    assert left(app, Launch, person_id=learner) == left(app, PageVisit, person_id=learner) == 0
    assert left(app, PrivateNote, person_id=learner) == 0
    assert left(app, Member) == 0
    assert left(app, Attempt, person_id=learner) == left(app, Score, person_id=learner) == 1
    with app.app_context():
        assert db.session.get(Person, learner).name is None
        assert "ana" not in db.session.scalar(select(Participation.sort_key).filter_by(person_id=learner))
    [entry] = entries(app, "person-erased")
    assert entry.after["results"] == "kept"
    assert left(app, PageVisit) == 2, "the other one's"


def test_nothing_of_somebody_is_left_where_everything_is_erased(app, learner):
    before = left(app, Answer)
    owner = signed_in(app)
    page = f"/admin/people/{learner}"
    erased = owner.send(page, f"{page}/erase", sure="yes", results="erase")
    assert "The person is erased." in owner.get(erased.location).text
    with app.app_context():
        for table in Model.metadata.sorted_tables:
            text = str(db.session.execute(select(table)).all())
            assert "Ana" not in text, table.name
            assert "learner-1" not in text, table.name
    assert left(app, Answer) < before
    assert left(app, Person, sub="learner-2") == left(app, Score) == 1
    assert owner.get(page).status_code == 404
    [entry] = entries(app, "person-erased")
    assert entry.after["rows"]["attempt"] == 2


def test_auditors_see_no_people(app, learner):
    auditor = signed_in(app, Role.AUDITOR)
    for path in ("/admin/people", f"/admin/people/{learner}"):
        assert auditor.get(path).status_code == 403
    assert "/admin/people" not in auditor.get("/admin/").text
    for action in ("export", "erase"):
        assert auditor.post(f"/admin/people/{learner}/{action}", {"sure": "yes"}).status_code == 403
    assert left(app, Person, id=learner) == 1


def test_the_rows_of_somebody_are_found_without_reading_those_of_everybody():
    """A person's page, the export and an erasure look in every table that names a person, however long it is."""
    for table in Model.metadata.sorted_tables:
        found_by = [index.columns[0] for index in table.indexes] + [next(iter(table.primary_key), None)]
        for column in table.columns:
            if any(key.column is Person.__table__.c.id for key in column.foreign_keys):
                assert column in found_by, f"{table.name}.{column.name} has no index of its own"
