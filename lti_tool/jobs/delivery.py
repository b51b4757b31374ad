"""Delivering scores: the one function that both engines call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import crash_points, metrics
from lti_tool.config import Settings
from lti_tool.lti.egress import Egress
from lti_tool.lti.vault import Vault
from lti_tool.services import deliveries, delivery_path
from lti_tool.services.deliveries import Delivery, Outcome, Patience
from lti_tool.services.scores import Cell

Sent = tuple[Delivery, Outcome]


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
    for delivery in claim(outbox, [cell]):
        write_down(outbox, [send(outbox, delivery)])
        return True
    return False


def claim(outbox: Outbox, cells: Sequence[Cell]) -> list[Delivery]:
    """Take what is due in some cells under leases, in one transaction."""
    with outbox.sessions.begin() as session:
        found = [
            delivery_path.claim(session, outbox.vault, cell, at=outbox.clock(), lease=outbox.lease) for cell in cells
        ]
    claimed = [delivery for delivery in found if delivery is not None]
    if any(delivery.was_taken_over for delivery in claimed):
        crash_points.reach("lease-expiry")
    return claimed


def send(outbox: Outbox, delivery: Delivery) -> Sent:
    """Send a claimed score; no transaction may be open."""
    outcome = deliveries.send(delivery, outbox.egress, outbox.clock)
    crash_points.reach("before-result-written")
    return delivery, outcome


def write_down(outbox: Outbox, sent: Sequence[Sent]) -> None:
    """Write down how some deliveries ended, in one transaction."""
    with outbox.sessions.begin() as session:
        for delivery, outcome in sent:
            delivery_path.record(session, outbox.vault, delivery, outcome, at=outbox.clock(), patience=outbox.patience)
