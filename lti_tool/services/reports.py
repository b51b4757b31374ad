"""What trainers see of a placement: who is where, with what score, and whether the gradebook has it.

A page of people costs the same however many there are. It is merged from two lists in one order: those who opened the
activity, and those who are on the course's roster. Most people stand on both with the same key; whoever the LMS calls
otherwise in the two is shown once, where they took part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, contains_eager

from course_builder.package import Manifest
from lti_tool.models import (
    Attempt,
    CourseGroup,
    GroupMember,
    Member,
    MemberKind,
    MemberStatus,
    PageVisit,
    Participation,
    Person,
    Placement,
    Score,
)
from lti_tool.services import reviews, scores
from lti_tool.services.progress import Progress, make_progress
from lti_tool.services.quiz_rules import Rules
from lti_tool.services.records import Participant, QuizRecord, rules_at, sum_up

PAGE_ROWS = 50
SUMMED_UP = 200
"""As many people are counted on each look; more are counted when a trainer asks."""
FAILED_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What somebody did who opened the activity; ``points`` is ``None`` before a first attempt is submitted."""

    progress: Progress
    points: Fraction | None
    max_points: Fraction
    last_seen_at: datetime
    score: Score | None
    """The newest one on its way to the gradebook, or there."""
    waiting: int
    """Answers that a trainer has still to judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerRow:
    """A learner at a placement, or of its course."""

    name: str | None
    label: str
    """The name, or what tells nameless people apart."""
    person_id: int | None
    visit: Visit | None
    """``None``: never opened the activity."""
    has_left: bool
    """By the roster."""
    is_test: bool
    """Nobody, by the roster or the launch."""
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """How many people finished all pages, and how many began and did not; test accounts are none."""

    done: int
    under_way: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A page of people, and what stands above it."""

    learners: tuple[LearnerRow, ...]
    next: str | None
    """Names the place at which the next page begins."""
    summary: Summary | None
    """``None`` where there are too many people to count them unasked."""
    failed: tuple[Score, ...]
    """Some of those that did not reach the gradebook, and will not by themselves."""


@dataclass(slots=True)
class _Position:
    """A place in the merged order, with who stands there."""

    key: str
    sub: str
    participation: Participation | None = None
    member: Member | None = None
    groups: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What :func:`_key_of` reads."""
        return f"p{self.participation.person_id}" if self.participation else f"m{self.member.id if self.member else 0}"


def read_overview(
    session: Session,
    placement: Placement,
    manifest: Manifest,
    *,
    after: str = "",
    group: int | None = None,
    counts: bool = False,
) -> Overview:
    """Read a page of learners, by name, in a fixed number of queries.

    Args:
        session: of the database.
        placement: which.
        manifest: of the module that it shows.
        after: the ``next`` of the page before; anything else begins at the first.
        group: of the course, by its row, to show only those in it.
        counts: whether everybody is counted, however many they are.
    """
    key = _key_of(session, placement, after)
    if group is not None:
        positions = _group_positions(session, placement, group, key)
    else:
        positions = _merge(_participants(session, placement, key), _roster(session, placement, key))
    shown = positions[:PAGE_ROWS]
    _complete(session, placement, shown)
    if group is None:
        # On the roster under another name than at the launch: shown where they took part.
        shown_rows = [each for each in shown if each.participation is None or each.participation.sort_key == each.key]
    else:
        shown_rows = shown
    return Overview(
        learners=tuple(_rows(session, placement, manifest, shown_rows)),
        next=shown[-1].name if len(positions) > PAGE_ROWS else None,
        summary=_summary(session, placement, manifest) if counts or _are_few(session, placement) else None,
        failed=tuple(scores.failed_scores(session, placement.id, FAILED_SHOWN + 1)),
    )


def list_groups(session: Session, placement: Placement) -> list[CourseGroup]:
    """List the groups of a placement's course, by their sets and names."""
    if placement.context_id is None:
        return []
    groups = select(CourseGroup).where(CourseGroup.context_id == placement.context_id)
    return sorted(session.scalars(groups), key=lambda group: (group.set_name or "", group.name.casefold(), group.id))


