"""The parts of a question that are answered or chosen, each with what was answered and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from markupsafe import Markup, escape

from course_builder.player import words
from course_builder.player.asked import Asked
from course_builder.player.language import Language
from course_builder.scoring import Response, Result, match_gap


@dataclass(frozen=True, slots=True)
class OptionView:
    """A choice, an item to put in order, a right-hand side, a column or an area.

    ``state`` is empty, ``right``, ``wrong`` or ``missed``. ``letter`` names a right-hand side, and ``words`` are those
    of one that is text alone.
    """

    name: str
    html: Markup
    is_chosen: bool
    position: int
    state: str
    verdict: str
    feedback: Markup | None
    letter: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ItemView:
    """A left-hand side, a row or a gap; ``number`` counts from 1, ``chosen`` is the drawn name of an option.

    ``right`` says what would have been right, once nothing can be changed; ``right_name`` is that option's name.
    """

    name: str
    html: Markup
    number: int
    chosen: str
    typed: str
    choices: tuple[str, ...]
    state: str
    verdict: str
    feedback: Markup | None
    right: Markup | None
    right_name: str = ""


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place in a picture that was pointed at; ``value`` is per cent from the left and from the top."""

    name: str
    value: str
    label: str
    state: str
    verdict: str
    feedback: None = None
    """It is a place's own: no author foresaw it."""


def view_options(
    asked: Asked, response: Response, result: Result | None, language: Language, *, is_final: bool
) -> tuple[OptionView, ...]:
    """Make the views of the options, in serving order; an order that was given stands as it was given."""
    text, drawn = asked.text, asked.drawn
    html = {option.id: option.html for option in text.options}
    served = [drawn.to_id[name] for name in drawn.names]
    chosen = as_list(response)
    if text.type == "order" and sorted(chosen) == sorted(served):
        served = chosen
    views = []
    for position, option in enumerate(served, 1):
        state = (result.parts.get(option) if result else None) or ""
        if state == "missed" and not is_final:
            # It is part of the key, and a try is left.
            state = ""
        # A place that was pointed at counts as its area.
        is_explained = is_final or (result is not None and (option in chosen or bool(state)))
        views.append(
            OptionView(
                name=asked.name_of[option],
                html=as_markup(html[option]),
                is_chosen=option in chosen,
                position=position,
                state=state,
                verdict=words.verdict(language, state, question_type=text.type),
                feedback=as_markup(asked.feedback.options.get(option, "")) if is_explained else None,
                letter=letter(position),
                words=words_of(html[option]),
            )
        )
    return tuple(views)


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A row of a rubric."""

    html: Markup
    points: str


@dataclass(frozen=True, slots=True)
class FilesView:
    """What may be handed in; ``accept`` is as a file control takes it."""

    most: int
    accept: str
    words: str


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file that was handed in: where it can be had again, if it was kept, and the name to take it back under."""

    key: str
    name: str
    size: str
    """In words."""
    href: str


def view_items(
    asked: Asked, response: Response, result: Result | None, language: Language, *, is_final: bool
) -> tuple[ItemView, ...]:
    """Make the views of what is answered by itself, in the source's order."""
    given = response if isinstance(response, Mapping) else {}
    views = []
    for number, item in enumerate(asked.text.items, 1):
        answer = given.get(item.id, "")
        state = ((result.parts.get(item.id) if result else None) or "").replace("missed", "")
        has_failed = is_final and result is not None and state != "right" and result.state not in {"given", "waiting"}
        right = _right(asked, item.id) if has_failed else None
        is_gap = asked.text.type == "gap"
        told = f"{item.id}.{match_gap(asked.key, item.id, answer)}" if is_gap and state else item.id
        views.append(
            ItemView(
                name=asked.item_name_of[item.id],
                html=as_markup(item.html),
                number=number,
                chosen="" if is_gap else asked.name_of.get(answer, ""),
                typed=answer if is_gap else "",
                choices=tuple(asked.drawn.choices.get(item.id, ())),
                state=state,
                verdict=words.part_verdict(language, state, is_unanswered=has_failed and not answer),
                feedback=as_markup(asked.feedback.options.get(told, "")) if state or is_final else None,
                right=right,
                right_name=asked.name_of.get(asked.key.pairs.get(item.id, ""), "") if has_failed else "",
            )
        )
    return tuple(views)


def view_places(response: Response, result: Result | None, language: Language) -> tuple[PlaceView, ...]:
    """Make the views of the places that were pointed at in a picture."""
    views = []
    for number, value in enumerate((each for each in as_list(response) if "," in each), 1):
        state = (result.parts.get(value) if result else None) or ""
        label = words.place(language, number, value)
        views.append(PlaceView(f"place-{number}", value, label, state, words.part_verdict(language, state)))
    return tuple(views)


def _right(asked: Asked, item: str) -> Markup | None:
    """Say what belongs to an item."""
    if pair := asked.key.pairs.get(item):
        html = next(option.html for option in asked.text.options if option.id == pair)
        return right_hand_side(asked, pair) if asked.text.type == "match" else as_markup(html)
    if written := asked.key.written.get(item):
        return words.accepted(written)
    return None


def right_hand_side(asked: Asked, option: str) -> Markup:
    """Name a right-hand side: by its letter, and by its words where it has no more than those."""
    name = letter(1 + asked.drawn.names.index(asked.name_of[option]))
    said = words_of(next(each.html for each in asked.text.options if each.id == option))
    return escape(f"{name}: {said}") if said else escape(name)


def letter(position: int) -> str:
    """Name a right-hand side: A, B … Z, AA and so on."""
    turn, index = divmod(position - 1, len(ascii_uppercase))
    return (letter(turn) if turn else "") + ascii_uppercase[index]


def words_of(html: str) -> str:
    """Give the words of a piece of HTML that is text alone; empty where something in it would be lost."""
    if any(f"<{element}" in html for element in ("img", "math", "table", "pre")):
        return ""
    return " ".join(Markup(html).striptags().split())  # noqa: S704 - it is escaped again where it is put out.


def as_list(response: Response) -> list[str]:
    """Give the parts of an answer that is a choice."""
    if isinstance(response, str):
        return [response]
    return [] if response is None or isinstance(response, Mapping) else list(response)


def as_markup(html: str) -> Markup:
    """Mark HTML of a package as such."""
    # Sanitised when the package was built, and held to the allow-list again when it was read.
    return Markup(html)  # noqa: S704


def joined(parts: Sequence[Markup], between: str = "; ") -> Markup:
    """Join pieces of HTML."""
    return Markup(escape(between)).join(parts)  # noqa: S704 - it is escaped.
