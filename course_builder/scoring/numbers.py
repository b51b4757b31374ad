"""Numbers as people type them: decimal comma or point, thousands apart or not, a sign, an exponent, the unit."""

from __future__ import annotations

import re
from fractions import Fraction

from course_builder.model import NumberAnswer
from course_builder.scoring.key import Key
from course_builder.scoring.result import UNANSWERED, Judgement, Response, UnclearError
from course_builder.scoring.text import read_text, tidy

_NUMBER = re.compile(r"([+-]?) ?([0-9., ]+)(?:[eE]([+-]?[0-9]{1,3}))?")

_SPACED = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+(?:\.[0-9]+)?|(?:\.[0-9]{3})+(?:,[0-9]+)?)")
_DECIMAL = re.compile(r"[0-9]+[.,]?|[0-9]*[.,][0-9]+")

_SEPARATORS = {",": "comma", ".": "point"}


def judge_number(key: Key, response: Response) -> Judgement:
    """Judge a number; one that reads in two ways is asked back, unless it is worth the same in both."""
    text = read_text(response)
    if not tidy(text):
        return UNANSWERED
    readings = read_number(text, key.unit)
    shares = {Fraction(_is_right(key.number, value)) for value in readings.values()}
    if len(shares) > 1:
        raise _unclear(tidy(text), tuple(readings))
    return Judgement(shares.pop())


def read_number(text: str, unit: str = "") -> dict[str, Fraction]:
    """Read a number, by each way of writing it that is clear; there are two where it reads in two ways.

    Those are one separator between one to three digits, of which the first is not 0, and exactly three: ``1,000``.

    Raises:
        UnclearError: if it is no number.
    """
    plain, plain_unit = tidy(text), tidy(unit)
    if plain_unit and plain.endswith(plain_unit):
        plain = plain.removesuffix(plain_unit).rstrip(" ")
    parts = _NUMBER.fullmatch(plain)
    if parts is None:
        raise _no_number(text)
    sign, digits, exponent = parts[1], parts[2].strip(" "), parts[3] or "0"
    scale = Fraction(10) ** int(exponent) * (-1 if sign == "-" else 1)
    written = sign + "{}" + (f"e{exponent}" if parts[3] else "")
    values: dict[str, Fraction] = {}
    if _GROUPED.fullmatch(digits):
        # A second separator leaves no doubt which of them is the decimal one.
        first = next(each for each in digits if each in _SEPARATORS)
        grouped = digits.replace(first, "").replace(",", ".")
        values[written.format(grouped)] = Fraction(grouped) * scale
        if len(digits.split(first)) > 2 or "." in grouped:
            return values
    elif _SPACED.fullmatch(digits):
        digits = digits.replace(" ", "")
    elif not _DECIMAL.fullmatch(digits):
        raise _no_number(text)
    decimal = digits.replace(",", ".")
    values[written.format(_clearly(digits))] = Fraction(f"0{decimal}".rstrip(".")) * scale
    return values


def _clearly(digits: str) -> str:
    """Write a decimal number so that its separator cannot be one of thousands: ``1,5`` for ``1,500``."""
    separator = next((each for each in digits if each in _SEPARATORS), "")
    if not separator:
        return digits
    whole, _, decimals = digits.partition(separator)
    decimals = decimals.rstrip("0")
    if not decimals:
        return whole or "0"
    return f"{whole}{separator}{decimals}{'0' if len(decimals) == 3 else ''}"


def _is_right(number: NumberAnswer | None, value: Fraction) -> bool:
    if number is None:
        return False
    if number.answer is not None:
        return abs(value - number.answer) <= number.tolerance
    return (number.minimum is None or number.minimum <= value) and (number.maximum is None or value <= number.maximum)


def _no_number(text: str) -> UnclearError:
    return UnclearError(f"“{tidy(text)[:40]}” is not a number.")


def _unclear(text: str, readings: tuple[str, ...]) -> UnclearError:
    grouped, decimal = readings
    separator = _SEPARATORS["," if "," in text else "."]
    return UnclearError(
        f"“{text[:40]}” reads in two ways. Write {grouped} if the {separator} is between thousands, "
        f"or {decimal} if it is a decimal {separator}.",
        readings,
    )