def _key_of(session: Session, placement: Placement, after: str) -> str | None:
    """Find the key of a place in the order, which the address names by a row so that it holds no name."""
    number = int(after[1:]) if after[1:].isascii() and after[1:].isdigit() and len(after) < 10 else 0
    key = None
    if after[:1] == "p":
        own = select(Participation.sort_key).where(Participation.placement_id == placement.id)
        key = session.scalar(own.where(Participation.person_id == number))
    elif after[:1] == "m" and placement.context_id is not None:
        own = select(Member.sort_key).where(Member.context_id == placement.context_id)
        key = session.scalar(own.where(Member.id == number))
    return key


def _participants(session: Session, placement: Placement, key: str | None) -> list[_Position]:
    query = (
        select(Participation)
        .join(Participation.person)
        .options(contains_eager(Participation.person))
        .where(
            Participation.placement_id == placement.id,
            Participation.is_trainer.is_(False),
            *([] if key is None else [Participation.sort_key > key]),
        )
        .order_by(Participation.sort_key)
        .limit(PAGE_ROWS + 1)
    )
    return [_Position(each.sort_key, each.person.sub, participation=each) for each in session.scalars(query)]


def _roster(session: Session, placement: Placement, key: str | None) -> list[_Position]:
    if placement.context_id is None:
        return []
    query = select(Member).where(
        Member.context_id == placement.context_id,
        Member.kind == MemberKind.LEARNER,
        Member.status == MemberStatus.ACTIVE,
        *([] if key is None else [Member.sort_key > key]),
    )
    found = session.scalars(query.order_by(Member.sort_key).limit(PAGE_ROWS + 1))
    return [_Position(member.sort_key, member.sub, member=member) for member in found]


def _group_positions(session: Session, placement: Placement, group: int, key: str | None) -> list[_Position]:
    """The learners of a group; this costs what the group is large, since people are in several."""
    query = (
        select(Member)
        .join(GroupMember, GroupMember.member_id == Member.id)
        .where(
            GroupMember.group_id == group,
            Member.context_id == placement.context_id,
            Member.kind == MemberKind.LEARNER,
            Member.status == MemberStatus.ACTIVE,
            *([] if key is None else [Member.sort_key > key]),
        )
        .order_by(Member.sort_key)
        .limit(PAGE_ROWS + 1)
    )
    return [_Position(member.sort_key, member.sub, member=member) for member in session.scalars(query)]


def _merge(*lists: list[_Position]) -> list[_Position]:
    """Merge lists into one order; who stands on both at the same place is one."""
    by_key: dict[tuple[str, str], _Position] = {}
    for position in (position for each in lists for position in each):
        known = by_key.setdefault((position.key, position.sub), position)
        known.participation = known.participation or position.participation
        known.member = known.member or position.member
    return [by_key[key] for key in sorted(by_key)][: PAGE_ROWS + 1]


def _complete(session: Session, placement: Placement, positions: list[_Position]) -> None:
    """Find for each place what the other list knows of the same person, and the groups."""
    absent = [each.sub for each in positions if each.participation is None]
    if absent:
        query = (
            select(Participation)
            .join(Participation.person)
            .options(contains_eager(Participation.person))
            .where(Participation.placement_id == placement.id, Participation.is_trainer.is_(False))
            .where(Person.registration_id == placement.deployment.registration_id, Person.sub.in_(absent))
        )
        found = {each.person.sub: each for each in session.scalars(query)}
        for position in positions:
            position.participation = position.participation or found.get(position.sub)
    unknown = [each.sub for each in positions if each.member is None]
    if unknown and placement.context_id is not None:
        members = select(Member).where(Member.context_id == placement.context_id, Member.sub.in_(unknown))
        by_sub = {member.sub: member for member in session.scalars(members)}
        for position in positions:
            position.member = position.member or by_sub.get(position.sub)
    own = {each.member.id: each for each in positions if each.member is not None}
    groups = (
        select(GroupMember.member_id, CourseGroup.name)
        .join(CourseGroup, CourseGroup.id == GroupMember.group_id)
        .where(GroupMember.member_id.in_(own))
        .order_by(CourseGroup.name)
    )
    for member_id, name in session.execute(groups):
        own[member_id].groups.append(name)


