"""Below the routes: rows about people hang on their registration and deployment, and services mix nobody up."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import Table, func, select, update
from sqlalchemy.orm import Session

from course_builder.package import Manifest, read_package
from lti_tool import services
from lti_tool.errors import LaunchError, NotAllowedError, NotFoundError, SessionEndedError
from lti_tool.extensions import Model, db
from lti_tool.lti.claims import ContextClaims, GradeClaims, LaunchClaims
from lti_tool.lti.content import Content
from lti_tool.lti.grades import RESULT_SCOPE
from lti_tool.lti.line_items import LINE_ITEM_SCOPE
from lti_tool.lti.notices import CopyNotice
from lti_tool.models import (
    AllowanceKind,
    Answer,
    Attempt,
    Columns,
    Comparison,
    CourseGroup,
    Deployment,
    GroupMember,
    Launch,
    Member,
    MemberKind,
    MemberStatus,
    Message,
    PageVisit,
    Participation,
    Person,
    Placement,
    ProblemKind,
    Score,
    ScoreState,
    Upload,
    Verdict,
)
from lti_tool.services import (
    allowances,
    attempts,
    backlog,
    compared_grades,
    comparisons,
    copies,
    launch_path,
    launches,
    library,
    line_items,
    logins,
    members,
    neighbours,
    notices,
    people,
    personal_data,
    placements,
    platform_health,
    private_notes,
    problem_reports,
    progress,
    quiz_rules,
    quiz_settings,
    records,
    reports,
    reviews,
    scores,
    uploads,
)
from lti_tool.services.allowances import Gift
from lti_tool.services.name_order import sort_key
from lti_tool.services.records import Participant
from lti_tool.services.shelf import OpenRelease
from tests.lti_tool.launching import add_person, add_placement
from tests.lti_tool.learn.town import build_town

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
LINE_ITEM = "https://lms.test/items/1"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"

NOT_ABOUT_PEOPLE = {
    "accounts", "audit", "chores", "clients", "dynamic", "fingerprints", "health", "invitations", "library", "parts",
    "passwords", "picking", "platforms", "registrations", "retention", "search", "shelf", "throttle",
}  # fmt: skip
"""Services of those who run the tool, of the library, and of nobody's data; who adds one has thought of that."""
TAKES_A_ROW = {
    "attempts.find_answer", "attempts.save_answer", "attempts.check_answer", "attempts.open_hint", "attempts.submit",
    "deep_links.sign_answer", "launches.start_launch", "launches.mark_shared", "launches.offer_window",
    "launch_path.start_known", "logins.begin_login",
    "scores.queue_score", "deliveries.record", "rosters.ask", "rosters.find", "members.place_in_order",
    "display.choose",
    "uploads.hand_in", "uploads.take_back", "uploads.list_files",
    "attempts.keep_late", "attempts.note_how_sure", "attempts.has_late", "submissions.settle",
    "languages.keep_language", "judgements.judge", "judgements.report", "judgements.of_attempts",
    "delivery_path.record",
}  # fmt: skip
"""They are given a row that one of the others found, and reach nothing but what hangs on it."""
FOR_THE_WORKER = {
    "deliveries.due_cells", "deliveries.claim", "scores.announce", "scores.hold", "rosters.due", "rosters.claim",
    "rosters.hold", "rosters.take_page", "rosters.pause", "rosters.fail", "rosters.announce", "rosters.announce_due",
    "members.write", "members.write_groups", "members.mark_missing", "line_items.due", "line_items.claim",
    "line_items.announce", "line_items.record", "scores.move", "outages.find", "outages.note", "outages.enter",
    "comparisons.announce", "comparisons.due", "comparisons.announce_due", "comparisons.claim", "comparisons.hold",
    "comparisons.take_page", "comparisons.go_on", "comparisons.fail", "compared_grades.has_chosen",
    "delivery_path.claim",
    "compared_grades.write", "compared_grades.send_chosen",
    "notices.due", "notices.record",
    "submissions.overdue", "submissions.end",
}  # fmt: skip
"""They deliver everybody's scores, make every column and read every course's list and gradebook, each of which carries
its registration (``tests/lti_tool/outbox``, ``tests/lti_tool/rosters``, ``tests/lti_tool/comparisons``)."""
FOR_ADMINISTRATORS = {
    "platform_health.begin_check", "platform_health.keep", "platform_health.last_check",
    "platform_health.last_problems", "platform_health.note_problem", "test_launches.record", "test_launches.seen",
    "test_launches.watch", "notices.find_sender",
}  # fmt: skip
"""They are about a platform and name nobody."""

FOR_OWNERS = {
    "outbox.list_scores", "outbox.count_open", "outbox.retry", "outbox.stop", "people.search", "people.find",
    "people.note_export", "people.erase",
}  # fmt: skip
"""They see everybody; the admin pages have a door of their own (``tests/lti_tool/admin``)."""


@dataclass(frozen=True, slots=True)
class World:
    """A learner at a placement, with everything that a learner can have."""

    placement: Placement
    person: Person
    handle: str
    manifest: Manifest

    @property
    def participant(self) -> Participant:
        return Participant(self.placement.id, self.person.id)


