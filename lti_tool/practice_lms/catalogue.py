"""Registrations, courses and placements: reading them, and writing a seed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from lti_tool.practice_lms import gradebook, roster
from lti_tool.practice_lms.content_items import ContentItem
from lti_tool.practice_lms.content_requests import Asked
from lti_tool.practice_lms.database import transaction
from lti_tool.practice_lms.model import Column, Course, Placement, Registration
from lti_tool.practice_lms.seed import Seed


def plant(connection: sqlite3.Connection, seed: Seed) -> None:
    """Write a seed, bringing rows of the same id up to date."""
    with transaction(connection):
        for registration in seed.registrations:
            _upsert(connection, "registrations", "id", asdict(registration))
        for course in seed.courses:
            _upsert(connection, "courses", "id", asdict(course))
        for person in seed.people:
            _upsert(connection, "people", "sub", asdict(person))
        for enrolment in seed.enrolments:
            _upsert(connection, "enrolments", "course_id, sub", asdict(enrolment))
        for group_set in seed.group_sets:
            _upsert(connection, "group_sets", "id", asdict(group_set))
        for group in seed.groups:
            roster.write_group(connection, group)
        gradebook.reserve_line_item_ids(connection, below=seed.first_line_item_id)
        for placement in seed.placements:
            _write_placement(connection, placement)


def write_registration(connection: sqlite3.Connection, registration: Registration) -> None:
    """Write a registration, inside the transaction of the caller."""
    _upsert(connection, "registrations", "id", asdict(registration))


def add_placement(connection: sqlite3.Connection, placement: Placement) -> None:
    """Place a tool in a course, with its line item where it has one."""
    with transaction(connection):
        _write_placement(connection, placement)


def copy_course(connection: sqlite3.Connection, course_id: int) -> Course:
    """Copy a course with its placements and their line items; nothing of people comes along."""
    with transaction(connection):
        original = course(connection, course_id)
        assert original is not None  # noqa: S101
        (free_id,) = connection.execute("SELECT max(id) + 1 FROM courses").fetchone()
        history = ",".join(filter(None, (str(course_id), original.history)))
        copied = replace(original, id=free_id, title=f"{original.title} (copy)", history=history)
        _upsert(connection, "courses", "id", asdict(copied))
        for each in placements(connection, course_id):
            _copy_placement(connection, each, copied.id)
    return copied


def _copy_placement(connection: sqlite3.Connection, original: Placement, course_id: int) -> None:
    (free_id,) = connection.execute("SELECT max(id) + 1 FROM placements").fetchone()
    coupled = next(
        (item for item in gradebook.line_items_of_placement(connection, original.id) if item.is_coupled), None
    )
    column = (
        None
        if coupled is None
        else Column(
            maximum=coupled.maximum,
            resource_id=coupled.resource_id,
            tag=coupled.tag,
            label=coupled.label,
            starts_at=coupled.starts_at,
            ends_at=coupled.ends_at,
            has_submission_review=coupled.has_submission_review,
        )
    )
    history = ",".join(filter(None, (str(original.id), original.history)))
    copied = replace(original, id=free_id, course_id=course_id, activity_id=None, history=history, column=column)
    _write_placement(connection, copied)


def place_items(
    connection: sqlite3.Connection, registration: Registration, asked: Asked, items: Sequence[ContentItem]
) -> list[Placement]:
    """Make placements of what a tool sent; where one is edited, the first item takes its place.

    What an item leaves out is filled in: the title by the tool's name, the address by the tool's own.
    """
    with transaction(connection):
        return [
            _place_item(connection, registration, asked, item, asked.placement_id if index == 0 else None)
            for index, item in enumerate(items)
        ]


def _place_item(
    connection: sqlite3.Connection, registration: Registration, asked: Asked, item: ContentItem, edited_id: int | None
) -> Placement:
    edited = placement(connection, edited_id) if edited_id is not None else None
    (free_id,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM placements").fetchone()
    known = edited or Placement(
        id=free_id,
        course_id=asked.course_id,
        registration_id=registration.id,
        deployment_id=registration.deployment_ids[0],
        title=registration.name,
        target_link_uri=registration.content_url,
    )
    made = replace(
        known,
        title=item.title or known.title,
        description=item.text,
        target_link_uri=item.url or known.target_link_uri,
        custom=item.custom,
        opens_in=item.opens_in,
        column=item.column,
    )
    _write_placement(connection, made)
    if edited is not None and item.column is not None:
        gradebook.change_coupled_line_item(connection, made, item.column)
    return made


def _write_placement(connection: sqlite3.Connection, placement: Placement) -> None:
    activity_id = placement.activity_id if placement.activity_id is not None else placement.id + 1
    row = asdict(replace(placement, activity_id=activity_id))
    del row["column"]
    _upsert(connection, "placements", "id", row)
    if placement.column is not None and not gradebook.has_coupled_line_item(connection, placement.id):
        gradebook.couple_line_item(connection, placement, placement.column)


def _upsert(connection: sqlite3.Connection, table: str, key: str, row: dict[str, Any]) -> None:
    """Insert a row or update the one of the same key; the names come from our own dataclasses."""
    names = list(row)
    updates = ", ".join(f"{name} = excluded.{name}" for name in names)
    connection.execute(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) "  # noqa: S608
        f"ON CONFLICT ({key}) DO UPDATE SET {updates}",
        [json.dumps(value) if isinstance(value, (dict, tuple, list)) else value for value in row.values()],
    )


def registrations(connection: sqlite3.Connection) -> list[Registration]:
    """All registrations."""
    return [_registration(row) for row in connection.execute("SELECT * FROM registrations ORDER BY id")]


def registration(connection: sqlite3.Connection, registration_id: int) -> Registration | None:
    """The registration of an id."""
    row = connection.execute("SELECT * FROM registrations WHERE id = ?", (registration_id,)).fetchone()
    return _registration(row) if row else None


def registration_of_client(connection: sqlite3.Connection, client_id: str) -> Registration | None:
    """The registration of a client id."""
    row = connection.execute("SELECT * FROM registrations WHERE client_id = ?", (client_id,)).fetchone()
    return _registration(row) if row else None


def _registration(row: sqlite3.Row) -> Registration:
    return Registration(
        id=row["id"],
        client_id=row["client_id"],
        name=row["name"],
        login_url=row["login_url"],
        redirect_uris=tuple(json.loads(row["redirect_uris"])),
        jwks_url=row["jwks_url"],
        deployment_ids=tuple(json.loads(row["deployment_ids"])),
        custom=json.loads(row["custom"]),
        shares_personal_data=bool(row["shares_personal_data"]),
        has_grades=bool(row["has_grades"]),
        has_roster=bool(row["has_roster"]),
        content_url=row["content_url"],
    )


def course(connection: sqlite3.Connection, course_id: int) -> Course | None:
    """The course of an id."""
    row = connection.execute("SELECT * FROM courses WHERE id = ?", (course_id,)).fetchone()
    return Course(**dict(row)) if row else None


def placement(connection: sqlite3.Connection, placement_id: int) -> Placement | None:
    """The placement of an id, without its column."""
    row = connection.execute("SELECT * FROM placements WHERE id = ?", (placement_id,)).fetchone()
    return _placement(row) if row else None


def placements(connection: sqlite3.Connection, course_id: int) -> list[Placement]:
    """The placements of a course, without their columns."""
    rows = connection.execute("SELECT * FROM placements WHERE course_id = ? ORDER BY id", (course_id,))
    return [_placement(row) for row in rows]


def _placement(row: sqlite3.Row) -> Placement:
    return Placement(
        **{
            **dict(row),
            "custom": json.loads(row["custom"]),
            "keeps_blocks": bool(row["keeps_blocks"]),
        }
    )
