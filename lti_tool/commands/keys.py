"""``lti-tool keys``: secrets for the settings, and the key pairs that sign our messages."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

import click
from flask import current_app
from sqlalchemy import select

from lti_tool.context import in_app
from lti_tool.extensions import db
from lti_tool.lti import keys
from lti_tool.lti.reencryption import reencrypt
from lti_tool.lti.vault import Vault, new_master_key
from lti_tool.models import SigningKey
from lti_tool.services import audit


@click.group("keys")
def command() -> None:
    """Make secrets and signing keys, and replace them."""


@command.command()
def secret() -> None:
    """Print a new value for SECRET_KEY."""
    click.echo(secrets.token_urlsafe(32))


@command.command()
def master() -> None:
    """Print a new key for MASTER_KEYS."""
    click.echo(new_master_key())


@command.command("reencrypt")
@in_app
def encrypt_again() -> None:
    """Encrypt everything with the first of MASTER_KEYS.

    To change the master key: put a new one in front of the old one in MASTER_KEYS, start all processes anew, run this,
    take the old one out.
    """
    count = reencrypt(db.session(), _vault())
    _record("values-encrypted", "MASTER_KEYS", {"values": count})
    db.session.commit()
    click.echo(f"Encrypted {count} values with the first master key; the others are not needed any more.")


@command.command()
@click.option("--at-once", is_flag=True, help="Withdraw all keys now: for one that somebody may have seen.")
@in_app
def rotate(at_once: bool) -> None:
    """Make the key that signs from tomorrow; the one that signs now stops then and is published a day longer."""
    at = datetime.now(UTC)
    key = (keys.replace_at_once if at_once else keys.rotate)(db.session(), _vault(), at)
    _record("keys-withdrawn" if at_once else "key-made", key.kid, {"signs_from": key.signs_from.isoformat()})
    db.session.commit()
    click.echo(f"{key.kid} is published, and signs from {key.signs_from:%Y-%m-%d %H:%M} UTC.")
    if at_once:
        click.echo("Platforms refuse our calls until they have fetched the key set again; grades wait for that.")


@command.command("list")
@in_app
def list_keys() -> None:
    """List the signing keys, newest first."""
    at = datetime.now(UTC)
    for key in db.session.scalars(select(SigningKey).order_by(SigningKey.signs_from.desc())):
        click.echo(f"{key.kid}  made {key.created_at:%Y-%m-%d}  {_state(key, at)}")


def _record(action: str, subject: str, after: dict[str, Any]) -> None:
    audit.record(
        db.session(), actor=audit.COMMAND_LINE, at=datetime.now(UTC), action=action, subject=subject, after=after
    )


def _state(key: SigningKey, at: datetime) -> str:
    if key.signs_from > at:
        return f"published, signs from {key.signs_from:%Y-%m-%d %H:%M} UTC"
    if key.retired_at is None:
        return "signs"
    if key.retired_at > at:
        return f"signs until {key.retired_at:%Y-%m-%d %H:%M} UTC"
    return f"stopped {key.retired_at:%Y-%m-%d %H:%M} UTC, published for a day after"


def _vault() -> Vault:
    return Vault(current_app.config["SETTINGS"].master_keys)
