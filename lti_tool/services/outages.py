"""A pause for a whole platform that is down, and a slow start when it is back.

Each score has a back-off of its own, which is not enough where ten thousand of them wait: the platform would be asked
ten thousand times while it is down, and by all of them when it returns. So failures of different scores in a row pause
the platform. Then one delivery at a time is a trial, and each success lets two more begin, until it is well again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, update
from sqlalchemy.orm import Session

from lti_tool import metrics
from lti_tool.logs import get_logger
from lti_tool.models import Outage, Score, ScoreReason
from lti_tool.upsert import changed, find_or_add

PAUSED_AFTER = 3
"""Failures of different scores in a row."""
WELL_AFTER = 16
"""Successes since it answers again; by then as many deliveries may be under way."""
MOST_DOUBLINGS = 8
"""Of the pause between two trials, so that a platform that is back is not found out an hour later."""
UNWELL = frozenset(
    {ScoreReason.UNREACHABLE, ScoreReason.PLATFORM_ERROR, ScoreReason.THROTTLED, ScoreReason.TOKEN_REFUSED}
)
"""What a platform answers, or does not, to whatever it is asked."""
log = get_logger()


def find(session: Session, registration_id: int) -> Outage | None:
    """Find the pause of a platform, if it is paused."""
    outage = session.get(Outage, registration_id)
    return outage if outage is not None and outage.is_paused else None


def lets_in(at: datetime) -> ColumnElement[bool]:
    """Choose scores whose platform is not paused, or may be tried."""
    is_closed = exists().where(
        Outage.registration_id == Score.registration_id,
        Outage.is_paused,
        Outage.slots <= 0,
        Outage.next_trial_at > at,
    )
    return ~is_closed


def enter(session: Session, registration_id: int, at: datetime, lease: timedelta) -> bool:
    """Let a delivery begin if the platform is well or may be tried; of those who ask at once as many as may."""
    outage = session.get(Outage, registration_id, populate_existing=True)
    if outage is None or not outage.is_paused:
        return True
    paused = update(Outage).where(Outage.registration_id == registration_id, Outage.is_paused)
    if changed(session, paused.where(Outage.slots > 0).values(slots=Outage.slots - 1), synchronize_session=False):
        return True
    # Whoever tries and is not heard of again is followed by another one.
    trial = paused.where(Outage.slots <= 0, Outage.next_trial_at <= at).values(next_trial_at=at + lease)
    return changed(session, trial, synchronize_session=False) == 1


def note(
    session: Session,
    registration_id: int,
    score_id: int,
    reason: ScoreReason | None,
    at: datetime,
    pause: Callable[[int], timedelta],
) -> None:
    """Write down how a delivery ended.

    Args:
        session: of the database.
        registration_id: the platform.
        score_id: what was delivered, or not.
        reason: ``None``, or why the platform did not take it.
        at: now.
        pause: gives the time to wait after so many failures.
    """
    if reason in UNWELL:
        _note_failure(session, registration_id, score_id, reason, at, pause)
    elif session.get(Outage, registration_id) is not None:
        _note_success(session, registration_id)


def _note_failure(
    session: Session,
    registration_id: int,
    score_id: int,
    reason: ScoreReason,
    at: datetime,
    pause: Callable[[int], timedelta],
) -> None:
    values = {"failures": 0, "is_paused": False, "slots": 0, "successes": 0}
    find_or_add(
        session,
        Outage,
        {"registration_id": registration_id},
        {**values, "next_trial_at": at, "reason": reason, "since": at},
    )
    outage = session.get_one(Outage, registration_id, with_for_update=True, populate_existing=True)
    outage.reason = reason
    if outage.is_paused or outage.last_score_id != score_id:
        outage.failures += 1
        outage.last_score_id = score_id
    if outage.is_paused or outage.failures >= PAUSED_AFTER:
        if not outage.is_paused:
            # The line to alert on: from here on trainers see why their grades wait.
            log.error("platform-paused", registration=registration_id, reason=reason)
            metrics.count("pauses", reason=reason)
            outage.since = at
        outage.is_paused = True
        outage.slots = outage.successes = 0
        outage.next_trial_at = at + pause(min(outage.failures - PAUSED_AFTER + 1, MOST_DOUBLINGS))


def _note_success(session: Session, registration_id: int) -> None:
    outage = session.get(Outage, registration_id, with_for_update=True, populate_existing=True)
    if outage is None:
        return
    outage.failures, outage.last_score_id = 0, None
    outage.successes += 1
    outage.slots += 2
    if not outage.is_paused or outage.successes >= WELL_AFTER:
        if outage.is_paused:
            log.warning("platform-well", registration=registration_id, since=outage.since.isoformat())
        session.delete(outage)
