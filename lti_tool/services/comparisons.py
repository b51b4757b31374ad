"""Comparing a course with its gradebook: when, under a lease, column by column and page by page.

A trainer asks; a worker reads the results of each column of the course and writes down how they stand to ours
(``services/compared_grades.py``), and puts what the trainer then chooses into the outbox. One process at a time is at a
course; where it stands is stored with each page, so that whoever takes over goes on with the next one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from course_builder.package import QuizEntry
from lti_tool import job_queue
from lti_tool.errors import ConflictError
from lti_tool.lti.failures import GradeError
from lti_tool.lti.grades import RESULT_SCOPE, SCORE_SCOPE, ResultPage
from lti_tool.lti.tokens import Client, Token
from lti_tool.lti.vault import Vault
from lti_tool.models import (
    WHOLE,
    Columns,
    ColumnState,
    ComparedColumn,
    ComparedGrade,
    Comparison,
    ComparisonState,
    Context,
    Placement,
    RegistrationState,
    ScoreReason,
)
from lti_tool.platforms import Differences, differences_of
from lti_tool.services import compared_grades, line_items
from lti_tool.services.clients import open_client
from lti_tool.services.deliveries import Patience
from lti_tool.upsert import changed, find_or_add

COMPARE_TASK = "compare_gradebook"
KEPT = timedelta(days=7)
"""What a gradebook held longer ago says nothing of what it holds now."""
MAX_PAGES, MAX_RESULTS = 2000, 200_000
MAX_TRIES = 5
_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=15)
"""A trainer waits for the answer; a platform that wants more time is asked again when they want it."""
_OF_THE_PLATFORM = frozenset({ScoreReason.UNREACHABLE, ScoreReason.THROTTLED, ScoreReason.TOKEN_REFUSED})
"""What comes in the way of one column comes in the way of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A gradebook column to which scores of a placement go."""

    placement: Placement
    line_item_url: str
    label: str | None
    quiz_id: str | None
    """``None`` where all that the placement shows adds up in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a claimed comparison needs next, apart from the database."""

    context_id: int
    lease: str
    column_id: int | None
    """The column to read; ``None`` where chosen grades are to be put into the outbox."""
    line_item_url: str
    url: str | None
    """Of the page to read next; ``None`` for the first one."""
    client: Client
    token: Token | None
    differences: Differences


def columns_of(session: Session, context: Context) -> list[Column]:
    """List the columns of a course whose results the platform shows to us, by their activities."""
    placements = select(Placement).where(Placement.context_id == context.id).order_by(Placement.title, Placement.id)
    found: dict[str, Column] = {}
    for placement in session.scalars(placements):
        if RESULT_SCOPE in placement.scopes:
            for column in _columns_of(session, placement):
                found.setdefault(column.line_item_url, column)
    return list(found.values())


def can_be_compared(session: Session, context: Context | None) -> bool:
    """Whether a course has a column that can be read."""
    return context is not None and bool(columns_of(session, context))


def find(session: Session, context_id: int | None) -> Comparison | None:
    """Find a course's last comparison."""
    return None if context_id is None else session.get(Comparison, context_id)


def list_columns(session: Session, context_id: int) -> list[ComparedColumn]:
    """List the columns of a course's last comparison."""
    found = select(ComparedColumn).where(ComparedColumn.context_id == context_id).order_by(ComparedColumn.id)
    return list(session.scalars(found))


