"""Keys that give themselves away: first, or longest, more often than chance would have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from course_builder.model import Course, Module, Problem, Question
from course_builder.tokens import plain_text

MOST_QUESTIONS = 500
"""So many of a module show a pattern; to say how probable it is takes the square of their number."""
LEVEL = 0.02
"""How improbable a pattern has to be: two tests a module, so that one honest module in 25 is warned at most."""


def check(course: Course) -> Iterator[Problem]:
    """Yield a warning for each module whose single-choice keys are first, or longest, too often.

    Options are shuffled for learners, but not in print and in exports; the longest option is the longest anywhere.
    """
    for module in course.modules:
        yield from _module(module)


def _module(module: Module) -> Iterator[Problem]:
    questions = [each for each in module.questions if each.type == "single" and len(each.options) > 1][:MOST_QUESTIONS]
    chances = [1 / len(question.options) for question in questions]
    first = [question for question in questions if question.options[0].is_correct]
    longest = [question for question in questions if _is_longest(question)]
    if _is_improbable(first, chances):
        hint = f"Move it in some of them. They are {_ids(first)}."
        yield Problem(first[0].place, "warning", "key-first", _message("first", first, chances), hint)
    if _is_improbable(longest, chances):
        hint = f"Shorten it, or say as much in the other options. They are {_ids(longest)}."
        yield Problem(longest[0].place, "warning", "key-longest", _message("longest", longest, chances), hint)


def _is_improbable(found: Sequence[Question], chances: Sequence[float]) -> bool:
    return bool(found) and at_least(len(found), chances) < LEVEL


def _message(what: str, found: Sequence[Question], chances: Sequence[float]) -> str:
    return (
        f"the right option is the {what} one in {len(found)} of {len(chances)} single-choice questions of this module; "
        f"by chance it would be about {sum(chances):.0f}"
    )


def _ids(questions: Sequence[Question]) -> str:
    return ", ".join(f"`{question.id}`" for question in questions)


def at_least(count: int, chances: Sequence[float]) -> float:
    """Return exactly how probable it is that so many of independent events happen or more, each with its own chance."""
    probabilities = [1.0]
    for chance in chances:
        missed = [each * (1 - chance) for each in [*probabilities, 0.0]]
        happened = [each * chance for each in [0.0, *probabilities]]
        probabilities = [a + b for a, b in zip(missed, happened, strict=True)]
    return sum(probabilities[count:])


def _is_longest(question: Question) -> bool:
    lengths = [len(plain_text(option.text)) for option in question.options]
    longest = max(lengths)
    right = [length for length, option in zip(lengths, question.options, strict=True) if option.is_correct]
    return right == [longest] and lengths.count(longest) == 1
