"""Noticing that the other end of a connection to PostgreSQL is gone.

A machine that loses its power or its cable says nothing. Without these limits, whoever waits for its answer waits for
a quarter of an hour or for good: here all threads that serve learners, and in the database the locks that a lost
worker held.
"""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, Pool

HERE: dict[str, Any] = {
    "connect_timeout": 3,
    # What was sent and is not acknowledged for this long (milliseconds) breaks the connection, and so does silence.
    "tcp_user_timeout": 5_000,
    "keepalives_idle": 10,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
"""Parameters of libpq for every connection."""

TRUSTED_S = 1.0
"""A connection that was used this shortly ago is taken without trying whether it lives."""
_OK = 0
"""``CONNECTION_OK`` of libpq."""
_THERE = (
    "SET tcp_user_timeout = '15s'",
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 2",
    "SET tcp_keepalives_count = 3",
    # No transaction of ours waits for the network or for a person.
    "SET idle_in_transaction_session_timeout = '5min'",
)


def engine_options() -> dict[str, Any]:
    """Give the options of an engine for PostgreSQL."""
    return {
        "pool_size": 8,
        "max_overflow": 8,
        # A request that finds all connections taken by others who wait for the database says so, rather than queue.
        "pool_timeout": 10,
        "connect_args": HERE,
    }


@event.listens_for(Engine, "connect")
def _let_the_server_notice(connection: Any, _record: Any) -> None:
    """Tell the server to give up on us when we are gone; as statements, since PgBouncer takes no such parameters."""
    if not hasattr(connection, "pgconn"):
        return
    with connection.cursor() as cursor:
        cursor.execute("; ".join(_THERE))
    connection.commit()


@event.listens_for(Pool, "checkin")
def _note_when(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = time.monotonic()


@event.listens_for(Pool, "checkout")
def _see_whether_it_lives(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Try a connection that was idle for a while; SQLAlchemy's own ping tries each, which is a way there and back."""
    if not hasattr(connection, "pgconn") or time.monotonic() - record.info.get("used_at", 0.0) < TRUSTED_S:
        return
    try:
        # Nothing to do for the server, and nothing that begins a transaction.
        connection.pgconn.exec_(b"")
    except Exception as error:
        # The driver's, whose names are not imported where the database is SQLite.
        raise DisconnectionError from error
    if connection.pgconn.status != _OK:
        raise DisconnectionError
