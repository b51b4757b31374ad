"""How long each kind of data is kept, and deleting what is older, a few rows at a time.

Submitted attempts, their answers and the scores made of them are evidence: no period ends them. Whoever runs the tool
erases them on request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from lti_tool.config import Settings
from lti_tool.extensions import Model
from lti_tool.models import (
    SELF_CHECK,
    Allowance,
    Attempt,
    AuditEntry,
    ComparedGrade,
    Comparison,
    CourseGroup,
    FailedTries,
    Launch,
    LaunchProblem,
    Login,
    Member,
    PageVisit,
    Participation,
    Person,
    Placement,
    PrivateNote,
    ProblemReport,
    Roster,
    SignIn,
    TestLaunch,
    UsedNotice,
)
from lti_tool.services import accounts, comparisons
from lti_tool.upsert import changed

BATCH = 500
"""Rows deleted in one transaction: learners who save something meanwhile wait for one batch at most."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of one table that go after a time."""

    kind: str
    """What the report calls them."""
    model: type[Model]
    is_over: ColumnElement[bool]


def rules(settings: Settings, at: datetime) -> Iterator[Rule]:
    """Say what is to be deleted at a time; children come before the rows that they hang on.

    A period of 0 days keeps that kind for good.
    """
    yield from short_lived(at)
    old = select(Comparison.context_id).where(Comparison.asked_at <= at - comparisons.KEPT)
    yield Rule("comparisons", ComparedGrade, ComparedGrade.context_id.in_(old))
    yield Rule("comparisons", Comparison, Comparison.asked_at <= at - comparisons.KEPT)
    yield Rule("sign-ins", SignIn, or_(SignIn.ends_at <= at, SignIn.last_seen_at <= at - accounts.IDLE))
    if settings.keep_audit_days:
        yield Rule("audit", AuditEntry, AuditEntry.at <= at - timedelta(days=settings.keep_audit_days))
    if settings.keep_launches_days:
        yield Rule("problems", LaunchProblem, LaunchProblem.last_at <= at - timedelta(days=settings.keep_launches_days))
        yield Rule("launches", Launch, Launch.expires_at <= at - timedelta(days=settings.keep_launches_days))
        yield from _anonymous(at - timedelta(days=settings.keep_launches_days))
    if settings.keep_rosters_days:
        yield from _rosters(at - timedelta(days=settings.keep_rosters_days))
    if settings.keep_activity_days:
        yield from _activity(at - timedelta(days=settings.keep_activity_days))


def short_lived(at: datetime) -> Iterator[Rule]:
    """Say what is kept for an hour or a day, whatever the settings."""
    an_hour_ago = at - timedelta(hours=1)
    yield Rule("logins", Login, and_(Login.expires_at <= at, Login.created_at <= an_hour_ago))
    yield Rule("notices", UsedNotice, UsedNotice.expires_at <= at)
    yield Rule("test launches", TestLaunch, TestLaunch.at <= at - timedelta(days=1))
    yield Rule("failed tries", FailedTries, FailedTries.last_at <= an_hour_ago)


def count(session: Session, rule: Rule) -> int:
    """Count what a rule would delete."""
    return session.scalar(select(func.count()).select_from(rule.model).where(rule.is_over)) or 0


def delete_some(session: Session, rule: Rule) -> int:
    """Delete a batch of what a rule names; says how many rows.

    Rows that somebody else holds are left for the next time.
    """
    key = list(rule.model.__table__.primary_key)
    few = select(*key).where(rule.is_over).limit(BATCH).with_for_update(skip_locked=True, of=rule.model)
    chosen = tuple_(*key).in_(few) if len(key) > 1 else key[0].in_(few)
    return changed(session, delete(rule.model).where(chosen), synchronize_session=False)


def delete_all(run: Callable[[Callable[[Session], int]], int], which: Iterable[Rule]) -> dict[str, int]:
    """Delete everything that some rules name.

    Args:
        run: runs a function in a transaction of its own and commits it.
        which: the rules, in the order in which their rows may go.

    Returns:
        How many rows of each kind went.
    """
    report: dict[str, int] = {}
    for rule in which:
        report.setdefault(rule.kind, 0)
        while gone := run(lambda session, rule=rule: delete_some(session, rule)):  # type: ignore[misc]
            report[rule.kind] += gone
    return report


def _anonymous(limit: datetime) -> Iterator[Rule]:
    """People who are somebody new at each launch: nothing of theirs can be found again once the launch is gone."""
    is_gone = and_(Person.is_anonymous, Person.last_seen_at <= limit)
    them = select(Person.id).where(is_gone, ~exists().where(Launch.person_id == Person.id))
    for model in (Allowance, Attempt, PrivateNote, ProblemReport, PageVisit, Participation):
        yield Rule("anonymous", model, model.person_id.in_(them))
    yield Rule("anonymous", Person, and_(is_gone, _has_nothing_left()))


def _rosters(limit: datetime) -> Iterator[Rule]:
    """Lists of people of courses that nobody visits any more, and people who left long ago."""
    visited = exists().where(Placement.context_id == Roster.context_id, Participation.placement_id == Placement.id)
    visited = visited.where(Participation.last_seen_at > limit)
    unused = select(Roster.context_id).where(Roster.created_at <= limit, ~visited)
    yield Rule("rosters", Member, or_(Member.context_id.in_(unused), Member.left_at <= limit))
    yield Rule("rosters", CourseGroup, CourseGroup.context_id.in_(unused))
    yield Rule("rosters", Roster, and_(Roster.created_at <= limit, ~visited))


def _activity(limit: datetime) -> Iterator[Rule]:
    """What people who have not been here for long read and tried, but never submitted."""
    away = select(Person.id).where(Person.last_seen_at <= limit)
    yield Rule("activity", PageVisit, PageVisit.person_id.in_(away))
    yield Rule("activity", PrivateNote, PrivateNote.person_id.in_(away))
    yield Rule("activity", ProblemReport, ProblemReport.person_id.in_(away))
    self_checks = and_(Attempt.quiz_id == SELF_CHECK, Attempt.person_id.in_(away))
    yield Rule("activity", Attempt, self_checks)
    drafts = and_(Attempt.submitted_at.is_(None), Attempt.started_at <= limit, Attempt.person_id.in_(away))
    yield Rule("activity", Attempt, drafts)
    has_attempt = exists().where(
        Attempt.placement_id == Participation.placement_id, Attempt.person_id == Participation.person_id
    )
    has_result = exists().where(
        Attempt.placement_id == Allowance.placement_id, Attempt.person_id == Allowance.person_id
    )
    yield Rule("activity", Allowance, and_(Allowance.person_id.in_(away), ~has_result))
    yield Rule("activity", Participation, and_(Participation.person_id.in_(away), ~has_attempt))
    yield Rule("people", Person, and_(Person.last_seen_at <= limit, _has_nothing_left()))


def _has_nothing_left() -> ColumnElement[bool]:
    """Whether no row of any table hangs on a person."""
    columns = (
        column
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if any(key.column is Person.__table__.c.id for key in column.foreign_keys)
    )
    return and_(*(~exists().where(column == Person.id) for column in columns))
