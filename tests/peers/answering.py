"""Answering a quiz through its form, as somebody without scripts does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lti_tool.practice_lms.browser import Page
from tests.answers import Known, words

_CHOICE = r'name="q-{id}" value="(?P<name>\w+)".*?<span class="option-text">(?P<html>.*?)</span>\s*</label>'
_ITEM = r'name="q-{id}\.(?P<name>\w+)".*?<span class="option-text" id="[^"]*">(?P<html>.*?)</span>\s*<span class="order'


def form_values(page: Page, questions: Sequence[Known], wrongly: Sequence[str] = ()) -> Mapping[str, str | list[str]]:
    """Give what to send for a right answer to each question.

    Args:
        page: the one with the quiz.
        questions: those to answer.
        wrongly: ids of choice questions to answer wrongly.
    """
    values: dict[str, str | list[str]] = {}
    for question in questions:
        said = question.wrong[:1] if question.id in wrongly else question.right
        names = _names(page, question)
        if question.type == "order":
            values |= {f"q-{question.id}.{names[_squeeze(text)]}": str(place) for place, text in enumerate(said, 1)}
        else:
            values[f"q-{question.id}"] = [names[_squeeze(text)] for text in said]
    return values


def _names(page: Page, question: Known) -> dict[str, str]:
    """The names under which the options are served this time, by their words."""
    pattern = (_ITEM if question.type == "order" else _CHOICE).format(id=re.escape(question.id))
    return {_squeeze(words(found["html"])): found["name"] for found in re.finditer(pattern, page.text, re.DOTALL)}


def _squeeze(text: str) -> str:
    """Take all spaces out: where markup was, there may be one or not."""
    return "".join(text.split())
