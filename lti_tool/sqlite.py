"""SQLite as the tool uses it: durable, with transactions of our own making, and one fair queue for whoever writes.

SQLite lets one connection write at a time. The others look again after pauses that grow, so that under load some wait
thirty times as long as most. Here they queue for a file lock (``flock``) beside the database first, where the kernel
lets them in by their turn: threads of one process and other processes alike. SQLite's own lock still says who writes;
the queue only says who may ask for it. The kernel takes the lock from a process that ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000")
_holding = threading.local()


class SqliteConnection(sqlite3.Connection):
    """A connection that holds its database's queue from the beginning of a writing transaction to its end."""

    def __init__(self, database: str, *arguments: Any, **options: Any) -> None:
        super().__init__(database, *arguments, **options)
        self._queue: _Queue | None = None
        # The driver's own transaction handling starts transactions late and never for reads: we begin them ourselves.
        self.isolation_level = None
        for pragma in _PRAGMAS:
            self.execute(f"PRAGMA {pragma}")
        path = self.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()[0]
        if path:
            self._queue = _Queue(Path(path))

    def begin(self, *, only_reads: bool) -> None:
        """Begin a transaction; one that may write waits for its turn and takes the write lock at once.

        A transaction that begins as a read and then writes gets SQLITE_BUSY at once when another one wrote in between,
        no matter the timeout.
        """
        if only_reads:
            self.execute("BEGIN")
            return
        if self._queue:
            self._queue.enter()
        try:
            self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._leave()
            raise

    def commit(self) -> None:
        """Make what was written durable, and let the next one write."""
        super().commit()
        self._leave()

    def rollback(self) -> None:
        """Undo what was written, and let the next one write."""
        super().rollback()
        self._leave()

    def close(self) -> None:
        """Close the connection; an open transaction is undone."""
        super().close()
        if self._queue:
            self._queue.close()

    def _leave(self) -> None:
        if self._queue:
            self._queue.leave()


def thread_writes() -> bool:
    """Say whether this thread is in a transaction that writes, on whichever database."""
    return bool(_held_by_thread())


class _Queue:
    """One connection's place in the queue of a database."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._key = str(database)
        self._file: int | None = None
        self._is_held = False

    def enter(self) -> None:
        if self._file is None:
            self._file = self._open()
        held = _held_by_thread()
        if self._key in held:
            # SQLite would let this thread wait for itself until its time was over.
            raise sqlite3.OperationalError("a thread that writes began to write on another connection")
        fcntl.flock(self._file, fcntl.LOCK_EX)
        held.add(self._key)
        self._is_held = True

    def leave(self) -> None:
        if self._is_held and self._file is not None:
            self._is_held = False
            _held_by_thread().discard(self._key)
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        self.leave()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _open(self) -> int:
        """Open the file that is locked; whoever may use the database may use it, too, whoever comes first."""
        path = f"{self._database}.queue"
        with suppress(FileExistsError):
            made = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            like = self._database.stat()
            os.fchmod(made, like.st_mode & 0o666)
            if os.geteuid() == 0:
                os.fchown(made, like.st_uid, like.st_gid)
            return made
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def _held_by_thread() -> set[str]:
    if not hasattr(_holding, "keys"):
        _holding.keys = set()
    held: set[str] = _holding.keys
    return held
