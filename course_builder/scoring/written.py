"""Answers in words: a field of its own, or gaps in a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from course_builder.model import Pattern, Written
from course_builder.scoring.key import Key
from course_builder.scoring.pairs import read_fields, share_of_right
from course_builder.scoring.regex import matches
from course_builder.scoring.result import UNANSWERED, Judgement, Part, Response, ResponseError
from course_builder.scoring.text import collapse, fold, read_text, tidy


def judge_text(key: Key, response: Response) -> Judgement:
    """Judge a text by the first accepted or else the first foreseen answer that it is."""
    text = read_text(response)
    if not tidy(text):
        return UNANSWERED
    matched = _match(key.written[""], text, key.language)
    return Judgement(Fraction(matched is not None and matched.startswith("accepted")), matched=matched)


def judge_gaps(key: Key, response: Response) -> Judgement:
    """Judge each gap by itself; one with a drop-down list takes what the list offers, to the letter."""
    texts = {gap: read_text(text) for gap, text in read_fields(key, response).items()}
    parts: dict[str, Part] = {gap: _judge_gap(key, gap, texts.get(gap, "")) for gap in key.items}
    if all(part == "missed" for part in parts.values()):
        return Judgement(Fraction(0), parts, is_answered=False)
    return Judgement(share_of_right(key, parts), parts)


def _judge_gap(key: Key, gap: str, text: str) -> Part:
    if not tidy(text):
        return "missed"
    if gap in key.choices and text not in key.choices[gap]:
        raise ResponseError("The answer holds a choice that the gap does not offer.")
    matched = match_gap(key, gap, text)
    return "right" if matched is not None and matched.startswith("accepted") else "wrong"


def match_gap(key: Key, gap: str, text: str) -> str | None:
    """Name the first answer of a gap that a text is: ``accepted-1``, … ``foreseen-1``, …."""
    written = key.written[gap]
    return _match(replace(written, is_exact=True) if gap in key.choices else written, text, key.language)


def _match(written: Written, text: str, language: str) -> str | None:
    """Name the first answer of a key that a text is: ``accepted-1``, … ``foreseen-1``, …."""
    named: list[tuple[str, Sequence[Pattern]]] = [("accepted", written.accepted), ("foreseen", written.foreseen)]
    for kind, patterns in named:
        for place, pattern in enumerate(patterns, 1):
            if _is_same(pattern, text, language, is_exact=written.is_exact):
                return f"{kind}-{place}"
    return None


def _is_same(pattern: Pattern, text: str, language: str, *, is_exact: bool) -> bool:
    if pattern.is_regex:
        return matches(pattern.text, tidy(text) if is_exact else collapse(tidy(text)), is_exact=is_exact)
    if is_exact:
        return tidy(text) == tidy(pattern.text)
    return fold(text, language) == fold(pattern.text, language)
