"""The Flask extensions and the base of all models."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any, TypeVar

from flask import current_app, has_request_context, request
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, Dialect, Engine, LargeBinary, MetaData, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, registry

from lti_tool.sqlite import SqliteConnection
from lti_tool.types import UTCDateTime

ViewT = TypeVar("ViewT")

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """The base of all models.

    The type map stands on an explicit registry because Flask-SQLAlchemy 3.1 refuses one on the class.
    """

    registry = registry(
        metadata=MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={
            datetime: UTCDateTime,
            bytes: LargeBinary,
            dict[str, Any]: JSON(none_as_null=True),
            list[str]: JSON(none_as_null=True),
        },
    )
    __abstract__ = True


db = SQLAlchemy(model_class=Model)
migrate = Migrate(compare_type=True, render_as_batch=True)
login_manager = LoginManager()
babel = Babel()


@event.listens_for(Engine, "do_connect")
def _connect_sqlite(dialect: Dialect, _record: Any, _arguments: Any, options: dict[str, Any]) -> None:
    """Let every connection to SQLite be one of ours; other databases are left alone."""
    if dialect.name == "sqlite":
        options.setdefault("factory", SqliteConnection)


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """Open a transaction that may write with the write lock already taken.

    Requests that only read (GET, HEAD) and connections with the execution option ``only_reads`` take no lock, so that
    readers never wait for writers.
    """
    driver = connection.connection.driver_connection
    if isinstance(driver, SqliteConnection):
        only_reads = connection.get_execution_options().get("only_reads")
        try:
            driver.begin(only_reads=_is_reading_request() if only_reads is None else only_reads)
        except sqlite3.Error as error:
            raise OperationalError("BEGIN", None, error) from error


def _is_reading_request() -> bool:
    """Whether a request is under way that only reads."""
    if not has_request_context() or request.method not in {"GET", "HEAD", "OPTIONS"}:
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    return not getattr(view, "writes_on_get", False)


def writes_on_get(view: ViewT) -> ViewT:
    """Mark a view whose GET writes, such as a login initiation."""
    view.writes_on_get = True  # type: ignore[attr-defined]
    return view
