"""Launches under way: the hint a tool has to bring back, once."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, dataclass
from datetime import datetime

from lti_tool.practice_lms.accounts import digest
from lti_tool.practice_lms.database import transaction

LAUNCH_LIFETIME_S = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingLaunch:
    """Who begins what."""

    sub: str
    message: str
    course_id: int
    registration_id: int
    placement_id: int | None
    """``None`` where content is added."""
    for_sub: str = ""
    """Whose work a trainer wants to see."""


def begin(connection: sqlite3.Connection, message_hint: str, launch: PendingLaunch, at: datetime) -> None:
    """Remember a launch under its message hint."""
    with transaction(connection):
        connection.execute("DELETE FROM launches WHERE created_at < ?", (at.timestamp() - LAUNCH_LIFETIME_S,))
        connection.execute(
            "INSERT INTO launches VALUES (:hint_hash, :sub, :message, :course_id, :registration_id, :placement_id,"
            " :for_sub, :at, NULL)",
            {**asdict(launch), "hint_hash": digest(message_hint), "at": at.timestamp()},
        )


def use_up(connection: sqlite3.Connection, message_hint: str, at: datetime) -> PendingLaunch | None:
    """Take the launch of a message hint; the second time there is none.

    One statement decides, so two requests at the same moment cannot both have it.
    """
    row = connection.execute(
        "UPDATE launches SET used_at = ? WHERE hint_hash = ? AND used_at IS NULL AND created_at >= ?"
        " RETURNING sub, message, course_id, registration_id, placement_id, for_sub",
        (at.timestamp(), digest(message_hint), at.timestamp() - LAUNCH_LIFETIME_S),
    ).fetchone()
    return PendingLaunch(**dict(row)) if row else None
