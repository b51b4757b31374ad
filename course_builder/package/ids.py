"""``ids.json``: every id of a module, with digests that tell whether its key or its words changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from course_builder.model import Module, Question
from course_builder.package.keys import areas_of, correct_of, number_of, pairs_of, written_of
from course_builder.package.manifest import IdEntry, Kind, Manifest, dump
from course_builder.package.rendered import Rendered, RenderedQuestion
from course_builder.package.workshop import FieldEntry, NamedEntry, ScaleEntry


def id_entries(module: Module, rendered: Rendered, manifest: Manifest) -> dict[str, IdEntry]:
    """List the ids; an option's is written ``question/option``, for it is unique in its question only."""
    entries = dict(_page_ids(module, rendered))
    for quiz in module.quizzes:
        entries[quiz.id] = _entry("quiz", quiz.title)
    for objective in module.objectives:
        entries[objective.id] = _entry("objective", objective.text)
    for question in module.questions:
        entries.update(_question_ids(question, rendered.questions[question.id]))
    entries.update(_workshop_ids(manifest))
    # Terms are the course's: they may have the names of things in the module.
    entries |= {f"term:{term.id}": _entry("term", [term.title, term.html]) for term in rendered.glossary}
    return entries


def _workshop_ids(manifest: Manifest) -> Iterator[tuple[str, IdEntry]]:
    """List what people's notes, answers and entries hang on; a key is what may not change under them."""
    for session in manifest.sessions:
        yield session.id, _entry("session", session)
    for worksheet in manifest.worksheets:
        yield worksheet.id, _entry("worksheet", [worksheet.title, worksheet.intro])
        for field in worksheet.fields:
            name = f"{worksheet.id}/{field.id}"
            yield name, _entry("field", [field.label, field.help, field.unit], key=_field_key(field))
            yield from _named_ids(name, "option", field.options)
            yield from _named_ids(name, "column", field.columns)
            yield from _named_ids(name, "row", field.rows)
    for poll in manifest.polls:
        options = sorted(option.id for option in poll.options)
        yield poll.id, _entry("poll", poll.text, key=[poll.type, options, *_points(poll.scale)])
        yield from _named_ids(poll.id, "option", poll.options)
    for board in manifest.boards:
        yield board.id, _entry("board", board.text, key=[sorted(each.id for each in board.columns), board.votes])
        yield from _named_ids(board.id, "column", board.columns)


def _named_ids(parent: str, kind: Kind, items: Iterable[NamedEntry]) -> Iterator[tuple[str, IdEntry]]:
    return ((f"{parent}/{item.id}", _entry(kind, item.text)) for item in items if item.id)


def _field_key(field: FieldEntry) -> list[Any]:
    ids = [sorted(each.id for each in items) for items in (field.options, field.columns, field.rows)]
    return [field.type, field.required, *ids, *_points(field.scale)]


def _points(scale: ScaleEntry | None) -> list[int]:
    return [scale.low, scale.high] if scale else []


def _page_ids(module: Module, rendered: Rendered) -> Iterator[tuple[str, IdEntry]]:
    for page, source in zip(rendered.pages, module.pages, strict=True):
        for block in page.blocks:
            yield block.id, _entry("heading" if block.kind == "heading" else "block", block.text)
        yield page.id, _entry("page", [source.title, page.html])


def _question_ids(question: Question, text: RenderedQuestion) -> Iterator[tuple[str, IdEntry]]:
    words = [text.stem, text.hints, sorted(text.feedback.items()), text.solution, text.image]
    yield question.id, _entry("question", words, key=_key(question))
    for option in question.options:
        said = [text.options[option.id], text.option_feedback.get(option.id)]
        yield f"{question.id}/{option.id}", _entry("option", said)
    for item in question.items:
        yield f"{question.id}/{item.id}", _entry("item", text.items.get(item.id, ""))
    for criterion in question.rubric:
        yield f"{question.id}/{criterion.id}", _entry("criterion", text.rubric[criterion.id])


def _key(question: Question) -> dict[str, Any]:
    """All of a question that can change a score."""
    correct = correct_of(question)
    return {
        "type": question.type,
        "options": sorted(option.id for option in question.options),
        "correct": correct if question.type == "order" else sorted(correct),
        "points": question.points,
        "tries": question.tries,
        "penalty": question.penalty,
        "partial": question.partial,
        "graded": question.is_graded,
        "hint_costs": [hint.cost for hint in question.hints],
        "items": sorted(item.id for item in question.items),
        "pairs": pairs_of(question),
        "written": written_of(question),
        "choices": {item.id: sorted(item.choices) for item in question.items},
        "number": number_of(question),
        "areas": areas_of(question),
        "rubric": {each.id: each.points for each in question.rubric},
    }


def _entry(kind: Kind, text: Any, key: Any = None) -> IdEntry:
    return IdEntry(
        kind=kind,
        text_digest=hashlib.sha256(dump(text)).hexdigest(),
        state="active",
        key_digest=None if key is None else hashlib.sha256(dump(key)).hexdigest(),
    )
