"""Trainers see who is in the course: also those who never came, by pages and by groups."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from lti_tool.extensions import db
from lti_tool.models import (
    Context,
    CourseGroup,
    GroupMember,
    Member,
    MemberKind,
    MemberStatus,
    Participation,
    Placement,
    Roster,
    RosterReason,
    RosterState,
)
from lti_tool.services import reports
from lti_tool.services.name_order import sort_key
from tests.lti_tool.launching import add_person

NOW = datetime.now(UTC)


@pytest.fixture
def trainer(app, publish, town, visit):
    publish(town)
    trainer = visit("trainer", name="The Trainer", is_trainer=True)
    with app.app_context():
        db.session.scalars(select(Context)).one().memberships_url = "https://lms.test/members"
        db.session.commit()
    return trainer


def add_members(app, *names, group=None, kind=MemberKind.LEARNER, status=MemberStatus.ACTIVE):
    """Write people on the list of the first course, as a reading does."""
    with app.app_context():
        context = db.session.scalars(select(Context).order_by(Context.id)).first()
        where = {
            "registration_id": context.deployment.registration_id,
            "deployment_id": context.deployment_id,
            "context_id": context.id,
        }
        if db.session.get(Roster, context.id) is None:
            roster = Roster(**where, created_at=NOW, pulled_at=NOW, learners=len(names))
            db.session.add(roster)
        row = CourseGroup(context_id=context.id, group_id=group, name=group) if group else None
        if row:
            db.session.add(row)
        for name in names:
            sub = name.lower().replace(" ", "-")
            member = Member(**where, sub=sub, name=name, sort_key=sort_key(name, sub), kind=kind, status=status)
            member.generation = 1
            db.session.add(member)
            db.session.flush()
            if row:
                db.session.add(GroupMember(group_id=row.id, member_id=member.id))
        db.session.commit()


def set_roster(app, **values):
    with app.app_context():
        roster = db.session.scalars(select(Roster)).one()
        for name, value in values.items():
            setattr(roster, name, value)
        db.session.commit()


def test_a_trainer_asks_for_the_list_and_sees_who_never_came(app, trainer, visit):
    visit("ada-b", name="Ada B").open("pages/reading")
    page = trainer.open()
    assert "Only people who opened the activity are listed." in page.text
    page = page.press("Read the course list")
    assert page.path.endswith("/teach/")
    assert "The course list is being read." in page.text
    with app.app_context():
        roster = db.session.scalars(select(Roster)).one()
        assert roster.state is RosterState.WAITING
        assert roster.next_pull_at <= datetime.now(UTC)
        db.session.delete(roster)
        db.session.commit()
    add_members(app, "Ada B", "Zoë C")
    add_members(app, "Gone D", status=MemberStatus.LEFT)
    add_members(app, "Teacher E", kind=MemberKind.TRAINER)
    add_members(app, "Preview F", kind=MemberKind.TEST)
    page = trainer.open()
    assert "2 learners on the course list. Last read:" in page.text
    rows = page.html.split("<tr>")[2:]
    assert len(rows) == 2
    assert "Ada B" in rows[0]
    assert "0 of 2 pages done" in rows[0]
    assert "Zoë C" in rows[1]
    assert "not here yet" in rows[1]


def test_who_left_or_is_nobody_is_marked_where_they_took_part(app, trainer, visit):
    visit("gone-d", name="Gone D").open("pages/reading")
    visit("preview-f", name="Preview F").open("pages/reading")
    add_members(app, "Gone D", status=MemberStatus.LEFT)
    add_members(app, "Preview F", kind=MemberKind.TEST)
    page = trainer.open()
    rows = page.html.split("<tr>")[2:]
    assert "left the course" in rows[0]
    assert "test account" in rows[1]


def test_somebody_with_another_name_on_the_list_is_shown_once(app, trainer, visit):
    visit("ada-b", name="Another Name").open("pages/reading")
    add_members(app, "Ada B")
    assert trainer.open().html.count("<tr>") == 2


def test_groups_choose_who_is_shown(app, trainer, visit):
    visit("ada-b", name="Ada B").open("pages/reading")
    add_members(app, "Ada B", "Cleo D", group="North")
    add_members(app, "Zoë C", group="South")
    page = trainer.open()
    assert all(name in page.text for name in ("Ada B", "Cleo D", "Zoë C", "North", "South"))
    with app.app_context():
        north = db.session.scalar(select(CourseGroup.id).filter_by(name="North"))
    page = trainer.open(f"teach/?group={north}")
    assert "People: North" in page.text
    rows = page.html.split("<tr>")[2:]
    assert ["Ada B" in rows[0], "Cleo D" in rows[1], len(rows)] == [True, True, 2]
    assert "0 of 2 pages done" in rows[0]
    assert "Zoë C" in trainer.open("teach/?group=999999").text, "an unknown group is everybody"


@pytest.mark.parametrize("reason", list(RosterReason))
def test_each_reason_why_a_list_was_not_read_has_words(app, trainer, reason):
    add_members(app, "Ada B")
    set_roster(app, reason=reason, next_pull_at=NOW + timedelta(hours=1))
    page = trainer.open()
    assert "Next try:" in page.text
    assert page.button("Read the course list")
    assert "is-bad" in page.html


def test_progress_is_told_while_a_list_is_read(app, trainer):
    add_members(app, "Ada B")
    set_roster(app, state=RosterState.PULLING, received=1200, cursor_url="https://lms.test/members?from=1200")
    assert "The course list is being read. 1200 people so far." in trainer.open().text


def test_where_the_lms_says_nothing_the_trainer_is_told_whom_to_ask(app, trainer):
    with app.app_context():
        db.session.scalars(select(Context)).one().memberships_url = None
        db.session.commit()
    page = trainer.open()
    assert "Your LMS does not say who is in this course." in page.text
    assert trainer.post("teach/roster", {"csrf_token": trainer.token}).status == 404


def test_learners_cannot_ask(app, trainer, visit):
    learner = visit("learner-1")
    assert learner.post("teach/roster", {"csrf_token": learner.token}).status == 403
    with app.app_context():
        assert db.session.scalars(select(Roster)).all() == []


def test_pages_of_people_cost_the_same_and_miss_nobody(app, trainer, monkeypatch):
    monkeypatch.setattr(reports, "PAGE_ROWS", 10)
    monkeypatch.setattr(reports, "SUMMED_UP", 5)
    names = [f"Person {number:03}" for number in range(60)]
    add_members(app, *names[::2], "Åke", "Étienne", "阿明")
    with app.app_context():
        placement = db.session.scalars(select(Placement)).one()
        for name in names[::3]:
            sub = name.lower().replace(" ", "-")
            person = add_person(placement, sub, name)
            row = {"placement_id": placement.id, "person_id": person.id, "sort_key": sort_key(name, sub)}
            db.session.add(Participation(**row, first_seen_at=NOW, last_seen_at=NOW))
        add = add_person(placement, "nameless")
        row = {"placement_id": placement.id, "person_id": add.id, "sort_key": sort_key(None, "nameless")}
        db.session.add(Participation(**row, first_seen_at=NOW, last_seen_at=NOW))
        db.session.commit()
    seen, statements, path = [], [], "teach/"
    with app.app_context():
        engine = db.engine
    counted = []
    event.listen(engine, "before_cursor_execute", lambda *_: counted.append(1))
    while path:
        counted.clear()
        page = trainer.open(path)
        statements.append(len(counted))
        rows = page.html.split('<th scope="row">')[1:]
        seen += [row.split("</th>")[0].split("<")[0].strip() for row in rows]
        assert "Count who is done" in page.text
        assert len(statements) < 10
        more = re.search(r'href="[^"]*[?&]after=([^"&]+)"', page.html)
        path = f"teach/?after={more[1]}" if more else ""
    expected = sorted({*names[::2], *names[::3]})
    assert [name for name in seen if name in expected] == expected
    others = [name for name in seen if name not in expected]
    assert others[:2] == ["Åke", "Étienne"]
    assert others[2].startswith("阿明")
    assert others[3].startswith("Person")
    assert len(set(seen)) == len(seen) == 44
    assert max(statements) - min(statements) <= 3
    assert "0 under way" in trainer.open("teach/?count=all").text


@pytest.mark.parametrize("after", ["p999999", "m999999", "x", "p", "p1e3", "m٣", "p" + "9" * 50, "p-1"])
def test_a_place_that_there_is_not_is_the_beginning(app, trainer, after):
    add_members(app, "Ada B")
    assert "Ada B" in trainer.open(f"teach/?after={after}").text


def test_a_place_of_another_course_is_not_told(app, trainer, visit):
    add_members(app, "Ada B", "Zoë C")
    with app.app_context():
        zoe = db.session.scalar(select(Member.id).filter_by(name="Zoë C"))
    other = visit("trainer", is_trainer=True, context="course-2", link="link-2")
    page = other.open(f"teach/?after=m{zoe}")
    assert page.status == 200
    assert "Ada B" not in page.text
    assert "Ada B" not in other.open().text
