"""Answering a module's quiz rightly from its package's key, through the form, as somebody without scripts does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from course_builder.package import Package, read_package
from lti_tool.practice_lms.browser import Page

_CHOICE = r'name="q-{id}" value="(?P<name>\w+)".*?<span class="option-text">(?P<html>.*?)</span>\s*</label>'
_ITEM = r'name="q-{id}\.(?P<name>\w+)".*?<span class="option-text" id="[^"]*">(?P<html>.*?)</span>\s*<span class="order'


@dataclass(frozen=True, slots=True)
class Known:
    """A question whose answer is known; ``right`` is in the right order where the order counts."""

    id: str
    type: str
    page: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """All questions of a module with one quiz, answered in the words of their options."""

    module_id: str
    module_title: str
    pages: tuple[str, ...]
    quiz_page: str
    quiz: tuple[Known, ...]
    self_checks: tuple[Known, ...]


def read_answers(path: Path) -> AnswerKey:
    """Read them from a package that has one quiz."""
    package = read_package(path)
    manifest = package.manifest
    [quiz] = manifest.quizzes
    in_quiz = set(quiz.questions)
    others = [id_ for page in manifest.pages for id_ in page.questions if id_ not in in_quiz]
    return AnswerKey(
        module_id=manifest.id,
        module_title=manifest.title[manifest.source_language],
        pages=tuple(page.id for page in manifest.pages),
        quiz_page=quiz.page,
        quiz=tuple(_known(package, id_) for id_ in quiz.questions),
        self_checks=tuple(_known(package, id_) for id_ in others),
    )


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
            values |= {f"q-{question.id}.{names[squeeze(text)]}": str(place) for place, text in enumerate(said, 1)}
        else:
            values[f"q-{question.id}"] = [names[squeeze(text)] for text in said]
    return values


def words(html: str) -> str:
    """Give the text of a piece of HTML with its spaces evened out."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def squeeze(text: str) -> str:
    """Take all spaces out: where markup was, there may be one or not."""
    return "".join(text.split())


def _known(package: Package, question_id: str) -> Known:
    text = package.question(package.manifest.source_language, question_id)
    key = package.key(question_id)
    said = {option.id: words(option.html) for option in text.options}
    return Known(
        id=question_id,
        type=text.type,
        page=text.page,
        right=tuple(said[option] for option in key.correct),
        wrong=tuple(said[option.id] for option in text.options if option.id not in key.correct),
    )


def _names(page: Page, question: Known) -> dict[str, str]:
    """The names under which the options are served this time, by their words."""
    pattern = (_ITEM if question.type == "order" else _CHOICE).format(id=re.escape(question.id))
    return {squeeze(words(found["html"])): found["name"] for found in re.finditer(pattern, page.text, re.DOTALL)}
