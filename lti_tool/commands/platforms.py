"""``lti-tool platforms``: the platforms that may launch."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app

from lti_tool.config import Settings
from lti_tool.context import in_app
from lti_tool.errors import NotFoundError
from lti_tool.extensions import db
from lti_tool.models import Privacy, Registration
from lti_tool.platforms import PRODUCTS
from lti_tool.services import audit, platforms, registrations
from lti_tool.views.lti import KEYS_PATH, LAUNCH_PATH, LOGIN_PATH


@click.group("platforms")
def command() -> None:
    """Register platforms and look at them."""


@command.command()
@click.option("--issuer", required=True, help="The platform's name for itself (iss), often its address.")
@click.option("--client-id", required=True, help="What the platform calls this tool.")
@click.option("--auth-url", required=True, help="Where logins go on to (authentication request).")
@click.option("--token-url", required=True, help="Where access tokens come from.")
@click.option("--key-set-url", required=True, help="Where the platform publishes its keys (JWKS).")
@click.option("--title", default="", help="What you call it.  [default: the issuer]")
@click.option("--product", type=click.Choice(PRODUCTS), default="generic", show_default=True, help="Which LMS it is.")
@click.option("--token-audience", help="The aud of token requests, where it is not the token address.")
@click.option("--allow-anonymous", is_flag=True, help="Let people in whom the platform does not name.")
@click.option("--without-names", is_flag=True, help="Keep no names of people, even where the platform sends them.")
@click.option("--approve-deployments", is_flag=True, help="Let new deployments wait until you approve them.")
@in_app
def add(
    approve_deployments: bool, allow_anonymous: bool, without_names: bool, token_audience: str | None, **given: str
) -> None:
    """Register a platform."""
    registration = platforms.add_registration(
        db.session(),
        issuer=given["issuer"],
        client_id=given["client_id"],
        title=given["title"],
        product=given["product"],
        auth_url=given["auth_url"],
        token_url=given["token_url"],
        key_set_url=given["key_set_url"],
        token_audience=token_audience,
        allows_anonymous=allow_anonymous,
        accepts_new_deployments=not approve_deployments,
        privacy=Privacy.PSEUDONYM if without_names else Privacy.NAME,
        at=(at := datetime.now(UTC)),
    )
    audit.record(
        db.session(),
        actor=audit.COMMAND_LINE,
        at=at,
        action="platform-added",
        subject=registration.title,
        after=registrations.describe(registration),
    )
    db.session.commit()
    click.echo(f"Registered platform {registration.id}: {registration.title}.\n")
    _show_our_addresses()


@command.command("list")
@in_app
def list_platforms() -> None:
    """List the platforms."""
    registrations = platforms.list_registrations(db.session())
    for registration in registrations:
        click.echo(f"{registration.id:>4}  {registration.title}  {registration.issuer}  {registration.client_id}")
    if not registrations:
        click.echo("No platform is registered yet; `lti-tool platforms add --help` says how.")


@command.command()
@click.argument("number", type=int)
@in_app
def show(number: int) -> None:
    """Show one platform, its deployments, and what to enter there."""
    registration = platforms.get_registration(db.session(), number)
    if registration is None:
        raise NotFoundError(f"There is no platform {number}; `lti-tool platforms list` shows those there are.")
    _show_registration(registration)
    _show_our_addresses()


@command.command()
@click.argument("number", type=int)
@click.argument("deployment_id")
@in_app
def approve(number: int, deployment_id: str) -> None:
    """Approve a deployment that waits."""
    registrations.approve_deployment(db.session(), number, deployment_id, datetime.now(UTC), audit.COMMAND_LINE)
    db.session.commit()
    click.echo(f"Deployment {deployment_id} of platform {number} is approved.")


def _show_registration(registration: Registration) -> None:
    lines = {
        "platform": f"{registration.id} {registration.title} ({registration.product})",
        "issuer": registration.issuer,
        "client id": registration.client_id,
        "auth url": registration.auth_url,
        "token url": registration.token_url,
        "key set url": registration.key_set_url,
        "token audience": registration.token_audience or "the token url",
        "state": registration.state.value,
        "names": "kept" if registration.privacy is Privacy.NAME else "not kept",
        "anonymous": "allowed" if registration.allows_anonymous else "refused",
        "new deployments": "accepted" if registration.accepts_new_deployments else "wait for approval",
    }
    for deployment in registration.deployments:
        state = "approved" if deployment.is_approved else "waits for approval"
        lines[f"deployment {deployment.deployment_id}"] = ", ".join([state, *deployment.frame_hosts])
    _print(lines)
    click.echo()


def _show_our_addresses() -> None:
    settings: Settings = current_app.config["SETTINGS"]
    click.echo("What the platform has to know of this tool:")
    paths = {"login url": LOGIN_PATH, "redirect url": LAUNCH_PATH, "key set url": KEYS_PATH}
    _print({name: settings.public_url + path for name, path in paths.items()})


def _print(lines: dict[str, str]) -> None:
    width = max(map(len, lines))
    for name, value in lines.items():
        click.echo(f"{name:<{width}}  {value}")
