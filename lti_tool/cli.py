"""The ``lti-tool`` command: options and output, nothing else."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from lti_tool.errors import ToolError

COMMANDS = {
    "admins": "lti_tool.commands.admins",
    "demo": "lti_tool.commands.demo",
    "doctor": "lti_tool.commands.doctor",
    "keys": "lti_tool.commands.keys",
    "modules": "lti_tool.commands.modules",
    "platforms": "lti_tool.commands.platforms",
    "retention": "lti_tool.commands.retention",
    "serve": "lti_tool.commands.serve",
    "settings": "lti_tool.commands.settings",
    "upgrade": "lti_tool.commands.upgrade",
    "worker": "lti_tool.commands.worker",
}
"""Each module has a click command named ``command``; it is imported when it is called."""


class Commands(click.Group):
    """Loads a command when it is wanted, and shows errors of ours as sentences."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Name the commands."""
        return sorted(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Import one command."""
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[name]).command
        return command

    def invoke(self, context: click.Context) -> Any:
        """Run a command; an error of ours ends it with its message and exit code 2."""
        try:
            return super().invoke(context)
        except ToolError as error:
            click.echo(f"{click.style('Error', fg='red')}: {error.message}", err=True)
            if error.detail:
                click.echo(f"  {error.detail}", err=True)
            sys.exit(2)


@click.command(cls=Commands)
@click.version_option(package_name="hybrid-training")
def main() -> None:
    """Embed training modules into Moodle, Canvas and other LMSs.

    Settings come from the environment; `lti-tool settings` lists them, `lti-tool doctor` says what works.
    """


if __name__ == "__main__":
    main()
