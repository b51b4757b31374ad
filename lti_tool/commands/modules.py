"""``lti-tool modules``: publish packages, and see what the library holds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from lti_tool.context import in_app
from lti_tool.errors import NotFoundError
from lti_tool.extensions import db
from lti_tool.models import Release
from lti_tool.services import audit, library


@click.group("modules")
def command() -> None:
    """Publish module packages and list the library."""


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@in_app
def publish(files: tuple[Path, ...]) -> None:
    """Verify packages and add them to the library; all of them, or none.

    A published version never changes. Activities that show an earlier version with the same first number show the new
    one from now on; attempts that are under way stay on theirs.
    """
    at = datetime.now(UTC)
    releases = [library.publish(db.session(), path, at) for path in files]
    for release in releases:
        # What was there already is no change.
        if release.published_at == at:
            _record(release, at)
    db.session.commit()
    for release in releases:
        click.echo(f"Published {release.module_id} {release.version}  {release.digest[:12]}")


@command.command("list")
@in_app
def list_modules() -> None:
    """List the modules, each with its newest version."""
    modules = library.list_modules(db.session())
    for release in modules:
        title = next(iter(release.title.values()), "")
        click.echo(f"{release.module_id}  {release.version}  {title}")
    if not modules:
        click.echo("The library is empty. `lti-tool modules publish FILE` adds a package that the course builder made.")


@command.command()
@click.argument("module_id")
@in_app
def show(module_id: str) -> None:
    """Show the versions of a module, the newest first."""
    releases = library.list_releases(db.session(), module_id)
    if not releases:
        raise NotFoundError(f"The library has no module {module_id}. `lti-tool modules list` lists those it has.")
    for release in releases:
        click.echo(f"{release.version}  published {release.published_at:%Y-%m-%d %H:%M} UTC  {release.digest}")


def _record(release: Release, at: datetime) -> None:
    audit.record(
        db.session(),
        actor=audit.COMMAND_LINE,
        at=at,
        action="module-published",
        subject=f"{release.module_id} {release.version}",
        after={"digest": release.digest},
    )
