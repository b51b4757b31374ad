"""Writing rows that another process may be writing at the same moment."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Delete, Update, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lti_tool.extensions import Model

M = TypeVar("M", bound=Model)


def find_or_add(session: Session, model: type[M], key: dict[str, Any], values: dict[str, Any]) -> M:
    """Find a row by its unique key, or add it; whoever adds it first wins.

    Args:
        session: of the database.
        model: the table.
        key: the columns of a unique constraint.
        values: the other columns, for a new row.
    """
    wanted = select(model).filter_by(**key)
    found = session.scalar(wanted)
    if found is None:
        session.execute(
            _insert(session, model).values(**key, **values).on_conflict_do_nothing(index_elements=list(key))
        )
        found = session.scalars(wanted).one()
    return found


def add_once(session: Session, model: type[M], key: dict[str, Any], values: dict[str, Any]) -> bool:
    """Add a row unless one with the same unique key is there; says whether this transaction added it.

    Where another one is adding it, this waits for how that ends.
    """
    row = _insert(session, model).values(**key, **values).on_conflict_do_nothing(index_elements=list(key))
    return session.execute(row.returning(*(getattr(model, name) for name in key))).first() is not None


def put(session: Session, model: type[M], key: dict[str, Any], values: dict[str, Any]) -> None:
    """Add a row, or give the one with the same key these values."""
    row = _insert(session, model).values(**key, **values)
    session.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))


def put_all(session: Session, model: type[M], key: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    """Add rows, or give those with the same keys these values, in one statement.

    Args:
        session: of the database.
        model: the table.
        key: the columns of a unique constraint.
        rows: with the same columns, each key once; a few hundred at most, since databases limit what a statement holds.
    """
    if not rows:
        return
    row = _insert(session, model).values(rows)
    values = {name: row.excluded[name] for name in rows[0] if name not in key}
    session.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))


def changed(session: Session, statement: Update | Delete, **options: Any) -> int:
    """Change or delete rows in one statement; return how many, which says whether this process got them."""
    result = session.execute(statement, execution_options=options)
    return cast("CursorResult[Any]", result).rowcount


def _insert(session: Session, model: type[M]) -> Any:
    """Begin an INSERT that knows conflicts; both databases have it, each in a dialect of its own."""
    return (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(model)
