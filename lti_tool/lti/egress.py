"""The one way out: every call of the tool to a platform goes through here.

No redirects, no proxies from the environment, and one deadline for a whole call, looking the host up included. The
address that is checked is the address that is connected to, so that a name cannot point elsewhere in between.
"""

from __future__ import annotations

import copy
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from importlib.metadata import version

from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from lti_tool import crash_points, metrics
from lti_tool.errors import PlatformError
from lti_tool.lti.addresses import Address, AllowList, Target, parse_address, parse_url
from lti_tool.lti.connections import Connection, Connections, Deadline
from lti_tool.lti.names import look_up

USER_AGENT = f"hybrid-training/{version('hybrid-training')}"
_CHUNK_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform answered."""

    status: int
    headers: Mapping[str, str]
    """Names in any case."""
    body: bytes


class TooLargeError(PlatformError):
    """An answer is larger than the tool reads."""


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that the system trusts: reading them takes 30 ms, once in a process."""
    return ssl.create_default_context()


class Egress:
    """The guarded HTTP client.

    Args:
        allow: hosts, ``host:port`` pairs and networks that may be called over http or at private addresses.
        timeout_s: for one call in all.
        max_bytes: of an answer's body, unpacked.
        resolve: looks a host up; gives its addresses.
        tls: the certificates to trust.
    """

    def __init__(
        self,
        allow: Iterable[str],
        timeout_s: float,
        max_bytes: int,
        *,
        resolve: Callable[[str, int], list[str]] = look_up,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allow = AllowList(allow)
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._resolve = resolve
        self._connections = Connections(tls or _trusted())
        self._all_by: Deadline | None = None

    def within(self, deadline: Deadline) -> Egress:
        """Give the same way out, with the same connections, for calls that have to end by a deadline all together."""
        bounded = copy.copy(self)
        bounded._all_by = deadline
        return bounded

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """Send a request and read the whole answer, whatever its status; redirects are answers like any other.

        Raises:
            PlatformError: if no whole answer came. ``is_outcome_known`` is false once the request may have left.
        """
        began, outcome = time.perf_counter(), "failed"
        try:
            answer = self._request(method, url, headers or {}, body)
            outcome = f"{answer.status // 100}xx"
        finally:
            metrics.observe("egress", time.perf_counter() - began, outcome=outcome)
        return answer

    def close(self) -> None:
        """Close the connections that are kept; later calls open new ones."""
        self._connections.close()

    def _request(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        deadline = self._deadline()
        try:
            target = parse_url(url)
        except ValueError as error:
            raise PlatformError("The platform's address cannot be called.", detail=str(error)) from error
        connection = self._connect(target, deadline)
        is_reusable = False
        try:
            answer, is_reusable = self._exchange(connection, target, method, headers, body)
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            detail = f"{target.host_header}: {type(error).__name__}: {error}"
            raise PlatformError(
                "The platform did not answer in time.", detail=detail, is_outcome_known=False
            ) from error
        finally:
            if is_reusable:
                self._connections.keep(connection)
            else:
                connection.close()
        return answer

    def _deadline(self) -> Deadline:
        """Give the time for one call."""
        if self._all_by is None:
            return Deadline(self._timeout_s)
        try:
            return Deadline(min(self._timeout_s, self._all_by.remaining_s()))
        except TimeoutError as error:
            raise PlatformError(
                "The platform did not answer in time.", detail="the calls before this one took all the time"
            ) from error

    def _connect(self, target: Target, deadline: Deadline) -> Connection:
        """Connect to the first address of the target's host that may be called and takes a connection."""
        addresses = self._addresses(target, deadline)
        for number, address in enumerate(addresses, start=1):
            share_s = deadline.remaining_s() / (len(addresses) - number + 1)
            try:
                return self._connections.take(target, address, deadline, share_s)
            except (HTTPError, OSError) as error:
                if number == len(addresses) or deadline.is_over:
                    detail = f"{target.host_header}: {type(error).__name__}: {error}"
                    raise PlatformError("The platform could not be reached.", detail=detail) from error
        raise AssertionError("there is at least one address")

    def _addresses(self, target: Target, deadline: Deadline) -> list[Address]:
        literal = parse_address(target.host)
        try:
            found = [literal] if literal else deadline.run(lambda: self._parsed(target))
        except (OSError, ValueError) as error:
            detail = f"{target.host}: {type(error).__name__}: {error}"
            raise PlatformError("The platform's host was not found.", detail=detail) from error
        allowed = [address for address in found if self._allow.allows(target, address)]
        if not allowed:
            where = f"{target.scheme}://{target.host_header} ({', '.join(map(str, found)) or 'no address'})"
            why = "is plain http or not on the open internet; name the host in EGRESS_ALLOW if it is meant"
            raise PlatformError("The platform's address may not be called.", detail=f"{where} {why}")
        return allowed

    def _parsed(self, target: Target) -> list[Address]:
        parsed = (parse_address(text) for text in self._resolve(target.host, target.port))
        return list(dict.fromkeys(address for address in parsed if address))

    def _exchange(
        self, connection: Connection, target: Target, method: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[Answer, bool]:
        """Send and receive; says whether the connection may serve again."""
        ours = {"Host": target.host_header, "User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
        connection.request(method, target.path, body=body, headers={**headers, **ours}, preload_content=False)
        crash_points.reach("after-request-left")
        response = connection.getresponse()
        try:
            received = self._read(response, target)
        finally:
            response.close()
        may_reuse = connection.sock is not None and response.headers.get("connection", "").lower() != "close"
        return Answer(response.status, response.headers, received), may_reuse

    def _read(self, response: BaseHTTPResponse, target: Target) -> bytes:
        received = bytearray()
        # One byte more than the limit shows that the answer is larger, without waiting for the rest.
        while chunk := response.read(min(_CHUNK_BYTES, self._max_bytes + 1 - len(received))):
            received += chunk
            if len(received) > self._max_bytes:
                raise TooLargeError(
                    "The platform's answer is larger than the tool reads.",
                    detail=f"{target.host_header}: more than {self._max_bytes} bytes",
                    is_outcome_known=False,
                    http_status=response.status,
                )
        return bytes(received)
