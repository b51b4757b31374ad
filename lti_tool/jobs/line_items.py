"""Making columns: the one function that both engines call."""

from __future__ import annotations

from lti_tool import crash_points
from lti_tool.jobs.delivery import Outbox
from lti_tool.services import line_items

AT_ONCE = 20


def make(outbox: Outbox, line_item_id: int) -> bool:
    """Find, make or change a column, if it is due.

    The claim is committed before the platform is asked, and the outcome after it; a process that dies in between leaves
    a lease that runs out, and whoever takes over finds what the first one made.

    Returns:
        Whether there was something to do.
    """
    deadline = outbox.deadline()
    with outbox.sessions.begin() as session:
        making = line_items.claim(session, outbox.vault, line_item_id, at=outbox.clock(), lease=outbox.lease)
    if making is None:
        return False
    made = line_items.make(making, outbox.egress.within(deadline), outbox.clock)
    crash_points.reach("before-column-written")
    with outbox.sessions.begin() as session:
        line_items.record(session, outbox.vault, making, made, at=outbox.clock(), patience=outbox.patience)
    return True


def announce_due(outbox: Outbox) -> dict[str, int]:
    """Let workers make what is due and may have no job: what a dead process left."""
    with outbox.sessions.begin() as session:
        found = line_items.due(session, outbox.clock(), AT_ONCE)
        for line_item_id in found:
            line_items.announce(session, line_item_id, outbox.clock())
    return {"due": len(found)}
