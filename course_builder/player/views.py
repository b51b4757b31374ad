"""What the player's markup shows of a question: its parts under drawn names, what was answered, what it earned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from course_builder.package import LimitsEntry, QuestionText
from course_builder.player import words
from course_builder.player.areas import picture_with_areas
from course_builder.player.asked import Asked
from course_builder.player.language import Language
from course_builder.player.parts import (
    CriterionView,
    FilesView,
    HandedFile,
    ItemView,
    OptionView,
    PlaceView,
    as_markup,
    view_items,
    view_options,
    view_places,
)
from course_builder.player.unclear import find_readings
from course_builder.scoring import Response, Result

_GAP = re.compile(r'<span data-gap="([^"]*)"></span>')

_TYPED = frozenset({"number", "text"})
_NOTHING_TO_MEND = frozenset({"right", "given", "waiting"})


@dataclass(frozen=True, slots=True)
class Link:
    """A page to go to."""

    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Given:
    """What is kept of one person's answers to a question; ``result`` is there once it was checked or submitted."""

    response: Response = None
    result: Result | None = None
    tries_used: int = 0
    hints_opened: Sequence[int] = ()
    revision: int = 0
    saved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The page that a question stands on: the form of its answers, and what the page has to say of it."""

    form_id: str
    check_url: str
    """Empty where nothing is checked before it is submitted."""
    hint_url: str
    lang: str = ""
    """The language of the words around the texts, where the page around has another one."""
    is_submitted: bool = False
    read_again: tuple[Link, ...] = ()
    notice: str = ""
    other: str = ""
    """An answer that was not kept because another window had answered, in words."""
    files_url: str = ""
    """Where files are handed in and taken back; empty where there is nowhere to put them."""
    handed: tuple[HandedFile, ...] = ()
    """The files that were handed in, where the question asks for some."""
    comment: str = ""
    """A trainer's, on the answer."""
    asks_how_sure: bool = False
    """Whether one is asked how sure one is of the answer."""
    how_sure: int | None = None
    """From 1 for a guess to 3."""
    shows_results: bool = True
    """Whether what became of an answer may be seen, and what is right."""


@dataclass(frozen=True, slots=True)
class StemPiece:
    """A piece of a stem, and the gap behind it."""

    html: Markup
    gap: ItemView | None


@dataclass(frozen=True, slots=True)
class UnclearView:
    """A number that is asked back, with the ways in which it can be read."""

    words: str
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question as one person sees it in one attempt, as ``player/question.html`` takes it."""

    id: str
    type: str
    form_id: str
    lang: str
    stem: Markup
    pieces: tuple[StemPiece, ...]
    """The stem of a question with gaps."""
    options: tuple[OptionView, ...]
    items: tuple[ItemView, ...]
    places: tuple[PlaceView, ...]
    typed: str
    unit: str
    unclear: UnclearView | None
    verdict: str
    """Of what was typed."""
    right: Markup | None
    right_order: tuple[Markup, ...]
    """Of items that were put in another order, once nothing can be changed."""
    matched: Markup | None
    """Why what was typed is right, or the error that it shows."""
    image: Markup
    rubric: tuple[CriterionView, ...]
    most_words: int | None
    files: FilesView
    is_anonymous: bool
    handed: tuple[HandedFile, ...]
    files_url: str
    takes_answers: bool
    worth: str
    revision: int
    saved_at: datetime | None
    is_graded: bool
    is_locked: bool
    """Nothing can be changed any more: submitted, right, or no try left."""
    has_check: bool
    check_label: str
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
    comment: str
    """A trainer's, on the answer."""
    asks_how_sure: bool
    how_sure: int | None
    """From 1 for a guess to 3."""


