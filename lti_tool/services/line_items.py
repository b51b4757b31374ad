"""Gradebook columns that the tool makes: one for a placement or one for each quiz, as a trainer chose.

The row stands for the column from the moment it is wanted. A worker finds it in the gradebook again or makes it, one
process at a time; until then scores are queued for the row, and get the address when it is there. So no learner's
request waits for the LMS, and however many come at once there is one column.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from course_builder.package import Manifest
from lti_tool import job_queue, metrics
from lti_tool.errors import ConflictError
from lti_tool.logs import get_logger
from lti_tool.lti.bearer import BearerCalls
from lti_tool.lti.content import Content
from lti_tool.lti.deep_linking import column_names
from lti_tool.lti.egress import Egress
from lti_tool.lti.failures import GradeError
from lti_tool.lti.line_items import LINE_ITEM_SCOPE, LineItemService, Wanted
from lti_tool.lti.text import label as shown_label
from lti_tool.lti.tokens import Client, Token, keep_token
from lti_tool.lti.vault import Vault
from lti_tool.lti.vocabulary import TITLE_LENGTH
from lti_tool.models import WHOLE, Columns, LineItem, LineItemState, Placement, Score, ScoreReason
from lti_tool.services import scores
from lti_tool.services.clients import open_client
from lti_tool.services.deliveries import Patience
from lti_tool.services.parts import points_in
from lti_tool.services.scores import Cell
from lti_tool.upsert import changed, find_or_add

MAKE_TASK = "make_line_item"
log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """A claimed column with all that is needed to make or change it, apart from the database."""

    line_item_id: int
    lease: str
    line_items_url: str
    url: str | None
    wanted: Wanted
    client: Client
    token: Token | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How that ended: with an address, or with an error."""

    url: str | None = None
    error: GradeError | None = None
    new_token: Token | None = None


def can_be_made(placement: Placement) -> bool:
    """Whether the platform lets the tool make columns for a placement."""
    return bool(placement.line_items_url) and LINE_ITEM_SCOPE in placement.scopes


def is_choice(placement: Placement) -> bool:
    """Whether a trainer can choose: where the platform gives the placement no column of its own."""
    return can_be_made(placement) and (placement.line_item_url is None or placement.columns is not Columns.GIVEN)


def choose(session: Session, placement: Placement, columns: Columns, manifest: Manifest, at: datetime) -> None:
    """Let a placement have these columns; those that were made for another choice stay in the gradebook.

    Args:
        session: of the database.
        placement: shown by a launch.
        columns: the choice.
        manifest: of what the placement shows.
        at: now.

    Raises:
        ConflictError: if the platform does not let the tool make columns, or gave the placement one.
    """
    if columns is not Columns.GIVEN and not is_choice(placement):
        raise ConflictError("The platform takes no columns from the tool here.")
    placement.columns = columns
    keep_in_step(session, placement, manifest, at)
    failed = select(LineItem).where(LineItem.placement_id == placement.id, LineItem.state == LineItemState.FAILED)
    for line_item in session.scalars(failed):
        if line_item.quiz_id in _wanted_columns(placement, manifest):
            if line_item.reason == ScoreReason.COLUMN_GONE:
                line_item.url = None
            _want(session, line_item, at)
    session.flush()


def keep_in_step(session: Session, placement: Placement, manifest: Manifest, at: datetime) -> None:
    """Add the columns that a placement should have, and let those that are there change with title and points."""
    if placement.columns is Columns.GIVEN:
        return
    rows = select(LineItem).where(LineItem.placement_id == placement.id)
    known = {line_item.quiz_id: line_item for line_item in session.scalars(rows)}
    for quiz_id, (label, maximum) in _wanted_columns(placement, manifest).items():
        line_item = known.get(quiz_id)
        if line_item is None:
            _add(session, placement, quiz_id, label, maximum, at)
        elif (line_item.label, line_item.maximum) != (label, str(maximum)):
            line_item.label, line_item.maximum = label, str(maximum)
            _want(session, line_item, at)


