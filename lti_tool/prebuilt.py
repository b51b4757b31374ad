"""Statements that are built once and then run by the driver itself, for the few paths where that is worth it.

SQLAlchemy's share of a short statement is several times the database's: it looks the compiled text up, makes a
context, a result and its columns, and sends events. A prebuilt statement keeps what SQLAlchemy knows of texts and
types, and asks it nothing more at each run. It runs on a session's connection, or on one of
``short_transactions.py``.

Use it where a profile says so. Everywhere else the ORM is shorter, and fast enough.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import BindParameter, Dialect, Executable, Insert
from sqlalchemy.pool import PoolProxiedConnection


class Runs(Protocol):
    """What prebuilt statements run on: a ``Connection`` of SQLAlchemy, or what has the same of it."""

    @property
    def connection(self) -> PoolProxiedConnection:
        """The driver's."""

    @property
    def dialect(self) -> Dialect:
        """The database's."""


class Prebuilt:
    """A statement of SQLAlchemy's Core, compiled once for each kind of database.

    Args:
        statement: with a ``bindparam`` for each value that differs from run to run; an INSERT is given the values of
            its columns, always the same ones.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Runs, values: Mapping[str, Any]) -> list[Any]:
        """Run it; give the rows, whose columns are attributes."""
        return self._for(connection, values).rows(connection, values)

    def row(self, connection: Runs, values: Mapping[str, Any]) -> Any | None:
        """Run it; give its row, if there is one: it asks by a unique key."""
        found = self.rows(connection, values)
        return found[0] if found else None

    def write(self, connection: Runs, values: Mapping[str, Any]) -> int:
        """Run it; give how many rows it wrote."""
        return int(self._for(connection, values).run(connection, values).rowcount)

    def begin_write(self, connection: Runs, values: Mapping[str, Any]) -> Any:
        """Run it, perhaps without waiting for what comes of it; see :func:`write_all`."""
        return self._for(connection, values).run(connection, values)

    def _for(self, connection: Runs, values: Mapping[str, Any]) -> _Compiled:
        name = connection.dialect.name
        if name not in self._compiled:
            self._compiled[name] = _Compiled(self._statement, list(values), connection.dialect)
        return self._compiled[name]


def write_all(connection: Runs, *statements: tuple[Prebuilt, Mapping[str, Any]]) -> list[int]:
    """Run several; give how many rows each wrote. PostgreSQL gets them together, and answers together."""
    driver: Any = connection.connection.driver_connection
    with driver.pipeline() if connection.dialect.name == "postgresql" else nullcontext():
        cursors = [statement.begin_write(connection, values) for statement, values in statements]
    return [int(cursor.rowcount) for cursor in cursors]


class _Compiled:
    """A statement in one database's words, with what changes values on their way in and out."""

    def __init__(self, statement: Any, given: list[str], dialect: Dialect) -> None:
        if isinstance(statement, Insert) and (missing := _defaults_of_python(statement, given)):
            raise KeyError(f"A prebuilt INSERT fills in no defaults: give {', '.join(missing)}.")
        compiled = statement.compile(dialect=dialect, column_keys=given if isinstance(statement, Insert) else None)
        self._text = compiled.string
        self._is_positional = compiled.positiontup is not None
        names = compiled.positiontup or list(compiled.bind_names.values())
        self._places = [_Place.of(name, compiled.binds[name], dialect) for name in names]
        columns = list(getattr(statement, "selected_columns", ()))
        self._row: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
        readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._readers = [(index, read) for index, read in enumerate(readers) if read]

    def run(self, connection: Runs, values: Mapping[str, Any]) -> Any:
        cursor: Any = connection.connection.cursor()
        if self._is_positional:
            cursor.execute(self._text, [place.value(values) for place in self._places])
        else:
            cursor.execute(self._text, {place.name: place.value(values) for place in self._places})
        return cursor

    def rows(self, connection: Runs, values: Mapping[str, Any]) -> list[Any]:
        rows = []
        for stored in self.run(connection, values).fetchall():
            row = list(stored)
            for index, read in self._readers:
                row[index] = read(row[index])
            rows.append(self._row._make(row))
        return rows


def _defaults_of_python(statement: Insert, given: list[str]) -> list[str]:
    return [column.key for column in statement.table.columns if column.default is not None and column.key not in given]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value goes, and what changes it for the driver."""

    name: str
    key: str | None
    """``None``: the value stands in the statement."""
    fixed: Any
    change: Callable[[Any], Any] | None

    @classmethod
    def of(cls, name: str, parameter: BindParameter[Any], dialect: Dialect) -> _Place:
        change = parameter.type.dialect_impl(dialect).bind_processor(dialect)
        return cls(name, parameter.key if parameter.required else None, parameter.value, change)

    def value(self, values: Mapping[str, Any]) -> Any:
        value = self.fixed if self.key is None else values[self.key]
        return self.change(value) if self.change else value
