"""Questions of a release as the player shows them to the person of this request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import cast

from flask import url_for

from course_builder.draw import Drawn
from course_builder.package import QuestionText
from course_builder.player.asked import Asked, draw_question
from course_builder.player.views import Around, Given, Link, QuestionView
from course_builder.player.views import show_question as show_in_player
from course_builder.scoring import Key, ResponseError, Result, State, UnclearError, score
from lti_tool.i18n import language_tag
from lti_tool.models import Answer
from lti_tool.services.shelf import OpenRelease
from lti_tool.views.file_forms import show_files
from lti_tool.views.marked_texts import mark_feedback, mark_html, mark_text
from lti_tool.views.shown_module import ShownModule
from lti_tool.views.words import INTERFACE


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where a question is answered: the version, the seed and the form of its attempt."""

    release: OpenRelease
    seed: bytes
    form_id: str
    is_submitted: bool
    may_check: bool = True
    """Whether questions with several tries are checked before the attempt is submitted."""
    shows_results: bool = True
    asks_how_sure: bool = False
    file: str = "quiz.file"
    """Endpoint of the files that were handed in."""


def draw_options(release: OpenRelease, text: QuestionText, seed: bytes) -> Drawn:
    """Draw the names and the order of a question's options for an attempt."""
    return draw_question(text, release.key(text.id), seed)


def ask(release: OpenRelease, language: str, question_id: str, seed: bytes) -> Asked:
    """Put together what the player needs of a question."""
    text = release.question(language, question_id)
    feedback, solution = release.feedback(language, question_id), release.solution(language, question_id)
    if language != language_tag():
        feedback, solution = mark_feedback(feedback, language), mark_html(solution, language)
    return Asked(
        mark_text(text, language),
        release.key(question_id, language),
        draw_options(release, text, seed),
        feedback,
        solution,
    )


def show_question(
    module: ShownModule, sheet: Sheet, question_id: str, answer: Answer | None, *, notice: str = "", other: str = ""
) -> QuestionView:
    """Make the view of a question; ``notice`` and ``other`` are what a form left to say about it."""
    language = sheet.release.choose_language(module.language)
    asked = ask(sheet.release, language, question_id, sheet.seed)
    around = Around(
        lang=language_tag() if module.lang else "",
        form_id=sheet.form_id,
        check_url=url_for("quiz.check", question_id=question_id) if sheet.may_check else "",
        hint_url=url_for("quiz.hint", question_id=question_id),
        is_submitted=sheet.is_submitted,
        read_again=_read_again(module, asked.text),
        files_url=url_for("quiz.files", question_id=question_id),
        handed=show_files(answer, sheet.file) if asked.text.type == "upload" else (),
        notice=notice,
        other=other,
        comment=(answer.comment or "") if answer else "",
        shows_results=sheet.shows_results,
        asks_how_sure=sheet.asks_how_sure,
        how_sure=answer.how_sure if answer else None,
    )
    return show_in_player(asked, _given(asked.key, answer), around, INTERFACE)


def _given(key: Key, answer: Answer | None) -> Given:
    if answer is None:
        return Given()
    opened = [int(hint) for hint in answer.hints_opened]
    return Given(
        answer.response, _result(key, answer, opened), answer.tries_used, opened, answer.revision, answer.saved_at
    )


def _result(key: Key, answer: Answer, opened: list[int]) -> Result | None:
    """Say what became of the parts of an answer; what it earned was decided when it was checked or submitted."""
    if answer.state is None:
        return None
    points, state = Fraction(answer.points or 0), cast("State", answer.state)
    try:
        result = score(key, answer.response, max(1, answer.tries_used), opened)
    except (ResponseError, UnclearError):
        # It was judged in another language.
        return Result(points, key.points, state)
    return replace(result, points=points, state=state)


def _read_again(module: ShownModule, text: QuestionText) -> tuple[Link, ...]:
    """Find the other pages that serve the same objective; a page with a quiz asks, and does not explain."""
    return tuple(
        Link(url_for("learn.page", page_id=page.id), module.html(page.menu_title))
        for page in module.manifest.pages
        if text.objective in page.objectives and page.id != text.page and not page.quizzes
    )
