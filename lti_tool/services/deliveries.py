"""One delivery of a score: claimed under a lease, sent with no transaction open, its outcome written down."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool import metrics
from lti_tool.logs import get_logger
from lti_tool.lti.egress import Egress
from lti_tool.lti.failures import GradeError
from lti_tool.lti.grades import RESULT_SCOPE, SCORE_SCOPE, GradeService, is_pending
from lti_tool.lti.tokens import Client, Token, keep_token
from lti_tool.lti.vault import Vault
from lti_tool.models import PLACEHOLDER, Score, ScoreReason, ScoreState
from lti_tool.platforms import Differences, differences_of
from lti_tool.services import outages
from lti_tool.services.clients import open_client
from lti_tool.services.scores import Cell, hold

MAX_PAUSE = timedelta(hours=1)
"""Between two tries, unless the platform asks for more."""
MAX_ASKED_PAUSE = timedelta(days=1)
_random = random.SystemRandom()
log = get_logger()


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a score is tried."""

    first_pause: timedelta
    """After the first failure; it doubles with each."""
    give_up_after: timedelta

    def pause(self, tries: int, asked_s: float | None) -> timedelta:
        """Choose the time until the next try, unevenly, so that scores that failed together do not return together.

        Args:
            tries: so far, at least 1.
            asked_s: seconds that the platform asked for.
        """
        longest = min(self.first_pause * 2.0 ** min(tries - 1, 30), MAX_PAUSE)
        asked = timedelta(seconds=min(asked_s or 0, MAX_ASKED_PAUSE.total_seconds()))
        return max(longest * _random.uniform(0.5, 1.0), asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A claimed score with all that is needed to send it, apart from the database."""

    score_id: int
    cell: Cell
    lease: str
    was_taken_over: bool
    """Somebody else had claimed it and did not come back."""
    sub: str
    payload: str
    may_have_arrived: bool
    is_again: bool
    submitted_at: datetime
    client: Client
    token: Token | None
    differences: Differences


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a delivery ended."""

    state: ScoreState
    """``WAITING`` when it is to be tried again."""
    reason: ScoreReason | None = None
    detail: str = ""
    http_status: int | None = None
    may_have_arrived: bool = False
    retry_after_s: float | None = None
    new_token: Token | None = None


def due_cells(session: Session, at: datetime, limit: int) -> list[Cell]:
    """Name the cells in which something can be delivered now, those that waited longest first."""
    other = aliased(Score)
    is_being_sent = (
        select(other.id)
        .where(
            other.line_item_url == Score.line_item_url,
            other.person_id == Score.person_id,
            other.state == ScoreState.SENDING,
            other.lease_until > at,
        )
        .exists()
    )
    is_due = or_(
        and_(Score.state == ScoreState.WAITING, Score.next_try_at <= at),
        and_(Score.state == ScoreState.SENDING, Score.lease_until <= at),
    )
    has_column = Score.line_item_url.not_like(f"{PLACEHOLDER}%")
    may_go = and_(is_due, has_column, outages.lets_in(at), ~is_being_sent)
    query = select(Score.line_item_url, Score.person_id).where(may_go)
    query = query.order_by(Score.next_try_at)
    return [Cell(*row) for row in dict.fromkeys(session.execute(query.limit(limit)))]


def claim(session: Session, vault: Vault, cell: Cell, *, at: datetime, lease: timedelta) -> Delivery | None:
    """Take the newest open score of a cell under a lease; nothing if none is due or one is being sent.

    A score whose lease ran out may or may not have arrived; where it is the newest, it is sent again. Older open
    scores are superseded: should one of them still be on its way, the platform will see that its timestamp is older.
    """
    if cell.waits_for_column:
        return None
    hold(session, cell.person_id)
    is_open = Score.state.in_((ScoreState.WAITING, ScoreState.SENDING))
    scores = session.scalars(select(Score).where(cell.condition, is_open).order_by(Score.scored_at.desc())).all()
    if not scores or any(score.lease_until is not None and score.lease_until > at for score in scores):
        return None
    newest, *older = scores
    for score in older:
        score.state, score.reason = ScoreState.SUPERSEDED, ScoreReason.NEWER_QUEUED
        score.lease_token = score.lease_until = None
    was_taken_over = newest.state == ScoreState.SENDING
    if not was_taken_over and newest.next_try_at > at:
        return None
    if not outages.enter(session, newest.registration_id, at, lease):
        return None
    newest.state = ScoreState.SENDING
    newest.tries += 1
    newest.may_have_arrived |= was_taken_over
    newest.lease_token = secrets.token_hex(16)
    newest.lease_until = at + lease
    return _delivery(session, vault, newest, at, was_taken_over=was_taken_over)


def _delivery(session: Session, vault: Vault, score: Score, at: datetime, *, was_taken_over: bool) -> Delivery:
    scopes = tuple(scope for scope in (SCORE_SCOPE, RESULT_SCOPE) if scope in score.placement.scopes)
    client, token = open_client(session, vault, score.registration, scopes, at)
    assert score.lease_token is not None  # noqa: S101  (claim has just set it)
    return Delivery(
        score_id=score.id,
        cell=Cell(score.line_item_url, score.person_id),
        lease=score.lease_token,
        was_taken_over=was_taken_over,
        sub=score.person.sub,
        payload=score.payload,
        may_have_arrived=score.may_have_arrived,
        is_again=score.is_again,
        submitted_at=score.attempt.submitted_at or score.scored_at,
        client=client,
        token=token,
        differences=differences_of(score.registration.product),
    )


def send(delivery: Delivery, egress: Egress, clock: Callable[[], datetime]) -> Outcome:
    """Send a claimed score; it has to be called with no transaction open.

    After an unknown outcome the gradebook is read first, and the same bytes are sent only if the score is not there.
    """
    service = GradeService(
        egress,
        delivery.cell.line_item_url,
        client=delivery.client,
        token=delivery.token,
        differences=delivery.differences,
        clock=clock,
    )
    try:
        outcome = _outcome(service, delivery)
    except GradeError as error:
        outcome = Outcome(
            state=ScoreState.FAILED if error.is_permanent else ScoreState.WAITING,
            reason=error.reason,
            detail=error.detail,
            http_status=error.http_status,
            may_have_arrived=not error.is_outcome_known,
            retry_after_s=error.retry_after_s,
        )
    return replace(outcome, new_token=service.new_token)


def _outcome(service: GradeService, delivery: Delivery) -> Outcome:
    if delivery.may_have_arrived and _shows(service, delivery):
        return Outcome(state=ScoreState.DELIVERED)
    try:
        is_repeated = delivery.may_have_arrived or delivery.is_again
        service.publish(delivery.payload, delivery.submitted_at, is_repeated=is_repeated)
    except GradeError as error:
        if error.reason != ScoreReason.LATER_IN_GRADEBOOK:
            raise
        shows = _shows(service, delivery)
        if shows or (shows is None and delivery.may_have_arrived):
            return Outcome(state=ScoreState.DELIVERED, http_status=error.http_status)
        return Outcome(
            state=ScoreState.SUPERSEDED, reason=error.reason, detail=error.detail, http_status=error.http_status
        )
    return Outcome(state=ScoreState.DELIVERED)


def _shows(service: GradeService, delivery: Delivery) -> bool | None:
    """Whether the gradebook shows the score; ``None`` if the platform shows no results to us."""
    # A score that waits for a person changes no grade, so that the gradebook says nothing of it.
    if RESULT_SCOPE not in delivery.client.scopes or is_pending(delivery.payload):
        return None
    try:
        result = service.result(delivery.sub)
    except GradeError as error:
        # A platform that is not well is asked again later; one that refuses is not asked again in this delivery.
        if not error.is_permanent:
            raise
        return None
    return result is not None and result.shows(delivery.payload)


def record(
    session: Session, vault: Vault, delivery: Delivery, outcome: Outcome, *, at: datetime, patience: Patience
) -> None:
    """Write an outcome down if the lease still holds; else whoever took the score over does."""
    if outcome.new_token:
        keep_token(session, vault, delivery.client, outcome.new_token)
    hold(session, delivery.cell.person_id)
    score = session.get(Score, delivery.score_id)
    if score is None or score.lease_token != delivery.lease:
        log.warning("score", score=delivery.score_id, state="lease lost", outcome=outcome.state)
        return
    score.lease_token = score.lease_until = None
    score.state, score.reason, score.http_status = outcome.state, outcome.reason, outcome.http_status
    score.may_have_arrived |= outcome.may_have_arrived
    if outcome.state == ScoreState.DELIVERED:
        score.delivered_at = at
    elif outcome.state == ScoreState.WAITING:
        score.next_try_at = at + patience.pause(score.tries, outcome.retry_after_s)
        if score.next_try_at > score.created_at + patience.give_up_after:
            score.state, score.reason = ScoreState.FAILED, ScoreReason.GAVE_UP
    pause = partial(patience.pause, asked_s=outcome.retry_after_s)
    outages.note(session, score.registration_id, score.id, outcome.reason, at, pause)
    metrics.count("deliveries", state=score.state, reason=outcome.reason or "")
    level = log.info if score.state in (ScoreState.DELIVERED, ScoreState.SUPERSEDED) else log.warning
    level("score", score=score.id, state=score.state, tries=score.tries, reason=outcome.reason, detail=outcome.detail)
