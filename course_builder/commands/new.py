"""``course-builder new``: something to start from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from course_builder.commands.output import stop
from course_builder.question_types import QUESTION_TYPES

_TITLE = click.option("--title", help="Its title; else made from its name.")


@click.group()
def new() -> None:
    """Write a course, module, page or question to start from; what is there stays as it is."""


@new.command()
@click.argument("folder", type=click.Path(path_type=Path))
@_TITLE
@click.option("--language", default="en", show_default=True, help="The language that it is written in, as a tag.")
def course(folder: Path, title: str | None, language: str) -> None:
    """Write a course with one module of one page into a new FOLDER, whose name becomes its id."""
    from course_builder.scaffold.scaffold import new_course

    _write(lambda: new_course(folder, title or _title(folder.resolve().name), language))
    click.echo(f"Next: course-builder check {folder}")


@new.command()
@click.argument("course", type=click.Path(path_type=Path))
@click.argument("name")
@_TITLE
def module(course: Path, name: str, title: str | None) -> None:
    """Write a module of one page into a COURSE's folder and list it; its NAME becomes its id."""
    from course_builder.scaffold.scaffold import new_module

    _write(lambda: new_module(course, name, title or _title(name)))


@new.command()
@click.argument("module", type=click.Path(path_type=Path))
@click.argument("name")
@_TITLE
def page(module: Path, name: str, title: str | None) -> None:
    """Write a page into a MODULE's folder and list it; its NAME becomes its file's name and its id."""
    from course_builder.scaffold.scaffold import new_page

    _write(lambda: new_page(module, name.removesuffix(".md"), title or _title(name.removesuffix(".md"))))


@new.command()
@click.argument("page", type=click.Path(path_type=Path))
@click.argument("question_type", metavar="TYPE", type=click.Choice(QUESTION_TYPES))
@click.option("--id", "name", required=True, help="Its id: a word that says what it is about, such as q-once-only.")
def question(page: Path, question_type: str, name: str) -> None:
    """Add a question at the end of a PAGE, as a sample to change.

    \b
    course-builder new question modules/m1/quiz.md single --id q-once-only
    """  # noqa: D301 - click keeps the lines below this sign apart, and does not know it in a raw string.
    from course_builder.scaffold.scaffold import new_question

    _write(lambda: new_question(page, question_type, name))


def _write(scaffold: Callable[[], list[Path]]) -> None:
    from course_builder.scaffold.scaffold import CannotScaffoldError

    try:
        written = scaffold()
    except CannotScaffoldError as error:
        stop(str(error))
    except (OSError, UnicodeDecodeError) as error:
        stop(str(error))
    for path in written:
        click.echo(f"wrote {path}")


def _title(name: str) -> str:
    """Return a title made from a name: ``m2-first-tests`` → ``First tests``."""
    words = name.replace("_", "-").split("-")
    words = words[1:] if len(words) > 1 and any(character.isdigit() for character in words[0]) else words
    return " ".join(words).strip().capitalize() or name
