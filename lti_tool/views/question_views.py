"""What the player's markup shows of a question: its options under drawn names, what was chosen, what it earned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from course_builder.draw import Drawn, draw
from course_builder.package import QuestionText
from course_builder.scoring import Result, score
from lti_tool.models import Answer
from lti_tool.services.shelf import OpenRelease
from lti_tool.views import words
from lti_tool.views.shown_module import ShownModule


@dataclass(frozen=True, slots=True)
class OptionView:
    """A choice, or an item to put in order; ``state`` is empty, ``right``, ``wrong`` or ``missed``."""

    name: str
    html: Markup
    is_chosen: bool
    position: int
    state: str
    verdict: str
    feedback: Markup | None


@dataclass(frozen=True, slots=True)
class Link:
    """A page to go to."""

    href: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question as one person sees it in one attempt, as ``player/question.html`` takes it."""

    id: str
    type: str
    form_id: str
    stem: Markup
    options: tuple[OptionView, ...]
    worth: str
    revision: int
    saved_at: datetime | None
    is_graded: bool
    is_locked: bool
    """Nothing can be changed any more: submitted, right, or no try left."""
    has_check: bool
    check_url: str
    hints: tuple[Markup, ...]
    hint_label: str
    """Empty where there is no further hint."""
    hint_url: str
    result_label: str
    """Empty before the answer is checked or submitted."""
    result_state: str
    feedback: Markup | None
    solution: Markup | None
    read_again: tuple[Link, ...]
    notice: str
    other: str
    """An answer that was not kept because another window had answered, in words."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where a question is answered: the version, the seed and the form of its attempt."""

    release: OpenRelease
    seed: bytes
    form_id: str
    is_submitted: bool


def draw_options(release: OpenRelease, text: QuestionText, seed: bytes) -> Drawn:
    """Draw the names and the order of a question's options for an attempt."""
    key_order = release.key(text.id).correct if text.type == "order" else None
    return draw(seed, text.id, [option.id for option in text.options], text.shuffle, text.type, key_order)


def show_question(
    module: ShownModule, sheet: Sheet, question_id: str, answer: Answer | None, *, notice: str = "", other: str = ""
) -> QuestionView:
    """Make the view of a question; ``notice`` and ``other`` are what a form left to say about it."""
    release = sheet.release
    language = release.choose_language(module.language)
    text, key = release.question(language, question_id), release.key(question_id)
    is_graded = release.quiz_of(question_id) is not None
    tries_used = answer.tries_used if answer else 0
    opened = [int(hint) for hint in answer.hints_opened] if answer else []
    response = answer.response if answer else None
    result = score(key, response, max(1, tries_used), opened) if answer and answer.state else None
    has_no_try_left = key.tries is not None and tries_used >= key.tries
    is_final = sheet.is_submitted or (result is not None and (result.state == "right" or has_no_try_left))
    next_hint = None if is_final or len(opened) >= len(text.hints) else text.hints[len(opened)]
    feedback = release.feedback(language, question_id)
    return QuestionView(
        id=question_id,
        type=text.type,
        form_id=sheet.form_id,
        stem=_markup(text.stem),
        options=_options(
            text, draw_options(release, text, sheet.seed), response, result, feedback.options, is_final=is_final
        ),
        worth=words.worth(text.points, key.tries, tries_used, is_graded=is_graded, is_locked=is_final),
        revision=answer.revision if answer else 0,
        saved_at=answer.saved_at if answer and response else None,
        is_graded=is_graded,
        is_locked=is_final,
        has_check=not is_graded or key.tries is None or key.tries > 1,
        check_url=url_for("quiz.check", question_id=question_id),
        hints=tuple(_markup(text.hints[index].html) for index in opened if index < len(text.hints)),
        hint_label=words.hint(next_hint.cost * text.points) if next_hint else "",
        hint_url=url_for("quiz.hint", question_id=question_id),
        result_label=words.outcome(result, is_graded=is_graded) if result else "",
        result_state=result.state if result else "",
        feedback=_markup(getattr(feedback, result.state, None) or "") if result else None,
        solution=_markup(release.solution(language, question_id) or "") if is_final else None,
        read_again=_read_again(module, text) if is_final and result and result.state != "right" else (),
        notice=notice,
        other=other,
    )


def answer_in_words(release: OpenRelease, language: str, question_id: str, response: Any) -> list[Markup]:
    """Give the options of an answer, each as the text it stands for; empty for no answer."""
    chosen = [response] if isinstance(response, str) else list(response or ())
    html = {option.id: option.html for option in release.question(language, question_id).options}
    return [_markup(html[option]) for option in chosen if option in html]


def _options(
    text: QuestionText,
    drawn: Drawn,
    response: Any,
    result: Result | None,
    feedback: Mapping[str, str],
    *,
    is_final: bool,
) -> tuple[OptionView, ...]:
    html = {option.id: option.html for option in text.options}
    name_of = {option: name for name, option in drawn.to_id.items()}
    served = [drawn.to_id[name] for name in drawn.names]
    chosen = [response] if isinstance(response, str) else list(response or ())
    if text.type == "order" and sorted(chosen) == sorted(served):
        served = chosen
    views = []
    for position, option in enumerate(served, 1):
        state = (result.parts.get(option) if result else None) or ""
        if state == "missed" and not is_final:
            # It is part of the key, and a try is left.
            state = ""
        is_explained = is_final or (result is not None and option in chosen)
        views.append(
            OptionView(
                name=name_of[option],
                html=_markup(html[option]),
                is_chosen=option in chosen,
                position=position,
                state=state,
                verdict=words.verdict(state, question_type=text.type),
                feedback=_markup(feedback.get(option, "")) if is_explained else None,
            )
        )
    return tuple(views)


def _read_again(module: ShownModule, text: QuestionText) -> tuple[Link, ...]:
    """Find the other pages that serve the same objective; a page with a quiz asks, and does not explain."""
    return tuple(
        Link(url_for("learn.page", page_id=page.id), module.text(page.menu_title))
        for page in module.manifest.pages
        if text.objective in page.objectives and page.id != text.page and not page.quizzes
    )


def _markup(html: str) -> Markup:
    # Sanitised when the package was built, and held to the allow-list again when it was read.
    return Markup(html)  # noqa: S704
