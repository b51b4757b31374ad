"""Strings that come from outside, made safe to store, compare and show."""

from __future__ import annotations

import re
from typing import TypeGuard
from urllib.parse import urlsplit

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of surrogate pairs (Unicode's categories Cc and Cs): no database takes them all."""
_HOST = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")
"""Nothing that means something in a header, such as ``;`` and ``*`` in a Content-Security-Policy."""


def is_identifier(value: object, limit: int) -> TypeGuard[str]:
    """Whether a value may serve as an id: a string of 1 to ``limit`` characters that can be stored as they are."""
    return isinstance(value, str) and 0 < len(value) <= limit and not _UNSAFE.search(value)


def label(value: object, limit: int) -> str | None:
    """Give a title or name to show: cut to ``limit`` characters, without those that cannot be stored."""
    if not isinstance(value, str):
        return None
    return " ".join(_UNSAFE.sub(" ", value[: 2 * limit]).split())[:limit] or None


def web_address(value: object, limit: int = 2000) -> str | None:
    """Give an absolute http or https address, or nothing."""
    if not is_identifier(value, limit):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in {"http", "https"} and parts.hostname else None


def origin(address: str) -> str | None:
    """Give scheme, host and port of an address as browsers write them, the usual ports left out."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else _ascii_host(parts.hostname)
    if not _HOST.fullmatch(host):
        return None
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" if port in {None, usual} else f"{parts.scheme}://{host}:{port}"


def _ascii_host(name: str) -> str:
    """Write an international name as headers take it; empty if there is no such name."""
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
