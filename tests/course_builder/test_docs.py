"""The docs name commands that there are: the page of all commands, hooks, and recipes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from course_builder.cli import main
from course_builder.commands.page import commands_page

ROOT = Path(__file__).parents[2]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
GUIDE = sorted((ROOT / "courses" / "authoring-guide" / "modules").rglob("*.md"))
COURSE = ROOT / "courses" / "digital-innovation-management"


def test_the_page_of_commands_is_their_help() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert page == commands_page(main), "Run `make commands`."


def commands_in(text: str) -> Iterator[list[str]]:
    for block in re.findall(r"^```(?:sh|yaml)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in re.findall(r"course-builder (?!@)(.*)", block):
            yield shlex.split(line.partition("#")[0].partition(" > ")[0])


def understood(words: list[str]) -> click.Command:
    """Return the command that words call; each word that starts with - has to be an option of it."""
    command: click.Command = main
    rest = list(words)
    while isinstance(command, click.Group) and rest:
        if rest[0].startswith("-"):
            break
        found = command.commands.get(rest.pop(0))
        assert found is not None, words
        command = found
    options = {option for each in command.params for option in each.opts} | {"--version", "--help"}
    assert {word for word in rest if word.startswith("-")} <= options, words
    return command


@pytest.mark.parametrize("path", [*DOCS, *GUIDE], ids=lambda path: path.name)
def test_the_docs_call_commands_that_there_are(path: Path) -> None:
    for words in commands_in(path.read_text(encoding="utf-8")):
        understood(words)


def test_the_recipes_are_yaml_and_call_commands() -> None:
    text = (ROOT / "docs" / "course-repositories.md").read_text(encoding="utf-8")
    recipes = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert [key for recipe in recipes for key in (YAML(typ="safe").load(recipe) or {})] == [
        "repos",
        *("name", "on", "jobs"),
        "check",
    ]
    assert len(list(commands_in(text))) >= 9


def test_the_hooks_are_commands_that_run() -> None:
    hooks = YAML(typ="safe").load(ROOT / ".pre-commit-hooks.yaml")
    assert [hook["id"] for hook in hooks] == ["course-check", "course-ids"]
    assert hooks[0]["always_run"], "A commit that deletes a picture has no file that a pattern could match."
    for hook in hooks:
        program, *words = shlex.split(hook["entry"])
        assert program == "course-builder"
        understood(words)
        result = CliRunner().invoke(main, [*words, str(COURSE)])
        assert result.exit_code == 0, result.output
