"""``lti-tool worker``: delivers scores to gradebooks."""

from __future__ import annotations

import signal

import click
from flask import current_app

from lti_tool.config import Settings
from lti_tool.context import in_app
from lti_tool.extensions import db
from lti_tool.jobs.delivery import open_outbox
from lti_tool.jobs.loop import DeliveryLoop


@click.command("worker")
@click.option("--concurrency", default=8, show_default=True, help="Deliveries at a time; on PostgreSQL only.")
@in_app
def command(concurrency: int) -> None:
    """Deliver scores to gradebooks until stopped; on PostgreSQL run as many of these as you like.

    On SQLite the web process does this itself unless RUNS_WORKER is off.
    """
    settings: Settings = current_app.config["SETTINGS"]
    outbox = open_outbox(db.engine, settings)
    if not settings.is_sqlite:
        from lti_tool.jobs.worker import run_worker

        run_worker(outbox, settings, concurrency=concurrency)
        return
    # Blocked before any thread begins, so that only this one hears them.
    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    loop = DeliveryLoop(outbox, settings.score_poll_s)
    loop.start()
    signal.sigwait(signals)
    loop.stop()
