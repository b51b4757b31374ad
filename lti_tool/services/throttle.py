"""Slowing down whoever guesses passwords, and nobody else.

Failures are counted per account, per address and per browser that signed in to the account before. A known browser has
a count of its own: guessing from elsewhere never locks an owner out, and a town hall behind one address is slowed only
after far more failures than a town hall makes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lti_tool.models import FailedTries
from lti_tool.services.fingerprints import fingerprint

FORGOTTEN_AFTER = timedelta(hours=1)
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose failures are counted together, and how many are free."""

    name: str
    free: int

    @property
    def key(self) -> str:
        """What the database knows it by."""
        return fingerprint(self.name)


def subjects(account_name: str, address: str, known_browser: str | None) -> tuple[Subject, ...]:
    """Say whose failures count for a try.

    Args:
        account_name: as typed, in lower case.
        address: that the request came from.
        known_browser: the secret of a browser that signed in to this account before.
    """
    if known_browser is not None:
        return (Subject(f"browser:{known_browser}", 10),)
    return (Subject(f"account:{account_name}", 5), Subject(f"address:{address}", 50))


def count_try(session: Session, who: tuple[Subject, ...], at: datetime) -> timedelta | None:
    """Count a try before its password is looked at, so that many at once gain nothing.

    Returns:
        How long to wait, if the try is refused; a refused try is not counted.
    """
    waits = [wait for subject in who if (wait := _wait(session.get(FailedTries, subject.key), subject.free, at))]
    if waits:
        return max(waits)
    for subject in who:
        add(session, subject.key, 1, at)
    return None


def add(session: Session, key: str, number: int, at: datetime) -> int:
    """Add to what all processes together have counted for a key; an old count begins anew.

    Returns:
        What it is now.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    is_old = FailedTries.last_at <= at - FORGOTTEN_AFTER
    tries = case((is_old, number), else_=FailedTries.tries + number)
    row = insert(FailedTries).values(subject_hash=key, tries=number, last_at=at)
    row = row.on_conflict_do_update(index_elements=["subject_hash"], set_={"tries": tries, "last_at": at})
    return session.scalars(row.returning(FailedTries.tries)).one()


def forgive(session: Session, who: tuple[Subject, ...], at: datetime) -> None:
    """Forget failures after a success, and those that are old."""
    session.execute(delete(FailedTries).where(FailedTries.subject_hash.in_([subject.key for subject in who])))
    session.execute(delete(FailedTries).where(FailedTries.last_at <= at - FORGOTTEN_AFTER))


def _wait(failed: FailedTries | None, free: int, at: datetime) -> timedelta | None:
    if failed is None or failed.tries < free or failed.last_at <= at - FORGOTTEN_AFTER:
        return None
    pause = min(timedelta(seconds=2 ** min(failed.tries - free, 20)), LONGEST_WAIT)
    left = failed.last_at + pause - at
    return left if left > timedelta(0) else None
