"""Deleting what is old, in small batches with a transaction each."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from lti_tool.jobs.delivery import Outbox
from lti_tool.services import retention


def delete_old(outbox: Outbox) -> dict[str, int]:
    """Delete everything whose time is over; gives how many rows of each kind went."""

    def run(work: Callable[[Session], int]) -> int:
        with outbox.sessions.begin() as session:
            return work(session)

    return retention.delete_all(run, outbox.settings, outbox.clock())


def delete_old_logins(outbox: Outbox) -> dict[str, int]:
    """Delete logins that are over: there are many of them, and they are of no use to anybody."""
    report = 0
    rule = next(rule for rule in retention.rules(outbox.settings, outbox.clock()) if rule.kind == "logins")
    while True:
        with outbox.sessions.begin() as session:
            gone = retention.delete_some(session, rule)
        report += gone
        if not gone:
            return {"logins": report}
