"""Questions: each has a key that can be reached, and options that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from course_builder.model import Course, Item, Option, Problem, Question, Tokens
from course_builder.scoring.key import CHOSEN, PAIRED
from course_builder.scoring.regex import regex_mistake
from course_builder.tokens import MATH, plain_text, walk

# Items are never served in their right order, so two of them would always stand in the other one.
_FEWEST = {"order": (3, "three items to put in order"), "match": (3, "three right-hand sides to choose from")}
_CODE = {"code_inline", "code_block", "fence"} | MATH
"""What differs in capitals alone differs."""


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each question that cannot be answered or scored."""
    for module in course.modules:
        for question in module.questions:
            yield from _stem(question)
            # A question without a list of options was reported by the parser.
            if question.options:
                yield from _key(question)
                yield from _differ(question.options, "option")
            if question.type != "gap":
                yield from _differ(question.items, "row")
            yield from _expressions(question)


def _stem(question: Question) -> Iterator[Problem]:
    if not _signature(question.stem):
        hint = "Write what is asked before the options."
        yield Problem(question.place, "error", "question-without-stem", "this question asks nothing", hint)


def _key(question: Question) -> Iterator[Problem]:
    place = question.place
    correct = sum(option.is_correct for option in question.options)
    if question.type in CHOSEN and not correct:
        message = "no option of this question is correct"
        hint = "Write x into the column Key." if question.type == "hotspot" else "Tick what is right: - [x]."
        yield Problem(place, "error", "question-without-key", message, hint)
    if question.type in {"single", "truefalse"} and correct > 1:
        message = f"a question of type {question.type} has {correct} correct options"
        hint = "Leave one tick, or make it type=multiple."
        yield Problem(place, "error", "question-two-keys", message, hint)
    if question.type == "truefalse" and len(question.options) > 2:
        message = f"a question of type truefalse has {len(question.options)} options"
        yield Problem(place, "error", "question-body", message, "Leave two, or make it type=single.")
    if question.type in PAIRED and not question.items:
        message = "this question has nothing to judge"
        yield Problem(place, "error", "question-without-key", message, "Write what belongs together into its rows.")
    fewest, thing = _FEWEST.get(question.type, (2, "two options to choose from"))
    if len(question.options) < fewest:
        message = f"a question of type {question.type} needs at least {thing}"
        hint = (
            "Add one: a row without a left side is a choice too."
            if question.type == "match"
            else "Add what is missing."
        )
        yield Problem(place, "error", "question-too-short", message, hint)


def _expressions(question: Question) -> Iterator[Problem]:
    fields = [(question.written, question.place), *((item.written, item.place) for item in question.items)]
    for written, place in fields:
        for pattern in (*written.accepted, *written.foreseen) if written else ():
            mistake = regex_mistake(pattern.text) if pattern.is_regex else None
            if mistake:
                message = f"the expression `{pattern.text}` {mistake}"
                hint = "docs/scoring.md shows what an expression may hold; write words without code signs."
                yield Problem(place, "error", "answer-expression", message, hint)


def _differ(parts: Sequence[Option | Item], what: str) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], Option | Item] = {}
    for option in parts:
        signature = _signature(option.text)
        if not signature:
            message = f"this {what} says nothing"
            yield Problem(option.place, "error", "option-empty", message, "Write its text, or delete it.")
        elif signature in seen:
            message = f"this {what} says the same as the one on line {seen[signature].place.line}"
            hint = "Delete one: a learner cannot tell them apart."
            yield Problem(option.place, "error", "option-twice", message, hint)
        else:
            seen[signature] = option


def _signature(run: Tokens) -> tuple[str, ...]:
    """Return all that a learner can tell a text by: its words and its images."""
    words = plain_text(run)
    if not any(token.type in _CODE for token in walk(run)):
        words = words.casefold()
    html = [token.content for token in run if token.type == "html_block"]
    images = [str(child.attrs["src"]) for token in run for child in (token.children or ()) if child.type == "image"]
    return tuple(part for part in (words, *html, *images) if part)
