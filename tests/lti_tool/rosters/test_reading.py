"""A course's list is read over real HTTP, whatever the LMS makes of it, and nobody is taken for gone by mistake."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from lti_tool.errors import ConflictError
from lti_tool.jobs import rosters as jobs
from lti_tool.jobs.retention import delete_old
from lti_tool.models import (
    Context,
    CourseGroup,
    GroupMember,
    Member,
    MemberKind,
    Participation,
    Person,
    Placement,
    Privacy,
    Registration,
    RegistrationState,
    Roster,
    RosterReason,
    RosterState,
)
from lti_tool.practice_lms import Fault, model, roster
from lti_tool.services import registrations, rosters
from lti_tool.services.name_order import sort_key
from tests.lti_tool.rosters.course_list import learner

HOUR = timedelta(hours=1)


def fail(course, **fault):
    course.lms.config.faults.add(Fault(operation="memberships", **fault))


def page(*people, **more):
    members = [{"user_id": sub, "roles": ["Learner"]} | more for sub in people]
    return json.dumps({"id": "x", "context": {"id": "1"}, "members": members})


@pytest.mark.parametrize("profile", ["strict", "moodle"])
def test_everybody_is_read_with_short_and_whole_role_names(make_course, profile, clock):
    course = make_course(profile=profile)
    read = course.read()
    kinds = {sub: member.kind for sub, member in course.members().items()}
    assert kinds == {f"learner-{n}": MemberKind.LEARNER for n in (1, 2, 3)} | {"trainer-1": MemberKind.TRAINER}
    assert course.members()["learner-2"].name == "Learner 2"
    assert (read.learners, read.received, read.pulled_at, read.reason) == (3, 4, clock.at, None)
    assert read.state is RosterState.WAITING
    assert read.next_pull_at == clock.at + timedelta(hours=24)
    member = course.members()["learner-1"]
    assert member.registration_id
    assert member.deployment_id
    assert not course.pull(), "it is not due before the next day"
    clock.advance(hours=24)
    assert course.pull()


def test_a_long_list_is_read_in_turns_that_others_may_come_between(make_course, monkeypatch):
    monkeypatch.setattr(jobs, "PAGES_AT_ONCE", 2)
    course = make_course(learners=450)
    course.ask()
    turns = 0
    while course.pull():
        turns += 1
        if turns == 1:
            assert course.roster.received == 200
            assert course.roster.pulled_at is None
    assert turns == 3
    assert course.roster.learners == len(course.members()) - 1 == 450


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"status": 500}, RosterReason.PLATFORM_ERROR),
        ({"status": 429, "headers": {"Retry-After": "600"}}, RosterReason.THROTTLED),
        ({"status": 429}, RosterReason.THROTTLED),
        ({"status": 403, "headers": {"X-Rate-Limit-Remaining": "0"}}, RosterReason.THROTTLED),
        ({"status": 403, "headers": {"Retry-After": "60"}}, RosterReason.THROTTLED),
        ({"status": 200, "body": "<html>Maintenance</html>"}, RosterReason.PLATFORM_ERROR),
        ({"status": 200, "body": '{"members": [{"user_id": "learn'}, RosterReason.PLATFORM_ERROR),
        ({"status": 200, "body": page("learner-1"), "cuts_answer": True}, RosterReason.UNREACHABLE),
        ({"status": 200, "body": '{"members": "none"}'}, RosterReason.PLATFORM_ERROR),
        ({"status": 200, "body": "[" * 5000}, RosterReason.PLATFORM_ERROR),
        ({"drops_connection": True}, RosterReason.UNREACHABLE),
    ],
    ids=["500", "429-after", "429", "403", "403-after", "html", "truncated", "cut", "no-list", "deep", "dropped"],
)
def test_what_goes_wrong_in_passing_goes_on_at_the_same_page(make_course, clock, when, fault, reason):
    course = make_course(learners=150)
    course.ask()
    first_page = course.lms.config.faults
    first_page.add(Fault(operation="memberships", status=None))
    course.lms.config.faults.add(Fault(operation="memberships", when=when, **fault))
    # The first of the two lets the first page pass where the fault comes before; where it comes after, the second one
    # fails on the first page.
    course.pull()
    stopped = course.roster
    assert (stopped.reason, stopped.tries, stopped.state) == (reason, 1, RosterState.WAITING)
    assert stopped.received == (100 if when == "before" else 0)
    assert bool(stopped.cursor_url) == (when == "before")
    assert course.left() == set()
    wait = stopped.next_pull_at - clock.at
    assert wait >= timedelta(seconds=int(fault.get("headers", {}).get("Retry-After", 15)))
    assert not course.pull(), "not before its time"
    clock.at = stopped.next_pull_at
    while course.pull():
        pass
    assert (course.roster.reason, course.roster.tries, course.roster.learners) == (None, 0, 150)
    assert course.roster.generation == (1 if when == "before" else 2)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"status": 429}, RosterReason.THROTTLED),
        ({"status": 403, "headers": {"Retry-After": "60"}}, RosterReason.THROTTLED),
        ({"status": 503}, RosterReason.PLATFORM_ERROR),
        ({"status": 200, "body": "<html>"}, RosterReason.PLATFORM_ERROR),
        ({"status": 200, "body": "x", "repeats": 2_000_000}, RosterReason.PLATFORM_ERROR),
        ({"drops_connection": True}, RosterReason.UNREACHABLE),
    ],
    ids=["429", "403-after", "503", "html", "huge", "dropped"],
)
def test_a_token_that_is_not_given_for_now_is_asked_for_again_soon(course, clock, fault, reason):
    # For the groups, without which the list is of use, too, and for the list.
    course.lms.config.faults.add(Fault(operation="token", times=2, **fault))
    stopped = course.read()
    assert (stopped.reason, stopped.state) == (reason, RosterState.WAITING)
    assert stopped.next_pull_at - clock.at < timedelta(hours=2)
    clock.at = stopped.next_pull_at
    while course.pull():
        pass
    assert (course.roster.reason, course.roster.learners) == (None, 3)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"status": 404}, RosterReason.GONE),
        ({"status": 403}, RosterReason.ACCESS_REFUSED),
        ({"status": 400}, RosterReason.REFUSED),
        ({"status": 302, "headers": {"Location": "/"}}, RosterReason.PLATFORM_ERROR),
        ({"status": 200, "body": page()}, RosterReason.EMPTY),
        ({"status": 200, "body": page("a", name="x" * 2_000_000)}, RosterReason.TOO_LARGE),
    ],
    ids=["404", "403", "400", "redirect", "empty", "large"],
)
def test_what_fails_for_good_waits_for_its_regular_time_and_nobody_is_gone(course, clock, fault, reason):
    course.read()
    clock.advance(days=8)
    fail(course, **fault)
    stopped = course.read()
    assert stopped.reason == reason
    if reason is not RosterReason.PLATFORM_ERROR:
        assert stopped.next_pull_at == clock.at + timedelta(hours=24)
    assert course.left() == set()
    assert stopped.pulled_at == clock.at - timedelta(days=8)


@pytest.mark.parametrize(
    "link",
    [
        '<https://elsewhere.test/members>; rel="next"',
        '<http://127.0.0.1:1/lti/courses/1/memberships>; rel="next"',
        "<//elsewhere.test/x>; rel=next",
        "<javascript:alert(1)>; rel=next",
        "</lti/courses/1/memberships?from=1>; rel=\u201cnext\u201d",
        'next="/lti/courses/1/memberships?from=1"',
        '<http://[>; rel="next"',
    ],
)
def test_a_next_page_that_cannot_be_followed_is_an_error_and_not_the_end(course, link):
    course.read()
    fail(course, status=200, body=page("learner-1"), headers={"Link": link.encode().decode("latin-1")})
    course.change(next_pull_at=course.outbox.clock(), full_pulled_at=None)
    course.pull()
    assert course.roster.reason == RosterReason.BROKEN_PAGING
    assert course.left() == set()


@pytest.mark.parametrize(
    "link",
    [
        '</lti/courses/1/memberships?from=1&limit=9>; rel="next"',
        '<memberships?from=1&limit=9>; REL=next; title="a, b; rel=last"',
        '<x>; rel="last", </lti/courses/1/memberships?from=1>; rel="foo next"',
    ],
)
def test_unusual_links_to_the_next_page_are_followed(course, link):
    fail(course, status=200, body=page("learner-1"), headers={"Link": link})
    assert course.read().learners == 3


@pytest.mark.parametrize("link", ['<members?from=next>; rel="current"', '<x>; rel="prev"; title="next week"'])
def test_a_link_to_something_else_that_is_called_next_is_no_next_page(course, link):
    fail(course, status=200, body=page("learner-1"), headers={"Link": link})
    found = course.read()
    assert (found.reason, found.learners) == (None, 1)


@pytest.mark.parametrize(
    "link",
    [
        '<https://elsewhere.test/groups>; rel="next"',
        "<javascript:alert(1)>; rel=next",
        "</lti/courses/1/groups?from=1; rel=next",
        "rel=\u201cnext\u201d",
    ],
)
def test_groups_stay_whose_list_was_not_read_to_its_end(course, clock, link):
    groups = [
        model.Group(id=1, course_id=1, name="North", subs=("learner-1",)),
        model.Group(id=2, course_id=1, name="South", subs=("learner-2",)),
    ]
    course.plant(groups=groups)
    course.read()
    body = json.dumps({"id": "x", "groups": [{"id": "1", "name": "Renamed"}]})
    headers = {"Link": link.encode().decode("latin-1")}
    course.lms.config.faults.add(Fault(operation="groups", status=200, body=body, headers=headers))
    clock.advance(days=8)
    assert course.read().reason is None, "the list of people is of use without its groups"
    with course.reading() as session:
        assert set(session.scalars(select(CourseGroup.name))) == {"North", "South"}


def test_pages_that_do_not_end_are_left(course, clock, monkeypatch):
    monkeypatch.setattr(rosters, "MAX_PAGES", 5)
    for number in range(10):
        link = f'</lti/courses/1/memberships?x={number}>; rel="next"'
        fail(course, status=200, body=page(f"somebody-{number}"), headers={"Link": link})
    assert course.read().reason == RosterReason.ENDLESS
    course.lms.config.faults.clear()
    for number in range(10):
        link = f'</lti/courses/1/memberships?y={number}>; rel="next"'
        fail(course, status=200, body=page("learner-1"), headers={"Link": link})
    assert course.read().reason == RosterReason.ENDLESS
    assert course.roster.pages <= 2, "the second page told nothing new"
    course.lms.config.faults.clear()
    assert course.read().reason is None


def test_odd_people_are_passed_over_and_numbers_taken_as_ids(course):
    odd = [
        None,
        7,
        {"roles": ["Learner"]},
        {"user_id": "", "roles": []},
        {"user_id": "a\0b"},
        {"user_id": "x" * 300},
        {"user_id": True},
        {"user_id": 12, "roles": "Learner", "name": 3},
        {"user_id": "ok", "roles": [None, "Learner"], "name": "  A\0 name ", "status": "active"},
        {"user_id": "ok", "roles": ["Learner"], "name": "Twice", "status": "http://x/status#Active"},
        {"user_id": "institution", "roles": ["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"]},
    ]
    fail(course, status=200, body=json.dumps({"members": odd}))
    course.read()
    found = {sub: (member.kind, member.name) for sub, member in course.members().items()}
    assert found == {
        "12": (MemberKind.OTHER, None),
        "ok": (MemberKind.LEARNER, "Twice"),
        "institution": (MemberKind.OTHER, None),
    }


def test_who_left_is_told_by_a_whole_list_by_a_status_and_by_differences(course, clock):
    course.enrol(learner(4), learner(5))
    course.read()
    with course.lms.connect() as connection:
        roster.leave(connection, 1, "learner-1")
    course.enrol(learner(2), status="Inactive")
    course.enrol(learner(6))
    clock.advance(minutes=5)
    assert not course.read().is_full
    assert course.left() == {"learner-1", "learner-2"}
    assert course.members()["learner-1"].left_at == clock.at
    assert (course.roster.received, course.roster.learners) == (3, 4)

    course.enrol(learner(1))
    with course.lms.connect() as connection:
        roster.leave(connection, 1, "learner-4")
    clock.advance(days=8)
    assert course.read().is_full
    assert course.left() == {"learner-2", "learner-4"}
    back = course.members()["learner-1"]
    assert back.left_at is None


def test_moodle_which_tells_no_differences_is_read_whole_each_time(make_course, clock):
    course = make_course(profile="moodle")
    course.read()
    with course.lms.connect() as connection:
        roster.leave(connection, 1, "learner-3")
    clock.advance(minutes=5)
    assert course.read().is_full
    assert course.left() == {"learner-3"}


def test_differences_that_are_refused_are_mended_by_reading_everybody(course, clock):
    course.read()
    fail(course, status=404)
    clock.advance(minutes=5)
    assert course.read().reason == RosterReason.GONE
    clock.at = course.roster.next_pull_at
    assert clock.at < course.roster.pulled_at + HOUR
    assert course.pull()
    assert (course.roster.reason, course.roster.is_full) == (None, True)


def test_accounts_of_nobody_stand_apart(course):
    course.enrol(model.Person(sub="preview", given_name="Test", is_test_user=True))
    assert course.read().learners == 3
    assert course.members()["preview"].kind is MemberKind.TEST


def test_a_name_on_the_list_is_the_name_of_the_person(course):
    with course.sessions.begin() as session:
        registration_id = session.scalar(select(Registration.id))
        at = course.outbox.clock()
        person = Person(registration_id=registration_id, sub="learner-1", created_at=at, last_seen_at=at)
        session.add(person)
        session.flush()
        row = {"placement_id": course.placement_id, "person_id": person.id, "first_seen_at": at, "last_seen_at": at}
        session.add(Participation(**row))
    course.read()
    with course.reading() as session:
        person = session.scalars(select(Person).filter_by(sub="learner-1")).one()
        participation = session.get_one(Participation, (course.placement_id, person.id))
        assert person.name == "Learner 1"
        assert participation.sort_key == course.members()["learner-1"].sort_key == sort_key("Learner 1", "learner-1")


def test_no_name_is_kept_where_the_platform_shares_none_and_kept_ones_are_forgotten(make_course):
    course = make_course()
    course.read()
    with course.sessions.begin() as session:
        registration = session.scalars(select(Registration)).one()
        registrations.change(session, registration, {"privacy": Privacy.PSEUDONYM}, course.outbox.clock(), "owner")
    for _ in range(2):
        for sub, member in course.members().items():
            assert (member.name, member.sort_key) == (None, sort_key(None, sub))
        with course.reading() as session:
            assert session.scalars(select(Person.name)).all() == [None]
            assert session.scalars(select(Participation.sort_key)).all() == [sort_key(None, "trainer-1")]
        course.change(full_pulled_at=None, next_pull_at=course.outbox.clock())
        assert course.pull()


def test_groups_come_with_their_people_and_a_course_without_their_service_is_read(course, clock):
    sets = [model.GroupSet(id=3, course_id=1, name="Projects")]
    groups = [
        model.Group(id=1, course_id=1, name="North", set_id=3, subs=("learner-1", "learner-2")),
        model.Group(id=2, course_id=1, name="South", subs=("learner-2",)),
    ]
    course.plant(group_sets=sets, groups=groups)
    course.read()
    assert enrolments(course) == {
        ("Projects", "North", "learner-1"),
        ("Projects", "North", "learner-2"),
        (None, "South", "learner-2"),
    }
    with course.lms.connect() as connection:
        connection.execute("DELETE FROM group_members WHERE group_id = 2")
        connection.execute("DELETE FROM course_groups WHERE id = 2")
    course.lms.config.faults.add(Fault(operation="groups", status=500))
    clock.advance(days=8)
    assert course.read().reason is None
    assert enrolments(course) == {("Projects", "North", "learner-1"), ("Projects", "North", "learner-2")}
    with course.reading() as session:
        assert len(session.scalars(select(CourseGroup)).all()) == 2, "the service did not answer, so they stay"
    clock.advance(days=8)
    course.read()
    with course.reading() as session:
        assert session.scalars(select(CourseGroup.name)).all() == ["North"]


def enrolments(course):
    query = (
        select(CourseGroup.set_name, CourseGroup.name, Member.sub)
        .join(GroupMember, GroupMember.group_id == CourseGroup.id)
        .join(Member, Member.id == GroupMember.member_id)
    )
    with course.reading() as session:
        return set(map(tuple, session.execute(query)))


def test_a_tool_that_may_not_read_the_list_is_told_so(make_course, clock):
    course = make_course(has_roster=False)
    assert course.read().reason == RosterReason.TOKEN_REFUSED
    assert course.members() == {}
    assert course.roster.next_pull_at == clock.at + timedelta(hours=24)


def test_one_process_reads_at_a_time_and_another_takes_over_when_it_dies(make_course, clock, outbox):
    course = make_course(learners=150)
    course.ask()
    with course.sessions.begin() as session:
        claimed = rosters.claim(session, outbox.vault, course.context_id, at=clock.at, lease=outbox.lease)
    assert not course.pull()
    clock.advance(seconds=61)
    while course.pull():
        pass
    assert course.roster.learners == 150
    with course.sessions.begin() as session:
        assert rosters.hold(session, claimed, clock.at, outbox.lease) is None, "the one who came back has lost it"


def test_asking_twice_is_asking_once(course, clock):
    course.read()
    course.ask()
    assert not course.pull(), "it was read this very moment"
    clock.advance(minutes=1)
    course.ask()
    course.ask()
    assert course.pull()
    assert not course.pull()


@pytest.mark.parametrize("closed", ["registration", "deployment", "address"])
def test_no_list_is_read_through_a_closed_door(course, closed):
    course.ask()
    with course.sessions.begin() as session:
        registration = session.scalars(select(Registration)).one()
        if closed == "registration":
            registration.state = RegistrationState.CLOSED
        elif closed == "deployment":
            registration.deployments[0].is_approved = False
        else:
            session.get_one(Context, course.context_id).memberships_url = None
    assert not course.pull()
    assert course.members() == {}
    assert course.roster.state is RosterState.WAITING


def test_a_course_that_nobody_visits_is_not_read_by_itself(course, clock):
    course.read()
    clock.advance(days=31)
    assert not course.pull()
    assert course.roster.next_pull_at is None


def test_a_large_course_is_read_page_by_page(make_course, monkeypatch):
    longest = 0
    write = rosters.members.write

    def watched(session, reading, listed, at):
        nonlocal longest
        longest = max(longest, len(listed))
        return write(session, reading, listed, at)

    monkeypatch.setattr(rosters.members, "write", watched)
    course = make_course(learners=1_500)
    assert course.read().learners == 1_500
    assert longest == 100, "no more people are in memory than a page has"


def test_a_removed_platform_takes_its_lists_along(course):
    course.read()
    with course.sessions.begin() as session:
        registration = session.scalars(select(Registration)).one()
        with pytest.raises(ConflictError):
            registrations.remove(session, registration, course.outbox.clock(), "owner")
    with course.sessions.begin() as session:
        # What erasure and retention leave of a platform that nobody uses any more.
        for model_ in (Participation, Placement, Person):
            session.execute(delete(model_))
        registration = session.scalars(select(Registration)).one()
        registrations.remove(session, registration, course.outbox.clock(), "owner")
    with course.reading() as session:
        for model_ in (Member, CourseGroup, GroupMember, Roster, Context, Registration):
            assert session.scalars(select(model_)).all() == []


def test_lists_of_courses_that_nobody_visits_and_people_who_left_long_ago_go(course, clock, outbox):
    course.plant(groups=[model.Group(id=1, course_id=1, name="North", subs=("learner-1",))])
    course.read()
    course.enrol(learner(3), status="Inactive")
    clock.advance(days=1)
    course.read()
    clock.advance(days=178)
    assert delete_old(outbox)["rosters"] == 0
    with course.sessions.begin() as session:
        session.execute(update(Participation).values(last_seen_at=clock.at))
    clock.advance(days=2)
    assert delete_old(outbox)["rosters"] == 1
    assert "learner-3" not in course.members()
    clock.advance(days=180)
    assert delete_old(outbox)["rosters"] == 3 + 1 + 1
    with course.reading() as session:
        assert session.scalars(select(Roster)).all() == session.scalars(select(GroupMember)).all() == []
