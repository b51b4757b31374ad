"""Work that comes back: a list of it, gone through once a minute by whoever delivers scores, on either engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from lti_tool import metrics
from lti_tool.jobs import comparisons, key_rotation, line_items, notices, overdue, retention, rosters
from lti_tool.jobs.delivery import Outbox
from lti_tool.logs import get_logger
from lti_tool.services import chores

LOOK_EVERY_S = 60.0
Report = dict[str, int]
log = get_logger()


@dataclass(frozen=True, slots=True)
class Chore:
    """A kind of work and how often it is done; ``work`` opens and commits its own transactions."""

    name: str
    every: timedelta
    work: Callable[[Outbox], Report]


CHORES = (
    Chore("key-rotation", timedelta(hours=1), key_rotation.rotate_keys),
    Chore("logins", timedelta(minutes=10), retention.delete_old_logins),
    Chore("overdue-attempts", timedelta(minutes=1), overdue.submit_overdue),
    Chore("line-items", timedelta(minutes=1), line_items.announce_due),
    Chore("comparisons", timedelta(minutes=1), comparisons.announce_due),
    Chore("notices", timedelta(minutes=1), notices.ask_for_notices),
    Chore("rosters", timedelta(minutes=5), rosters.announce_due),
    Chore("retention", timedelta(days=1), retention.delete_old),
)


def do_chores(outbox: Outbox) -> None:
    """Show that a worker lives, and do what is due; one that fails leaves the others alone and is tried again."""
    with outbox.sessions.begin() as session:
        chores.beat(session, outbox.clock())
    for chore in CHORES:
        do_chore(outbox, chore)


def do_chore(outbox: Outbox, chore: Chore) -> None:
    """Do one chore if it is due and nobody else is at it."""
    with outbox.sessions.begin() as session:
        if not chores.begin_chore(session, chore.name, chore.every, outbox.clock()):
            return
    try:
        report = chore.work(outbox)
    except Exception:
        # The outermost handler of this chore: the next one is not to suffer.
        log.exception("chore", name=chore.name)
        metrics.count("chores", chore=chore.name, outcome="failed")
        return
    with outbox.sessions.begin() as session:
        chores.finish_chore(session, chore.name, report, outbox.clock())
    metrics.count("chores", chore=chore.name, outcome="done")
    if any(report.values()):
        log.info("chore", name=chore.name, **report)
