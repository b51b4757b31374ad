"""Access tokens for a platform's services, asked for with a signed assertion and kept, encrypted, until they expire.

Source: LTI Security Framework 1.0, section 4.1.
"""

from __future__ import annotations

import json
import math
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lti_tool.errors import PlatformError
from lti_tool.lti.egress import Answer, Egress
from lti_tool.lti.retry_after import retry_after_s, throttles, told_time
from lti_tool.lti.vault import Vault
from lti_tool.models import AccessToken

SKEW = timedelta(seconds=60)
"""A token this close to its end is not used any more."""
BACKDATED = timedelta(seconds=5)
"""Moodle refuses an assertion whose ``iat`` lies one second ahead of its own clock."""
LIFETIME = timedelta(minutes=4)
APART = timedelta(seconds=3)
"""Clocks that differ by more may be why an assertion is refused."""
MOST_APART = timedelta(minutes=15)
"""Clocks that differ by more have to be set; no assertion is made for such a time."""
_MAY_BE_TIME = frozenset({400, 401})
_DEFAULT_EXPIRES_IN_S = 3600
_MAX_EXPIRES_IN_S = 86_400
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class Client:
    """How the tool presents itself at a platform's token endpoint."""

    registration_id: int
    client_id: str
    token_url: str
    audience: str
    scopes: tuple[str, ...]
    sign: Callable[[dict[str, Any]], str]
    """Makes a JWT of claims with the tool's current key."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and when it ends."""

    value: str
    expires_at: datetime
    scopes: tuple[str, ...] | None = None
    """What the platform granted; ``None`` where it did not say, or the token was kept."""


def find_token(
    session: Session, vault: Vault, registration_id: int, scopes: Collection[str], at: datetime
) -> Token | None:
    """Give the token that is kept for a registration and scopes, unless it ends within a minute."""
    kept = session.get(AccessToken, (registration_id, scopes_key(scopes)))
    if kept is None or kept.expires_at <= at + SKEW:
        return None
    return Token(vault.decrypt(kept.encrypted).decode(), kept.expires_at)


def keep_token(session: Session, vault: Vault, client: Client, token: Token) -> None:
    """Keep a token for the next calls; where two processes got one each, either will do."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    key = {"registration_id": client.registration_id, "scopes": scopes_key(client.scopes)}
    value = {"encrypted": vault.encrypt(token.value.encode()), "expires_at": token.expires_at}
    row = insert(AccessToken).values(**key, **value)
    session.execute(row.on_conflict_do_update(index_elements=list(key), set_=value))


def request_token(egress: Egress, client: Client, at: datetime) -> Token:
    """Ask the platform for a token; where it refuses and its clock differs, once more by its own clock.

    Raises:
        PlatformError: with the platform's own words as its detail.
    """
    answer = _ask(egress, client, at)
    told = told_time(answer)
    if answer.status in _MAY_BE_TIME and told is not None and APART < abs(told - at) <= MOST_APART:
        answer = _ask(egress, client, told)
    return _read(answer, at)


def _ask(egress: Egress, client: Client, at: datetime) -> Answer:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": _ASSERTION_TYPE,
        "client_assertion": client.sign(_claims(client, at)),
        "scope": " ".join(client.scopes),
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    return egress.request("POST", client.token_url, headers, urlencode(form).encode())


def _claims(client: Client, at: datetime) -> dict[str, Any]:
    return {
        "iss": client.client_id,
        "sub": client.client_id,
        "aud": client.audience,
        "iat": int((at - BACKDATED).timestamp()),
        "exp": int((at + LIFETIME).timestamp()),
        "jti": secrets.token_urlsafe(16),
    }


def _read(answer: Answer, at: datetime) -> Token:
    """Read the answer by its content: Moodle says ``text/html``, and its errors may not be JSON."""
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        body = None
    value = body.get("access_token") if isinstance(body, dict) else None
    if answer.status != 200 or not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise PlatformError(
            "The platform gave no access token.",
            detail=f"HTTP {answer.status}: {answer.body[:300].decode(errors='replace')}",
            http_status=answer.status,
            retry_after_s=retry_after_s(answer),
            is_throttled=throttles(answer),
        )
    scope = body.get("scope")
    granted = tuple(scope.split()) if isinstance(scope, str) and scope.strip() else None
    return Token(value, at + timedelta(seconds=_lifetime_s(body.get("expires_in"))), granted)


def _lifetime_s(value: Any) -> float:
    """Read ``expires_in``, which is a number, in some platforms as text, or missing."""
    try:
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        seconds = math.nan
    return min(max(seconds, 0.0), _MAX_EXPIRES_IN_S) if math.isfinite(seconds) else _DEFAULT_EXPIRES_IN_S


def scopes_key(scopes: Collection[str]) -> str:
    """Name scopes as they are stored with a token."""
    return " ".join(sorted(scopes))
