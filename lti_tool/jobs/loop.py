"""Work in the background on SQLite: one loop in a thread of the web process."""

from __future__ import annotations

import atexit
import signal
import threading
import time

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.config import Settings
from lti_tool.extensions import db
from lti_tool.job_queue import work_is_queued
from lti_tool.jobs.chores import LOOK_EVERY_S, do_chores
from lti_tool.jobs.delivery import Outbox, deliver, open_outbox
from lti_tool.logs import get_logger
from lti_tool.services.deliveries import due_cells
from lti_tool.services.scores import Cell

THREADS = 4
"""Deliveries at a time: an LMS that does not answer must not hold up the others."""
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
        self._thread = threading.Thread(target=self.run, name="score-delivery", daemon=True)
        self._chores: threading.Thread | None = None
        self._chores_at = 0.0

    def start(self) -> None:
        """Run in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being sent, and end."""
        self._is_stopping.set()
        work_is_queued.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._chores is not None:
            self._chores.join()

    def run(self) -> None:
        """Run until stopped."""
        while not self._is_stopping.is_set():
            work_is_queued.clear()
            self._begin_chores()
            if not self._deliver_round():
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

    def _deliver_round(self) -> bool:
        """Deliver a few scores side by side; says whether there were any."""
        try:
            with self._outbox.sessions() as session:
                session.connection(execution_options={"only_reads": True})
                cells = due_cells(session, self._outbox.clock(), limit=THREADS)
        except SQLAlchemyError:
            log.exception("score delivery")
            return False
        delivered: list[bool] = []
        threads = [threading.Thread(target=self._deliver, args=(cell, delivered), daemon=True) for cell in cells]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return any(delivered)

    def _deliver(self, cell: Cell, delivered: list[bool]) -> None:
        try:
            delivered.append(deliver(self._outbox, cell))
        except Exception:
            # The outermost handler of this thread. The score stays claimed until its lease runs out.
            log.exception("score delivery")


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
