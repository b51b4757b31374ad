"""Attempts whose time is over: submitted with what was saved, each in a transaction of its own."""

from __future__ import annotations

from functools import partial

from lti_tool.jobs.delivery import Outbox
from lti_tool.logs import get_logger
from lti_tool.services import submissions
from lti_tool.services.shelf import Shelf

AT_ONCE = 500
log = get_logger()


def submit_overdue(outbox: Outbox) -> dict[str, int]:
    """Submit the attempts whose time is over; says how many, and how many could not be."""
    shelf = Shelf(outbox.settings.data_dir.absolute() / "packages")
    with outbox.sessions.begin() as session:
        found = submissions.overdue(session, outbox.clock(), AT_ONCE)
    report = {"submitted": 0, "failed": 0}
    for attempt_id in found:
        try:
            with outbox.sessions.begin() as session:
                opened = partial(shelf.open, session)
                report["submitted"] += submissions.end(session, attempt_id, opened, outbox.clock())
        except Exception:
            # The outermost handler of this attempt: one that cannot be scored must not hold up the others.
            log.exception("overdue attempt", attempt=attempt_id)
            report["failed"] += 1
    return report