def show_question(asked: Asked, given: Given, around: Around, language: Language) -> QuestionView:
    """Make the view of a question."""
    text, key = asked.text, asked.key
    has_no_try_left = key.tries is not None and given.tries_used >= key.tries
    is_used_up = given.result is not None and (given.result.state == "right" or has_no_try_left)
    is_locked = around.is_submitted or is_used_up
    is_final = is_locked and around.shows_results
    result = given.result if around.shows_results else None
    tries = key.tries if around.check_url else 1
    opened = [index for index in given.hints_opened if index < len(text.hints)]
    next_hint = None if is_locked or len(opened) >= len(text.hints) else text.hints[len(opened)]
    is_taken = text.type != "upload" or bool(around.files_url or around.handed)
    options = view_options(asked, given.response, result, language, is_final=is_final)
    items = view_items(asked, given.response, result, language, is_final=is_final)
    return QuestionView(
        id=text.id,
        type=text.type,
        form_id=around.form_id,
        lang=around.lang,
        stem=as_markup(text.stem),
        pieces=tuple(_pieces(asked, items)) if text.type == "gap" else (),
        options=options,
        items=items,
        places=view_places(given.response, result, language) if text.type == "hotspot" else (),
        typed=given.response if isinstance(given.response, str) else "",
        unit=text.unit,
        unclear=None if result or is_locked else view_unclear(asked.text, given.response, language),
        verdict=_typed_verdict(asked, result, language),
        right=_right(asked, language) if is_final and result is not None and result.state != "right" else None,
        right_order=_right_order(asked) if is_final and result is not None and result.state != "right" else (),
        matched=as_markup(asked.feedback.options.get(result.matched, "")) if result and result.matched else None,
        image=picture_with_areas(asked, options) if is_final and text.type == "hotspot" else as_markup(text.image),
        rubric=tuple(CriterionView(as_markup(each.html), language.number(each.points)) for each in text.rubric),
        most_words=text.limits.words if text.limits else None,
        files=_files(text.limits, language),
        is_anonymous=text.anonymous,
        handed=around.handed,
        files_url=around.files_url if text.type == "upload" else "",
        takes_answers=is_taken,
        worth=words.worth(
            language,
            text.points,
            tries,
            given.tries_used,
            key.penalty * text.points,
            is_graded=text.graded,
            is_locked=is_locked,
        ),
        revision=given.revision,
        saved_at=given.saved_at if given.response else None,
        is_graded=text.graded,
        is_locked=is_locked,
        has_check=has_check(asked) and is_taken and bool(around.check_url),
        check_label=words.check(language, text.type),
        check_url=around.check_url,
        hints=tuple(as_markup(text.hints[index].html) for index in opened),
        hint_label=words.hint(language, next_hint.cost * text.points) if next_hint else "",
        hint_url=around.hint_url,
        result_label=words.outcome(language, result, is_graded=text.graded) if result and is_taken else "",
        result_state=result.state if result else "",
        feedback=as_markup(getattr(asked.feedback, result.state, None) or "") if result else None,
        solution=as_markup(asked.solution or "") if is_final or _is_compared(asked, result) else None,
        read_again=around.read_again if is_final and result and result.state not in _NOTHING_TO_MEND else (),
        notice=around.notice,
        other=around.other,
        asks_how_sure=around.asks_how_sure,
        how_sure=around.how_sure,
        comment=around.comment if around.shows_results else "",
    )


def _typed_verdict(asked: Asked, result: Result | None, language: Language) -> str:
    if asked.text.type not in _TYPED or result is None:
        return ""
    return words.part_verdict(language, result.state)


def _right(asked: Asked, language: Language) -> Markup | None:
    """Give what should have been typed."""
    if asked.text.type == "number":
        return words.right_number(language, asked.key.number, asked.text.unit)
    if asked.text.type == "text":
        return words.accepted(asked.key.written[""])
    return None


def _right_order(asked: Asked) -> tuple[Markup, ...]:
    html = {option.id: option.html for option in asked.text.options}
    return tuple(as_markup(html[option]) for option in asked.key.correct) if asked.text.type == "order" else ()


def _is_compared(asked: Asked, result: Result | None) -> bool:
    """Whether an answer that nobody else looks at waits to be compared with the solution."""
    return result is not None and result.state == "waiting" and not asked.text.graded


def _files(limits: LimitsEntry | None, language: Language) -> FilesView:
    limits = limits or LimitsEntry()
    return FilesView(limits.files, ",".join(limits.accept), words.files(language, limits))


def view_unclear(text: QuestionText, response: Response, language: Language) -> UnclearView | None:
    """Make the view of a number that has to be asked back."""
    readings = find_readings(text, response)
    return None if readings is None else UnclearView(words.unclear(language, str(response), readings), readings)


def has_check(asked: Asked) -> bool:
    """Whether a question is checked by itself; others are answered by submitting their quiz."""
    return not asked.text.graded or asked.key.tries is None or asked.key.tries > 1


def _pieces(asked: Asked, items: Sequence[ItemView]) -> Iterator[StemPiece]:
    """Split a stem at its gaps."""
    by_id = {asked.drawn.to_item[item.name]: item for item in items}
    start = 0
    for place in _GAP.finditer(asked.text.stem):
        yield StemPiece(as_markup(asked.text.stem[start : place.start()]), by_id.get(place[1]))
        start = place.end()
    yield StemPiece(as_markup(asked.text.stem[start:]), None)