def _rows(
    session: Session, placement: Placement, manifest: Manifest, positions: Iterable[_Position]
) -> Iterable[LearnerRow]:
    positions = tuple(positions)
    visits = _visits(session, placement, manifest, [each.participation for each in positions if each.participation])
    for position in positions:
        participation, member = position.participation, position.member
        somebody = participation.person if participation is not None else member
        assert somebody is not None  # noqa: S101  (each place comes from one of the two lists)
        name = somebody.name or (member.name if member else None)
        yield LearnerRow(
            name=name,
            label=name or somebody.label,
            person_id=participation.person_id if participation else None,
            visit=visits[participation.person_id] if participation else None,
            has_left=member is not None and member.status is MemberStatus.LEFT,
            is_test=(participation is not None and participation.person.is_test)
            or (member is not None and member.kind is MemberKind.TEST),
            groups=tuple(position.groups),
        )


def _visits(
    session: Session, placement: Placement, manifest: Manifest, participations: Collection[Participation]
) -> dict[int, Visit]:
    """Read what some people did, in a fixed number of queries."""
    placement_id = placement.id
    rules = {quiz.id: rules_at(placement, quiz.id) for quiz in manifest.quizzes}
    ids = [each.person_id for each in participations]
    pages: dict[int, list[PageVisit]] = defaultdict(list)
    opened = select(PageVisit).where(PageVisit.placement_id == placement_id, PageVisit.person_id.in_(ids))
    for visit in session.scalars(opened):
        pages[visit.person_id].append(visit)
    attempts: dict[int, list[Attempt]] = defaultdict(list)
    tried = select(Attempt).where(
        Attempt.placement_id == placement_id, Attempt.person_id.in_(ids), Attempt.set_aside_at.is_(None)
    )
    for attempt in session.scalars(tried.order_by(Attempt.number)):
        attempts[attempt.person_id].append(attempt)
    newest = scores.newest_scores(session, placement_id, ids)
    waiting = reviews.count_waiting(session, placement_id, ids)
    visits = {}
    for participation in participations:
        person_id = participation.person_id
        points, max_points = _module_score(Participant(placement_id, person_id), attempts[person_id], manifest, rules)
        has_submitted = any(attempt.submitted_at for attempt in attempts[person_id])
        visits[person_id] = Visit(
            progress=make_progress(manifest, pages[person_id], participation.last_page),
            points=points if has_submitted else None,
            max_points=max_points,
            last_seen_at=participation.last_seen_at,
            score=newest.get(person_id),
            waiting=waiting.get(person_id, 0),
        )
    return visits


def _are_few(session: Session, placement: Placement) -> bool:
    some = (
        select(Participation.person_id)
        .join(Participation.person)
        .where(Participation.placement_id == placement.id, Participation.is_trainer.is_(False))
        .where(Person.is_test.is_(False))
    )
    counted = select(func.count()).select_from(some.limit(SUMMED_UP + 1).subquery())
    return (session.scalar(counted) or 0) <= SUMMED_UP


def _summary(session: Session, placement: Placement, manifest: Manifest) -> Summary:
    """Count who is done and who is under way, in one query."""
    pages = [page.id for page in manifest.pages]
    done = func.sum(case((PageVisit.done_at.is_not(None), 1), else_=0))
    by_person = (
        select(done.label("done"))
        .join(
            Participation,
            (Participation.placement_id == PageVisit.placement_id) & (Participation.person_id == PageVisit.person_id),
        )
        .join(Person, Person.id == PageVisit.person_id)
        .where(PageVisit.placement_id == placement.id, PageVisit.page_id.in_(pages))
        .where(Participation.is_trainer.is_(False), Person.is_test.is_(False))
        .group_by(PageVisit.person_id)
        .subquery()
    )
    finished = func.sum(case((by_person.c.done == len(pages), 1), else_=0))
    begun, complete = session.execute(select(func.count(), finished).select_from(by_person)).one()
    return Summary(done=complete or 0, under_way=begun - (complete or 0))


def _module_score(
    participant: Participant, attempts: Iterable[Attempt], manifest: Manifest, rules: Mapping[str, Rules]
) -> tuple[Fraction, Fraction]:
    by_quiz: dict[str, list[Attempt]] = {quiz.id: [] for quiz in manifest.quizzes}
    for attempt in attempts:
        if attempt.quiz_id in by_quiz:
            by_quiz[attempt.quiz_id].append(attempt)
    records = {
        quiz_id: QuizRecord(participant, quiz_id, tuple(own), rules=rules[quiz_id]) for quiz_id, own in by_quiz.items()
    }
    return sum_up(records, manifest.quizzes)
