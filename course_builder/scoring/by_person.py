"""Answers that no key judges: a survey's take part, an essay or a file waits for a person."""

from __future__ import annotations

from fractions import Fraction

from course_builder.scoring.key import Key
from course_builder.scoring.pairs import read_pairs
from course_builder.scoring.result import UNANSWERED, Judgement, Response, ResponseError
from course_builder.scoring.text import read_text, tidy

LONGEST_ESSAY = 20_000
"""Characters."""
MOST_FILES = 100
LONGEST_FILE_NAME = 255
"""Characters."""


def judge_survey(key: Key, response: Response) -> Judgement:
    """Count the rows that were answered, whatever the answer."""
    answered = read_pairs(key, response)
    if not answered:
        return UNANSWERED
    return Judgement(Fraction(len(answered), len(key.items)), state="given")


def judge_essay(_: Key, response: Response) -> Judgement:
    """Leave a text to a person."""
    text = read_text(response, LONGEST_ESSAY)
    return Judgement(Fraction(0), state="waiting") if tidy(text) else UNANSWERED


def judge_upload(_: Key, response: Response) -> Judgement:
    """Leave files to a person."""
    if response is None:
        return UNANSWERED
    if not isinstance(response, list | tuple):
        raise ResponseError("The answer to this question is a list of files.")
    if len(response) > MOST_FILES:
        raise ResponseError(f"The answer holds more than {MOST_FILES} files.")
    if not all(isinstance(name, str) and read_text(name, LONGEST_FILE_NAME) for name in response):
        raise ResponseError("The answer holds a file without a name.")
    return Judgement(Fraction(0), state="waiting") if response else UNANSWERED
