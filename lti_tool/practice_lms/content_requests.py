"""What trainers asked tools for and have no answer to yet."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, dataclass
from datetime import datetime

from lti_tool.practice_lms.accounts import digest
from lti_tool.practice_lms.database import transaction

REQUEST_LIFETIME_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asked for content, where, and from which tool."""

    sub: str
    course_id: int
    registration_id: int
    placement_id: int | None
    """The placement that is to show something else; ``None``: content is added."""


def remember(connection: sqlite3.Connection, ticket: str, asked: Asked, at: datetime) -> None:
    """Keep a request under its ticket."""
    with transaction(connection):
        connection.execute("DELETE FROM content_requests WHERE created_at < ?", (at.timestamp() - REQUEST_LIFETIME_S,))
        connection.execute(
            "INSERT INTO content_requests VALUES"
            " (:ticket_hash, :sub, :course_id, :registration_id, :placement_id, :at, NULL)",
            {**asdict(asked), "ticket_hash": digest(ticket), "at": at.timestamp()},
        )


def use_up(
    connection: sqlite3.Connection, ticket: str | None, sub: str, registration_id: int, at: datetime
) -> Asked | None:
    """Take the request that an answer belongs to; the second time there is none.

    Args:
        connection: to the database.
        ticket: of the request; ``None``: what the person asked this tool for last.
        sub: who brings the answer.
        registration_id: the tool that signed it.
        at: now.
    """
    row = connection.execute(
        "UPDATE content_requests SET used_at = :at WHERE ticket_hash = ("
        " SELECT ticket_hash FROM content_requests WHERE sub = :sub AND registration_id = :tool"
        " AND (:hash IS NULL OR ticket_hash = :hash) AND used_at IS NULL AND created_at >= :oldest"
        " ORDER BY created_at DESC LIMIT 1) AND used_at IS NULL"
        " RETURNING sub, course_id, registration_id, placement_id",
        {
            "at": at.timestamp(),
            "sub": sub,
            "tool": registration_id,
            "hash": None if ticket is None else digest(ticket),
            "oldest": at.timestamp() - REQUEST_LIFETIME_S,
        },
    ).fetchone()
    return Asked(**dict(row)) if row else None
