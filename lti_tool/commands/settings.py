"""``lti-tool settings``: every setting with its default and meaning."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import click

from lti_tool.config import Settings


@click.command("settings")
def command() -> None:
    """Print all settings as the Markdown table of docs/settings.md."""
    click.echo(settings_table(), nl=False)


def settings_table() -> str:
    """Make the table of settings."""
    rows = [
        f"| `{item.name.upper()}` | {_default(item.default)} | {item.metadata['meaning']} |"
        for item in fields(Settings)
    ]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows]) + "\n"


def _default(value: Any) -> str:
    if value in ("", ()):
        return "–"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