def target(session: Session, placement: Placement, launch_line_item_url: str | None, quiz_id: str) -> str | None:
    """Say where scores for a quiz go: the address of a column, or the name of one that is being made.

    In a transaction that queues a score it comes before :func:`lti_tool.services.scores.hold`, as in :func:`record`.
    """
    if placement.columns is Columns.GIVEN or (placement.columns is Columns.MODULE and launch_line_item_url):
        return launch_line_item_url
    wanted = quiz_id if placement.columns is Columns.QUIZ else WHOLE
    query = select(LineItem).where(LineItem.placement_id == placement.id, LineItem.quiz_id == wanted)
    line_item = session.scalar(query)
    if line_item is not None and line_item.url is None:
        # Whoever makes it waits for this transaction, or this one for its address: no score is left under the name.
        line_item = session.scalar(query.with_for_update(read=True).execution_options(populate_existing=True))
    return None if line_item is None else line_item.url or line_item.name


def of_placement(session: Session, placement: Placement) -> list[LineItem]:
    """List the columns that were made for a placement, by quiz."""
    query = select(LineItem).where(LineItem.placement_id == placement.id).order_by(LineItem.quiz_id)
    return list(session.scalars(query))


def due(session: Session, at: datetime, limit: int) -> list[int]:
    """Name the columns that are to be made or changed now, those that waited longest first."""
    return list(session.scalars(select(LineItem.id).where(_due(at)).order_by(LineItem.next_try_at).limit(limit)))


def announce(session: Session, line_item_id: int, not_before: datetime) -> None:
    """Let a worker make or change a column."""
    lock = f"line-item:{line_item_id}"
    job_queue.announce(session, MAKE_TASK, lock=lock, not_before=not_before, line_item_id=line_item_id)


def claim(session: Session, vault: Vault, line_item_id: int, *, at: datetime, lease: timedelta) -> Making | None:
    """Take a column under a lease; nothing if it is not due, or somebody else has it."""
    token = secrets.token_hex(16)
    mine = update(LineItem).where(LineItem.id == line_item_id, _due(at))
    values = {"state": LineItemState.SENDING, "lease_token": token, "lease_until": at + lease}
    if not changed(session, mine.values(tries=LineItem.tries + 1, **values)):
        return None
    line_item = session.get_one(LineItem, line_item_id, populate_existing=True)
    placement = line_item.placement
    if placement.line_items_url is None:
        line_item.state, line_item.lease_token, line_item.lease_until = LineItemState.FAILED, None, None
        return None
    client, kept = open_client(session, vault, placement.deployment.registration, (LINE_ITEM_SCOPE,), at)
    return Making(
        line_item_id=line_item.id,
        lease=token,
        line_items_url=placement.line_items_url,
        url=line_item.url,
        wanted=Wanted(
            resource_link_id=placement.resource_link_id,
            resource_id=line_item.resource_id,
            tag=line_item.tag,
            label=line_item.label,
            maximum=Fraction(line_item.maximum),
        ),
        client=client,
        token=kept,
    )


def make(making: Making, egress: Egress, clock: Callable[[], datetime]) -> Made:
    """Find, make or change a claimed column; it has to be called with no transaction open.

    It looks for the column before it makes one, so that a try of which nobody heard again is found.
    """
    calls = BearerCalls(egress, making.client, making.token, clock)
    service = LineItemService(calls, making.line_items_url)
    try:
        if making.url is None:
            url = service.find_or_make(making.wanted)
        else:
            url = making.url
            service.bring_in_step(url, making.wanted)
    except GradeError as error:
        return Made(error=error, new_token=calls.new_token)
    return Made(url=url, new_token=calls.new_token)


