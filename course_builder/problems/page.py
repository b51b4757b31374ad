"""The catalogue for people: an entry in the terminal, all of them as ``docs/problems.md``."""

from __future__ import annotations

from collections.abc import Iterator

from course_builder.problems import SUBJECTS
from course_builder.problems.entry import Entry, Subject

_INTRODUCTION = """\
# What the checks say

Every problem that `course-builder check` reports has a code. `course-builder explain CODE` says the same as this page,
which is written by `make problems` from `course_builder/problems/`.

Errors keep a course from being built, warnings do not.
"""
_PLACES = {
    "": "On a page",
    "page.md": "A whole page",
    "module.yaml": "In `module.yaml`",
    "course.yaml": "In `course.yaml`",
    "assets/town.svg": "A file",
    "assets/film.vtt": "Captions",
    "assets/film.md": "A transcript",
}
_LANGUAGES = {"": "markdown", "page.md": "markdown", "assets/town.svg": "xml"} | {
    "assets/film.vtt": "text",
    "assets/film.md": "markdown",
}


def explain(entry: Entry) -> str:
    """Write an entry for the terminal."""
    lines = [f"{entry.code} ({entry.severity}): {entry.meaning}", "", f"Why:  {entry.why}", f"Mend: {entry.mend}"]
    if entry.bad:
        where = "" if entry.at == "" else f" ({entry.at})"
        lines += ["", f"Not so{where}:", "", *_indented(entry.bad), "", "But so:", "", *_indented(entry.good)]
    return "\n".join(lines)


def docs_page() -> str:
    """Write the page of the docs that tells all problems, by subject."""
    return "\n".join([_INTRODUCTION, *(line for subject in SUBJECTS for line in _subject(subject))])


def _subject(subject: Subject) -> Iterator[str]:
    yield f"## {subject.title}\n"
    for entry in subject.entries:
        yield f"### `{entry.code}`\n"
        severity = "*Warning:* " if entry.severity == "warning" else ""
        yield f"{severity}{entry.meaning[0].upper()}{entry.meaning[1:]}. {entry.why}\n"
        yield f"**Mend:** {entry.mend}\n"
        if entry.bad:
            language = _LANGUAGES.get(entry.at, "yaml")
            yield f"{_PLACES[entry.at]}, not so:\n"
            yield _code(entry.bad, language)
            yield "but so:\n"
            yield _code(entry.good, language)


def _code(text: str, language: str) -> str:
    return f"````{language}\n{text}\n````\n"


def _indented(text: str) -> list[str]:
    return [f"    {line}".rstrip() for line in text.split("\n")]
