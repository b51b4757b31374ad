"""Short transactions: nothing is lost, one thread's failure is its own, and on SQLite threads share a commit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import Engine, bindparam, column, create_engine, insert, select, table, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from lti_tool.extensions import db
from lti_tool.prebuilt import Prebuilt, write_all
from lti_tool.short_transactions import Direct, ShortTransactions
from lti_tool.sqlite import SqliteConnection
from tests.lti_tool.test_sqlite import wait_until

ENTRY = table("entry", column("who"), column("times"))
ADD = Prebuilt(insert(ENTRY))
COUNT_UP = Prebuilt(update(ENTRY).where(ENTRY.c.who == bindparam("name")).values(times=ENTRY.c.times + 1))
ALL = Prebuilt(select(ENTRY.c.who, ENTRY.c.times).order_by(ENTRY.c.who))
PATIENCE_S = 60


@pytest.fixture
def transactions(app) -> Iterator[ShortTransactions]:
    with app.app_context():
        make_table(db.engine)
        yield ShortTransactions(db.engine)
        with db.engine.begin() as connection:
            connection.execute(text("DROP TABLE entry"))


def make_table(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS entry"))
        connection.execute(text("CREATE TABLE entry (who VARCHAR(20) PRIMARY KEY, times INTEGER NOT NULL)"))


def adding(who: str) -> Callable[[Direct], int]:
    return lambda connection: ADD.write(connection, {"who": who, "times": 1})


def entries(transactions: ShortTransactions) -> dict[str, int]:
    with transactions.reading() as connection:
        return {row.who: row.times for row in ALL.rows(connection, {})}


def test_what_is_written_is_there_and_what_it_gives_comes_back(transactions):
    assert transactions.write(adding("ana")) == 1
    assert entries(transactions) == {"ana": 1}


def test_several_statements_say_how_many_rows_each_wrote(transactions):
    def work(connection: Direct) -> list[int]:
        return write_all(
            connection,
            (ADD, {"who": "ana", "times": 1}),
            (COUNT_UP, {"name": "ana"}),
            (COUNT_UP, {"name": "nobody"}),
            (ADD, {"who": "bob", "times": 5}),
        )

    assert transactions.write(work) == [1, 1, 0, 1]
    assert entries(transactions) == {"ana": 2, "bob": 5}


def test_what_raises_undoes_all_of_its_own(transactions):
    transactions.write(adding("ana"))

    def gives_up(connection: Direct) -> None:
        adding("bob")(connection)
        raise LookupError("gave up")

    with pytest.raises(LookupError, match="gave up"):
        transactions.write(gives_up)
    assert entries(transactions) == {"ana": 1}


def test_an_error_of_the_database_has_the_name_that_sqlalchemy_gives_it(transactions):
    transactions.write(adding("ana"))
    with pytest.raises(IntegrityError):
        transactions.write(lambda connection: write_all(connection, (ADD, {"who": "ana", "times": 9})))
    with pytest.raises(IntegrityError):
        transactions.write(adding("ana"))
    assert entries(transactions) == {"ana": 1}
    assert transactions.write(adding("bob")) == 1


def test_a_reader_sees_what_was_committed_meanwhile(transactions):
    with transactions.reading() as connection:
        assert ALL.rows(connection, {}) == []
        transactions.write(adding("ana"))
        assert [row.who for row in ALL.rows(connection, {})] == ["ana"]


@pytest.mark.parametrize("gives_up", [False, True])
def test_a_reader_leaves_the_connection_as_it_was(app, transactions, gives_up):
    with suppress(LookupError), transactions.reading() as connection:
        ALL.rows(connection, {})
        if gives_up:
            raise LookupError("gave up")
    with app.app_context():
        connection = db.engine.raw_connection()
        driver = connection.driver_connection
        is_open = driver.in_transaction if isinstance(driver, SqliteConnection) else driver.info.transaction_status
        assert not is_open
        assert isinstance(driver, SqliteConnection) or not driver.autocommit
        connection.close()


def test_a_database_that_is_gone_is_an_error_of_sqlalchemys(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'gone' / 'tool.db'}")
    transactions = ShortTransactions(engine)
    with pytest.raises(OperationalError):
        transactions.write(adding("ana"))
    with pytest.raises(OperationalError):
        entries(transactions)
    # Nobody waits for a leader who failed.
    with pytest.raises(OperationalError):
        transactions.write(adding("ana"))


class Crowd:
    """Threads that write while somebody else holds the database's queue."""

    def __init__(self, engine: Engine, pool: ThreadPoolExecutor) -> None:
        self.transactions = ShortTransactions(engine)
        self._pool = pool
        self._holder = engine.raw_connection()
        self._holder.driver_connection.begin(only_reads=False)

    def write(self, work: Callable[[Direct], int]) -> Future[int]:
        """Let one more thread come, and see it wait."""
        before = len(self.transactions._together._waiting)
        future = self._pool.submit(self.transactions.write, work)
        wait_until(lambda: len(self.transactions._together._waiting) == before + 1)
        return future

    def let_in(self) -> None:
        self._holder.driver_connection.rollback()
        self._holder.close()


@pytest.fixture
def crowd(tmp_path) -> Iterator[Crowd]:
    """On SQLite; PostgreSQL lets all write at once."""
    engine = create_engine(f"sqlite:///{tmp_path / 'tool.db'}")
    make_table(engine)
    with ThreadPoolExecutor(8) as pool:
        yield Crowd(engine, pool)
    engine.dispose()


def test_threads_that_wait_share_a_commit_and_each_gets_its_own_answer(crowd, monkeypatch):
    commits = []
    commit = SqliteConnection.commit
    monkeypatch.setattr(SqliteConnection, "commit", lambda self: (commit(self), commits.append(1)))
    waiting = [crowd.write(adding(str(number))) for number in range(5)]
    failing = crowd.write(adding("3"))
    last = crowd.write(lambda connection: COUNT_UP.write(connection, {"name": "4"}))
    crowd.let_in()
    assert [each.result(PATIENCE_S) for each in waiting] == [1] * 5
    with pytest.raises(IntegrityError):
        failing.result(PATIENCE_S)
    assert last.result(PATIENCE_S) == 1
    assert len(commits) == 1
    assert entries(crowd.transactions) == {"0": 1, "1": 1, "2": 1, "3": 1, "4": 2}


def test_when_the_commit_fails_nobody_is_told_that_it_went_well(crowd, monkeypatch):
    def fails(self):
        self.rollback()
        raise self.OperationalError("disk I/O error")

    waiting = [crowd.write(adding(str(number))) for number in range(3)]
    monkeypatch.setattr(SqliteConnection, "commit", fails)
    crowd.let_in()
    for each in waiting:
        with pytest.raises(OperationalError, match="disk I/O error"):
            each.result(PATIENCE_S)
    monkeypatch.undo()
    assert entries(crowd.transactions) == {}
    assert crowd.transactions.write(adding("ana")) == 1


def test_a_thread_that_writes_already_is_told_instead_of_waiting_for_itself(crowd):
    with pytest.raises(OperationalError, match="began to write once more"):
        crowd.transactions.write(adding("ana"))
    crowd.let_in()


def test_many_threads_lose_nothing(transactions):
    def work(name: str) -> None:
        transactions.write(adding(name))
        for _ in range(20):
            transactions.write(lambda connection: COUNT_UP.write(connection, {"name": name}))

    threads = [threading.Thread(target=work, args=(str(number),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert entries(transactions) == {str(number): 21 for number in range(6)}