PLACES = {
    "registration": {"client_id": "client-2"},
    "platform": {"issuer": "https://other.test"},
    "deployment": {"deployment": "2"},
    "context": {"context": "course-2", "link": "link-2"},
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def session(app: Flask, package: Path) -> Iterator[Session]:
    with app.app_context():
        library.publish(db.session(), package, AT)
        yield db.session()
        db.session.rollback()


def furnish(session: Session, package: Path, sub: str, **where: str) -> World:
    """Let somebody launch, read, answer, submit and be graded."""
    placement = add_placement(**where)
    placement.scopes = [SCORE]
    library.place(session, placement, Content(module_id="town"))
    person = add_person(placement, sub)
    row = {"placement_id": placement.id, "person_id": person.id, "sort_key": sort_key(person.name, sub)}
    session.add(Participation(**row, first_seen_at=AT, last_seen_at=AT))
    session.flush()
    who = Participant(placement.id, person.id)
    handle, _launch = launches.start_launch(
        session, placement=placement, person=person, is_trainer=False, is_learner=True, browser_secret="own",
        at=AT, idle=timedelta(hours=1), line_item_url=LINE_ITEM,
    )  # fmt: skip
    progress.mark_opened(session, who, "reading", AT)
    attempt = attempts.open_attempt(
        session, who, "final", 1, release_digest=placement.release_digest or "", secret="s", at=AT
    )
    attempt.submitted_at, attempt.points, attempt.max_points = AT, "1", "1"
    scores.queue_score(
        session, attempt=attempt, launch_line_item_url=LINE_ITEM, points=Fraction(1), max_points=Fraction(1), at=AT
    )
    session.flush()
    return World(placement, person, handle, read_package(package).manifest)


def claims(**changes: object) -> LaunchClaims:
    values: dict[str, object] = {field.name: None for field in fields(LaunchClaims)}
    values |= {
        "message": Message.RESOURCE_LINK,
        "deployment_id": "1",
        "sub": "learner-1",
        "is_trainer": False,
        "is_learner": True,
        "is_test": False,
        "link_history": (),
        "context_history": (),
        "prefers_contrast": False,
        "context": ContextClaims(id="course-1", title=None, label=None),
        "resource_link_id": "link-1",
        "grades": GradeClaims(line_item_url=None, line_items_url=None, scopes=(SCORE,)),
    }
    return LaunchClaims(**(values | changes))


Plan = Callable[[Session, World, World], None]


def mixed(mine: World, theirs: World) -> tuple[Participant, ...]:
    """Participants that nobody is: my person there, and theirs here, unless both are one person of two places."""
    found = (Participant(theirs.placement.id, mine.person.id), Participant(mine.placement.id, theirs.person.id))
    return tuple(each for each in found if each not in {mine.participant, theirs.participant})


def finds_no_attempt(session: Session, mine: World, theirs: World) -> None:
    for who in mixed(mine, theirs):
        assert attempts.find_newest(session, who, "final") is None


def begins_an_attempt_of_its_own(session: Session, mine: World, theirs: World) -> None:
    for world, other in ((mine, theirs), (theirs, mine)):
        who = Participant(world.placement.id, world.person.id)
        begun = attempts.open_attempt(session, who, "self", 1, release_digest=read_digest(world), secret="s", at=AT)
        assert (begun.placement_id, begun.person_id) == (world.placement.id, world.person.id)
        assert attempts.seed("s", who, "final", 1) != attempts.seed("s", other.participant, "final", 1)


def read_digest(world: World) -> str:
    return world.placement.release_digest or ""


def records_nothing(session: Session, mine: World, theirs: World) -> None:
    for who in mixed(mine, theirs):
        assert all(not record.attempts for record in records.records(session, who, ["final", "module"]).values())


def reads_no_progress(session: Session, mine: World, theirs: World) -> None:
    for who in mixed(mine, theirs):
        assert not progress.read_progress(session, who, mine.manifest).is_begun


def marks_one_place_only(write: Callable[[Session, Participant], None]) -> Plan:
    """What is written for me leaves their rows as they are."""

    def check(session: Session, mine: World, theirs: World) -> None:
        before = rows_of(session, theirs)
        write(session, mine.participant)
        session.flush()
        assert rows_of(session, theirs) == before

    return check


def lists_no_one_else(session: Session, mine: World, theirs: World) -> None:
    for here, there in ((mine, theirs), (theirs, mine)):
        add_member(session, there, "elsewhere")
        shown = reports.read_overview(session, here.placement, here.manifest).learners
        assert [row.person_id for row in shown if row.visit] == [here.person.id]
        assert "elsewhere" not in [row.name for row in shown] or len(shown) == 2
        for row in shown:
            assert row.visit is None or row.visit.score is None or row.visit.score.placement_id == here.placement.id


def add_member(session: Session, world: World, name: str) -> Member:
    """Put somebody on the list of a course."""
    context = world.placement.context
    member = Member(
        registration_id=context.deployment.registration_id, deployment_id=context.deployment_id, context_id=context.id,
        sub=f"{name}-of-{context.id}", name=name, sort_key=name, kind=MemberKind.LEARNER, status=MemberStatus.ACTIVE,
        generation=1,
    )  # fmt: skip
    session.add(member)
    session.flush()
    return member


def lists_groups_of_one_course(session: Session, mine: World, theirs: World) -> None:
    session.add(CourseGroup(context_id=theirs.placement.context_id, group_id="1", name="Theirs"))
    session.flush()
    assert reports.list_groups(session, mine.placement) == []
    group = session.scalars(select(CourseGroup)).one()
    shown = reports.read_overview(session, mine.placement, mine.manifest, group=group.id).learners
    assert shown == ()


def tells_failures_of_one_place(session: Session, mine: World, theirs: World) -> None:
    session.execute(update(Score).values(state=ScoreState.FAILED))
    assert {score.placement_id for score in scores.failed_scores(session, mine.placement.id, 10)} == {mine.placement.id}


def renames_nobody_elsewhere(session: Session, mine: World, theirs: World) -> None:
    member = add_member(session, theirs, "Name There")
    member.sub = mine.person.sub
    mine.person.name = "Name Here"
    session.flush()
    members.see_launch(session, mine.placement.context_id or 0, mine.person)
    session.expire_all()
    assert member.name == "Name There"


def forgets_one_platform_only(session: Session, mine: World, theirs: World) -> None:
    member = add_member(session, theirs, "Name There")
    theirs.person.name = "Name There"
    session.flush()
    own = mine.placement.deployment.registration_id
    members.forget_names(session, own)
    session.expire_all()
    is_elsewhere = theirs.placement.deployment.registration_id != own
    assert (member.name, theirs.person.name) == (("Name There",) * 2 if is_elsewhere else (None, None))
    if is_elsewhere:
        session.execute(update(Placement).values(context_id=None))
        members.forget_courses(session, own)
        session.expire_all()
        assert member.status is MemberStatus.ACTIVE


def gives_no_other_score(session: Session, mine: World, theirs: World) -> None:
    for who in mixed(mine, theirs):
        assert scores.newest_scores(session, who.placement_id, [who.person_id]) == {}
        assert scores.of_person(session, who.placement_id, who.person_id) == {}
    both = [mine.person.id, theirs.person.id]
    assert set(scores.newest_scores(session, mine.placement.id, both)) == {mine.person.id}


def reviews_nobody_who_was_not_here(session: Session, mine: World, theirs: World) -> None:
    launch = launches.find_launch(session, mine.handle, "own", AT)
    launch.request = {"for_user": theirs.person.sub}
    for launch.is_trainer in (True, False):
        with suppress(NotFoundError, NotAllowedError):
            assert reviews.subject_of(session, launch) is mine.person
            assert theirs.person.sub == mine.person.sub


def finds_who_was_here(session: Session, mine: World, theirs: World) -> None:
    assert reviews.participant_of(session, mine.placement.id, mine.person.id) is mine.person
    for who in mixed(mine, theirs):
        with pytest.raises(NotFoundError):
            reviews.participant_of(session, who.placement_id, who.person_id)


def counts_what_waits_here(session: Session, mine: World, theirs: World) -> None:
    for world in (mine, theirs):
        attempt = reviews.read_handed_in(session, world.participant, "final", 1).attempt
        session.add(Answer(attempt_id=attempt.id, question_id="q", response="x", saved_at=AT, state="waiting"))
    session.flush()
    both = [mine.person.id, theirs.person.id]
    assert reviews.count_waiting(session, mine.placement.id, both) == {mine.person.id: 1}


def shows_nothing_handed_in(session: Session, mine: World, theirs: World) -> None:
    for who in mixed(mine, theirs):
        assert reviews.list_handed_in(session, who) == {}
        with pytest.raises(NotFoundError):
            reviews.read_handed_in(session, who, "final", 1)
    found = reviews.read_handed_in(session, mine.participant, "final", 1).attempt
    assert (found.placement_id, found.person_id) == (mine.placement.id, mine.person.id)


def gives_no_file_of_others(session: Session, mine: World, theirs: World) -> None:
    theirs_attempt = reviews.read_handed_in(session, theirs.participant, "final", 1).attempt
    file = Upload(
        attempt_id=theirs_attempt.id, question_id="q-single", name="a.pdf", size=1, content=b"x", uploaded_at=AT
    )
    session.add(file)
    session.flush()
    assert uploads.find_file(session, theirs.participant, "q-single", file.id) is file
    for who in (mine.participant, *mixed(mine, theirs)):
        with pytest.raises(NotFoundError):
            uploads.find_file(session, who, "q-single", file.id)


def collects_one_person_only(session: Session, mine: World, theirs: World) -> None:
    found = personal_data.collect(session, mine.person, AT)
    assert {row["id"] for row in found["person"]} == {mine.person.id}
    for rows in found.values():
        assert {row["person_id"] for row in rows if "person_id" in row} <= {mine.person.id}
    attempts_of_mine = {row["id"] for row in found["attempt"]}
    assert {row["attempt_id"] for row in found.get("answer", [])} <= attempts_of_mine


def makes_columns_of_one_place(session: Session, mine: World, theirs: World) -> None:
    for world in (mine, theirs):
        world.placement.line_items_url, world.placement.line_item_url = "https://lms.test/items", None
        world.placement.scopes = [SCORE, LINE_ITEM_SCOPE]
    line_items.choose(session, mine.placement, Columns.MODULE, mine.manifest, AT)
    line_items.keep_in_step(session, mine.placement, mine.manifest, AT)
    assert [each.placement_id for each in line_items.of_placement(session, mine.placement)] == [mine.placement.id]
    assert line_items.of_placement(session, theirs.placement) == []
    assert line_items.target(session, theirs.placement, None, "final") is None
    assert line_items.target(session, mine.placement, None, "final") is not None


def queues_what_was_earned_here(session: Session, mine: World, theirs: World) -> None:
    for score in session.scalars(select(Score)):
        session.delete(score)
    session.flush()
    before = rows_of(session, theirs)
    makes_columns_of_one_place(session, mine, theirs)
    assert backlog.queue(session, mine.placement, mine.manifest, AT) == 1
    assert session.scalars(select(Score)).one().placement_id == mine.placement.id
    assert rows_of(session, theirs) == before


def sets_rules_of_one_place(session: Session, mine: World, theirs: World) -> None:
    """What counts otherwise here changes no rule and sends no score there."""
    for world in (mine, theirs):
        who = world.participant
        more = attempts.open_attempt(session, who, "final", 2, release_digest=read_digest(world), secret="s", at=AT)
        more.submitted_at, more.points, more.max_points = AT, "0", "1"
    elsewhere = update(Score).where(Score.placement_id == theirs.placement.id)
    session.execute(elsewhere.values(line_item_url="https://lms.test/items/there"))
    session.flush()
    before = rows_of(session, theirs)
    last = quiz_rules.Rules(counting=quiz_rules.Counting.LAST)
    assert quiz_settings.change(session, mine.placement, "final", last, mine.manifest, AT) == 1
    assert quiz_settings.requeue(session, mine.placement, mine.manifest, AT) == 0
    assert records.rules_at(theirs.placement, "final") == quiz_rules.Rules()
    assert rows_of(session, theirs) == before


def gives_more_at_one_place(session: Session, mine: World, theirs: World) -> None:
    """What is given here, to a person or a group of theirs too, changes nothing there, and nothing there is seen."""
    here, there = mine.placement, theirs.placement
    limits = quiz_rules.Rules(attempts=1, minutes=10)
    for world in (mine, theirs):
        quiz_settings.change(session, world.placement, "final", limits, world.manifest, AT)
    group = CourseGroup(context_id=there.context_id, group_id="1", name="Theirs")
    session.add(group)
    session.flush()
    session.add(GroupMember(group_id=group.id, member_id=add_member(session, theirs, "of theirs").id))
    before = rows_of(session, theirs)
    gift = Gift(kind=AllowanceKind.MINUTES, amount=5, reason="here")

    def give(world: World, kind: AllowanceKind = AllowanceKind.MINUTES) -> int:
        return quiz_settings.give(
            session, world.placement, "final", replace(gift, kind=kind), mine.person, world.manifest, opens_nothing, AT,
            person_ids=[mine.person.id, theirs.person.id], group_ids=[group.id],
        )  # fmt: skip

    is_one_context = here.context_id == there.context_id
    assert give(mine) == 1 + is_one_context
    assert records.rules_for(session, here, mine.person.id, "final").minutes == 15
    assert records.rules_for(session, there, theirs.person.id, "final").minutes == 10
    assert allowances.of_person(session, there, theirs.person.id) == {}
    assert allowances.people_of(session, here, [mine.person.id, theirs.person.id]) == [mine.person.id]
    assert allowances.list_people(session, here, None) == [mine.person]
    assert allowances.list_given(session, there, "final") == []
    assert allowances.last_closing(session, there, "final") is None
    if not is_one_context:
        assert allowances.groups_of(session, here, [group.id]) == []
        assert allowances.people_in(session, here, [group.id]) == []
    [given] = [each for each in allowances.list_given(session, here, "final") if each.to is not None]
    for taken in (allowances.withdraw, quiz_settings.take_back):
        with pytest.raises(NotFoundError):
            taken(session, there, "final", given.allowance.id, AT)
    assert rows_of(session, theirs) == before
    give(mine, AllowanceKind.RESET)
    assert rows_of(session, theirs) == before
    assert reviews.list_handed_in(session, mine.participant)["final"][0].set_aside_at == AT
    quiz_settings.take_back(session, here, "final", given.allowance.id, AT)
    assert records.rules_for(session, here, mine.person.id, "final").minutes == 10


def opens_nothing(_digest: str) -> OpenRelease:
    raise AssertionError("no attempt is open")


def compares_one_course(session: Session, mine: World, theirs: World) -> None:
    session.execute(update(Score).values(state=ScoreState.FAILED))
    ids = {}
    for world in (mine, theirs):
        world.placement.scopes, world.placement.line_item_url = [SCORE, RESULT_SCOPE], LINE_ITEM
        context = world.placement.context
        assert comparisons.can_be_compared(session, context)
        assert [column.placement for column in comparisons.columns_of(session, context)] == [world.placement]
        assert comparisons.find(session, context.id) is None
        comparison = comparisons.ask(session, context, lambda _placement, of=world: of.manifest.quizzes, AT)
        [column] = comparisons.list_columns(session, context.id)
        compared_grades.write_missing(session, comparison, column)
        ids[context.id] = [grade.id for grade in compared_grades.list_differences(session, context.id, None).grades]
    here, there = (world.placement.context_id or 0 for world in (mine, theirs))
    [grade] = compared_grades.list_differences(session, here, ids[there][0]).grades
    assert grade.person_id == mine.person.id
    assert compared_grades.count(session, here) == {Verdict.MISSING: 1}
    comparison = session.get_one(Comparison, here)
    assert comparisons.choose(session, comparison, ids[there], AT) == 0
    assert compared_grades.count_advised(session, here) == 1
    assert comparisons.choose(session, comparison, None, AT) == 1
    assert (compared_grades.count_open(session, here), compared_grades.count_open(session, there)) == (1, 0)


def tells_of_one_platform(session: Session, mine: World, theirs: World) -> None:
    for world, other in ((mine, theirs), (theirs, mine)):
        own, others = (each.placement.deployment.registration_id for each in (world, other))
        count = 1 if own != others else 2
        assert len(platform_health.last_launches(session, own)) == count
        assert sum(each.scores for each in platform_health.undelivered(session, own)) <= count


def opens_no_other_launch(session: Session, mine: World, theirs: World) -> None:
    assert launches.find_launch(session, theirs.handle, "own", AT).person is theirs.person
    for handle, secret in ((theirs.handle, "mine"), (theirs.handle, None), ("x" * 22, "own")):
        with pytest.raises(SessionEndedError):
            launches.find_launch(session, handle, secret, AT)


def renews_one_launch_only(session: Session, mine: World, theirs: World) -> None:
    own = launches.find_launch(session, mine.handle, "own", AT)
    launches.renew_launch(session, own.id, AT + timedelta(minutes=30), timedelta(hours=5))
    session.expire_all()
    assert launches.find_launch(session, theirs.handle, "own", AT).expires_at == AT + timedelta(hours=1)


def ends_launches_of_one_person(session: Session, mine: World, theirs: World) -> None:
    own = launches.find_launch(session, mine.handle, "own", AT)
    launches.end_launches(session, own, AT)
    session.expire_all()
    with pytest.raises(SessionEndedError):
        launches.find_launch(session, mine.handle, "own", AT)
    if theirs.person is not mine.person:
        assert launches.find_launch(session, theirs.handle, "own", AT)


def erases_what_is_ones_own(session: Session, mine: World, theirs: World) -> None:
    for world in (mine, theirs):
        private_notes.save(session, world.participant, "reading", "note", "x", 0, AT)
        report_problem(session, world)
    before = rows_of(session, theirs)
    people.erase_own(session, launches.find_launch(session, mine.handle, "own", AT))
    assert launches.find_launch(session, mine.handle, "own", AT)
    assert private_notes.of_page(session, mine.participant, "reading") == []
    if theirs.person is not mine.person:
        assert rows_of(session, theirs) == before
        assert len(private_notes.of_page(session, theirs.participant, "reading")) == 1
        assert len(problem_reports.own_reports(session, theirs.participant)) == 1


def opens_a_window_of_one_launch(session: Session, mine: World, theirs: World) -> None:
    own = launches.find_launch(session, mine.handle, "own", AT)
    ticket = launches.offer_window(session, own, AT + timedelta(minutes=10))
    with pytest.raises(LaunchError):
        launches.take_window(session, "x" * 22, "other", AT, timedelta(hours=1))
    handle = launches.take_window(session, ticket, "other", AT, timedelta(hours=1))
    found = launches.find_launch(session, handle, "other", AT)
    assert (found.person, found.placement) == (mine.person, mine.placement)
    with pytest.raises(SessionEndedError):
        launches.find_launch(session, theirs.handle, "other", AT)


def proves_one_launch_only(session: Session, mine: World, theirs: World) -> None:
    ticket = launches.await_proof(session, mine.handle, "0" * 64, AT, timedelta(minutes=10))
    session.expire_all()
    assert launches.find_launch(session, theirs.handle, "own", AT)
    with pytest.raises(SessionEndedError):
        launches.find_launch(session, mine.handle, "own", AT)
    assert launches.registration_of_ticket(session, ticket) == mine.placement.deployment.registration_id
    assert launches.registration_of_ticket(session, "x" * 22) is None
    with pytest.raises(LaunchError, match="done already"):
        launches.prove_launch(session, "x" * 22, "secret", AT, timedelta(hours=1))
    assert launches.prove_launch(session, ticket, "secret", AT, timedelta(hours=1)) is None
    session.expire_all()
    assert launches.find_launch(session, theirs.handle, "own", AT)


def finds_no_login_by_a_wrong_state(session: Session, mine: World, theirs: World) -> None:
    with pytest.raises(LaunchError):
        logins.take_over(session, "x" * 22, AT)
    for find in (launch_path.use_up, logins.find_login):
        with pytest.raises(LaunchError):
            find(session.connection(), "x" * 22, AT)
    assert logins.registration_of(session, "x" * 22) is None


def knows_people_by_their_registration(session: Session, mine: World, theirs: World) -> None:
    """Their claims under my registration, whatever ids they name, lead to nothing of theirs."""
    there = theirs.placement
    said = claims(
        sub=theirs.person.sub,
        deployment_id=there.deployment.deployment_id,
        resource_link_id=there.resource_link_id,
        context=ContextClaims(id=there.context.context_id, title=None, label=None),
    )
    here = mine.placement.deployment.registration_id
    found = launch_path.find_known(session.connection(), here, said)
    if there.deployment.registration_id != here:
        assert found is None or found.person_id != theirs.person.id
        assert found is None or found.placement_id != there.id


def records_an_arrival_here(session: Session, mine: World, theirs: World) -> None:
    """The same names of person, course and activity, under another deployment, are other rows."""
    before = rows_of(session, theirs)
    there = theirs.placement
    said = claims(
        sub=theirs.person.sub,
        resource_link_id=f"{there.resource_link_id}-new",
        context=ContextClaims(id=there.context.context_id, title=None, label=None),
    )
    arrival = placements.record_arrival(session, mine.placement.deployment, said, AT)
    assert arrival.person.registration_id == mine.placement.deployment.registration_id
    assert arrival.placement is not None
    assert arrival.context is not None
    assert arrival.placement.deployment_id == arrival.context.deployment_id == mine.placement.deployment_id
    session.flush()
    assert rows_of(session, theirs) == before


def copies_within_one_deployment(session: Session, mine: World, theirs: World) -> None:
    """A notice under my registration that names their course as the original carries nothing of theirs over."""
    here, there = mine.placement.deployment, theirs.placement
    theirs.placement.title = mine.placement.title = "An activity"
    theirs.placement.columns = Columns.QUIZ
    session.flush()
    before = rows_of(session, theirs)
    origin = there.context.context_id if there.context else ""
    notice = CopyNotice(nonce="n", deployment_id=here.deployment_id, context_id="course-copy", origin_ids=(origin,))
    known = notices.Known(registration_id=here.registration_id, key_set_url="")
    assert notices.receive(session, known, notice, AT, AT)
    copies.take_notice(session, here, notice, AT)
    said = claims(
        resource_link_id="link-of-the-copy",
        resource_link_title="An activity",
        deployment_id=here.deployment_id,
        context=ContextClaims(id="course-copy", title=None, label=None),
        context_history=(origin,),
    )
    arrival = placements.record_arrival(session, here, said, AT)
    assert arrival.placement is not None
    copies.carry_over(session, arrival.placement, said)
    is_ours = there.deployment_id == here.id
    assert (arrival.placement.columns is Columns.QUIZ) == is_ours
    session.flush()
    assert rows_of(session, theirs) == before


def marks_no_page_of_others(session: Session, mine: World, theirs: World) -> None:
    before = rows_of(session, theirs)
    by_quiz = records.records(session, mine.participant, ["final"])
    progress.mark_answered_pages(session, mine.participant, mine.manifest, by_quiz, AT)
    session.flush()
    assert rows_of(session, theirs) == before


def reads_no_note(session: Session, mine: World, theirs: World) -> None:
    for world in (mine, theirs):
        private_notes.save(session, world.participant, "reading", "note", f"of {world.placement.id}", 0, AT)
    for who in mixed(mine, theirs):
        assert private_notes.of_page(session, who, "reading") == []
    for world in (mine, theirs):
        [note] = private_notes.of_page(session, world.participant, "reading")
        assert note.text == f"of {world.placement.id}"


def lists_activities_of_one_course(session: Session, mine: World, theirs: World) -> None:
    for here, there in ((mine, theirs), (theirs, mine)):
        second = Placement(
            deployment_id=here.placement.deployment_id, context_id=here.placement.context_id,
            resource_link_id=f"second-{here.placement.id}", module_id="town", release_digest=read_digest(here),
            scopes=[], created_at=AT,
        )  # fmt: skip
        session.add(second)
        session.flush()
        for is_trainer, found in ((False, []), (True, [second])):
            assert neighbours.neighbours_of(session, here.placement, here.participant, is_trainer=is_trainer) == found
        row = {"placement_id": second.id, "person_id": here.person.id, "sort_key": ""}
        session.add(Participation(**row, first_seen_at=AT, last_seen_at=AT))
        session.flush()
        assert neighbours.neighbours_of(session, here.placement, here.participant, is_trainer=False) == [second]
        someone = Participant(here.placement.id, there.person.id)
        if someone != here.participant:
            assert neighbours.neighbours_of(session, here.placement, someone, is_trainer=False) == []


def report_problem(session: Session, world: World) -> int:
    where = problem_reports.Where(read_digest(world), "en", "reading")
    text = f"of {world.placement.id}"
    return problem_reports.report(session, world.participant, where, ProblemKind.BROKEN, text, AT).id


def reports_problems_here(session: Session, mine: World, theirs: World) -> None:
    here, there = report_problem(session, mine), report_problem(session, theirs)
    for who in mixed(mine, theirs):
        assert problem_reports.own_reports(session, who) == []
    assert [each.id for each in problem_reports.own_reports(session, mine.participant)] == [here]
    place = mine.placement.id
    with pytest.raises(NotFoundError):
        problem_reports.settle(session, place, there, AT, is_done=True)
    assert [each.id for each in problem_reports.reports_at(session, place, is_done=False)] == [here]
    assert problem_reports.reports_at(session, place, is_done=True) == []
    assert problem_reports.count_reports(session, place) == (1, 0)


PLANS: dict[str, Plan] = {
    **dict.fromkeys(
        (
            "problem_reports.report",
            "problem_reports.own_reports",
            "problem_reports.reports_at",
            "problem_reports.count_reports",
            "problem_reports.settle",
        ),
        reports_problems_here,
    ),
    "neighbours.neighbours_of": lists_activities_of_one_course,
    "private_notes.of_page": reads_no_note,
    "private_notes.save": marks_one_place_only(
        lambda session, who: private_notes.save(session, who, "reading", "note", "mine", 0, AT)
    ),
    "attempts.find_newest": finds_no_attempt,
    "attempts.open_attempt": begins_an_attempt_of_its_own,
    "records.records": records_nothing,
    "progress.read_progress": reads_no_progress,
    "progress.mark_opened": marks_one_place_only(lambda session, who: progress.mark_opened(session, who, "quiz", AT)),
    "progress.mark_done": marks_one_place_only(lambda session, who: progress.mark_done(session, who, "reading", AT)),
    "progress.keep_place": marks_one_place_only(
        lambda session, who: progress.keep_place(session, who, "reading", "_b1")
    ),
    "progress.mark_answered_pages": marks_no_page_of_others,
    "reports.read_overview": lists_no_one_else,
    "reports.list_groups": lists_groups_of_one_course,
    "scores.failed_scores": tells_failures_of_one_place,
    "members.see_launch": renames_nobody_elsewhere,
    "members.forget_names": forgets_one_platform_only,
    "members.forget_courses": forgets_one_platform_only,
    "scores.newest_scores": gives_no_other_score,
    "scores.of_person": gives_no_other_score,
    "reviews.subject_of": reviews_nobody_who_was_not_here,
    "reviews.participant_of": finds_who_was_here,
    "reviews.count_waiting": counts_what_waits_here,
    "reviews.list_handed_in": shows_nothing_handed_in,
    "reviews.read_handed_in": shows_nothing_handed_in,
    "uploads.find_file": gives_no_file_of_others,
    "personal_data.collect": collects_one_person_only,
    "line_items.choose": makes_columns_of_one_place,
    "line_items.keep_in_step": makes_columns_of_one_place,
    "line_items.of_placement": makes_columns_of_one_place,
    "line_items.target": makes_columns_of_one_place,
    "comparisons.columns_of": compares_one_course,
    "comparisons.can_be_compared": compares_one_course,
    "comparisons.find": compares_one_course,
    "comparisons.list_columns": compares_one_course,
    "comparisons.ask": compares_one_course,
    "comparisons.choose": compares_one_course,
    "compared_grades.count": compares_one_course,
    "compared_grades.count_advised": compares_one_course,
    "compared_grades.count_open": compares_one_course,
    "compared_grades.list_differences": compares_one_course,
    "compared_grades.write_missing": compares_one_course,
    "quiz_settings.change": sets_rules_of_one_place,
    "quiz_settings.requeue": sets_rules_of_one_place,
    "copies.take_notice": copies_within_one_deployment,
    "copies.carry_over": copies_within_one_deployment,
    "notices.receive": copies_within_one_deployment,
    "quiz_settings.give": gives_more_at_one_place,
    "quiz_settings.take_back": gives_more_at_one_place,
    "records.rules_for": gives_more_at_one_place,
    "allowances.of_person": gives_more_at_one_place,
    "allowances.people_of": gives_more_at_one_place,
    "allowances.groups_of": gives_more_at_one_place,
    "allowances.people_in": gives_more_at_one_place,
    "allowances.list_people": gives_more_at_one_place,
    "allowances.list_given": gives_more_at_one_place,
    "allowances.last_closing": gives_more_at_one_place,
    "allowances.add": gives_more_at_one_place,
    "allowances.withdraw": gives_more_at_one_place,
    "backlog.queue": queues_what_was_earned_here,
    "platform_health.last_launches": tells_of_one_platform,
    "platform_health.undelivered": tells_of_one_platform,
    "launches.registration_of_ticket": proves_one_launch_only,
    "launches.find_launch": opens_no_other_launch,
    "people.erase_own": erases_what_is_ones_own,
    "launches.take_window": opens_a_window_of_one_launch,
    "launches.end_launches": ends_launches_of_one_person,
    "launches.renew_launch": renews_one_launch_only,
    "launches.await_proof": proves_one_launch_only,
    "launches.prove_launch": proves_one_launch_only,
    "logins.find_login": finds_no_login_by_a_wrong_state,
    "logins.registration_of": finds_no_login_by_a_wrong_state,
    "launch_path.use_up": finds_no_login_by_a_wrong_state,
    "logins.take_over": finds_no_login_by_a_wrong_state,
    "launch_path.find_known": knows_people_by_their_registration,
    "placements.record_arrival": records_an_arrival_here,
}
"""What each service about people does with ids of somebody else."""


def rows_of(session: Session, world: World) -> list[str]:
    """Give every row that hangs on somebody's placement."""
    session.expire_all()
    found = []
    for model in (Participation, PageVisit, Attempt, Score, Launch):
        wanted = select(model.__table__).where(model.placement_id == world.placement.id)
        found += sorted(str(tuple(row)) for row in session.execute(wanted))
    return found


def service_modules() -> Iterator[tuple[str, ModuleType]]:
    for found in pkgutil.iter_modules(services.__path__):
        yield found.name, importlib.import_module(f"{services.__name__}.{found.name}")


REACH_THE_DATABASE = {"session", "connection", "transactions"}
"""What a function is given that reads or writes it."""


def services_about_people() -> set[str]:
    """Name every public function of a service that reaches the database and is not one of those that concern nobody."""
    names = set()
    for name, module in service_modules():
        if name in NOT_ABOUT_PEOPLE:
            continue
        for function_name, function in inspect.getmembers(module, inspect.isfunction):
            is_own = function.__module__ == module.__name__ and not function_name.startswith("_")
            if is_own and REACH_THE_DATABASE & inspect.signature(function).parameters.keys():
                names.add(f"{name}.{function_name}")
    return names


def test_every_service_about_people_has_a_plan():
    planned = PLANS.keys() | TAKES_A_ROW | FOR_THE_WORKER | FOR_ADMINISTRATORS | FOR_OWNERS
    assert services_about_people() == planned


def test_services_of_nobody_touch_no_rows_about_people():
    """A module that is said to concern nobody imports no model about people, but for counting and deleting by age."""
    about_people = {"Attempt", "Answer", "Launch", "PageVisit", "Participation", "Score"}
    for name in NOT_ABOUT_PEOPLE - {"retention", "health"}:
        module = importlib.import_module(f"{services.__name__}.{name}")
        touched = about_people & {each for each in vars(module) if not each.startswith("_")}
        # Whether anybody answered, whoever it was, decides whether an activity may show another module.
        assert touched <= ({"Attempt"} if name == "library" else set()), name


@pytest.mark.parametrize("where", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("sub", ["learner-1", "learner-2"], ids=["one sub in two places", "two people"])
def test_services_mix_nobody_up(session, package, sub, where):
    """Each plan with somebody here and somebody there, and no row then ties a person to another platform's place."""
    mine = furnish(session, package, "learner-1")
    theirs = furnish(session, package, sub, **where)
    is_one_platform = mine.placement.deployment.registration_id == theirs.placement.deployment.registration_id
    assert (mine.person.id == theirs.person.id) is (is_one_platform and sub == "learner-1")
    for name, plan in sorted(PLANS.items()):
        with session.begin_nested() as savepoint:
            plan(session, mine, theirs)
            assert strays(session) == 0, name
            savepoint.rollback()
        session.expire_all()


def strays(session: Session) -> int:
    """Count rows whose person belongs to another registration than their placement."""
    count = 0
    for model in (Participation, PageVisit, Attempt, Score, Launch):
        tied = (
            select(func.count())
            .select_from(model)
            .join(Person, Person.id == model.person_id)
            .join(Placement, Placement.id == model.placement_id)
            .where(Placement.deployment.has(Deployment.registration_id != Person.registration_id))
        )
        count += session.scalar(tied) or 0
    return count


def test_a_participant_of_a_request_comes_from_its_launch_alone():
    """Services believe the participant that they are given, so there is one place where requests get theirs from."""
    root = Path(services.__file__).parents[1]
    makers = [
        str(path.relative_to(root))
        for path in sorted(root.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Participant"
    ]
    # Report, backlog and comparison make one for each row of the placement that they were asked for, the review for
    # whom reviews.subject_of() found at the launch's placement, and a judgement for the attempt that it was given.
    assert makers == [
        "services/backlog.py",
        "services/compared_grades.py",
        "services/judgements.py",
        "services/quiz_settings.py",
        "services/reports.py",
        "services/submissions.py",
        "views/review.py",
        "views/shown_module.py",
    ]


def not_null_ways(table: Table, goal: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether each row of a table leads to a row of another one, over columns that are never empty."""
    if table.name == goal:
        return True
    return any(
        not column.nullable
        and key.column.table.name not in seen
        and not_null_ways(key.column.table, goal, seen | {table.name})
        for column in table.columns
        for key in column.foreign_keys
    )


def tables_about_people() -> list[Table]:
    def hangs_on_a_person(table: Table, seen: frozenset[str]) -> bool:
        return any(
            key.column.table.name == "person"
            or (key.column.table.name not in seen and hangs_on_a_person(key.column.table, seen | {table.name}))
            for key in table.foreign_keys
        )

    return [table for table in Model.metadata.sorted_tables if hangs_on_a_person(table, frozenset())]


def test_every_row_about_a_person_carries_its_registration_and_deployment():
    found = tables_about_people()
    assert {"attempt", "answer", "launch", "page_visit", "participation", "score"} <= {table.name for table in found}
    for table in found:
        assert not_null_ways(table, "registration"), f"{table.name} has no registration"
        assert not_null_ways(table, "deployment"), f"{table.name} has no deployment"
    # A person is one in all deployments of a registration, and a login knows nobody yet.
    for name in ("person", "login"):
        assert not_null_ways(Model.metadata.tables[name], "registration")
