"""Work that comes back, done by one process at a time however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lti_tool.models import Chore
from lti_tool.upsert import changed, find_or_add, put

HEARTBEAT = "worker"
"""Names the row that says that somebody works at all."""
STUCK_AFTER = timedelta(hours=1)
"""A run that did not end by then was killed, or failed; it is begun again."""
_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def begin_chore(session: Session, name: str, every: timedelta, at: datetime) -> bool:
    """Take on a chore if it is due; one UPDATE, so that one process gets it."""
    find_or_add(session, Chore, {"name": name}, {"started_at": _NEVER})
    is_stuck = or_(Chore.finished_at.is_(None), Chore.finished_at < Chore.started_at)
    is_due = or_(Chore.started_at <= at - every, is_stuck & (Chore.started_at <= at - STUCK_AFTER))
    return changed(session, update(Chore).where(Chore.name == name, is_due).values(started_at=at)) == 1


def finish_chore(session: Session, name: str, report: Mapping[str, Any], at: datetime) -> None:
    """Write down what came of a chore."""
    session.execute(update(Chore).where(Chore.name == name).values(finished_at=at, report=dict(report)))


def beat(session: Session, at: datetime) -> None:
    """Say that a worker is alive."""
    put(session, Chore, {"name": HEARTBEAT}, {"started_at": at, "finished_at": at})


def last_heartbeat(session: Session) -> datetime | None:
    """Say when a worker was last heard of."""
    return session.scalar(select(Chore.started_at).where(Chore.name == HEARTBEAT))
