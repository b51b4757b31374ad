"""How the tool is doing, for probes and for Prometheus, read from the database: every process says the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lti_tool.models import Chore, Score, ScoreState
from lti_tool.services.chores import last_heartbeat

HEARTBEAT_LATE = timedelta(minutes=3)
"""A worker is heard of every minute."""
Gauges = dict[str, tuple[str, dict[tuple[tuple[str, str], ...], float]]]


def examine(
    session: Session, at: datetime, current: Callable[[], str | None], newest: Callable[[], str | None]
) -> dict[str, str]:
    """Say of database, schema and worker whether they are ``ok``, else in a word what is wrong.

    Args:
        session: of the database.
        at: now.
        current: gives the revision that the database is at.
        newest: gives the one that this version of the tool wants.
    """
    states = {"database": "ok", "schema": "unknown", "worker": "unknown"}
    try:
        if current() != newest():
            return states | {"schema": "not up to date"}
        heard_of = last_heartbeat(session)
    except SQLAlchemyError:
        return states | {"database": "does not answer"}
    is_late = heard_of is None or at - heard_of > HEARTBEAT_LATE
    return states | {"schema": "ok", "worker": "not heard of" if is_late else "ok"}


def gauges(session: Session, at: datetime) -> Gauges:
    """Give the numbers of now: the outbox, and when work was last done."""
    open_states = (ScoreState.WAITING, ScoreState.SENDING)
    shown = (*open_states, ScoreState.FAILED)
    by_state = select(Score.state, func.count()).where(Score.state.in_(shown)).group_by(Score.state)
    counted = dict(session.execute(by_state).all())
    oldest = session.scalar(select(func.min(Score.created_at)).where(Score.state.in_(open_states)))
    late = session.scalar(
        select(func.count()).where(Score.state == ScoreState.WAITING, Score.next_try_at <= at - timedelta(minutes=5))
    )
    chores = session.scalars(select(Chore)).all()
    since: dict[tuple[tuple[str, str], ...], float] = {
        (("name", chore.name),): (at - chore.finished_at).total_seconds() for chore in chores if chore.finished_at
    }
    return {
        "outbox_scores": (
            "Scores in the outbox, by state",
            {(("state", state),): float(counted.get(state, 0)) for state in shown},
        ),
        "outbox_oldest_seconds": (
            "Age of the oldest score that is not delivered",
            {(): (at - oldest).total_seconds() if oldest else 0.0},
        ),
        "outbox_late_scores": (
            "Scores that were due five minutes ago and have not been tried since",
            {(): float(late or 0)},
        ),
        "chore_age_seconds": ("Time since work that comes back was last done; `worker` is the heartbeat", since),
    }
