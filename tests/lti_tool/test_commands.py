"""The commands that messages, settings and pages tell people to run."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import click

from lti_tool.cli import COMMANDS

ROOT = Path(__file__).parents[2]


def named() -> dict[tuple[str, str], Path]:
    """Find each command that a source or a document names, with a file that does."""
    files = [*ROOT.glob("lti_tool/**/*.py"), *ROOT.glob("lti_tool/templates/**/*.html"), *ROOT.glob("docs/*.md")]
    texts = {path: path.read_text(encoding="utf-8") for path in [*files, ROOT / "README.md"]}
    return {
        found: path for path, text in texts.items() for found in re.findall(r"`lti-tool ([a-z-]+) ?([a-z-]*)", text)
    }


def test_whatever_people_are_told_to_run_is_there() -> None:
    commands = named()
    assert ("keys", "rotate") in commands
    for (name, sub), path in commands.items():
        assert name in COMMANDS, f"{path}: lti-tool {name}"
        command: click.Command = importlib.import_module(COMMANDS[name]).command
        if isinstance(command, click.Group) and sub:
            assert sub in command.commands, f"{path}: lti-tool {name} {sub}"
