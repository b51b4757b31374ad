"""Everything that the tool knows of a person, found by what hangs on their row, so that nothing is forgotten."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, select
from sqlalchemy.orm import Session

from lti_tool.extensions import Model
from lti_tool.models import SELF_CHECK, Judgement, Member, Person, Placement
from lti_tool.services import quiz_rules
from lti_tool.services.records import rules_at

Rows = list[dict[str, Any]]
SECRETS = frozenset(
    {
        "handle_hash",
        "browser_hash",
        "proof_ticket_hash",
        "window_ticket_hash",
        "binding_hash",
        "seed",
        "lease_token",
        "lease_until",
    }
)
"""What says nothing of the person, and would help whoever took the file to get in or to guess."""


def collect(session: Session, person: Person, at: datetime) -> dict[str, Rows]:
    """Collect all rows about a person, by the name of their table.

    What became of answers is left out where a trainer does not show that at this time.
    Beside the rows that name the person there are those that hang on them, such as the answers of an attempt.
    """
    people = Person.__table__
    assert isinstance(people, Table)  # noqa: S101  (every model of ours is mapped to a table)
    found = {people.name: _rows(session, people, people.c.id, [person.id])}
    for table, column in _tables_of(people):
        rows = _rows(session, table, column, [person.id])
        if not rows:
            continue
        found.setdefault(table.name, []).extend(rows)
        if "id" in table.c:
            ids = [row["id"] for row in rows]
            for child, own in _tables_of(table):
                if all(key.column.table is not people for key in child.foreign_keys):
                    found.setdefault(child.name, []).extend(_rows(session, child, own, ids))
    # What they gave others for their answers hangs on those.
    given = Judgement.__table__
    assert isinstance(given, Table)  # noqa: S101  (likewise)
    found.setdefault(given.name, []).extend(_rows(session, given, given.c.trainer_id, [person.id]))
    # Lists of courses name people who may never have come, so that they hang on no person.
    members = Member.__table__
    assert isinstance(members, Table)  # noqa: S101  (likewise)
    theirs = (Member.registration_id == person.registration_id, Member.sub == person.sub)
    ids = list(session.scalars(select(Member.id).where(*theirs)))
    found[members.name] = _rows(session, members, members.c.id, ids)
    for child, own in _tables_of(members):
        found[child.name] = _rows(session, child, own, ids)
    _withhold(session, found, at)
    return {name: rows for name, rows in found.items() if rows}


def _withhold(session: Session, found: Mapping[str, Rows], at: datetime) -> None:
    """Leave out what became of single answers where a trainer does not show that yet: others are still at the quiz."""
    ids = {row["placement_id"] for row in found.get("attempt", ())}
    there = {each.id: each for each in session.scalars(select(Placement).where(Placement.id.in_(ids)))}
    held = {
        row["id"]
        for row in found.get("attempt", ())
        if row["quiz_id"] != SELF_CHECK
        and not quiz_rules.shows_results(
            rules_at(there[row["placement_id"]], row["quiz_id"]), at, is_submitted=row["submitted_at"] is not None
        )
    }
    for row in (*found.get("answer", ()), *found.get("judgement", ())):
        if row["attempt_id"] in held:
            row.update({name: None for name in ("points", "state", "comment") if name in row})


def as_csv(found: Mapping[str, Rows]) -> bytes:
    """Pack the rows as one file of comma-separated values per table."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in found.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, list(rows[0]))
            writer.writeheader()
            writer.writerows([{key: _harmless(value) for key, value in row.items()} for row in rows])
            # With a byte order mark, without which spreadsheets take it for another encoding.
            archive.writestr(f"{name}.csv", text.getvalue().encode("utf-8-sig"))
    return packed.getvalue()


def _tables_of(parent: Table) -> Iterator[tuple[Table, Column[Any]]]:
    """Name the tables whose rows hang on a table's, with the column that says so."""
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is parent.c.id for key in column.foreign_keys):
                yield table, column


def _rows(session: Session, table: Table, column: Column[Any], ids: list[int]) -> Rows:
    columns = [each for each in table.columns if each.name not in SECRETS and not isinstance(each.type, LargeBinary)]
    rows = session.execute(select(*columns).where(column.in_(ids)).order_by(*table.primary_key)).mappings()
    return [{name: _value(value) for name, value in row.items()} for row in rows]


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return None if isinstance(value, bytes) else value


def _harmless(value: Any) -> Any:
    """Write a value so that no spreadsheet takes it for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
