"""Who is in a course, who came and went since, and the groups there are."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from lti_tool.practice_lms.accounts import person_of
from lti_tool.practice_lms.model import CourseRole, EnrolmentStatus, Group, GroupSet, Person

_MEMBERS = "SELECT people.*, role, status FROM enrolments JOIN people USING (sub) WHERE course_id = :course"


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a course; without a role they are no longer in it."""

    person: Person
    role: CourseRole | None
    status: EnrolmentStatus


def members(connection: sqlite3.Connection, course_id: int, role: str, start: int, limit: int) -> list[Member]:
    """Some people of a course, by ``sub``; an empty role stands for all."""
    rows = connection.execute(
        f"{_MEMBERS} AND :role IN ('', role) ORDER BY sub LIMIT :limit OFFSET :start",
        {"course": course_id, "role": role, "limit": limit, "start": start},
    )
    return [Member(person_of(row), row["role"], row["status"]) for row in rows]


def last_change(connection: sqlite3.Connection, course_id: int) -> int:
    """The number of the newest change of a course's enrolments."""
    row = connection.execute("SELECT max(id) FROM enrolment_changes WHERE course_id = ?", (course_id,)).fetchone()
    return row[0] or 0


def changed_members(connection: sqlite3.Connection, course_id: int, since: int, start: int, limit: int) -> list[Member]:
    """Those who came, changed or went after a change, as they are now."""
    rows = connection.execute(
        "SELECT DISTINCT people.*, role, status FROM enrolment_changes AS change JOIN people USING (sub)"
        " LEFT JOIN enrolments ON enrolments.course_id = change.course_id AND enrolments.sub = change.sub"
        " WHERE change.course_id = ? AND change.id > ? ORDER BY people.sub LIMIT ? OFFSET ?",
        (course_id, since, limit, start),
    )
    return [Member(person_of(row), row["role"], row["status"] or "Inactive") for row in rows]


def leave(connection: sqlite3.Connection, course_id: int, sub: str) -> None:
    """End an enrolment."""
    connection.execute("DELETE FROM enrolments WHERE course_id = ? AND sub = ?", (course_id, sub))


def write_group(connection: sqlite3.Connection, group: Group) -> None:
    """Write a group with the people in it; call it inside a transaction."""
    connection.execute(
        "INSERT INTO course_groups (id, course_id, name, set_id) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, set_id = excluded.set_id",
        (group.id, group.course_id, group.name, group.set_id),
    )
    connection.execute("DELETE FROM group_members WHERE group_id = ?", (group.id,))
    connection.executemany("INSERT INTO group_members VALUES (?, ?)", [(group.id, sub) for sub in group.subs])


def groups(connection: sqlite3.Connection, course_id: int, sub: str | None) -> list[Group]:
    """The groups of a course, or those of one person in it; who is in them is not read."""
    rows = connection.execute(
        "SELECT * FROM course_groups WHERE course_id = ? AND (? IS NULL OR id IN"
        " (SELECT group_id FROM group_members WHERE sub = ?)) ORDER BY id",
        (course_id, sub, sub),
    )
    return [Group(**dict(row)) for row in rows]


def group_sets(connection: sqlite3.Connection, course_id: int) -> list[GroupSet]:
    """The sets of groups of a course."""
    rows = connection.execute("SELECT * FROM group_sets WHERE course_id = ? ORDER BY id", (course_id,))
    return [GroupSet(**dict(row)) for row in rows]


def group_ids(connection: sqlite3.Connection, course_id: int, sub: str) -> list[int]:
    """The groups of a course that a person is in."""
    return [group.id for group in groups(connection, course_id, sub)]
