"""Work in the background on SQLite: one loop in a thread of the web process."""

from __future__ import annotations

import atexit
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.config import Settings
from lti_tool.extensions import db
from lti_tool.job_queue import work_is_queued
from lti_tool.jobs.chores import LOOK_EVERY_S, do_chores
from lti_tool.jobs.comparisons import compare
from lti_tool.jobs.delivery import Claimed, Outbox, Sent, claim, open_outbox, send, write_down
from lti_tool.jobs.line_items import make
from lti_tool.jobs.rosters import pull
from lti_tool.logs import get_logger
from lti_tool.services import comparisons, line_items, rosters
from lti_tool.services.deliveries import due_cells
from lti_tool.services.scores import Cell

READINGS_AT_ONCE = 10
THREADS = 4
"""Deliveries at a time: an LMS that does not answer must not hold up the others."""
AHEAD = 2 * THREADS
"""Scores that are claimed at a time, so that no thread waits for the database between two of them. More would not do:
at a slow LMS each takes the time of several calls, and one that waits for another has its lease, too.
"""
DUE_AT_ONCE = 50
Reader = Callable[[Outbox, int, Callable[[], bool]], bool]
"""Reads some pages for a course."""
log = get_logger()


class DeliveryLoop:
    """Looks for scores that are due, as often as set and when this process has queued one.

    Several processes may run one each: leases keep them apart.

    Args:
        outbox: what to deliver from.
        poll_s: seconds between two looks.
    """

    def __init__(self, outbox: Outbox, poll_s: float) -> None:
        self._outbox = outbox
        self._poll_s = poll_s
        self._is_stopping = threading.Event()
        self._due: deque[Cell] = deque()
        self._under_way: set[Cell | int] = set()
        """Cells and numbers of columns."""
        self._ended: SimpleQueue[tuple[Cell | int, Sent | None]] = SimpleQueue()
        self._thread = threading.Thread(target=self.run, name="score-delivery", daemon=True)
        self._chores: threading.Thread | None = None
        self._chores_at = 0.0
        self._readings: threading.Thread | None = None

    def start(self) -> None:
        """Run in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being sent, and end."""
        self._is_stopping.set()
        work_is_queued.set()
        if self._thread.is_alive():
            self._thread.join()
        for beside in (self._chores, self._readings):
            if beside is not None:
                beside.join()

    def run(self) -> None:
        """Run until stopped.

        This thread alone speaks to the database about scores: it writes down how those that were sent ended and claims
        the next, several in one transaction, while others send. A commit costs more than a call answered at once.
        """
        with ThreadPoolExecutor(THREADS, "score-delivery") as senders:
            while self._under_way or not self._is_stopping.is_set():
                work_is_queued.clear()
                self._note_ends()
                if not self._is_stopping.is_set():
                    self._begin_chores()
                    self._begin_readings()
                    if self._begin_deliveries(senders):
                        continue
                if self._ended.empty():
                    work_is_queued.wait(self._poll_s)

    def _begin_chores(self) -> None:
        """Once a minute, beside the deliveries: deleting what is old may take long."""
        is_busy = self._chores is not None and self._chores.is_alive()
        if is_busy or time.monotonic() < self._chores_at:
            return
        self._chores_at = time.monotonic() + LOOK_EVERY_S
        self._chores = threading.Thread(target=self._do_chores, name="chores", daemon=True)
        self._chores.start()

    def _do_chores(self) -> None:
        try:
            do_chores(self._outbox)
        except Exception:
            # The outermost handler of this thread.
            log.exception("chores")

    def _begin_readings(self) -> None:
        """Read what rosters and gradebooks are due, one after the other, beside the deliveries."""
        if self._readings is not None and self._readings.is_alive():
            return
        try:
            with self._outbox.sessions() as session:
                session.connection(execution_options={"only_reads": True})
                at = self._outbox.clock()
                due = [(compare, each) for each in comparisons.due(session, at, READINGS_AT_ONCE)]
                due += [(pull, each) for each in rosters.due(session, at, READINGS_AT_ONCE)]
        except SQLAlchemyError:
            log.exception("readings")
            return
        if due:
            self._readings = threading.Thread(target=self._read, args=(due,), name="readings", daemon=True)
            self._readings.start()

    def _read(self, due: list[tuple[Reader, int]]) -> None:
        for read, context_id in due:
            if self._is_stopping.is_set():
                return
            try:
                read(self._outbox, context_id, self._is_stopping.is_set)
            except Exception:
                # The outermost handler of this thread. The reading stays claimed until its lease runs out.
                log.exception("readings")

    def _begin_deliveries(self, senders: ThreadPoolExecutor) -> bool:
        """Let the threads send what is due; says whether there may be more to begin."""
        room = AHEAD - len(self._under_way)
        if room <= 0:
            return False
        if not self._due:
            try:
                self._look(senders)
            except SQLAlchemyError:
                log.exception("score delivery")
                return False
        cells = [self._due.popleft() for _ in range(min(room, len(self._due)))]
        claimed = self._claim(cells) if cells else []
        for each in claimed:
            self._under_way.add(each.delivery.cell)
            senders.submit(self._send, each)
        return bool(self._due) or len(claimed) == room

    def _look(self, senders: ThreadPoolExecutor) -> None:
        """Find what is due, and begin to make columns."""
        with self._outbox.sessions() as session:
            session.connection(execution_options={"only_reads": True})
            columns = line_items.due(session, self._outbox.clock(), limit=THREADS)
            cells = due_cells(session, self._outbox.clock(), DUE_AT_ONCE)
        self._due.extend(cell for cell in cells if cell not in self._under_way)
        for column in columns:
            if column not in self._under_way:
                self._under_way.add(column)
                senders.submit(self._make, column)

    def _claim(self, cells: list[Cell]) -> list[Claimed]:
        try:
            return claim(self._outbox, cells)
        except Exception:
            if len(cells) > 1:
                # One that cannot be claimed must not hold up the others.
                return [claimed for cell in cells for claimed in self._claim([cell])]
            # The outermost handler of this thread.
            log.exception("score delivery")
            return []

    def _note_ends(self) -> None:
        """Write down how what was sent ended."""
        sent: list[Sent] = []
        while not self._ended.empty():
            what, outcome = self._ended.get()
            self._under_way.discard(what)
            if outcome is not None:
                sent.append(outcome)
        if sent:
            self._write_down(sent)

    def _write_down(self, sent: list[Sent]) -> None:
        try:
            write_down(self._outbox, sent)
        except Exception:
            if len(sent) > 1:
                for each in sent:
                    self._write_down([each])
                return
            # The outermost handler of this thread. The score stays claimed until its lease runs out.
            log.exception("score delivery")

    def _send(self, claimed: Claimed) -> None:
        sent: Sent | None = None
        try:
            sent = send(self._outbox, claimed)
        except Exception:
            # The outermost handler of this thread. The score stays claimed until its lease runs out.
            log.exception("score delivery")
        self._end(claimed.delivery.cell, sent)

    def _make(self, line_item_id: int) -> None:
        try:
            make(self._outbox, line_item_id)
        except Exception:
            # The outermost handler of this thread. The column stays claimed until its lease runs out.
            log.exception("line item")
        self._end(line_item_id, None)

    def _end(self, what: Cell | int, sent: Sent | None) -> None:
        self._ended.put((what, sent))
        work_is_queued.set()


def run_loop(outbox: Outbox, settings: Settings) -> None:
    """Deliver scores in a process of its own until SIGTERM or SIGINT comes, then finish what is being sent."""
    signals = {signal.SIGINT, signal.SIGTERM}
    # Blocked before any thread begins, so that only this one hears them.
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    loop = DeliveryLoop(outbox, settings.score_poll_s)
    loop.start()
    signal.sigwait(signals)
    loop.stop()


def start_loop(app: Flask) -> DeliveryLoop | None:
    """Deliver scores in this process where the settings want it; they never do on PostgreSQL."""
    settings: Settings = app.config["SETTINGS"]
    if not settings.is_sqlite or not settings.runs_worker:
        return None
    with app.app_context():
        loop = DeliveryLoop(open_outbox(db.engine, settings), settings.score_poll_s)
    loop.start()
    atexit.register(loop.stop)
    return loop
