"""Areas of a picture, named or pointed at, without rounding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from course_builder.model import Area
from course_builder.scoring.choices import mark_options
from course_builder.scoring.key import Key
from course_builder.scoring.result import Judgement, Part, Response, ResponseError

MOST_PLACES = 50
"""Entries of an answer beyond one for each area."""

_PLACE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?),([0-9]{1,3}(?:\.[0-9]{1,2})?)")

Point = tuple[Fraction, Fraction]


def judge_areas(key: Key, response: Response) -> Judgement:
    """Judge areas that were chosen; a place in none of them is a wrong tick of its own."""
    entries = _entries(key, response)
    chosen: set[str] = set()
    strays: dict[Point, str] = {}
    for entry in entries:
        point = None if entry in key.options else _point(entry)
        option = entry if point is None else find_area(key, point)
        if option is not None:
            chosen.add(option)
        elif point is not None:
            strays.setdefault(point, entry)
    parts: dict[str, Part] = {**mark_options(key, chosen), **dict.fromkeys(strays.values(), "wrong")}
    if not entries:
        return Judgement(Fraction(0), parts, is_answered=False)
    correct = set(key.correct)
    wrong = len(chosen - correct) + len(strays)
    if key.partial == "each":
        misjudged = len(chosen ^ correct) + len(strays)
        share = Fraction(len(key.options) - misjudged, len(key.options))
    elif key.partial == "net":
        share = Fraction(len(chosen & correct) - wrong, len(correct))
    else:
        share = Fraction(chosen == correct and not strays)
    return Judgement(max(Fraction(0), share), parts)


def find_area(key: Key, point: Point) -> str | None:
    """Find the first area, in the options' order, that holds a place; its border belongs to it."""
    return next((option for option in key.options if contains(key.areas[option], point)), None)


def contains(area: Area, point: Point) -> bool:
    """Whether a place is in an area or on its border."""
    x, y = point
    if area.shape == "rect":
        left, top, width, height = area.numbers
        return left <= x <= left + width and top <= y <= top + height
    if area.shape == "ellipse":
        centre_x, centre_y, radius_x, radius_y = area.numbers
        return ((x - centre_x) / radius_x) ** 2 + ((y - centre_y) / radius_y) ** 2 <= 1
    return _polygon_contains(list(zip(area.numbers[::2], area.numbers[1::2], strict=True)), point)


def _polygon_contains(corners: Sequence[Point], point: Point) -> bool:
    """Count the edges that a ray to the right crosses: an odd number is inside."""
    x, y = point
    is_inside = False
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        turn = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if turn == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return True
        if (y1 > y) != (y2 > y) and (turn > 0) == (y2 > y1):
            is_inside = not is_inside
    return is_inside


def _entries(key: Key, response: Response) -> Sequence[str]:
    if response is None:
        return ()
    if not isinstance(response, list | tuple):
        raise ResponseError("The answer to this question is a list of areas and places.")
    if len(response) > len(key.options) + MOST_PLACES:
        raise ResponseError("The answer holds too many areas and places.")
    if not all(isinstance(entry, str) for entry in response):
        raise ResponseError("The answer holds an area that the question does not have.")
    return response


def _point(entry: str) -> Point:
    place = _PLACE.fullmatch(entry)
    if place is None:
        raise ResponseError("The answer holds an area that the question does not have.")
    x, y = Fraction(place[1]), Fraction(place[2])
    if x > 100 or y > 100:
        raise ResponseError("The answer holds a place outside the picture.")
    return x, y
