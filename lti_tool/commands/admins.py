"""``lti-tool admins``: who may open the admin pages, and the way back in for those who cannot."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app

from lti_tool.context import in_app
from lti_tool.extensions import db
from lti_tool.lti.vault import Vault
from lti_tool.models import Role
from lti_tool.services import accounts, audit

_password = click.password_option(help="Asked for when not given.")


@click.group("admins")
def command() -> None:
    """Make accounts for the admin pages, and let people back in."""


@command.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="owner", show_default=True)
@_password
@in_app
def add(name: str, role: str, password: str) -> None:
    """Make an account. An owner changes things, an auditor reads only."""
    account = accounts.add_account(db.session(), name, password, Role(role), datetime.now(UTC))
    db.session.commit()
    click.echo(f"Added {account.role} {account.name}. Sign in at {current_app.config['SETTINGS'].public_url}/admin/")


@command.command("list")
@in_app
def list_admins() -> None:
    """List the accounts."""
    found = accounts.list_accounts(db.session())
    for account in found:
        code = "password and code" if account.encrypted_totp_secret is not None else "password"
        state = code if account.is_active else "disabled"
        click.echo(f"{account.name}  {account.role}  {state}")
    if not found:
        click.echo("There is no account yet; `lti-tool admins add NAME` makes one.")


@command.command("password")
@click.argument("name")
@_password
@in_app
def set_password(name: str, password: str) -> None:
    """Set a new password; all browsers of the account are signed out."""
    account = accounts.find_account(db.session(), name)
    accounts.change_password(db.session(), account, password, datetime.now(UTC), actor=audit.COMMAND_LINE)
    db.session.commit()
    click.echo(f"{account.name} has a new password and is signed out everywhere.")


@command.command()
@click.argument("name")
@click.option("--undo", is_flag=True, help="Let the account in again.")
@in_app
def disable(name: str, undo: bool) -> None:
    """Keep an account out, at once; its name stays in the audit log."""
    account = accounts.find_account(db.session(), name)
    accounts.set_active(db.session(), account, is_active=undo, at=datetime.now(UTC), actor=audit.COMMAND_LINE)
    db.session.commit()
    click.echo(f"{account.name} {'may sign in again' if undo else 'is signed out and may not sign in any more'}.")


@command.command("reset-totp")
@click.argument("name")
@in_app
def reset_totp(name: str) -> None:
    """Let an account sign in without a code, when the app that made them is lost."""
    account = accounts.find_account(db.session(), name)
    vault = Vault(current_app.config["SETTINGS"].master_keys)
    accounts.set_totp(db.session(), vault, account, None, datetime.now(UTC), actor=audit.COMMAND_LINE)
    db.session.commit()
    click.echo(f"{account.name} signs in with the password alone.")
