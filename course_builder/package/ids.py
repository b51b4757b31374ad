"""``ids.json``: every id of a module, with digests that tell whether its key or its words changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Literal

from course_builder.model import Module, Question
from course_builder.package.keys import areas_of, correct_of, number_of, pairs_of, written_of
from course_builder.package.manifest import IdEntry, dump
from course_builder.package.rendered import Rendered, RenderedQuestion

Kind = Literal["page", "question", "option", "item", "criterion", "quiz", "objective", "heading", "block"]


def id_entries(module: Module, rendered: Rendered) -> dict[str, IdEntry]:
    """List the ids; an option's is written ``question/option``, for it is unique in its question only."""
    entries = dict(_page_ids(module, rendered))
    for quiz in module.quizzes:
        entries[quiz.id] = _entry("quiz", quiz.title)
    for objective in module.objectives:
        entries[objective.id] = _entry("objective", objective.text)
    for question in module.questions:
        entries.update(_question_ids(question, rendered.questions[question.id]))
    return entries


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
