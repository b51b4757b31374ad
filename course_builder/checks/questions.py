"""Questions: each has a key that can be reached, and options that differ."""

from __future__ import annotations

from collections.abc import Iterator

from course_builder.model import Course, Option, Problem, Question, Tokens
from course_builder.tokens import MATH, plain_text, walk

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
                yield from _options(question)


def _stem(question: Question) -> Iterator[Problem]:
    if not _signature(question.stem):
        hint = "Write what is asked before the options."
        yield Problem(question.place, "error", "question-without-stem", "this question asks nothing", hint)


def _key(question: Question) -> Iterator[Problem]:
    place = question.place
    correct = sum(option.is_correct for option in question.options)
    if question.type != "order" and not correct:
        message = "no option of this question is correct"
        yield Problem(place, "error", "question-without-key", message, "Tick what is right: - [x].")
    if question.type == "single" and correct > 1:
        message = f"a question of type single has {correct} correct options"
        hint = "Leave one tick, or make it type=multiple."
        yield Problem(place, "error", "question-two-keys", message, hint)
    # Items are never served in their right order, so two of them would always stand in the other one.
    fewest = 3 if question.type == "order" else 2
    if len(question.options) < fewest:
        thing = "three items to put in order" if question.type == "order" else "two options to choose from"
        message = f"a question of type {question.type} needs at least {thing}"
        yield Problem(place, "error", "question-too-short", message, "Add what is missing.")


def _options(question: Question) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], Option] = {}
    for option in question.options:
        signature = _signature(option.text)
        if not signature:
            message = "this option says nothing"
            yield Problem(option.place, "error", "option-empty", message, "Write its text, or delete it.")
        elif signature in seen:
            message = f"this option says the same as the one on line {seen[signature].place.line}"
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
