"""Connections to checked addresses: opened under a deadline, kept for the next call."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from urllib3.connection import HTTPConnection, HTTPSConnection

from lti_tool.lti.addresses import Address, Target

T = TypeVar("T")
Key = tuple[str, str, int, Address]
_IDLE_S = 4.0
"""Apache closes a connection that was idle for 5 s."""
_IDLE_PER_KEY = 2


class Deadline:
    """The moment at which a call, or several together, end, come what may."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self.restart()

    def restart(self) -> None:
        """Give the whole time again."""
        self._ends_at = time.monotonic() + self._timeout_s

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return time.monotonic() >= self._ends_at

    @property
    def is_half_over(self) -> bool:
        """Whether more than half of the time has gone."""
        return time.monotonic() >= self._ends_at - self._timeout_s / 2

    def remaining_s(self) -> float:
        """Give the seconds that are left.

        Raises:
            TimeoutError: if none are.
        """
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call took too long")
        return left

    def run(self, work: Callable[[], T]) -> T:
        """Run something that has no timeout of its own, such as a name look-up, in a thread that may be left behind.

        Raises:
            TimeoutError: if it does not end in time.
        """
        results: list[T] = []
        errors: list[Exception] = []

        def attempt() -> None:
            try:
                results.append(work())
            except (OSError, ValueError) as error:
                errors.append(error)

        thread = threading.Thread(target=attempt, daemon=True)
        thread.start()
        thread.join(self.remaining_s())
        if errors:
            raise errors[0]
        if not results:
            raise TimeoutError("looking the host up took too long")
        return results[0]


class TimedSocket(socket.socket):
    """Gives each read and write only what is left of the call: a platform that drips bytes gains nothing."""

    deadline: Deadline

    def recv_into(self, *arguments: Any, **options: Any) -> int:
        """Receive bytes, in time."""
        self.settimeout(self.deadline.remaining_s())
        return super().recv_into(*arguments, **options)

    def send(self, *arguments: Any, **options: Any) -> int:
        """Send some bytes, in time."""
        self.settimeout(self.deadline.remaining_s())
        return super().send(*arguments, **options)

    def sendall(self, *arguments: Any, **options: Any) -> None:
        """Send all bytes, in time."""
        self.settimeout(self.deadline.remaining_s())
        super().sendall(*arguments, **options)


class TimedTLSSocket(TimedSocket, ssl.SSLSocket):
    """The same over TLS."""


class Connection(HTTPConnection):
    """Connects to its host, which is an address, with a socket that keeps deadlines."""

    key: Key

    def begin(self, deadline: Deadline) -> None:
        """Put what follows under a call's deadline."""
        if not isinstance(self.sock, TimedSocket):
            raise TypeError("a connection of ours has a socket of ours")
        self.timeout = deadline.remaining_s()
        self.sock.deadline = deadline

    def _new_conn(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        new = TimedSocket(family, socket.SOCK_STREAM)
        try:
            new.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            new.settimeout(self.timeout)
            began = time.monotonic()
            new.connect((self.host, self.port))
            if self.timeout is not None:
                # What is left is for all steps of a TLS handshake together.
                new.settimeout(max(self.timeout - (time.monotonic() - began), 0.001))
        except BaseException:
            new.close()
            raise
        return new


class TLSConnection(Connection, HTTPSConnection):
    """The same over TLS."""


class Connections:
    """Opens connections, and keeps idle ones by scheme, host, port *and* checked address.

    Args:
        tls: the certificates to trust; host names are checked against the URL's host, not against the address.
    """

    def __init__(self, tls: ssl.SSLContext) -> None:
        tls.sslsocket_class = TimedTLSSocket
        self._tls = tls
        self._idle: dict[Key, list[tuple[float, Connection]]] = defaultdict(list)
        self._lock = threading.Lock()

    def take(self, target: Target, address: Address, deadline: Deadline, timeout_s: float) -> Connection:
        """Give a connection to ``address`` that is open.

        Args:
            target: what the URL says.
            address: one that may be called.
            deadline: of the call.
            timeout_s: for opening a connection, where none is kept.

        Raises:
            OSError: if the connection or its TLS handshake fails; nothing has been asked yet.
        """
        key = (target.scheme, target.host, target.port, address)
        connection = self._take_idle(key) or self._open(key, timeout_s)
        connection.begin(deadline)
        return connection

    def keep(self, connection: Connection) -> None:
        """Take a connection back whose answer was read to its end."""
        with self._lock:
            idle = self._idle[connection.key]
            if len(idle) < _IDLE_PER_KEY:
                idle.append((time.monotonic(), connection))
                return
        connection.close()

    def close(self) -> None:
        """Close the idle connections."""
        with self._lock:
            idle, self._idle = self._idle, defaultdict(list)
        for kept in idle.values():
            for _, connection in kept:
                connection.close()

    def __del__(self) -> None:
        self.close()

    def _take_idle(self, key: Key) -> Connection | None:
        with self._lock:
            idle = self._idle.pop(key, [])
            usable = [item for item in idle if time.monotonic() - item[0] < _IDLE_S and item[1].is_connected]
            if len(usable) > 1:
                self._idle[key] = usable[:-1]
        for item in idle:
            if item not in usable:
                item[1].close()
        return usable[-1][1] if usable else None

    def _open(self, key: Key, timeout_s: float) -> Connection:
        scheme, host, port, address = key
        connection = (
            TLSConnection(str(address), port, timeout=timeout_s, ssl_context=self._tls, server_hostname=host)
            if scheme == "https"
            else Connection(str(address), port, timeout=timeout_s)
        )
        try:
            connection.connect()
        except BaseException:
            connection.close()
            raise
        connection.key = key
        return connection
