"""How what a gradebook holds stands to what people earned here, and sending some of it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from lti_tool.lti.grades import ListedResult, Result
from lti_tool.models import (
    Attempt,
    ComparedColumn,
    ComparedGrade,
    Comparison,
    Member,
    MemberKind,
    MemberStatus,
    Participation,
    Person,
    Placement,
    Privacy,
    Score,
    ScoreState,
    Verdict,
)
from lti_tool.services import scores
from lti_tool.services.name_order import sort_key
from lti_tool.services.records import Participant, QuizRecord, rules_at, sum_up
from lti_tool.upsert import put_all

PAGE_ROWS = 50
_CHUNK = 500
"""People looked up at a time; SQLite takes 32,766 values."""
_SENDABLE = (Verdict.MISSING, Verdict.OTHER, Verdict.BY_HAND)


@dataclass(frozen=True, slots=True)
class Earned:
    """What somebody earned here in the quizzes of a column, and the newest attempt at them."""

    points: Fraction
    max_points: Fraction
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class _Weight:
    """What a quiz counts in a column."""

    id: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class DifferencePage:
    """A page of those who differ."""

    grades: tuple[ComparedGrade, ...]
    next: int | None
    """The row after which the next page begins."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the tool knows of some people at a column, by ``sub``."""

    people: Mapping[str, Person]
    members: Mapping[str, Member]
    earned: Mapping[int, Earned]
    sent: Mapping[int, list[Score]]
    """The scores of the cell, the newest last."""


def can_be_sent() -> ColumnElement[bool]:
    """Whether a row is one that a trainer may send again."""
    column = ComparedColumn.id == ComparedGrade.column_id
    takes_scores = exists().where(column, ComparedColumn.can_send)
    not_yet = and_(ComparedGrade.is_chosen.is_(False), ComparedGrade.sent_at.is_(None))
    return and_(ComparedGrade.verdict.in_(_SENDABLE), ComparedGrade.person_id.is_not(None), not_yet, takes_scores)


def has_chosen(session: Session, context_id: int) -> bool:
    """Whether grades wait to be put into the outbox."""
    return bool(session.scalar(select(exists().where(*_chosen(context_id)))))


def count(session: Session, context_id: int) -> dict[Verdict, int]:
    """Count the rows of a comparison by how they stand."""
    counted = select(ComparedGrade.verdict, func.count()).where(ComparedGrade.context_id == context_id)
    rows = session.execute(counted.group_by(ComparedGrade.verdict))
    return {verdict: number for verdict, number in rows}  # noqa: C416  (rows are no pairs)


def count_advised(session: Session, context_id: int) -> int:
    """Count the rows that are sent again unless the trainer decides otherwise."""
    wanted = (ComparedGrade.context_id == context_id, ComparedGrade.is_advised, can_be_sent())
    return session.scalar(select(func.count()).where(*wanted)) or 0


def count_open(session: Session, context_id: int) -> int:
    """Count the rows that a trainer chose and that are not in the outbox yet."""
    return session.scalar(select(func.count()).where(*_chosen(context_id))) or 0


def list_differences(session: Session, context_id: int, after: int | None) -> DifferencePage:
    """List a page of those who differ, by name.

    Args:
        session: of the database.
        context_id: of the course.
        after: the ``next`` of the page before; nothing for the first one.
    """
    query = select(ComparedGrade).where(ComparedGrade.context_id == context_id, ComparedGrade.verdict != Verdict.SAME)
    last = session.get(ComparedGrade, after) if after is not None else None
    if last is not None and last.context_id == context_id:
        same_name = and_(ComparedGrade.sort_key == last.sort_key, ComparedGrade.id > last.id)
        query = query.where(or_(ComparedGrade.sort_key > last.sort_key, same_name))
    query = query.options(joinedload(ComparedGrade.column)).order_by(ComparedGrade.sort_key, ComparedGrade.id)
    found = session.scalars(query.limit(PAGE_ROWS + 1)).all()
    shown = tuple(found[:PAGE_ROWS])
    return DifferencePage(shown, shown[-1].id if len(found) > PAGE_ROWS else None)


