"""``course-builder inspect`` and ``verify``: what is in a package, and whether it is sound."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from course_builder.commands.output import shown, stop
from course_builder.plurals import counted

if TYPE_CHECKING:
    from course_builder.package import Manifest, Package

_PACKAGE = click.Path(path_type=Path)


@click.command()
@click.argument("package", type=_PACKAGE)
@click.option("--keys", is_flag=True, help="Show the answer keys too. Without it nothing of them is printed.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to report."
)
def inspect(package: Path, keys: bool, form: str) -> None:
    """Say what is in a package, after verifying it: pages, quizzes, objectives, files."""
    from course_builder.package import PackageError

    try:
        opened = _open(package)
        private = _keys(opened) if keys else None
    except PackageError as error:
        click.echo(f"{shown(str(package))}: refused: {shown(str(error))}", err=True)
        sys.exit(1)
    if form == "json":
        click.echo(json.dumps(_object(opened, private), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(shown(line) for line in _lines(opened, private)))


@click.command()
@click.argument("packages", nargs=-1, required=True, metavar="PACKAGE...", type=_PACKAGE)
def verify(packages: tuple[Path, ...]) -> None:
    """Verify packages as the tool does before it uses one: every member, digest, size and path, and what HTML holds.

    Exit status: 0 all are sound, 1 one was refused, 2 one could not be read.
    """
    from course_builder.package import PackageError

    is_refused = False
    for path in packages:
        try:
            package = _open(path)
        except PackageError as error:
            is_refused = True
            click.echo(f"{shown(str(path))}: refused: {shown(str(error))}")
        else:
            manifest = package.manifest
            click.echo(
                f"{shown(str(path))}: sound: {manifest.id} {manifest.version}, "
                f"{counted(len(package.members), 'member')}, digest {package.digest}"
            )
    sys.exit(1 if is_refused else 0)


def _open(path: Path) -> Package:
    from course_builder.package import read_package

    try:
        path.open("rb").close()
    except OSError as error:
        stop(f"{shown(str(path))}: {error.strerror or error}")
    return read_package(path)


def _keys(package: Package) -> dict[str, Any]:
    from course_builder.package.format import KEYS

    keys: dict[str, Any] = json.loads(package.member(KEYS))["questions"]
    return keys


def _object(package: Package, keys: dict[str, Any] | None) -> dict[str, Any]:
    from course_builder.package.format import MANIFEST

    members = [{"path": path, "size": size} for path, size in sorted(package.members.items())]
    found = {"digest": package.digest, "module": json.loads(package.member(MANIFEST)), "members": members}
    return found if keys is None else {**found, "keys": keys}


def _lines(package: Package, keys: dict[str, Any] | None) -> Iterator[str]:
    manifest = package.manifest
    lang = manifest.source_language
    yield f"{manifest.id} {manifest.version}: {manifest.title.get(lang, '')}"
    yield f"digest     {package.digest}"
    yield f"built by   {manifest.builder}, format {manifest.format}"
    yield f"course     {manifest.course.id}: {manifest.course.title.get(lang, '')}"
    yield f"languages  {', '.join(f'{code} ({entry.status})' for code, entry in manifest.languages.items())}"
    yield f"licence    {manifest.licence}, by {', '.join(author.name for author in manifest.authors)}"
    yield f"duration   {manifest.duration}"
    if manifest.requires:
        yield f"requires   {', '.join(manifest.requires)}"
    yield from _parts(manifest, lang)
    yield f"\n{counted(len(package.members), 'member')}, {counted(sum(package.members.values()), 'byte')}"
    for path, size in sorted(package.members.items()):
        yield f"  {size:>12,}  {path}"
    for question, key in sorted((keys or {}).items()):
        yield f"\nkey of {question}\n{json.dumps(key, ensure_ascii=False, indent=2)}"


def _parts(manifest: Manifest, lang: str) -> Iterator[str]:
    yield "\nobjectives"
    for objective in manifest.objectives:
        yield f"  {objective.id}: {objective.text.get(lang, '')}"
    yield "\npages"
    for page in manifest.pages:
        minutes = f", {page.minutes} min" if page.minutes else ""
        questions = f", questions: {' '.join(page.questions)}" if page.questions else ""
        yield f"  {page.id}: {page.title.get(lang, '')}{minutes}{questions}"
    for quiz in manifest.quizzes:
        worth = f"{counted(len(quiz.questions), 'question')}, {counted(quiz.points, 'point')}"
        yield f"\nquiz {quiz.id}: {quiz.title.get(lang, '')}, {worth}"
