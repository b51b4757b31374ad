"""The outbox: queueing scores for gradebooks, and where each one stands."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased, contains_eager

from lti_tool import job_queue
from lti_tool.lti.grades import SCORE_SCOPE, comment_for, score_payload
from lti_tool.models import PLACEHOLDER, Answer, Attempt, Person, Placement, Score, ScoreReason, ScoreState
from lti_tool.platforms import differences_of

DELIVER_TASK = "deliver_score"
_STEP = timedelta(seconds=1)
"""Moodle takes a score only if its timestamp is later by a whole second."""


class Obstacle(enum.StrEnum):
    """Why a person's scores do not go to a gradebook."""

    ANONYMOUS = "anonymous"
    """The platform did not say who they are."""
    TEST_ACCOUNT = "test-account"
    """Nobody stands behind the account, and the gradebook has no place for such."""
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
    def waits_for_column(self) -> bool:
        """Whether the column is not there yet (``services/line_items.py``)."""
        return self.line_item_url.startswith(PLACEHOLDER)

    @property
    def condition(self) -> ColumnElement[bool]:
        """Chooses its scores."""
        return and_(Score.line_item_url == self.line_item_url, Score.person_id == self.person_id)


def obstacle(person: Person, placement: Placement, line_item_url: str | None) -> Obstacle | None:
    """Say why scores of a person at a placement are not sent; nothing if they are."""
    if person.is_anonymous:
        return Obstacle.ANONYMOUS
    if person.is_test and not differences_of(placement.deployment.registration.product).grades_test_accounts:
        return Obstacle.TEST_ACCOUNT
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
    is_again: bool = False,
    comment: str = "",
) -> Score | None:
    """Queue a score in the transaction that submits its attempt; nothing where :func:`obstacle` names one.

    Body and timestamp are fixed here. What waits for the same person and column is superseded; what is being sent
    is not, and this score goes out after it. Queueing the same attempt again gives the score that is there,
    unless it is meant to be sent again.

    Args:
        session: with the transaction that submits the attempt.
        attempt: submitted.
        launch_line_item_url: the column that the learner's launch named, or what ``services/line_items.py`` gave.
        points: in 0..``max_points``.
        max_points: of the whole module.
        at: aware UTC time of the submission.
        is_again: whether the attempt's score is sent once more, with a later timestamp.
        comment: a trainer's, for the person.
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
        if row.attempt_id == attempt.id and not is_again:
            return session.get(Score, row.id)
    scored_at = _next_timestamp([row.scored_at for row in earlier], at)
    if any(row.state is ScoreState.WAITING for row in earlier):
        waiting = update(Score).where(cell.condition, Score.state == ScoreState.WAITING)
        session.execute(waiting.values(state=ScoreState.SUPERSEDED, reason=ScoreReason.NEWER_QUEUED))
    differences = differences_of(attempt.placement.deployment.registration.product)
    score = Score(
        registration_id=attempt.person.registration_id,
        placement_id=attempt.placement_id,
        person_id=attempt.person_id,
        attempt_id=attempt.id,
        is_again=is_again,
        line_item_url=launch_line_item_url,
        payload=score_payload(
            attempt.person.sub,
            points,
            max_points,
            scored_at,
            comment=comment_for(differences, comment),
            is_pending=differences.keeps_grade_while_pending and _waits_for_a_person(session, attempt),
        ),
        scored_at=scored_at,
        state=ScoreState.WAITING,
        # A platform may refuse a timestamp that lies in its future.
        next_try_at=scored_at,
        created_at=at,
    )
    session.add(score)
    session.flush()
    if not cell.waits_for_column:
        announce(session, cell, scored_at)
    return score


def move(session: Session, cell: Cell, line_item_url: str) -> None:
    """Give the scores of a cell another address, under :func:`hold`; what is older than a score there is superseded."""
    there = select(func.max(Score.scored_at)).where(Cell(line_item_url, cell.person_id).condition)
    newest = session.scalar(there)
    for score in session.scalars(select(Score).where(cell.condition)):
        if newest is not None and score.scored_at <= newest:
            score.state, score.reason = ScoreState.SUPERSEDED, ScoreReason.NEWER_QUEUED
            # There may be one with this very time; nothing is sent with this one's any more.
            score.scored_at -= timedelta(microseconds=score.id % 1000 + 1)
        score.line_item_url = line_item_url
    session.flush()


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


def newest_scores(session: Session, placement_id: int, person_ids: Collection[int]) -> dict[int, Score]:
    """Give the newest score of some people at a placement, by the person's id."""
    query = select(Score).where(Score.placement_id == placement_id, Score.person_id.in_(person_ids))
    return {score.person_id: score for score in session.scalars(query.order_by(Score.scored_at))}


def of_person(session: Session, placement_id: int, person_id: int) -> dict[int, list[Score]]:
    """Give every score of a person at a placement, by the row of its attempt, the first one first."""
    query = select(Score).where(Score.placement_id == placement_id, Score.person_id == person_id)
    found: dict[int, list[Score]] = {}
    for score in session.scalars(query.order_by(Score.scored_at)):
        found.setdefault(score.attempt_id, []).append(score)
    return found


def failed_scores(session: Session, placement_id: int, limit: int) -> list[Score]:
    """Give scores that did not reach the gradebook and will not by themselves, those with the same reason together.

    One that was followed by a newer score of the same person is none, nor is one of a test account.
    """
    newer = aliased(Score)
    is_followed = exists().where(
        newer.placement_id == Score.placement_id,
        newer.person_id == Score.person_id,
        newer.scored_at > Score.scored_at,
    )
    wanted = (
        select(Score)
        .join(Score.person)
        .where(Score.placement_id == placement_id, Score.state == ScoreState.FAILED, Person.is_test.is_(False))
        .where(~is_followed)
        .options(contains_eager(Score.person))
    )
    found = session.scalars(wanted.limit(limit)).all()
    return sorted(found, key=lambda score: (score.reason or "", score.id))


def _waits_for_a_person(session: Session, attempt: Attempt) -> bool:
    """Whether something of an attempt is still to be judged by a trainer."""
    return bool(session.scalar(select(exists().where(Answer.attempt_id == attempt.id, Answer.state == "waiting"))))


def _next_timestamp(earlier: list[datetime], at: datetime) -> datetime:
    """Give the time itself, or a second after the last score of the cell, whichever is later."""
    now = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return max(now, max(earlier) + _STEP) if earlier else now
