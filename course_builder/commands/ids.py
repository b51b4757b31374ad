"""``course-builder ids``: what lacks an id, and ids written where they are missing."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course_builder.commands.check import or_stop
from course_builder.commands.output import FORMAT, report, stop

if TYPE_CHECKING:
    from course_builder.build import CheckedCourse
    from course_builder.model import Problem

_MOST_ROUNDS = 20


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="[check] PATH")
@click.option("--write", is_flag=True, help="Write the missing ids into the files; nothing else in them changes.")
@FORMAT
def ids(words: tuple[str, ...], write: bool, form: str) -> None:
    """Check the ids of a course, a module or a page, or write those that are missing.

    Learners' answers hang on ids, so each is made from words, stays when the text changes, and is never used again.
    Headings may go without: their anchor comes from their text.

    \b
    course-builder ids check courses/my-course     what is wrong with ids
    course-builder ids --write courses/my-course   mend what is missing
    """  # noqa: D301 - click keeps the lines below this sign apart, and does not know it in a raw string.
    if words[0] == "check" and len(words) == 2 and not write:
        path = Path(words[1])
    elif len(words) == 1 and write:
        path = Path(words[0])
    else:
        raise click.UsageError("Write `course-builder ids check PATH` or `course-builder ids --write PATH`.")
    if write:
        for file, written in _write_all(path):
            click.echo(f"{file}: {', '.join(written)}", err=form != "text")
    checked = _checked(path)
    of_ids = tuple(problem for problem in checked.problems if problem.code.startswith("id-"))
    checked = replace(checked, problems=of_ids, silenced=())
    report(checked, [], form)
    sys.exit(1 if checked.has_errors else 0)


def _checked(path: Path) -> CheckedCourse:
    from course_builder import build

    return or_stop(path, build.check)


def _write_all(path: Path) -> Iterator[tuple[Path, list[str]]]:
    """Write ids until none is missing, or none can be written; yield the files and their new ids."""
    for _ in range(_MOST_ROUNDS):
        checked = _checked(path)
        missing = [problem for problem in checked.problems if problem.code == "id-missing"]
        written = [each for each in _write_round(checked, missing) if each[1]]
        yield from written
        if not written:
            return


def _write_round(checked: CheckedCourse, missing: Iterable[Problem]) -> Iterator[tuple[Path, list[str]]]:
    from course_builder.new_ids import with_ids

    places: dict[str, list[Problem]] = {}
    for problem in missing:
        places.setdefault(problem.place.path, []).append(problem)
    for name, problems in places.items():
        file = _file(checked.root / name)
        try:
            text = file.read_bytes().decode("utf-8")
            taken, released = _used(checked, name)
            mended, written = with_ids(text, [problem.place for problem in problems], taken, released)
            if written:
                _replace(file, mended.encode())
        except OSError as error:
            stop(f"{error.filename or file}: {error.strerror or error}")
        yield file, written


def _used(checked: CheckedCourse, name: str) -> tuple[set[str], dict[str, set[str]]]:
    """Return all ids that a file's module has or had in a release, and those of releases by their parent."""
    from course_builder.new_ids import ids_in

    module = next((each for each in checked.course.modules if name.startswith(f"{each.path}/")), None)
    folder = checked.root / (module.path if module else "")
    texts = [file.read_bytes().decode("utf-8", "replace") for file in sorted(folder.rglob("*.md"))]
    texts += [file.read_bytes().decode("utf-8", "replace") for file in sorted(folder.glob("*.yaml"))]
    used = {each for text in texts for each in ids_in(text)}
    used |= {file.stem for file in folder.rglob("*.md")}
    released: dict[str, set[str]] = {}
    for file in sorted(folder.glob("releases/*.json")):
        release = json.loads(file.read_bytes())
        used |= set(_keys(release))
        for parent, words in _parents(release):
            released.setdefault(parent, set()).update(words)
    return used, released


def _parents(value: object) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield each word of a release's record that could be the id of something, with the words in it."""
    if isinstance(value, dict):
        for key, each in value.items():
            if isinstance(each, (dict, list)):
                yield str(key), _keys(each)
                yield from _parents(each)
    elif isinstance(value, list):
        for each in value:
            yield from _parents(each)


def _keys(value: object) -> Iterator[str]:
    """Yield all words of a release's record that could be ids."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _keys(each)
    elif isinstance(value, list):
        for each in value:
            yield from _keys(each)
    elif isinstance(value, str):
        yield value


def _file(path: Path) -> Path:
    """Return the file of that name as it is spelt on the disk, which may be in another normal form."""
    if path.exists():
        return path
    return next(each for each in path.parent.iterdir() if unicodedata.normalize("NFC", each.name) == path.name)


def _replace(file: Path, data: bytes) -> None:
    """Put new content in the place of a file in one step."""
    file = file.resolve()
    new = file.with_name(f".{file.name}.new")
    try:
        new.write_bytes(data)
        new.chmod(file.stat().st_mode)
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