def record(session: Session, vault: Vault, making: Making, made: Made, *, at: datetime, patience: Patience) -> None:
    """Write down how it ended if the lease still holds, and let the scores go that waited for it."""
    if made.new_token:
        keep_token(session, vault, making.client, made.new_token)
    mine = update(LineItem).where(LineItem.id == making.line_item_id, LineItem.lease_token == making.lease)
    if not changed(session, mine.values(lease_token=None, lease_until=None)):
        log.warning("line-item", line_item=making.line_item_id, state="lease lost")
        return
    line_item = session.get_one(LineItem, making.line_item_id, populate_existing=True)
    if made.error is None:
        line_item.url, line_item.reason, line_item.http_status, line_item.tries = made.url, None, None, 0
        is_in_step = (line_item.label, line_item.maximum) == (making.wanted.label, str(making.wanted.maximum))
        line_item.state = LineItemState.READY if is_in_step else LineItemState.WAITING
        _let_scores_go(session, line_item, at)
    else:
        line_item.reason, line_item.http_status = made.error.reason, made.error.http_status
        line_item.state = LineItemState.FAILED if made.error.is_permanent else LineItemState.WAITING
        line_item.next_try_at = at + patience.pause(line_item.tries, made.error.retry_after_s)
    if line_item.state is LineItemState.WAITING:
        announce(session, line_item.id, line_item.next_try_at)
    metrics.count("deliveries", state=f"column-{line_item.state}", reason=line_item.reason or "")
    detail = made.error.detail if made.error else ""
    log.info("line-item", line_item=line_item.id, state=line_item.state, reason=line_item.reason, detail=detail)


def _let_scores_go(session: Session, line_item: LineItem, at: datetime) -> None:
    """Give the address to the scores that were queued under the column's name, and let workers deliver them."""
    assert line_item.url is not None  # noqa: S101  (it was made just now)
    waiting = select(Score.person_id).where(Score.line_item_url == line_item.name)
    for person_id in sorted(set(session.scalars(waiting))):
        scores.hold(session, person_id)
        scores.move(session, Cell(line_item.name, person_id), line_item.url)
        scores.announce(session, Cell(line_item.url, person_id), at)


def _wanted_columns(placement: Placement, manifest: Manifest) -> dict[str, tuple[str, Fraction]]:
    """Name the columns that a placement should have, each with label and maximum."""
    language = manifest.source_language
    title = placement.title or manifest.title[language]
    graded = [quiz for quiz in manifest.quizzes if quiz.points > 0]
    if placement.columns is Columns.MODULE:
        points = points_in(manifest)
        return {WHOLE: (_label(title), points)} if points > 0 else {}
    if len(graded) == 1:
        return {graded[0].id: (_label(title), graded[0].points)}
    return {quiz.id: (_label(f"{title}: {quiz.title.get(language, quiz.id)}"), quiz.points) for quiz in graded}


def _label(text: str) -> str:
    return shown_label(text, TITLE_LENGTH) or "–"


def _add(session: Session, placement: Placement, quiz_id: str, label: str, maximum: Fraction, at: datetime) -> LineItem:
    content = Content(
        module_id=placement.module_id or "", page_id=placement.page_id, quiz_id=quiz_id or placement.quiz_id
    )
    resource_id, tag = column_names(content)
    line_item = find_or_add(
        session,
        LineItem,
        {"placement_id": placement.id, "quiz_id": quiz_id},
        {
            "resource_id": resource_id,
            "tag": tag,
            "label": label,
            "maximum": str(maximum),
            "state": LineItemState.WAITING,
            "next_try_at": at,
            "tries": 0,
            "created_at": at,
        },
    )
    announce(session, line_item.id, at)
    return line_item


def _want(session: Session, line_item: LineItem, at: datetime) -> None:
    """Let a column be brought in step; one that somebody is at is looked at again afterwards."""
    line_item.next_try_at, line_item.tries, line_item.reason = at, 0, None
    if line_item.state is not LineItemState.SENDING:
        line_item.state = LineItemState.WAITING
        session.flush()
        announce(session, line_item.id, at)


def _due(at: datetime) -> ColumnElement[bool]:
    return or_(
        and_(LineItem.state == LineItemState.WAITING, LineItem.next_try_at <= at),
        and_(LineItem.state == LineItemState.SENDING, LineItem.lease_until <= at),
    )
