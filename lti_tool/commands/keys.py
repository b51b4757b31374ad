"""``lti-tool keys``: secrets for the settings, and the key pairs that sign our messages."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import click
from flask import current_app
from sqlalchemy import select

from lti_tool.context import in_app
from lti_tool.extensions import db
from lti_tool.lti import keys
from lti_tool.lti.vault import Vault, new_master_key
from lti_tool.models import SigningKey


@click.group("keys")
def command() -> None:
    """Make secrets and signing keys."""


@command.command()
def secret() -> None:
    """Print a new value for SECRET_KEY."""
    click.echo(secrets.token_urlsafe(32))


@command.command()
def master() -> None:
    """Print a new key for MASTER_KEYS."""
    click.echo(new_master_key())


@command.command()
@in_app
def new() -> None:
    """Make a new signing key; the earlier ones stay published."""
    key = keys.create_key(db.session(), Vault(current_app.config["SETTINGS"].master_keys), datetime.now(UTC))
    db.session.commit()
    click.echo(f"New signing key {key.kid}.")


@command.command("list")
@in_app
def list_keys() -> None:
    """List the signing keys, newest first."""
    for key in db.session.scalars(select(SigningKey).order_by(SigningKey.created_at.desc())):
        state = f"retired {key.retired_at:%Y-%m-%d}" if key.retired_at else "signs"
        click.echo(f"{key.kid}  made {key.created_at:%Y-%m-%d}  {state}")
