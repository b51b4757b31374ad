"""Whoever writes to SQLite queues: processes and threads alike, in their order, and nobody's end stops the others."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from lti_tool.extensions import db
from lti_tool.sqlite import SqliteConnection
from tests.lti_tool.conftest import make_settings

FORK = multiprocessing.get_context("fork")
PATIENCE_S = 60


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "queue.db"
    connection = connect(path)
    connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, who TEXT)")
    connection.close()
    return path


def connect(path: Path) -> SqliteConnection:
    return sqlite3.connect(path, factory=SqliteConnection, check_same_thread=False)


def write(path: Path, who: str) -> None:
    connection = connect(path)
    connection.begin(only_reads=False)
    connection.execute("INSERT INTO entry (who) VALUES (?)", (who,))
    connection.commit()
    connection.close()


def hold(path: Path, is_held: Any, may_end: Any) -> None:
    connection = connect(path)
    connection.begin(only_reads=False)
    connection.execute("INSERT INTO entry (who) VALUES ('holder')")
    is_held.set()
    may_end.wait(PATIENCE_S)
    connection.commit()
    connection.close()


def entries(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [who for (who,) in connection.execute("SELECT who FROM entry ORDER BY id")]
    finally:
        connection.close()


def waiting(path: Path) -> int:
    """Count who waits in a database's queue, as the kernel sees it."""
    inode = Path(f"{path}.queue").stat().st_ino
    lines = Path("/proc/locks").read_text().splitlines()
    return sum(f":{inode} " in line and "->" in line for line in lines)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(("kind", "event"), [(FORK.Process, FORK.Event), (threading.Thread, threading.Event)])
def test_processes_and_threads_write_in_the_order_in_which_they_came(database, kind, event):
    is_held, may_end = event(), event()
    writers: list = [kind(target=hold, args=(database, is_held, may_end))]
    writers[0].start()
    assert is_held.wait(PATIENCE_S)
    for number in range(8):
        writers.append(kind(target=write, args=(database, str(number))))
        writers[-1].start()
        wait_until(lambda number=number: waiting(database) == number + 1)
    may_end.set()
    for writer in writers:
        writer.join(PATIENCE_S)
    assert entries(database) == ["holder", *map(str, range(8))]


def test_a_process_that_is_killed_while_it_writes_lets_the_others_in(database):
    is_held, may_end = FORK.Event(), FORK.Event()
    victim = FORK.Process(target=hold, args=(database, is_held, may_end))
    victim.start()
    assert is_held.wait(PATIENCE_S)
    other = FORK.Process(target=write, args=(database, "other"))
    other.start()
    wait_until(lambda: waiting(database) == 1)
    os.kill(victim.pid, signal.SIGKILL)
    for process in (victim, other):
        process.join(PATIENCE_S)
    assert entries(database) == ["other"]


def test_many_processes_that_write_all_the_time_lose_nothing_and_starve_nobody(database):
    """SQLite's own waiting lets one process write hundreds of times while another one waits for its turn."""
    processes, times = 6, 100

    def work(who: str) -> None:
        for _ in range(times):
            write(database, who)

    writers = [FORK.Process(target=work, args=(str(number),)) for number in range(processes)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(PATIENCE_S)
    written = entries(database)
    assert sorted(written) == sorted(str(number) for number in range(processes) for _ in range(times))
    assert all(max(gaps(written, str(number))) < processes * times / 4 for number in range(processes))


def gaps(written: list[str], who: str) -> list[int]:
    """Count what the others wrote between two entries of one."""
    places = [place for place, each in enumerate(written) if each == who]
    return [later - earlier for earlier, later in pairwise(places)]


def test_readers_do_not_queue(database):
    holder, reader = connect(database), connect(database)
    holder.begin(only_reads=False)
    reader.begin(only_reads=True)
    assert reader.execute("SELECT count(*) FROM entry").fetchone() == (0,)
    reader.rollback()
    holder.rollback()


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_whatever_ends_a_transaction_lets_the_next_one_in(database, end):
    first = connect(database)
    first.begin(only_reads=False)
    getattr(first, end)()
    write(database, "next")
    assert entries(database) == ["next"]


def test_a_transaction_that_could_not_begin_lets_the_next_one_in(database):
    foreign = sqlite3.connect(database, isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    ours = connect(database)
    ours.execute("PRAGMA busy_timeout=0")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        ours.begin(only_reads=False)
    foreign.execute("ROLLBACK")
    write(database, "next")
    assert entries(database) == ["next"]


def test_a_thread_does_not_wait_for_itself(database):
    engine = create_engine(f"sqlite:///{database}")
    with engine.begin() as outer:
        outer.execute(text("INSERT INTO entry (who) VALUES ('outer')"))
        with pytest.raises(OperationalError, match="another connection"), engine.begin():
            pass
        with outer.begin_nested():
            outer.execute(text("INSERT INTO entry (who) VALUES ('nested')"))
    engine.dispose()
    assert entries(database) == ["outer", "nested"]


def test_a_database_in_memory_has_no_queue():
    connection = sqlite3.connect(":memory:", factory=SqliteConnection)
    connection.begin(only_reads=False)
    connection.execute("CREATE TABLE entry (id INTEGER)")
    connection.commit()


@pytest.mark.parametrize("command", [("upgrade",), ("keys", "rotate", "--at-once")], ids=" ".join)
def test_commands_and_migrations_queue_like_everybody(make_app, tmp_path, command):
    app = make_app()
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            return
        path = Path(str(db.engine.url.database))
    holder = connect(path)
    holder.begin(only_reads=False)
    settings = make_settings(tmp_path)
    environment = {
        **os.environ,
        "LTI_TOOL_ENV": "development",
        "PUBLIC_URL": settings.public_url,
        "SECRET_KEY": settings.secret_key,
        "MASTER_KEYS": ",".join(settings.master_keys),
        "DATABASE_URL": f"sqlite:///{path}",
        "DATA_DIR": str(tmp_path),
    }
    process = subprocess.Popen([sys.executable, "-m", "lti_tool.cli", *command], env=environment)
    wait_until(lambda: waiting(path) == 1)
    holder.commit()
    holder.close()
    assert process.wait(PATIENCE_S) == 0
