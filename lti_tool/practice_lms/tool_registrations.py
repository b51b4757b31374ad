"""Registrations that tools make themselves: begun by an administrator, good once, for an hour."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from lti_tool.practice_lms import catalogue
from lti_tool.practice_lms.accounts import digest
from lti_tool.practice_lms.database import transaction
from lti_tool.practice_lms.model import Registration
from lti_tool.practice_lms.registrars import Begun, Registrar

TOKEN_LIFETIME_S = 3600
FIRST_ID = 1000
"""Below are the ids of seeds, which are written again at each start."""


class TokenRefusedError(Exception):
    """A registration token is not good."""


class TokenUsedError(TokenRefusedError):
    """It was used before."""


@dataclass(frozen=True, slots=True)
class RegisteredTool:
    """A tool that registered itself."""

    registration: Registration
    target_link_uri: str


def begin(connection: sqlite3.Connection, issuer: str, registrar: Registrar, at: datetime) -> Begun:
    """Begin a registration: a client id and a token are made."""
    with transaction(connection):
        connection.execute(
            "DELETE FROM tool_registrations WHERE used_at IS NULL AND created_at < ?", (at.timestamp() - 86_400,)
        )
        (last,) = connection.execute("SELECT coalesce(max(deployment_id), ?) FROM tool_registrations", (1,)).fetchone()
        begun = Begun(
            issuer=issuer,
            client_id=registrar.make_client_id(),
            deployment_id=str(last + 1),
            token=secrets.token_urlsafe(32),
        )
        connection.execute(
            "INSERT INTO tool_registrations VALUES (?, ?, ?, ?, NULL, NULL, '')",
            (digest(begun.token), begun.client_id, last + 1, at.timestamp()),
        )
    return begun


def begun_of(connection: sqlite3.Connection, issuer: str, token: str, at: datetime) -> Begun:
    """Find the registration that a token belongs to.

    Raises:
        TokenRefusedError: if there is none, or its hour is over.
        TokenUsedError: if the tool is registered.
    """
    row = connection.execute("SELECT * FROM tool_registrations WHERE token_hash = ?", (digest(token),)).fetchone()
    if row is None or row["created_at"] < at.timestamp() - TOKEN_LIFETIME_S:
        raise TokenRefusedError
    if row["used_at"] is not None:
        raise TokenUsedError
    return Begun(issuer=issuer, client_id=row["client_id"], deployment_id=str(row["deployment_id"]), token=token)


def next_id(connection: sqlite3.Connection) -> int:
    """The id that the next registration gets."""
    (highest,) = connection.execute("SELECT coalesce(max(id), 0) FROM registrations").fetchone()
    return max(int(highest) + 1, FIRST_ID)


def finish(
    connection: sqlite3.Connection, begun: Begun, registration: Registration, target_link_uri: str, at: datetime
) -> None:
    """Write a registration down and use its token up, in one transaction.

    Raises:
        TokenUsedError: if another request was faster.
    """
    with transaction(connection):
        catalogue.write_registration(connection, registration)
        used = connection.execute(
            "UPDATE tool_registrations SET used_at = ?, registration_id = ?, target_link_uri = ?"
            " WHERE token_hash = ? AND used_at IS NULL",
            (at.timestamp(), registration.id, target_link_uri, digest(begun.token)),
        ).rowcount
        if used != 1:
            raise TokenUsedError


def tools(connection: sqlite3.Connection) -> list[RegisteredTool]:
    """The tools that registered themselves, the newest first."""
    rows = connection.execute(
        "SELECT registration_id, target_link_uri FROM tool_registrations WHERE registration_id IS NOT NULL"
        " ORDER BY registration_id DESC"
    ).fetchall()
    found = [(catalogue.registration(connection, row["registration_id"]), row["target_link_uri"]) for row in rows]
    return [RegisteredTool(registration, target) for registration, target in found if registration is not None]
