"""Answering a module's quiz rightly from its package's key, through the form, as somebody without scripts does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from course_builder.model import Written
from course_builder.package import Package, read_package
from course_builder.scoring import Key
from lti_tool.practice_lms.browser import Page

_CHOICE = r'name="q-{id}" value="(?P<name>\w+)".*?<span class="option-text">(?P<html>.*?)</span>\s*</label>'
_NAMED = r'id="{id}_(?P<name>\w+)_text"[^>]*>(?P<html>.*?)</(?:span|div)>\n'
_GAP = r'name="q-{id}\.(?P<name>\w+)"'


@dataclass(frozen=True, slots=True)
class Known:
    """A question whose answer is known, in the words of its parts.

    ``right`` are options, in the right order where the order counts; ``pairs`` are items with their options, or numbers
    of gaps with what belongs there; ``typed`` is what to write.
    """

    id: str
    type: str
    page: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...] = ()
    typed: str = ""


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
        field = f"q-{question.id}"
        if f'name="r-{question.id}"' not in page.text:
            # It was not drawn for this attempt, or takes no answer here.
            continue
        if question.typed:
            values[field] = question.typed
            continue
        names = _names(page, question)
        if question.type == "gap":
            values |= {f"{field}.{names[number]}": text for number, text in question.pairs}
        elif question.pairs:
            values |= {f"{field}.{names[squeeze(item)]}": names[squeeze(text)] for item, text in question.pairs}
        elif question.type == "order":
            values |= {f"{field}.{names[squeeze(text)]}": str(place) for place, text in enumerate(said, 1)}
        else:
            values[field] = [names[squeeze(text)] for text in said]
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
    items = {item.id: words(item.html) for item in text.items}
    chosen = key.pairs or (dict.fromkeys(items, text.options[0].id) if text.type == "survey" else {})
    gaps = tuple(
        (str(number), _first_accepted(key.written[item])) for number, item in enumerate(items, 1) if text.type == "gap"
    )
    return Known(
        id=question_id,
        type=text.type,
        page=text.page,
        right=tuple(said[option] for option in key.correct),
        wrong=tuple(said[option.id] for option in text.options if option.id not in key.correct),
        pairs=gaps or tuple((items[item], said[option]) for item, option in chosen.items()),
        typed=_typed(key),
    )


def _typed(key: Key) -> str:
    """Give what to write into the one field of a question."""
    if key.type == "essay":
        return "A few words."
    if key.type == "text":
        return _first_accepted(key.written[""])
    if key.number is None:
        return ""
    ends = [each for each in (key.number.answer, key.number.minimum, key.number.maximum) if each is not None]
    return str(float(ends[0])).removesuffix(".0")


def _first_accepted(written: Written) -> str:
    return next(each.text for each in written.accepted if not each.is_regex)


def _names(page: Page, question: Known) -> dict[str, str]:
    """The names under which the options are served this time, by their words."""
    id_ = re.escape(question.id)
    if question.type == "gap":
        return {str(number): name for number, name in enumerate(re.findall(_GAP.format(id=id_), page.text), 1)}
    pattern = (_NAMED if question.pairs or question.type == "order" else _CHOICE).format(id=id_)
    return {squeeze(words(found["html"])): found["name"] for found in re.finditer(pattern, page.text, re.DOTALL)}
