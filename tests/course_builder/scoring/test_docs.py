"""The tables of ``docs/scoring.md`` say what is done."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from course_builder.model import NumberAnswer
from course_builder.scoring import Key, UnclearError, score
from course_builder.scoring.key import PARTIAL
from course_builder.scoring.numbers import read_number

DOCS = Path(__file__).parents[3] / "docs" / "scoring.md"


def rows(header):
    """Give the cells of the table that begins with a header, without the header."""
    table = DOCS.read_text(encoding="utf-8").partition(f"| {header} |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def words(cell):
    return re.findall(r"`([^`]+)`", cell)


def test_names_how_the_parts_of_each_type_may_count():
    documented = {}
    for types, default, others, _ in rows("type"):
        for type_ in words(types):
            documented[type_] = tuple(words(default) + words(others))
    by_person = dict.fromkeys(["survey", "essay", "upload"], ("off",))
    assert {type_: ways or by_person[type_] for type_, ways in documented.items()} == dict(PARTIAL)


def test_scores_ticks_as_the_table_says():
    table = rows("ticked")
    assert len(table) == 5
    for ticked, *points in table:
        for partial, expected in zip(("off", "each", "net"), points, strict=True):
            key = Key("multiple", tuple("abcd"), ("a", "b"), points=Fraction(2), partial=partial)
            assert score(key, ticked.split(", ")).points == Fraction(expected)


def test_reads_numbers_as_the_table_says():
    table = rows("typed")
    assert len(table) == 8
    for typed, meaning in table:
        for text in words(typed):
            if meaning.startswith("**asked back**"):
                with pytest.raises(UnclearError):
                    score(Key("number", number=NumberAnswer(max(read_number(text).values()))), text)
            else:
                assert list(read_number(text).values()) == [Fraction(re.match(r"[0-9.]+[0-9]|[0-9]", meaning)[0])]
