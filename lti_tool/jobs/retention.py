"""Deleting what is old, in small batches with a transaction each."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from lti_tool.jobs.delivery import Outbox
from lti_tool.services import retention
from lti_tool.services.retention import Rule


def delete_old(outbox: Outbox) -> dict[str, int]:
    """Delete everything whose time is over; gives how many rows of each kind went."""
    return _delete(outbox, retention.rules(outbox.settings, outbox.clock()))


def delete_old_logins(outbox: Outbox) -> dict[str, int]:
    """Delete what is of no use after an hour: there is much of it."""
    return _delete(outbox, retention.short_lived(outbox.clock()))


def _delete(outbox: Outbox, rules: Iterable[Rule]) -> dict[str, int]:
    def run(work: Callable[[Session], int]) -> int:
        with outbox.sessions.begin() as session:
            return work(session)

    return retention.delete_all(run, rules)
