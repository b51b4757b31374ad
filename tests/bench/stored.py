"""Rows by the million: people, launches, attempts, answers and scores, stored as fast as a database takes them.

Defaults come from the models, and everything else that the tool itself would have written stands in these rows, too.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any

import psycopg
from psycopg.types.json import Json
from sqlalchemy import JSON, Column, Enum, Table
from sqlalchemy.engine import make_url

from lti_tool.extensions import Model
from lti_tool.types import UTCDateTime

Row = Mapping[str, Any]
_CHUNK = 20_000


class Store:
    """A database that rows go into."""

    def __init__(self, url: str) -> None:
        self._is_sqlite = url.startswith("sqlite")
        if self._is_sqlite:
            self._connection: Any = sqlite3.connect(make_url(url).database or "", isolation_level=None, timeout=60)
        else:
            self._connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)

    def put(self, model: type[Model], rows: Iterable[Row]) -> None:
        """Add rows that all have the same columns; what they leave out gets the model's default."""
        table = model.__table__
        assert isinstance(table, Table)
        iterator = iter(rows)
        first = next(iterator, None)
        if first is None:
            return
        columns = [column for column in table.columns if column.name in first or column.default is not None]
        makers = [self._maker(column) for column in columns]
        values = ([make(row) for make in makers] for row in _chain(first, iterator))
        names = ", ".join(f'"{column.name}"' for column in columns)
        if self._is_sqlite:
            marks = ", ".join("?" * len(columns))
            statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'
            self._connection.execute("BEGIN")
            while chunk := list(islice(values, _CHUNK)):
                self._connection.executemany(statement, chunk)
            self._connection.execute("COMMIT")
            return
        with self._connection.cursor() as cursor:
            with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
                for value in values:
                    copy.write_row(value)
            if "id" in {column.name for column in columns}:
                sequence = f"pg_get_serial_sequence('\"{table.name}\"', 'id')"
                cursor.execute(f'SELECT setval({sequence}, (SELECT max(id) FROM "{table.name}"))')

    def close(self) -> None:
        """Let the database learn how large its tables are, and close the connection."""
        self._connection.execute("ANALYZE")
        if self._is_sqlite:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()

    def _maker(self, column: Column[Any]) -> Callable[[Row], Any]:
        """Make what gives a column's value in a row as this database takes it."""
        name, default, convert = column.name, _default(column), self._converter(column)

        def make(row: Row) -> Any:
            value = row[name] if name in row else default()
            return None if value is None else convert(value)

        return make

    def _converter(self, column: Column[Any]) -> Callable[[Any], Any]:
        if isinstance(column.type, JSON):
            return json.dumps if self._is_sqlite else Json
        if isinstance(column.type, Enum):
            return str
        if self._is_sqlite and isinstance(column.type, UTCDateTime):
            return lambda value: value.strftime("%Y-%m-%d %H:%M:%S.%f")
        return lambda value: value


def _default(column: Column[Any]) -> Callable[[], Any]:
    default: Any = column.default
    if default is None:
        return lambda: None
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)


@contextmanager
def store(url: str) -> Iterator[Store]:
    """Open a database for rows."""
    opened = Store(url)
    yield opened
    opened.close()


def _chain(first: Row, rest: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rest
