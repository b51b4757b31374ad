"""``lti-tool retention``: delete what is older than the settings say, or only say what that would be."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import click
from flask import current_app

from lti_tool.config import Settings
from lti_tool.context import in_app
from lti_tool.extensions import db
from lti_tool.jobs.delivery import open_outbox
from lti_tool.jobs.retention import delete_old
from lti_tool.services import retention


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Count, and delete nothing.")
@in_app
def command(dry_run: bool) -> None:
    """Delete what is older than KEEP_LAUNCHES_DAYS, KEEP_ACTIVITY_DAYS and so on; the worker does so daily.

    Submitted attempts and their grades are never deleted by age. Backups and logs keep what they hold as long as you
    keep them.
    """
    settings: Settings = current_app.config["SETTINGS"]
    report = _counted(settings) if dry_run else delete_old(open_outbox(db.engine, settings))
    for kind, rows in report.items():
        click.echo(f"{kind}: {rows}")


def _counted(settings: Settings) -> dict[str, int]:
    session = db.session()
    session.connection(execution_options={"only_reads": True})
    counted: Counter[str] = Counter()
    for rule in retention.rules(settings, datetime.now(UTC)):
        counted[rule.kind] += retention.count(session, rule)
    return dict(counted)
