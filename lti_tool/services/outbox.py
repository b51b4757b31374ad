"""The outbox as those who run the tool see it: all scores in a state, and trying one again or stopping it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from lti_tool.errors import ConflictError, NotFoundError
from lti_tool.models import Score, ScoreReason, ScoreState
from lti_tool.services import audit
from lti_tool.services.scores import Cell, announce, hold

PAGE_ROWS = 50
COUNTED = (ScoreState.WAITING, ScoreState.SENDING, ScoreState.FAILED)
"""Few enough to be counted on each look; what was delivered is not."""


def list_scores(session: Session, state: ScoreState, *, before: int | None = None) -> list[Score]:
    """List a page of scores in a state, those to be tried last first; one more where there is a next page.

    Args:
        session: of the database.
        state: which.
        before: the last score of the page before.
    """
    query = select(Score).where(Score.state == state)
    last = session.get(Score, before) if before is not None else None
    if last is not None:
        is_earlier = and_(Score.next_try_at == last.next_try_at, Score.id < last.id)
        query = query.where(or_(Score.next_try_at < last.next_try_at, is_earlier))
    shown = (joinedload(Score.person), joinedload(Score.placement), joinedload(Score.registration))
    query = query.options(*shown).order_by(Score.next_try_at.desc(), Score.id.desc()).limit(PAGE_ROWS + 1)
    return list(session.scalars(query))


def count_open(session: Session) -> dict[ScoreState, int]:
    """Count the scores that are not where they should be yet."""
    by_state = select(Score.state, func.count()).where(Score.state.in_(COUNTED)).group_by(Score.state)
    counted = {state: number for state, number in session.execute(by_state)}  # noqa: C416  (rows are no pairs)
    return {state: counted.get(state, 0) for state in COUNTED}


def retry(session: Session, number: int, at: datetime, actor: str) -> None:
    """Try a score now that failed or waits.

    Raises:
        NotFoundError: if there is no such score.
        ConflictError: if it is being sent, has arrived, or a newer one took its place.
    """
    score = _held(session, number, ScoreState.FAILED, ScoreState.WAITING)
    cell = Cell(score.line_item_url, score.person_id)
    is_old = exists().where(cell.condition, Score.scored_at > score.scored_at)
    if session.scalar(select(is_old)):
        raise ConflictError("A newer score took its place.")
    before = {"state": score.state, "reason": score.reason}
    score.state, score.reason, score.next_try_at, score.tries = ScoreState.WAITING, None, at, 0
    session.flush()
    announce(session, cell, at)
    _record(session, score, "score-retried", before, at, actor)


def stop(session: Session, number: int, at: datetime, actor: str) -> None:
    """Let a score that waits stay here.

    Raises:
        NotFoundError: if there is no such score.
        ConflictError: if it does not wait.
    """
    score = _held(session, number, ScoreState.WAITING)
    before = {"state": score.state, "reason": score.reason}
    score.state, score.reason = ScoreState.FAILED, ScoreReason.STOPPED
    _record(session, score, "score-stopped", before, at, actor)


def _held(session: Session, number: int, *states: ScoreState) -> Score:
    """Give a score that no delivery changes until the transaction ends."""
    person_id = session.scalar(select(Score.person_id).where(Score.id == number))
    if person_id is None:
        raise NotFoundError("There is no such score.")
    hold(session, person_id)
    score = session.get_one(Score, number, populate_existing=True)
    if score.state not in states:
        raise ConflictError(f"The score is {score.state} by now.")
    return score


def _record(
    session: Session, score: Score, action: str, before: dict[str, str | None], at: datetime, actor: str
) -> None:
    audit.record(
        session,
        actor=actor,
        at=at,
        action=action,
        subject=f"{score.registration.title}: {score.id}",
        before=before,
        after={"state": score.state, "reason": score.reason},
    )
