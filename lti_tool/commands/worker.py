"""``lti-tool worker``: delivers scores to gradebooks."""

from __future__ import annotations

import click
from flask import current_app

from lti_tool.config import Settings
from lti_tool.context import in_app
from lti_tool.extensions import db
from lti_tool.jobs.delivery import open_outbox
from lti_tool.jobs.loop import run_loop


@click.command("worker")
@click.option("--concurrency", default=8, show_default=True, help="Deliveries at a time; on PostgreSQL only.")
@in_app
def command(concurrency: int) -> None:
    """Deliver scores to gradebooks until stopped; on PostgreSQL run as many of these as you like.

    On SQLite the web process does this itself unless RUNS_WORKER is off.
    """
    settings: Settings = current_app.config["SETTINGS"]
    outbox = open_outbox(db.engine, settings)
    if settings.is_sqlite:
        run_loop(outbox, settings)
        return
    from lti_tool.jobs.worker import run_worker

    run_worker(outbox, settings, concurrency=concurrency)
