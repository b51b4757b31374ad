"""Short transactions of prebuilt statements: what a login and a launch do to the database, with nothing between.

A session of SQLAlchemy costs more than the three statements of a login, and on PostgreSQL each statement more is a way
to the database and back. So what is only read is read outside any transaction, and what is written is put together
first and then written in one go. On SQLite, where one may write at a time and each commit waits for the disk, threads
that write at the same time share a transaction: whoever comes first commits for all who came meanwhile.

Everywhere else a session is shorter to write, and fast enough.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Dialect, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import PoolProxiedConnection

from lti_tool.sqlite import thread_writes

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Direct:
    """A connection of the driver, for prebuilt statements."""

    connection: PoolProxiedConnection
    dialect: Dialect


class ShortTransactions:
    """Reads and writes at one database, without sessions."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._together = _Together(self._transaction)

    @contextmanager
    def reading(self) -> Iterator[Direct]:
        """Open a connection on which each statement sees what was committed before it; nothing is to be written."""
        with self._direct() as direct:
            if self._is_sqlite:
                yield direct
                return
            driver: Any = direct.connection.driver_connection
            driver.autocommit = True
            try:
                yield direct
            finally:
                driver.autocommit = False

    def write(self, work: Callable[[Direct], ResultT]) -> ResultT:
        """Do some work in a transaction, and commit; what it raises undoes all of it, and only that.

        Args:
            work: runs prebuilt statements and waits for nothing else; on SQLite perhaps in another thread.

        Raises:
            sqlalchemy.exc.DBAPIError: what the database says, as a session would raise it.
        """
        if self._is_sqlite:
            return self._together.write(work)
        with self._transaction() as direct:
            return work(direct)

    @contextmanager
    def _transaction(self) -> Iterator[Direct]:
        with self._direct() as direct:
            driver: Any = direct.connection.driver_connection
            if self._is_sqlite:
                driver.begin(only_reads=False)
            try:
                yield direct
            except BaseException:
                driver.rollback()
                raise
            driver.commit()

    @contextmanager
    def _direct(self) -> Iterator[Direct]:
        dialect = self._engine.dialect
        connection = None
        try:
            connection = self._engine.raw_connection()
            yield Direct(connection, dialect)
        except dialect.loaded_dbapi.Error as error:
            if connection:
                connection.invalidate(error)
            raise named(error, dialect) from error
        finally:
            if connection:
                connection.close()


def named(error: Exception, dialect: Dialect) -> BaseException:
    """Give an error of a driver the name that SQLAlchemy has for it."""
    return DBAPIError.instance(None, None, error, dialect.loaded_dbapi.Error, dialect=dialect)


@dataclass(slots=True)
class _Piece(Generic[ResultT]):
    """What one thread wants written, and what came of it."""

    work: Callable[[Direct], ResultT]
    value: ResultT = field(init=False)
    """There once the work was done."""
    error: BaseException | None = None
    leads: bool = False
    woken: threading.Lock = field(default_factory=threading.Lock)

    def run(self, direct: Direct) -> None:
        """Do the work; what it raises is its own thread's, and undoes nothing of the others."""
        cursor = direct.connection.cursor()
        cursor.execute("SAVEPOINT piece")
        try:
            self.value = self.work(direct)
        except Exception as error:  # noqa: BLE001 - raised in the thread whose it is
            is_of_driver = isinstance(error, direct.dialect.loaded_dbapi.Error)
            self.error = named(error, direct.dialect) if is_of_driver else error
            cursor.execute("ROLLBACK TO piece")
        cursor.execute("RELEASE piece")


class _Together:
    """Threads that share a transaction: the first leads, and the first who came while it committed leads next."""

    def __init__(self, transaction: Callable[[], Any]) -> None:
        self._transaction = transaction
        self._lock = threading.Lock()
        self._waiting: list[_Piece[Any]] = []
        self._is_led = False

    def write(self, work: Callable[[Direct], ResultT]) -> ResultT:
        if thread_writes():
            # It would wait for another thread, which waits for this one to let it write.
            raise OperationalError("BEGIN", None, RuntimeError("a thread that writes began to write once more"))
        piece = _Piece(work)
        piece.woken.acquire()
        with self._lock:
            self._waiting.append(piece)
            piece.leads, self._is_led = not self._is_led, True
        if not piece.leads:
            piece.woken.acquire()
        if piece.leads:
            self._lead(piece)
        if piece.error is not None:
            raise piece.error
        return piece.value

    def _lead(self, leader: _Piece[Any]) -> None:
        taken: list[_Piece[Any]] = []
        try:
            with self._transaction() as direct:
                taken = self._take()
                for piece in taken:
                    piece.run(direct)
        except BaseException as error:  # noqa: BLE001 - raised in each thread: nothing was written, for none of them
            taken = taken or self._take()
            for piece in taken:
                piece.error = piece.error or error
        finally:
            self._hand_over()
            for piece in taken:
                if piece is not leader:
                    piece.woken.release()

    def _take(self) -> list[_Piece[Any]]:
        with self._lock:
            taken, self._waiting = self._waiting, []
            return taken

    def _hand_over(self) -> None:
        with self._lock:
            self._is_led = bool(self._waiting)
            if self._is_led:
                self._waiting[0].leads = True
                self._waiting[0].woken.release()
