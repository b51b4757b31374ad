"""``docs/commands.md``: what every command says about itself with ``--help``."""

from __future__ import annotations

from collections.abc import Iterator

import click

_INTRODUCTION = """\
# Commands

What `course-builder --help` and the `--help` of each command say. `make commands` writes this page.
"""
_WIDTH = 110


def commands_page(main: click.Group) -> str:
    """Write the page."""
    return "\n".join(
        [_INTRODUCTION, *_sections(main, click.Context(main, info_name="course-builder", **main.context_settings), 2)]
    )


def _sections(command: click.Command, context: click.Context, level: int) -> Iterator[str]:
    context.terminal_width = context.max_content_width = _WIDTH
    yield f"{'#' * level} `{context.command_path}`\n"
    yield f"```text\n{command.get_help(context).rstrip()}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            each = command.get_command(context, name)
            if each is not None:
                yield from _sections(each, click.Context(each, info_name=name, parent=context), level + 1)
