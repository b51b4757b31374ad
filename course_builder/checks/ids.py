"""Ids: learners' data hangs on them, so each is well formed, there, and used once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from course_builder.model import Course, Module, Page, Place, Problem, Question
from course_builder.model.workshop import Workshop
from course_builder.tokens import named, place_of, runs, workshop_names

_GRAMMAR = re.compile(r"[a-z][a-z0-9-]*")
_BRACES = re.compile(r"\{#([\w-]+)\}$")
_MADE = re.compile(r"[^a-z0-9]+")
RESERVED = frozenset({"module"})
"""The builder gives this id to the quiz made of the graded questions that stand outside any quiz."""

_PARTS = {
    "match": ("right-hand side", "left-hand side"),
    "gap": ("option", "gap"),
    "table": ("choice", "row"),
    "survey": ("choice", "row"),
    "hotspot": ("area", "row"),
}
"""What the options and the items of a question are called, by its type."""
_MENDS = {
    "option": "End its first line with <!--#word-->.",
    "gap": "Write [the answer]{gap=word}.",
    "column": "End its text in the header with <!--#word-->.",
    **dict.fromkeys(
        ("right-hand side", "left-hand side", "choice", "row", "area", "criterion"), "End its cell with <!--#word-->."
    ),
}
"""How to give an id to what stands in no fence of its own."""

Named = tuple[str, str, Place]
"""What has the id, the id, and where."""


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each id that is missing, malformed, reserved or used twice."""
    yield from check_modules((module.path, module.id) for module in course.modules)
    for module in course.modules:
        yield from _unique(_ids(module), "the module")
        for page in module.pages:
            yield from _braces(page)
        for question in module.questions:
            yield from _unique(_parts(question), f"the question `{question.id}`")
        yield from _in_workshop(module.workshop)


def _in_workshop(workshop: Workshop) -> Iterator[Problem]:
    for worksheet in workshop.worksheets:
        yield from _unique([("field", field.id, field.place) for field in worksheet.fields], "the worksheet")
        for field in worksheet.fields:
            where = f"the field `{field.id}`"
            # Where rows have names, the first column holds them and nothing that people write.
            columns = [item for item in field.columns if item.id or item is not field.columns[0] or not field.rows]
            yield from _unique([("option", item.id, item.place) for item in field.options], where)
            cells = [("column", item.id, item.place) for item in columns]
            yield from _unique([*cells, *(("row", item.id, item.place) for item in field.rows)], where)
    for poll in workshop.polls:
        yield from _unique([("option", item.id, item.place) for item in poll.options], f"the poll `{poll.id}`")


def check_modules(modules: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Yield a problem for each module's id that is used twice; modules come as folder and id."""
    yield from _unique((("module", id_, Place(f"{folder}/module.yaml")) for folder, id_ in modules), "the course")


def _braces(page: Page) -> Iterator[Problem]:
    for run in runs(page):
        for token in run:
            last = token.children[-1] if token.type == "inline" and token.children else None
            if (
                last is not None
                and last.type == "text"
                and last.content.endswith("}")
                and (braces := _BRACES.search(last.content))
            ):
                message = f"`{braces[0]}` is text here"
                hint = f"Write <!--#{braces[1]}--> at the end of the line; braces belong to [text]{{…}} and ::: blocks."
                yield Problem(place_of(page.path, token), "error", "id-syntax", message, hint)


def _parts(question: Question) -> Iterator[Named]:
    option, item = _PARTS.get(question.type, ("option", "row"))
    yield from ((option, each.id, each.place) for each in question.options)
    yield from ((item, each.id, each.place) for each in question.items)
    yield from (("criterion", each.id, each.place) for each in question.rubric)


def _ids(module: Module) -> Iterator[Named]:
    for objective in module.objectives:
        yield "objective", objective.id, objective.place
    for page in module.pages:
        yield "page", page.id, Place(page.path)
        questions = {question.place for question in page.questions}
        quizzes = {quiz.place for quiz in page.quizzes}
        others = {place: kind for kind, _, place in workshop_names(page.workshop)}
        for quiz in page.quizzes:
            if not quiz.id:
                yield "quiz", "", quiz.place
        for id_, place, is_written in named(page):
            kind = "question" if place in questions else "quiz" if place in quizzes else "block or heading"
            kind = others.get(place, kind)
            if is_written:
                yield kind, id_, place


def _unique(ids: Iterable[Named], where: str) -> Iterator[Problem]:
    first: dict[str, tuple[str, Place]] = {}
    for kind, id_, place in ids:
        if not id_:
            yield _missing(kind, place)
        elif not _GRAMMAR.fullmatch(id_):
            hint = f"Write small letters, digits and hyphens, as in `{_mended(id_)}`."
            if kind == "page":
                hint = f"Write `id: {_mended(id_)}` between two lines of --- at the top, or rename the file."
            yield Problem(place, "error", "id-grammar", f"`{id_}` cannot be an id", hint)
        elif id_ in RESERVED and kind == "quiz":
            message = f"the id `{id_}` belongs to the builder"
            yield Problem(place, "error", "id-reserved", message, "Choose another word.")
        elif id_ in first:
            message = f"the id `{id_}` is used twice in {where}, first {_where(*first[id_], place.path)}"
            yield Problem(place, "error", "id-twice", message, "Give one of them another word.")
        else:
            first[id_] = kind, place


def _where(kind: str, other: Place, path: str) -> str:
    if kind == "page":
        return f"as the id of the page {other.path}"
    return f"on line {other.line}" if other.path == path else f"at {other.path}:{other.line}"


def _mended(id_: str) -> str:
    return _MADE.sub("-", id_.lower()).strip("-0123456789") or "a-word"


def _missing(kind: str, place: Place) -> Problem:
    hint = _MENDS.get(kind, f"Write ::: {kind} {{#word}}, with a word that says what it is about.")
    return Problem(place, "error", "id-missing", f"this {kind} has no id", hint)
