"""Answers as forms and scripts send them, under drawn names and not to be trusted ⇄ answers as they are kept.

A form names a question's controls ``q-<question>``, and those of its items ``q-<question>.<item>``. A script sends the
same as JSON: a name, a list of names, or names of items with names of options or with text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

from course_builder.draw import Drawn
from course_builder.package import QuestionText
from course_builder.scoring import LONGEST_ESSAY, LONGEST_LINE, Response

LONGEST_TEXT: Mapping[str, int] = {"number": 100, "text": LONGEST_LINE, "gap": LONGEST_LINE, "essay": LONGEST_ESSAY}
"""Characters of an answer in words, by the type of its question."""

_ONE_CHOICE = frozenset({"single", "truefalse"})
_CHOICES = frozenset({"multiple", "order", "hotspot"})
_PAIRS = frozenset({"match", "table", "survey"})
_MOST_PLACES = 50
_PLACE = re.compile(r"(100|[0-9]{1,2}(?:\.[0-9]{1,2})?),(100|[0-9]{1,2}(?:\.[0-9]{1,2})?)")
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class NotOfferedError(ValueError):
    """An answer that no page of ours offers."""


class Fields(Protocol):
    """A form's fields, as werkzeug's MultiDict has them."""

    def getlist(self, name: str, /) -> list[str]:
        """Give all values of a field."""


def read_form(text: QuestionText, drawn: Drawn, form: Fields) -> Response:
    """Read what a form holds for a question.

    Raises:
        NotOfferedError: if it is no answer that the page offered.
    """
    return read_sent(text, drawn, _sent(text, drawn, form))


def is_untouched(text: QuestionText, drawn: Drawn, response: Response) -> bool:
    """Whether nothing was answered; an order is no answer as long as it is the one drawn."""
    return not response or (text.type == "order" and response == [drawn.to_id[name] for name in drawn.names])


def read_sent(text: QuestionText, drawn: Drawn, sent: Any) -> Response:
    """Turn an answer under drawn names into the one that is kept; equal answers become equal.

    Raises:
        NotOfferedError: if it is no answer that the page offered.
    """
    if not sent:
        return None
    if text.type in _ONE_CHOICE:
        return _option(drawn, sent)
    if text.type in _CHOICES:
        return _options(text, drawn, sent)
    if text.type in _PAIRS or text.type == "gap":
        return _pairs(text, drawn, sent)
    if text.type in LONGEST_TEXT:
        return _typed(text.type, sent) or None
    raise NotOfferedError(f"nothing is sent for a question of type {text.type}")


def to_sent(text: QuestionText, drawn: Drawn, response: Response) -> Any:
    """Put a kept answer back under its drawn names, as a script sends it; what it no longer fits is left out."""
    name_of = {option: name for name, option in drawn.to_id.items()}
    item_name_of = {item: name for name, item in drawn.to_item.items()}
    if text.type in _ONE_CHOICE:
        return name_of.get(response) if isinstance(response, str) else None
    if isinstance(response, Mapping):
        return {
            item_name_of[item]: answer if text.type == "gap" else name_of.get(answer)
            for item, answer in response.items()
            if item in item_name_of
        }
    if isinstance(response, str) or (response is None and text.type not in _CHOICES):
        return response
    # A place in a picture stands for itself.
    return [name_of.get(each, each) for each in response or () if each in name_of or "," in each]


def _sent(text: QuestionText, drawn: Drawn, form: Fields) -> Any:
    """Bring a form into the shape in which a script sends."""
    field = f"q-{text.id}"
    if text.type == "order":
        # Items at the same position keep the order in which they were shown.
        return sorted(drawn.names, key=lambda name: _position(_first(form, f"{field}.{name}")))
    if text.type in _PAIRS or text.type == "gap":
        return {name: _first(form, f"{field}.{name}") for name in drawn.items}
    if text.type in _CHOICES:
        return form.getlist(field)
    # A number that was asked back is answered by a button of its own.
    return _first(form, f"u-{text.id}") or _first(form, field)


def _first(form: Fields, name: str) -> str:
    return next(iter(form.getlist(name)), "")


def _position(value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise NotOfferedError("an item has no position")
    return int(value)


def _option(drawn: Drawn, name: Any) -> str:
    if not isinstance(name, str) or name not in drawn.to_id:
        raise NotOfferedError("the answer holds an option that was not drawn")
    return drawn.to_id[name]


def _options(text: QuestionText, drawn: Drawn, names: Any) -> list[str]:
    ids = [option.id for option in text.options]
    if not isinstance(names, list) or len(names) > len(ids) + (_MOST_PLACES if text.type == "hotspot" else 0):
        raise NotOfferedError("the answer is no list of options")
    places = [name for name in names if text.type == "hotspot" and isinstance(name, str) and _PLACE.fullmatch(name)]
    chosen = [_option(drawn, name) for name in names if name not in places]
    if len(set(chosen)) != len(chosen) or (text.type == "order" and len(chosen) != len(ids)):
        raise NotOfferedError("the answer holds an option twice, or not all of them")
    # What was ticked first says nothing; one order makes equal answers equal.
    return chosen if text.type == "order" else [*sorted(chosen, key=ids.index), *dict.fromkeys(places)]


def _pairs(text: QuestionText, drawn: Drawn, sent: Any) -> dict[str, str] | None:
    if not isinstance(sent, dict) or not set(sent) <= set(drawn.to_item):
        raise NotOfferedError("the answer names an item that was not drawn")
    answers = {}
    for name, item in drawn.to_item.items():
        if answer := sent.get(name):
            answers[item] = _gap(drawn, item, answer) if text.type == "gap" else _option(drawn, answer)
    return {item: answer for item, answer in answers.items() if answer} or None


def _gap(drawn: Drawn, item: str, answer: Any) -> str:
    typed = _typed("gap", answer)
    if typed and item in drawn.choices and typed not in drawn.choices[item]:
        raise NotOfferedError("the answer is not among those of the list")
    return typed


def _typed(kind: str, sent: Any) -> str:
    if not isinstance(sent, str) or len(sent) > 2 * LONGEST_TEXT[kind]:
        raise NotOfferedError("the answer is no text, or too long")
    # A form ends lines with two characters, a script with one.
    typed = _NOT_IN_TEXT.sub("", sent.replace("\r\n", "\n")).strip()
    if len(typed) > LONGEST_TEXT[kind]:
        raise NotOfferedError("the answer is too long")
    return typed
