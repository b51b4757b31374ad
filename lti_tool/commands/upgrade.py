"""``lti-tool upgrade``: bring the database up to date; make the first signing key."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from lti_tool.config import Settings
from lti_tool.context import application
from lti_tool.extensions import db
from lti_tool.lti import keys
from lti_tool.lti.vault import Vault
from lti_tool.schema import current_revision, newest_revision, only_one_upgrades, upgrade_schema


@click.command("upgrade")
def command() -> None:
    """Run the migrations that the database lacks, and make a signing key where there is none.

    Start it on as many hosts as you like: one does the work, the others wait for it.
    """
    settings = Settings.from_environment()
    with application(settings), only_one_upgrades():
        before = current_revision()
        upgrade_schema()
        click.echo(f"The database is up to date ({newest_revision()}{f', was {before}' if before else ', new'}).")
        if keys.ensure_key(db.session(), Vault(settings.master_keys), datetime.now(UTC)):
            db.session.commit()
            click.echo("Made the first signing key.")
