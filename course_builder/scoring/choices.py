"""Options that are chosen, and items that are put in order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

from course_builder.scoring.key import Key
from course_builder.scoring.result import Judgement, Part, Response, ResponseError


def judge_single(key: Key, response: Response) -> Judgement:
    """Judge the choice of one option."""
    right = key.correct[0]
    if response is None:
        return Judgement(Fraction(0), {right: "missed"}, is_answered=False)
    if not isinstance(response, str):
        raise ResponseError("The answer to a question with one choice is one option.")
    _refuse_unknown(key, [response])
    if response == right:
        return Judgement(Fraction(1), {right: "right"})
    return Judgement(Fraction(0), {response: "wrong", right: "missed"})


def judge_multiple(key: Key, response: Response) -> Judgement:
    """Judge a choice of any number of options."""
    chosen = set(_ids(key, response))
    correct = set(key.correct)
    parts = mark_options(key, chosen)
    if not chosen:
        return Judgement(Fraction(0), parts, is_answered=False)
    if key.partial == "each":
        share = Fraction(len(key.options) - len(chosen ^ correct), len(key.options))
    elif key.partial == "net":
        share = max(Fraction(0), Fraction(len(chosen & correct) - len(chosen - correct), len(correct)))
    else:
        share = Fraction(chosen == correct)
    return Judgement(share, parts)


def judge_order(key: Key, response: Response) -> Judgement:
    """Judge an order: each item counts where it is in its place."""
    placed = _ids(key, response)
    if not placed:
        return Judgement(Fraction(0), {}, is_answered=False)
    if len(placed) != len(key.correct):
        raise ResponseError("The answer to an ordering question holds each item once.")
    parts: dict[str, Part] = {
        item: "right" if item == right else "wrong" for item, right in zip(placed, key.correct, strict=True)
    }
    in_place = sum(part == "right" for part in parts.values())
    share = Fraction(in_place, len(placed)) if key.partial == "each" else Fraction(in_place == len(placed))
    return Judgement(share, parts)


def mark_options(key: Key, chosen: Collection[str]) -> dict[str, Part]:
    """Mark the options that were chosen, and those that should have been."""
    parts: dict[str, Part] = {}
    for option in key.options:
        if option in chosen:
            parts[option] = "right" if option in key.correct else "wrong"
        elif option in key.correct:
            parts[option] = "missed"
    return parts


def _ids(key: Key, response: Response) -> Sequence[str]:
    if response is None:
        return ()
    if not isinstance(response, list | tuple):
        raise ResponseError("The answer to this question is a list of options.")
    if len(response) > len(key.options):
        raise ResponseError("The answer holds more options than the question has.")
    _refuse_unknown(key, response)
    if len(set(response)) != len(response):
        raise ResponseError("The answer holds an option twice.")
    return response


def _refuse_unknown(key: Key, ids: Sequence[str]) -> None:
    if not all(isinstance(option, str) and option in key.options for option in ids):
        raise ResponseError("The answer holds an option that the question does not have.")