def write(session: Session, comparison: Comparison, column: ComparedColumn, results: Iterable[ListedResult]) -> int:
    """Write down a page of results; gives how many people were not on an earlier page of the column."""
    by_sub = {each.sub: each.result for each in results}
    new = 0
    for subs in _chunks(list(by_sub)):
        seen = select(func.count()).where(ComparedGrade.column_id == column.id, ComparedGrade.sub.in_(subs))
        new += len(subs) - (session.scalar(seen) or 0)
        known = _know(session, comparison, column, subs)
        rows = [_row(comparison, column, sub, by_sub[sub], known) for sub in subs]
        put_all(session, ComparedGrade, ("column_id", "sub"), [row for row in rows if row is not None])
    return new


def write_missing(session: Session, comparison: Comparison, column: ComparedColumn) -> None:
    """Write down who earned something here of which the results said nothing."""
    submitted = exists().where(
        Attempt.placement_id == column.placement_id,
        Attempt.person_id == Person.id,
        Attempt.quiz_id.in_(column.quizzes),
        Attempt.submitted_at.is_not(None),
        Attempt.set_aside_at.is_(None),
    )
    is_listed = exists().where(ComparedGrade.column_id == column.id, ComparedGrade.sub == Person.sub)
    query = (
        select(Person.sub)
        .join(Participation, Participation.person_id == Person.id)
        .where(Participation.placement_id == column.placement_id, Participation.is_trainer.is_(False))
        .where(Person.is_anonymous.is_(False), Person.is_test.is_(False), submitted, ~is_listed)
    )
    for subs in _chunks(list(session.scalars(query))):
        known = _know(session, comparison, column, subs)
        rows = [_row(comparison, column, sub, None, known) for sub in subs]
        put_all(session, ComparedGrade, ("column_id", "sub"), [row for row in rows if row is not None])


def send_chosen(session: Session, context_id: int, at: datetime, limit: int) -> int:
    """Put some of the chosen grades into the outbox, as they are now; gives how many were looked at."""
    query = select(ComparedGrade).where(*_chosen(context_id)).options(joinedload(ComparedGrade.column))
    chosen = session.scalars(query.order_by(ComparedGrade.id).limit(limit)).all()
    for grade in chosen:
        grade.sent_at = at
        if grade.person_id is None:
            continue
        # The lock first: what is submitted at this moment counts.
        scores.hold(session, grade.person_id)
        earned = _earned(session, grade.column, [grade.person_id]).get(grade.person_id)
        if earned is not None:
            scores.queue_score(
                session,
                attempt=earned.attempt,
                launch_line_item_url=grade.column.line_item_url,
                points=earned.points,
                max_points=earned.max_points,
                at=at,
                is_again=True,
            )
    session.flush()
    return len(chosen)


def _chosen(context_id: int) -> tuple[ColumnElement[bool], ...]:
    return ComparedGrade.context_id == context_id, ComparedGrade.is_chosen.is_(True), ComparedGrade.sent_at.is_(None)


def _chunks(subs: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(subs), _CHUNK):
        yield subs[start : start + _CHUNK]


def _know(session: Session, comparison: Comparison, column: ComparedColumn, subs: list[str]) -> _Known:
    """Look some people up, in a fixed number of queries."""
    named = select(Person).where(Person.registration_id == comparison.registration_id, Person.sub.in_(subs))
    people = {person.sub: person for person in session.scalars(named)}
    listed = select(Member).where(Member.context_id == comparison.context_id, Member.sub.in_(subs))
    members = {member.sub: member for member in session.scalars(listed)}
    ids = [person.id for person in people.values()]
    sent: dict[int, list[Score]] = defaultdict(list)
    cells = select(Score).where(Score.line_item_url == column.line_item_url, Score.person_id.in_(ids))
    for score in session.scalars(cells.order_by(Score.scored_at)):
        sent[score.person_id].append(score)
    return _Known(people, members, _earned(session, column, ids), sent)