def ask(
    session: Session, context: Context, quizzes_of: Callable[[Placement], Iterable[QuizEntry]], at: datetime
) -> Comparison:
    """Let a course be compared anew; asking again while that happens changes nothing.

    Args:
        session: of the database.
        context: the course.
        quizzes_of: gives the quizzes that a placement shows.
        at: now.

    Raises:
        ConflictError: if the course has no column that can be read.
    """
    columns = columns_of(session, context)
    if not columns:
        raise ConflictError("The platform shows no results of this course.")
    where = {"registration_id": context.deployment.registration_id, "deployment_id": context.deployment_id}
    comparison = find_or_add(session, Comparison, {"context_id": context.id}, {**where, "asked_at": at})
    # Two trainers who press at once: the second one waits here for the first.
    session.refresh(comparison, with_for_update=True)
    if comparison.next_try_at is not None or comparison.state is ComparisonState.WORKING:
        return comparison
    for model in (ComparedGrade, ComparedColumn):
        session.execute(delete(model).where(model.context_id == context.id))
    for column in columns:
        quizzes = [each for each in quizzes_of(column.placement) if column.quiz_id in {None, each.id}]
        row = ComparedColumn(
            context_id=context.id,
            placement_id=column.placement.id,
            line_item_url=column.line_item_url,
            label=column.label,
            quizzes={quiz.id: str(quiz.points) for quiz in quizzes if quiz.points > 0},
            can_send=SCORE_SCOPE in column.placement.scopes,
        )
        session.add(row)
    comparison.asked_at, comparison.compared_at, comparison.next_try_at = at, None, at
    session.flush()
    announce(session, comparison, at)
    return comparison


def choose(session: Session, comparison: Comparison, grade_ids: Collection[int] | None, at: datetime) -> int:
    """Let grades be sent again; gives how many those are.

    Args:
        session: of the database.
        comparison: done.
        grade_ids: of rows of the comparison, or ``None`` for all that are advised.
        at: now.
    """
    wanted = update(ComparedGrade).where(
        ComparedGrade.context_id == comparison.context_id,
        compared_grades.can_be_sent(),
        ComparedGrade.is_advised if grade_ids is None else ComparedGrade.id.in_(grade_ids),
    )
    count = changed(session, wanted.values(is_chosen=True), synchronize_session=False)
    if count:
        comparison.next_try_at = at
        session.flush()
        announce(session, comparison, at)
    return count


def announce(session: Session, comparison: Comparison, not_before: datetime) -> None:
    """Let a worker go on with a comparison; those of one platform are done one after the other."""
    lock = f"comparison:{comparison.registration_id}"
    job_queue.announce(session, COMPARE_TASK, lock=lock, not_before=not_before, context_id=comparison.context_id)


def due(session: Session, at: datetime, limit: int) -> list[int]:
    """Name the courses whose comparison is to be gone on with now, those that waited longest first."""
    query = select(Comparison.context_id).where(_due(at)).order_by(Comparison.next_try_at).limit(limit)
    return list(session.scalars(query))


def announce_due(session: Session, at: datetime, limit: int) -> int:
    """Let workers go on with what is due and may have no job: what a dead process left."""
    found = session.scalars(select(Comparison).where(_due(at)).order_by(Comparison.next_try_at).limit(limit)).all()
    for comparison in found:
        announce(session, comparison, at)
    return len(found)


def claim(session: Session, vault: Vault, context_id: int, *, at: datetime, lease: timedelta) -> Work | None:
    """Take a comparison under a lease; nothing if it is not due, or nothing is left to do."""
    token = secrets.token_hex(16)
    wanted = update(Comparison).where(Comparison.context_id == context_id, _due(at))
    if not changed(session, wanted.values(state=ComparisonState.WORKING, lease_token=token, lease_until=at + lease)):
        return None
    comparison = session.get_one(Comparison, context_id, populate_existing=True)
    registration = comparison.context.deployment.registration
    if registration.state is not RegistrationState.ACTIVE or not comparison.context.deployment.is_approved:
        _release(comparison, None)
        return None
    column = next(_waiting(session, context_id), None)
    if column is None and not compared_grades.has_chosen(session, context_id):
        _end(comparison, at)
        return None
    client, kept = open_client(session, vault, registration, (RESULT_SCOPE,), at)
    return Work(
        context_id=context_id,
        lease=token,
        column_id=column.id if column else None,
        line_item_url=column.line_item_url if column else "",
        url=column.cursor_url if column else None,
        client=client,
        token=kept,
        differences=differences_of(registration.product),
    )


def hold(session: Session, work: Work, at: datetime, lease: timedelta) -> Comparison | None:
    """Give the comparison for the rest of the transaction if the lease still holds, and let it hold longer."""
    mine = update(Comparison).where(Comparison.context_id == work.context_id, Comparison.lease_token == work.lease)
    if not changed(session, mine.values(lease_until=at + lease)):
        return None
    return session.get_one(Comparison, work.context_id, populate_existing=True)


