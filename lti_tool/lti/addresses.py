"""Which addresses the tool may call: public ones over https, and what the administrator named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from lti_tool.errors import SettingsError

Address = IPv4Address | IPv6Address
_NAT64 = ip_network("64:ff9b::/96")
_PRINTABLE = re.compile(r"[!-~]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads, before its host is looked up."""

    scheme: str
    host: str
    """Lower case, IPv6 addresses without brackets."""
    port: int
    path: str
    """With the query."""

    @property
    def host_header(self) -> str:
        """The ``Host`` of a request to it."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _DEFAULT_PORTS[self.scheme] else f"{name}:{self.port}"


def parse_url(url: str) -> Target:
    """Take a URL apart.

    Raises:
        ValueError: saying what is wrong with it; the URL itself is not repeated, since its query may be secret.
    """
    if not _PRINTABLE.fullmatch(url):
        raise ValueError("the address holds characters that no address may hold")
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError("the address does not begin with https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("the address holds a user name")
    if not parts.hostname:
        raise ValueError("the address names no host")
    port = _DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port, path)


class AllowList:
    """The hosts, ``host:port`` pairs and networks that may be called over http or at private addresses.

    Raises:
        SettingsError: if an entry is none of the three.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        self._networks: list[IPv4Network | IPv6Network] = []
        self._hosts: set[tuple[str, int | None]] = set()
        for entry in entries:
            self._add(entry.strip().lower())

    def allows(self, target: Target, address: Address) -> bool:
        """Whether a call to ``target`` may go to ``address``, one that its host resolved to."""
        if self._names(target) or any(address in network for network in self._networks):
            return True
        return target.scheme == "https" and is_public(address)

    def _names(self, target: Target) -> bool:
        return not self._hosts.isdisjoint({(target.host, None), (target.host, target.port)})

    def _add(self, entry: str) -> None:
        try:
            self._networks.append(ip_network(entry.strip("[]")))
        except ValueError:
            self._hosts.add(_parse_host(entry))


def _parse_host(entry: str) -> tuple[str, int | None]:
    problem = f"EGRESS_ALLOW: {entry!r} is no host, host:port or network such as 10.0.0.0/8"
    try:
        parts = urlsplit(f"//{entry}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise SettingsError([problem]) from None
    if not host or parts.path or parts.query or parts.fragment or "@" in entry or not _PRINTABLE.fullmatch(entry):
        raise SettingsError([problem])
    return host, port


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet.

    Addresses that carry an IPv4 address inside are judged by that one: they lead to it.
    """
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(IPv4Address(address.packed[-4:]))
        if address.sixtofour is not None or address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def parse_address(text: str) -> Address | None:
    """Read an IP address; ``None`` if the text is a name."""
    try:
        return ip_address(text)
    except ValueError:
        return None