def _earned(session: Session, column: ComparedColumn, person_ids: Collection[int]) -> dict[int, Earned]:
    """Add up what some learners earned in the quizzes of a column, in one query."""
    query = (
        select(Attempt)
        .join(
            Participation,
            (Participation.placement_id == Attempt.placement_id) & (Participation.person_id == Attempt.person_id),
        )
        .where(
            Attempt.placement_id == column.placement_id,
            Attempt.person_id.in_(person_ids),
            Attempt.quiz_id.in_(column.quizzes),
            Attempt.submitted_at.is_not(None),
            Attempt.set_aside_at.is_(None),
            Participation.is_trainer.is_(False),
        )
    )
    by_person: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in session.scalars(query.order_by(Attempt.submitted_at, Attempt.id)):
        by_person[attempt.person_id].append(attempt)
    weights = [_Weight(quiz_id, Fraction(points)) for quiz_id, points in column.quizzes.items()]
    placement = session.get_one(Placement, column.placement_id)
    rules = {weight.id: rules_at(placement, weight.id) for weight in weights}
    found = {}
    for person_id, attempts in by_person.items():
        by_quiz: dict[str, list[Attempt]] = {weight.id: [] for weight in weights}
        for attempt in attempts:
            by_quiz[attempt.quiz_id].append(attempt)
        who = Participant(column.placement_id, person_id)
        records = {
            quiz_id: QuizRecord(who, quiz_id, tuple(own), rules=rules[quiz_id]) for quiz_id, own in by_quiz.items()
        }
        points, most = sum_up(records, weights)
        found[person_id] = Earned(points, most, attempts[-1])
    return found


def _row(
    comparison: Comparison, column: ComparedColumn, sub: str, theirs: Result | None, known: _Known
) -> dict[str, object] | None:
    """Compare a cell; nothing where neither side has a value, or nobody stands behind the account."""
    person, member = known.people.get(sub), known.members.get(sub)
    if (person and person.is_test) or (member and member.kind is MemberKind.TEST):
        return None
    earned = known.earned.get(person.id) if person else None
    if theirs is None and earned is None:
        return None
    verdict = _verdict(theirs, earned, known.sent.get(person.id, []) if person else [])
    if verdict is Verdict.NOTHING_HERE and person is None and member is None:
        verdict = Verdict.UNKNOWN
    keeps_names = comparison.context.deployment.registration.privacy is Privacy.NAME
    name = (person.name if person else None) or (member.name if member else None)
    name = name if keeps_names else None
    has_left = member is not None and member.status is MemberStatus.LEFT
    return {
        "registration_id": comparison.registration_id,
        "deployment_id": comparison.deployment_id,
        "context_id": comparison.context_id,
        "column_id": column.id,
        "sub": sub,
        "person_id": person.id if person else None,
        "name": name,
        "label": person.label if person else member.label if member else None,
        "sort_key": sort_key(name, sub),
        "verdict": verdict,
        "has_left": has_left,
        "points": str(earned.points) if earned else None,
        "max_points": str(earned.max_points) if earned else None,
        "theirs": theirs.points if theirs else None,
        "their_maximum": theirs.maximum if theirs else None,
        "is_advised": verdict in {Verdict.MISSING, Verdict.OTHER} and not has_left,
        "is_chosen": False,
    }


def _verdict(theirs: Result | None, earned: Earned | None, sent: list[Score]) -> Verdict:
    if earned is None:
        return Verdict.NOTHING_HERE
    if theirs is not None and theirs.is_share(float(earned.points / earned.max_points)):
        return Verdict.SAME
    if sent and sent[-1].state in {ScoreState.WAITING, ScoreState.SENDING}:
        return Verdict.ON_ITS_WAY
    if theirs is None:
        return Verdict.MISSING
    # A try of which nobody heard again may have arrived, too.
    came_from_here = any(theirs.shows(score.payload) for score in sent if score.delivered_at or score.may_have_arrived)
    return Verdict.OTHER if came_from_here else Verdict.BY_HAND
