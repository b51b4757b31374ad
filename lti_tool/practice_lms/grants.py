"""Access tokens, and the one-time ids of the assertions that bought them."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lti_tool.practice_lms.accounts import digest
from lti_tool.practice_lms.database import transaction

ACCESS_TOKEN_LIFETIME_S = 3600


@dataclass(frozen=True, slots=True)
class Grant:
    """What a bearer of an access token may do."""

    registration_id: int
    scopes: frozenset[str]


def take_jti(connection: sqlite3.Connection, client_id: str, jti: str, expires_at: float, at: datetime) -> bool:
    """Use an assertion's id; false when the client used it before."""
    with transaction(connection):
        connection.execute("DELETE FROM assertions WHERE expires_at < ?", (at.timestamp(),))
        inserted = connection.execute(
            "INSERT OR IGNORE INTO assertions VALUES (?, ?, ?)", (client_id, jti, expires_at)
        ).rowcount
    return inserted == 1


def issue(connection: sqlite3.Connection, registration_id: int, scopes: Iterable[str], at: datetime) -> str:
    """Make an access token."""
    token = secrets.token_hex(24)
    expires_at = at.timestamp() + ACCESS_TOKEN_LIFETIME_S
    with transaction(connection):
        connection.execute("DELETE FROM access_tokens WHERE expires_at < ?", (at.timestamp(),))
        connection.execute(
            "INSERT INTO access_tokens VALUES (?, ?, ?, ?)",
            (digest(token), registration_id, " ".join(scopes), expires_at),
        )
    return token


def grant_of(connection: sqlite3.Connection, authorization: str, at: datetime) -> Grant | None:
    """What the ``Authorization`` header of a request allows; ``None`` without a valid token."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    row = connection.execute(
        "SELECT registration_id, scopes FROM access_tokens WHERE token_hash = ? AND expires_at > ?",
        (digest(token.strip()), at.timestamp()),
    ).fetchone()
    return Grant(row["registration_id"], frozenset(row["scopes"].split())) if row else None