def take_page(
    session: Session, comparison: Comparison, column_id: int, asked_url: str | None, page: ResultPage
) -> str | None:
    """Write down what a page of results says.

    Returns:
        The address of the next page; nothing at the last one.

    Raises:
        GradeError: if the pages come again, or do not end.
    """
    column = session.get_one(ComparedColumn, column_id)
    new = compared_grades.write(session, comparison, column, page.results)
    column.pages += 1
    column.received += len(page.results)
    column.cursor_url, column.tries, column.reason = page.next_url, 0, None
    goes_round = bool(page.results) and not new
    is_endless = column.pages >= MAX_PAGES or column.received > MAX_RESULTS
    if page.next_url is not None and (goes_round or page.next_url == asked_url or is_endless):
        detail = f"{column.pages} pages, {column.received} results, and a next page"
        raise GradeError(ScoreReason.UNREADABLE, detail, is_permanent=True)
    if page.next_url is None:
        compared_grades.write_missing(session, comparison, column)
        column.state = ColumnState.READ
        session.flush()
    return page.next_url


def go_on(session: Session, comparison: Comparison, at: datetime) -> None:
    """Give the comparison back: to be gone on with at once while something is left to do."""
    if next(_waiting(session, comparison.context_id), None) is not None or compared_grades.has_chosen(
        session, comparison.context_id
    ):
        _release(comparison, at)
        announce(session, comparison, at)
    else:
        _end(comparison, at)


def fail(session: Session, comparison: Comparison, column_id: int, error: GradeError, at: datetime) -> None:
    """Write a failure down, and when the column is tried again, if that can help."""
    column = session.get_one(ComparedColumn, column_id)
    column.tries += 1
    column.reason, column.http_status = error.reason, error.http_status
    pause = Patience(_FIRST_PAUSE, _LONGEST_PAUSE).pause(column.tries, error.retry_after_s)
    if not error.is_permanent and column.tries < MAX_TRIES and pause <= _LONGEST_PAUSE:
        _release(comparison, at + pause)
        announce(session, comparison, at + pause)
        return
    failed = [column, *(_waiting(session, comparison.context_id) if error.reason in _OF_THE_PLATFORM else ())]
    for each in failed:
        each.state, each.reason, each.http_status = ColumnState.FAILED, error.reason, error.http_status
        # Half of a column would show grades as missing that nobody looked for.
        session.execute(delete(ComparedGrade).where(ComparedGrade.column_id == each.id))
    session.flush()
    go_on(session, comparison, at)


def _columns_of(session: Session, placement: Placement) -> Iterator[Column]:
    given = placement.line_item_url
    if placement.columns is Columns.GIVEN or (placement.columns is Columns.MODULE and given):
        if given:
            yield Column(placement=placement, line_item_url=given, label=placement.title, quiz_id=None)
        return
    for line_item in line_items.of_placement(session, placement):
        is_wanted = (line_item.quiz_id == WHOLE) == (placement.columns is Columns.MODULE)
        if line_item.url and is_wanted:
            quiz_id = line_item.quiz_id or None
            yield Column(placement=placement, line_item_url=line_item.url, label=line_item.label, quiz_id=quiz_id)


def _waiting(session: Session, context_id: int) -> Iterator[ComparedColumn]:
    """Give the columns that are still to be read."""
    waiting = (ComparedColumn.context_id == context_id, ComparedColumn.state == ColumnState.WAITING)
    yield from session.scalars(select(ComparedColumn).where(*waiting).order_by(ComparedColumn.id)).all()


def _release(comparison: Comparison, next_try_at: datetime | None) -> None:
    comparison.state = ComparisonState.WAITING
    comparison.lease_token = comparison.lease_until = None
    comparison.next_try_at = next_try_at


def _end(comparison: Comparison, at: datetime) -> None:
    _release(comparison, None)
    comparison.compared_at = comparison.compared_at or at


def _due(at: datetime) -> ColumnElement[bool]:
    return or_(
        and_(Comparison.state == ComparisonState.WAITING, Comparison.next_try_at <= at),
        and_(Comparison.state == ComparisonState.WORKING, Comparison.lease_until <= at),
    )
