"""The gradebook: line items, the scores tools sent, and the results they make."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from lti_tool.practice_lms.model import Column, LineItem, Placement, Result, Score

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def reserve_line_item_ids(connection: sqlite3.Connection, *, below: int) -> None:
    """Let the next line item have this id or a higher one."""
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'line_items'").fetchone()
    if last is None and below > 1:
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('line_items', ?)", (below - 1,))


def has_coupled_line_item(connection: sqlite3.Connection, placement_id: int) -> bool:
    """Whether a placement has the line item it came with."""
    row = connection.execute("SELECT 1 FROM line_items WHERE placement_id = ? AND is_coupled", (placement_id,))
    return row.fetchone() is not None


def couple_line_item(connection: sqlite3.Connection, placement: Placement, column: Column) -> int:
    """Give a placement its line item; call it inside a transaction."""
    return add_line_item(
        connection,
        {
            "id": column.line_item_id,
            "course_id": placement.course_id,
            "registration_id": placement.registration_id,
            "placement_id": placement.id,
            "is_coupled": True,
            "label": column.label or placement.title,
            "maximum": column.maximum,
            "resource_id": column.resource_id,
            "tag": column.tag,
            "starts_at": column.starts_at,
            "ends_at": column.ends_at,
            "has_submission_review": column.has_submission_review,
        },
    )


def change_coupled_line_item(connection: sqlite3.Connection, placement: Placement, column: Column) -> None:
    """Let the line item of a placement be as a column says; call it inside a transaction."""
    connection.execute(
        "UPDATE line_items SET label = :label, maximum = :maximum, resource_id = :resource_id, tag = :tag,"
        " starts_at = :starts_at, ends_at = :ends_at, has_submission_review = :has_submission_review"
        " WHERE placement_id = :placement_id AND is_coupled",
        {**asdict(column), "label": column.label or placement.title, "placement_id": placement.id},
    )


def add_line_item(connection: sqlite3.Connection, values: dict[str, Any]) -> int:
    """Write a new line item and give back its id; call it inside a transaction."""
    row = {
        "id": None,
        "placement_id": None,
        "is_coupled": False,
        "resource_id": "",
        "tag": "",
        "has_submission_review": False,
        "starts_at": "",
        "ends_at": "",
        **values,
    }
    cursor = connection.execute(
        "INSERT INTO line_items (id, course_id, registration_id, placement_id, is_coupled, label, maximum,"
        " resource_id, tag, has_submission_review, starts_at, ends_at)"
        " VALUES (:id, :course_id, :registration_id, :placement_id, :is_coupled, :label, :maximum,"
        " :resource_id, :tag, :has_submission_review, :starts_at, :ends_at)",
        row,
    )
    assert cursor.lastrowid is not None  # noqa: S101
    return cursor.lastrowid


def change_line_item(connection: sqlite3.Connection, item: LineItem) -> None:
    """Write what may change of a line item; call it inside a transaction."""
    connection.execute(
        "UPDATE line_items SET label = :label, maximum = :maximum, resource_id = :resource_id, tag = :tag,"
        " placement_id = :placement_id, starts_at = :starts_at, ends_at = :ends_at WHERE id = :id",
        asdict(item),
    )


def delete_line_item(connection: sqlite3.Connection, line_item_id: int) -> None:
    """Take a line item and its scores away; call it inside a transaction."""
    connection.execute("DELETE FROM line_items WHERE id = ?", (line_item_id,))


def line_item(connection: sqlite3.Connection, line_item_id: int) -> LineItem | None:
    """The line item of an id."""
    row = connection.execute("SELECT * FROM line_items WHERE id = ?", (line_item_id,)).fetchone()
    return _line_item(row) if row else None


def line_items(connection: sqlite3.Connection, course_id: int) -> list[LineItem]:
    """The line items of a course, oldest first."""
    rows = connection.execute("SELECT * FROM line_items WHERE course_id = ? ORDER BY id", (course_id,))
    return [_line_item(row) for row in rows]


def line_items_of_placement(connection: sqlite3.Connection, placement_id: int) -> list[LineItem]:
    """The line items that belong to a placement, its own one included."""
    rows = connection.execute("SELECT * FROM line_items WHERE placement_id = ? ORDER BY id", (placement_id,))
    return [_line_item(row) for row in rows]


def _line_item(row: sqlite3.Row) -> LineItem:
    return LineItem(
        **{
            **dict(row),
            "is_coupled": bool(row["is_coupled"]),
            "has_submission_review": bool(row["has_submission_review"]),
        }
    )


def store_score(connection: sqlite3.Connection, score: Score) -> None:
    """Write an accepted score; call it inside the transaction that compared its timestamp."""
    connection.execute(
        "INSERT INTO scores (line_item_id, sub, given, maximum, timestamp_us, activity_progress, grading_progress,"
        " comment, received_at, is_new_submission) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            score.line_item_id,
            score.sub,
            score.given,
            score.maximum,
            (score.timestamp - EPOCH) // timedelta(microseconds=1),
            score.activity_progress,
            score.grading_progress,
            score.comment,
            score.received_at.timestamp(),
            score.is_new_submission,
        ),
    )


def scores(connection: sqlite3.Connection, line_item_id: int, sub: str | None = None) -> list[Score]:
    """The accepted scores of a line item, or of one person in it, in the order they came."""
    rows = connection.execute(
        "SELECT * FROM scores WHERE line_item_id = ? AND (? IS NULL OR sub = ?) ORDER BY id", (line_item_id, sub, sub)
    )
    return [_score(row) for row in rows]


def newest_score(connection: sqlite3.Connection, line_item_id: int, sub: str) -> Score | None:
    """The last accepted score of a person in a line item."""
    row = connection.execute(
        "SELECT * FROM scores WHERE line_item_id = ? AND sub = ? ORDER BY id DESC LIMIT 1", (line_item_id, sub)
    ).fetchone()
    return _score(row) if row else None


def results(
    connection: sqlite3.Connection, line_item_id: int, sub: str | None = None, *, keeps_grade: bool = True
) -> list[Result]:
    """What each person's cell holds, in the order in which people got their first score.

    Args:
        connection: to the database.
        line_item_id: the column.
        sub: only this person.
        keeps_grade: whether a grade stays when a later score is not ``FullyGraded``; Moodle clears it.
    """
    by_person: dict[str, Result] = {}
    for score in scores(connection, line_item_id, sub):
        graded = score if score.grading_progress == "FullyGraded" and score.given is not None else None
        earlier = by_person.get(score.sub)
        if graded is None and keeps_grade and earlier is not None:
            graded = earlier.graded
        by_person[score.sub] = Result(line_item_id=line_item_id, sub=score.sub, latest=score, graded=graded)
    return list(by_person.values())


def _score(row: sqlite3.Row) -> Score:
    return Score(
        line_item_id=row["line_item_id"],
        sub=row["sub"],
        given=row["given"],
        maximum=row["maximum"],
        timestamp=EPOCH + timedelta(microseconds=row["timestamp_us"]),
        activity_progress=row["activity_progress"],
        grading_progress=row["grading_progress"],
        comment=row["comment"],
        received_at=datetime.fromtimestamp(row["received_at"], UTC),
        is_new_submission=bool(row["is_new_submission"]),
    )
