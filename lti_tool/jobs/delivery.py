"""Delivering scores: the one function that both engines call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import crash_points, metrics
from lti_tool.config import Settings
from lti_tool.logs import get_logger
from lti_tool.lti.connections import Deadline
from lti_tool.lti.egress import Egress
from lti_tool.lti.vault import Vault
from lti_tool.services import deliveries, delivery_path
from lti_tool.services.deliveries import Delivery, Outcome, Patience
from lti_tool.services.scores import Cell

log = get_logger()
Sent = tuple[Delivery, Outcome]
_CALLING = 5 / 6
"""Of a lease: what is left is for writing down how it ended, and for hosts whose clocks differ."""


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Outbox:
    """All that delivering and the other work in the background need."""

    settings: Settings
    sessions: sessionmaker[Session]
    egress: Egress
    vault: Vault
    lease: timedelta
    patience: Patience
    clock: Callable[[], datetime] = now

    def deadline(self) -> Deadline:
        """Give the time for all calls under a lease that begins after this; nobody calls when it has run out."""
        return Deadline(self.lease.total_seconds() * _CALLING)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A score under a lease, and when its delivery has to have ended."""

    delivery: Delivery
    deadline: Deadline


def open_outbox(engine: Engine, settings: Settings, clock: Callable[[], datetime] = now) -> Outbox:
    """Put together what delivering needs."""
    metrics.configure(settings)
    return Outbox(
        settings=settings,
        sessions=sessionmaker(engine),
        egress=Egress(settings.egress_allow, settings.egress_timeout_s, settings.egress_max_bytes),
        vault=Vault(settings.master_keys),
        lease=timedelta(seconds=settings.score_lease_s),
        patience=Patience(timedelta(seconds=settings.score_poll_s), timedelta(days=settings.score_give_up_days)),
        clock=clock,
    )


def deliver(outbox: Outbox, cell: Cell) -> bool:
    """Deliver the newest score that is due in a cell.

    The claim is committed before the call to the platform and the outcome after it, so that no transaction spans the
    network and a process that dies in between leaves a lease that runs out.

    Returns:
        Whether there was one to deliver.
    """
    for claimed in claim(outbox, [cell]):
        sent = send(outbox, claimed)
        if sent is None:
            return False
        write_down(outbox, [sent])
        return True
    return False


def claim(outbox: Outbox, cells: Sequence[Cell]) -> list[Claimed]:
    """Take what is due in some cells under leases, in one transaction."""
    deadline = outbox.deadline()
    with outbox.sessions.begin() as session:
        at = outbox.clock()
        found = [delivery_path.claim(session, outbox.vault, cell, at=at, lease=outbox.lease) for cell in cells]
    claimed = [Claimed(delivery, deadline) for delivery in found if delivery is not None]
    if any(each.delivery.was_taken_over for each in claimed):
        crash_points.reach("lease-expiry")
    return claimed


def send(outbox: Outbox, claimed: Claimed) -> Sent | None:
    """Send a claimed score; no transaction may be open.

    Returns:
        Nothing where it waited for others until too little of its time was left, which says nothing of its platform:
        whoever claims it next begins with the whole time.
    """
    if claimed.deadline.is_half_over:
        log.warning("score", score=claimed.delivery.score_id, state="not begun")
        return None
    outcome = deliveries.send(claimed.delivery, outbox.egress.within(claimed.deadline), outbox.clock)
    crash_points.reach("before-result-written")
    return claimed.delivery, outcome


def write_down(outbox: Outbox, sent: Sequence[Sent]) -> None:
    """Write down how some deliveries ended, in one transaction."""
    with outbox.sessions.begin() as session:
        for delivery, outcome in sent:
            delivery_path.record(session, outbox.vault, delivery, outcome, at=outbox.clock(), patience=outbox.patience)
