"""Right-hand sides that go with left-hand sides, and choices in the rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from course_builder.scoring.key import Key
from course_builder.scoring.result import Judgement, Part, Response, ResponseError


def judge_pairs(key: Key, response: Response) -> Judgement:
    """Judge each item by itself: two of a match may well hold the same right-hand side."""
    chosen = read_pairs(key, response)
    parts: dict[str, Part] = {
        item: "missed" if item not in chosen else "right" if chosen[item] == key.pairs[item] else "wrong"
        for item in key.items
    }
    if not chosen:
        return Judgement(Fraction(0), parts, is_answered=False)
    return Judgement(share_of_right(key, parts), parts)


def share_of_right(key: Key, parts: Mapping[str, Part]) -> Fraction:
    """Give the share that the right ones of all items make, or all or nothing."""
    right = sum(part == "right" for part in parts.values())
    return Fraction(right, len(parts)) if key.partial == "each" else Fraction(right == len(parts))


def read_pairs(key: Key, response: Response) -> dict[str, str]:
    """Take the items that have an option chosen; a choice of nothing is as good as none.

    Raises:
        ResponseError: if an item or an option is not one of the question's.
    """
    chosen = {item: option for item, option in read_fields(key, response).items() if option}
    if not all(option in key.options for option in chosen.values()):
        raise ResponseError("The answer holds an option that the question does not have.")
    return chosen


def read_fields(key: Key, response: Response) -> Mapping[str, str]:
    """Take a response that has a text for each item, or for some.

    Raises:
        ResponseError: if it is none, or an item is not one of the question's.
    """
    if response is None:
        return {}
    if not isinstance(response, Mapping):
        raise ResponseError("The answer to this question says what goes with each item.")
    if not all(item in key.items for item in response):
        raise ResponseError("The answer holds an item that the question does not have.")
    if not all(isinstance(text, str) for text in response.values()):
        raise ResponseError("The answer to an item is a text.")
    return response
