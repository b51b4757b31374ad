"""Telling the workers that there is work, in the transaction that makes it."""

from __future__ import annotations

import functools
import threading
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from lti_tool import crash_points

if TYPE_CHECKING:
    import procrastinate

work_is_queued = threading.Event()
"""Set in this process when a transaction that announced work has been committed."""

_ANNOUNCED = "lti_tool.work_announced"


def announce(session: Session, task: str, *, lock: str, not_before: datetime, **arguments: Any) -> None:
    """Let a worker run a task once the session's transaction is committed; a rollback takes it back.

    On PostgreSQL that is a job, written through the session's own connection. On SQLite the loop of the web process
    looks at our own tables, and only has to be woken.

    Args:
        session: with the transaction that makes the work.
        task: name of a task of :mod:`lti_tool.jobs.worker`.
        lock: jobs with the same one run one after the other.
        not_before: the time at which the task can begin.
        arguments: of the task, in JSON's types.
    """
    session.info[_ANNOUNCED] = True
    if session.get_bind().dialect.name == "postgresql":
        connection = session.connection().connection.driver_connection
        job = _queue().configure_task(task, lock=lock, schedule_at=not_before, connection=connection)
        job.defer(**arguments)


@event.listens_for(Session, "after_commit")
def _wake(session: Session) -> None:
    if session.info.pop(_ANNOUNCED, False):
        crash_points.reach("after-commit")
        work_is_queued.set()


@functools.cache
def _queue() -> procrastinate.App:
    """Give a queue that only takes jobs in; it has no connection of its own, and uses that of a session.

    It is imported when PostgreSQL is used, since that takes a fifth of a second.
    """
    import procrastinate

    return procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
