"""Bounding what one address can make the tool write down for nothing: logins that no launch answers.

Anybody may begin a login, and each is a row. A town hall behind one address opens thousands of activities in an hour,
so it is not openings that are counted but those that lead nowhere: a login counts one, a token that breaks a rule
another, and the launch that answers a login takes its one back. Whoever is over the limit begins no login for the rest
of a window; logins that were begun can still be answered.

Each process adds up in memory and tells the database in blocks, so an opening costs next to nothing, and the limit
holds for all processes and hosts together: to within one block for each process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_network

from sqlalchemy.orm import Session

from lti_tool.errors import TooManyError
from lti_tool.lti.addresses import parse_address
from lti_tool.services import throttle
from lti_tool.services.fingerprints import fingerprint

WINDOW = timedelta(minutes=10)
BLOCK = 50
_MOST_COUNTS = 10_000
"""Counts that a process keeps at most; a flood from more addresses than that is one for the network to stop."""


@dataclass(slots=True)
class _Count:
    untold: int = 0
    """What this process has counted since it last told the database."""
    told: int = 0
    """What all processes had told when it did."""


class Openings:
    """The openings that led nowhere, by registration and address, as one process sees them.

    Args:
        transaction: opens a short database transaction of its own.
        limit: for one registration, one address and one window; 0: none.
    """

    def __init__(self, transaction: Callable[[], AbstractContextManager[Session]], limit: int) -> None:
        self._transaction = transaction
        self._limit = limit
        self._block = max(1, min(BLOCK, limit // 10))
        self._counts: dict[str, _Count] = {}
        self._window = -1
        self._lock = threading.Lock()

    def check(self, registration_id: int, address: str, at: datetime) -> None:
        """Let a login begin, unless too many before it led nowhere.

        Raises:
            TooManyError: if they did.
        """
        with self._lock:
            count = self._counts.get(_name(registration_id, address, at))
        if self._limit and count is not None and count.told + count.untold >= self._limit:
            ends_at = datetime.fromtimestamp((_window(at) + 1) * WINDOW.total_seconds(), UTC)
            raise TooManyError("Too many openings from this address led nowhere.", retry_after=ends_at - at)

    def begun(self, registration_id: int, address: str, at: datetime) -> None:
        """Count a login; no transaction of the caller may be open."""
        self._add(_name(registration_id, address, at), at, 1)

    def answered(self, registration_id: int, address: str, at: datetime) -> None:
        """Take a login back, since a launch answered it; no transaction of the caller may be open."""
        self._add(_name(registration_id, address, at), at, -1)

    def failed(self, registration_id: int, address: str, at: datetime) -> None:
        """Count a launch whose token broke a rule; no transaction of the caller may be open."""
        self._add(_name(registration_id, address, at), at, 1)

    def _add(self, name: str, at: datetime, number: int) -> None:
        if not self._limit:
            return
        with self._lock:
            if _window(at) > self._window or len(self._counts) >= _MOST_COUNTS:
                self._counts.clear()
                self._window = _window(at)
            count = self._counts.setdefault(name, _Count())
            count.untold += number
            if abs(count.untold) < self._block:
                return
            number, count.untold = count.untold, 0
        # Outside the lock: the others go on counting meanwhile.
        with self._transaction() as session:
            told = throttle.add(session, fingerprint(name), number, at)
        with self._lock:
            count.told = told


def _name(registration_id: int, address: str, at: datetime) -> str:
    return f"openings:{registration_id}:{_network(address)}:{_window(at)}"


@lru_cache(maxsize=1000)
def _network(address: str) -> str:
    """Give what counts as one address: of IPv6 the network, since each of its machines has as many as it likes."""
    parsed = parse_address(address)
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address


def _window(at: datetime) -> int:
    return int(at.timestamp() // WINDOW.total_seconds())
