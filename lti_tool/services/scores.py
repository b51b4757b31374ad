"""The outbox: queueing scores for gradebooks, and where each one stands."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from lti_tool import job_queue
from lti_tool.lti.grades import SCORE_SCOPE, score_payload
from lti_tool.models import Attempt, Person, Placement, Score, ScoreReason, ScoreState

DELIVER_TASK = "deliver_score"
_STEP = timedelta(seconds=1)
"""Moodle takes a score only if its timestamp is later by a whole second."""


class Obstacle(enum.StrEnum):
    """Why a person's scores do not go to a gradebook."""

    ANONYMOUS = "anonymous"
    """The platform did not say who they are."""
    NO_COLUMN = "no-column"
    """The activity has no gradebook column."""
    NO_SCOPE = "no-scope"
    """The platform lets the tool read its gradebook at most."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One person's place in one gradebook column; scores for it go out one at a time."""

    line_item_url: str
    person_id: int

    @property
    def lock(self) -> str:
        """Its name as a lock in the job queue."""
        return f"{self.line_item_url}:{self.person_id}"

    @property
    def condition(self) -> ColumnElement[bool]:
        """Chooses its scores."""
        return and_(Score.line_item_url == self.line_item_url, Score.person_id == self.person_id)


def obstacle(person: Person, placement: Placement, line_item_url: str | None) -> Obstacle | None:
    """Say why scores of a person at a placement are not sent; nothing if they are."""
    if person.is_anonymous:
        return Obstacle.ANONYMOUS
    if not line_item_url:
        return Obstacle.NO_COLUMN
    return None if SCORE_SCOPE in placement.scopes else Obstacle.NO_SCOPE


def queue_score(
    session: Session,
    *,
    attempt: Attempt,
    launch_line_item_url: str | None,
    points: Fraction,
    max_points: Fraction,
    at: datetime,
) -> Score | None:
    """Queue a score in the transaction that submits its attempt; nothing where :func:`obstacle` names one.

    Body and timestamp are fixed here. What waits for the same person and column is superseded; what is being sent
    is not, and this score goes out after it. Queueing the same attempt again gives the score that is there.

    Args:
        session: with the transaction that submits the attempt.
        attempt: submitted.
        launch_line_item_url: the column that the learner's launch named.
        points: in 0..``max_points``.
        max_points: of the whole module.
        at: aware UTC time of the submission.
    """
    if max_points <= 0 or not 0 <= points <= max_points:
        raise ValueError(f"{points} of {max_points} points is not a score")
    if launch_line_item_url is None or obstacle(attempt.person, attempt.placement, launch_line_item_url):
        return None
    hold(session, attempt.person_id)
    cell = Cell(launch_line_item_url, attempt.person_id)
    columns = select(Score.id, Score.attempt_id, Score.scored_at, Score.state)
    earlier = session.execute(columns.where(or_(cell.condition, Score.attempt_id == attempt.id))).all()
    for row in earlier:
        if row.attempt_id == attempt.id:
            return session.get(Score, row.id)
    scored_at = _next_timestamp([row.scored_at for row in earlier], at)
    if any(row.state is ScoreState.WAITING for row in earlier):
        waiting = update(Score).where(cell.condition, Score.state == ScoreState.WAITING)
        session.execute(waiting.values(state=ScoreState.SUPERSEDED, reason=ScoreReason.NEWER_QUEUED))
    score = Score(
        registration_id=attempt.person.registration_id,
        placement_id=attempt.placement_id,
        person_id=attempt.person_id,
        attempt_id=attempt.id,
        line_item_url=launch_line_item_url,
        payload=score_payload(attempt.person.sub, points, max_points, scored_at),
        scored_at=scored_at,
        state=ScoreState.WAITING,
        # A platform may refuse a timestamp that lies in its future.
        next_try_at=scored_at,
        created_at=at,
    )
    session.add(score)
    session.flush()
    announce(session, cell, scored_at)
    return score


def announce(session: Session, cell: Cell, not_before: datetime) -> None:
    """Let a worker deliver what waits in a cell."""
    job_queue.announce(
        session,
        DELIVER_TASK,
        lock=cell.lock,
        not_before=not_before,
        line_item_url=cell.line_item_url,
        person_id=cell.person_id,
    )


def hold(session: Session, person_id: int) -> None:
    """Let nobody else change a person's scores until the transaction ends; SQLite lets only one write anyway."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def newest_scores(session: Session, placement_id: int, person_id: int | None = None) -> dict[int, Score]:
    """Give the newest score of each person at a placement, or of one person, by the person's id."""
    query = select(Score).where(Score.placement_id == placement_id).order_by(Score.scored_at)
    if person_id is not None:
        query = query.where(Score.person_id == person_id)
    return {score.person_id: score for score in session.scalars(query)}


def _next_timestamp(earlier: list[datetime], at: datetime) -> datetime:
    """Give the time itself, or a second after the last score of the cell, whichever is later."""
    now = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return max(now, max(earlier) + _STEP) if earlier else now
