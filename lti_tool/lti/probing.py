"""Asking a platform how it is: its key set, its clock, its tokens. Nothing is changed there; no database is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from lti_tool.errors import PlatformError
from lti_tool.lti.egress import Answer, Egress
from lti_tool.lti.key_sets import KEY_SET_TYPES, read_key_set
from lti_tool.lti.retry_after import told_time
from lti_tool.lti.tokens import Client, Token, request_token

GOOD, BAD, UNKNOWN = "good", "bad", "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at; the views have the words for ``code``."""

    subject: str
    state: str
    """:data:`GOOD`, :data:`BAD` or :data:`UNKNOWN`."""
    code: str
    said: str = ""
    """A few technical words, never a secret."""


def probe(
    egress: Egress, key_set_url: str, client: Client, leeway: timedelta, clock: Callable[[], datetime]
) -> list[Finding]:
    """Ask a platform for its key set and for a token.

    Args:
        egress: the way out; each call has its own deadline.
        key_set_url: of the platform.
        client: how the tool asks for tokens, with all scopes that it may want.
        leeway: how far clocks may be apart.
        clock: gives the time.
    """
    keys, answered = _probe_key_set(egress, key_set_url)
    return [keys, _judge_clock(answered, leeway, clock()), *_probe_token(egress, client, clock())]


def _probe_key_set(egress: Egress, url: str) -> tuple[Finding, Answer | None]:
    try:
        answer = egress.request("GET", url, {"Accept": KEY_SET_TYPES})
    except PlatformError as error:
        said = f"{error.message} {error.detail}"
        return Finding(subject="key-set", state=BAD, code="key-set-unreachable", said=said), None
    try:
        keys = read_key_set(url, answer)["keys"]
    except PlatformError as error:
        return Finding(subject="key-set", state=BAD, code="key-set-wrong", said=error.detail), answer
    if not keys:
        return Finding(subject="key-set", state=BAD, code="key-set-wrong", said="RS256: 0"), answer
    return Finding(subject="key-set", state=GOOD, code="key-set-ok"), answer


def _judge_clock(answer: Answer | None, leeway: timedelta, at: datetime) -> Finding:
    """Compare clocks by the header ``Date``, which has whole seconds."""
    told = told_time(answer) if answer else None
    if told is None:
        return Finding(subject="clock", state=UNKNOWN, code="clock-unknown")
    ahead_s = round((told - at).total_seconds())
    is_near = abs(ahead_s) <= max(leeway.total_seconds(), 2)
    return Finding(
        subject="clock",
        state=GOOD if is_near else BAD,
        code="clock-ok" if is_near else "clock-off",
        said=f"{ahead_s:+d} s",
    )


def _probe_token(egress: Egress, client: Client, at: datetime) -> list[Finding]:
    try:
        token = request_token(egress, client, at)
    except PlatformError as error:
        refused = error.http_status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
        code = "token-unreachable" if error.http_status is None else "token-refused" if refused else "token-failed"
        code = "token-throttled" if error.is_throttled else code
        said = f"{error.message} {error.detail}" if error.http_status is None else error.detail
        return [
            Finding(subject="token", state=BAD, code=code, said=said),
            Finding(subject="our-keys", state=UNKNOWN, code="our-keys-unknown"),
        ]
    return [
        Finding(subject="token", state=GOOD, code="token-ok"),
        Finding(subject="our-keys", state=GOOD, code="our-keys-ok"),
        _judge_scopes(client, token),
    ]


def _judge_scopes(client: Client, token: Token) -> Finding:
    if token.scopes is None:
        return Finding(subject="scopes", state=UNKNOWN, code="scopes-not-said")
    missing = [scope for scope in client.scopes if scope not in token.scopes]
    if missing:
        said = ", ".join("/".join(scope.split("/")[-3::2]) for scope in missing)
        return Finding(subject="scopes", state=BAD, code="scopes-missing", said=said)
    return Finding(subject="scopes", state=GOOD, code="scopes-ok")
