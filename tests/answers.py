"""The answers to a module's questions, as the words of their options: what a person would choose on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from course_builder.package import Package, read_package


@dataclass(frozen=True)
class Known:
    """A question whose answer is known; ``right`` is in the right order where the order counts."""

    id: str
    type: str
    page: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class AnswerKey:
    """All questions of a module."""

    module_id: str
    module_title: str
    pages: tuple[str, ...]
    quiz_page: str
    quiz: tuple[Known, ...]
    self_checks: tuple[Known, ...]


def words(html: str) -> str:
    """Give the text of a piece of HTML with its spaces evened out."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


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
