"""People, their roles in courses, and who is signed in."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import unicodedata
from datetime import datetime

from lti_tool.practice_lms.database import transaction
from lti_tool.practice_lms.model import CourseRole, Person

SIGN_IN_LIFETIME_S = 7 * 24 * 3600


def digest(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def person(connection: sqlite3.Connection, sub: str) -> Person | None:
    """The person of a sub."""
    row = connection.execute("SELECT * FROM people WHERE sub = ?", (sub,)).fetchone()
    return person_of(row) if row else None


def people(connection: sqlite3.Connection) -> list[Person]:
    """Everyone who has an account, in the order of the seed."""
    return [person_of(row) for row in connection.execute("SELECT * FROM people ORDER BY rowid")]


def role(connection: sqlite3.Connection, course_id: int, sub: str) -> CourseRole | None:
    """The role of a person in a course."""
    row = connection.execute(
        "SELECT role FROM enrolments WHERE course_id = ? AND sub = ? AND status = 'Active'", (course_id, sub)
    ).fetchone()
    return row["role"] if row else None


def is_trainer(connection: sqlite3.Connection, course_id: int, person: Person) -> bool:
    """Whether a person may change a course."""
    return person.is_administrator or role(connection, course_id, person.sub) == "Instructor"


def members(connection: sqlite3.Connection, course_id: int) -> list[tuple[Person, CourseRole]]:
    """The people enrolled in a course, by family and given name."""
    rows = connection.execute(
        "SELECT people.*, enrolments.role FROM enrolments JOIN people USING (sub)"
        " WHERE course_id = ? AND status = 'Active'",
        (course_id,),
    )
    found = [(person_of(row), row["role"]) for row in rows]
    return sorted(found, key=lambda member: _name_order(member[0]))


def _name_order(person: Person) -> tuple[str, str, str]:
    """Sort as a database in most European languages does: letters with accents beside those without."""

    def plain(text: str) -> str:
        return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))

    return plain(person.family_name), plain(person.given_name), person.sub


def course_ids(connection: sqlite3.Connection, person: Person) -> list[int]:
    """The courses a person may open: their own, and every one for an administrator."""
    if person.is_administrator:
        return [row["id"] for row in connection.execute("SELECT id FROM courses ORDER BY id")]
    rows = connection.execute("SELECT course_id FROM enrolments WHERE sub = ? ORDER BY course_id", (person.sub,))
    return [row["course_id"] for row in rows]


def sign_in(connection: sqlite3.Connection, sub: str, at: datetime) -> str:
    """Remember that a browser is this person's, and give back the cookie's secret."""
    secret = secrets.token_urlsafe(24)
    with transaction(connection):
        connection.execute("DELETE FROM sign_ins WHERE created_at < ?", (at.timestamp() - SIGN_IN_LIFETIME_S,))
        connection.execute("INSERT INTO sign_ins VALUES (?, ?, ?)", (digest(secret), sub, at.timestamp()))
    return secret


def sign_out(connection: sqlite3.Connection, secret: str) -> None:
    """Forget a browser."""
    connection.execute("DELETE FROM sign_ins WHERE token_hash = ?", (digest(secret),))


def signed_in(connection: sqlite3.Connection, secret: str, at: datetime) -> Person | None:
    """The person a browser is signed in as."""
    row = connection.execute(
        "SELECT people.* FROM sign_ins JOIN people USING (sub) WHERE token_hash = ? AND created_at > ?",
        (digest(secret), at.timestamp() - SIGN_IN_LIFETIME_S),
    ).fetchone()
    return person_of(row) if row else None


def person_of(row: sqlite3.Row) -> Person:
    """The person of a row with all columns of ``people``."""
    names = ("sub", "given_name", "family_name", "email", "username", "sourced_id", "locale")
    return Person(
        **{name: row[name] for name in names},
        is_administrator=bool(row["is_administrator"]),
        is_test_user=bool(row["is_test_user"]),
        prefers_high_contrast=bool(row["prefers_high_contrast"]),
    )
