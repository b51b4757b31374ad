"""An answer in the words of its question: for the look-over, and where two windows disagree."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

from course_builder.package import QuestionText
from course_builder.player import words
from course_builder.player.language import Language
from course_builder.player.parts import as_list, as_markup
from course_builder.scoring import Response

_GAP = re.compile(r'<span data-gap="[^"]*"></span>')
_TYPED = frozenset({"number", "text", "essay"})


def answer_in_words(text: QuestionText, response: Response, language: Language) -> list[Markup]:
    """Give the parts of an answer, each as the text it stands for; empty for no answer."""
    if not response:
        return []
    if isinstance(response, Mapping):
        return _pairs(text, response, language)
    if text.type in _TYPED and isinstance(response, str):
        return [escape(f"{response} {text.unit}".strip())]
    html = {option.id: option.html for option in text.options}
    chosen = as_list(response)
    if text.type == "upload":
        return [escape(name) for name in chosen]
    places = [escape(words.place(language, number, each)) for number, each in enumerate(_places(chosen), 1)]
    return [as_markup(html[option]) for option in chosen if option in html] + places


def stem_to_read(text: QuestionText) -> Markup:
    """Give a stem for where it is only read: gaps become dots."""
    return as_markup(_GAP.sub("…", text.stem))


def _pairs(text: QuestionText, response: Mapping[str, str], language: Language) -> list[Markup]:
    html = {option.id: as_markup(option.html) for option in text.options}
    said = []
    for number, item in enumerate(text.items, 1):
        if answer := response.get(item.id):
            name = as_markup(item.html) if item.html else escape(words.gap(language, number, len(text.items)))
            said.append(Markup("{}: {}").format(name, html.get(answer, answer)))
    return said


def _places(chosen: list[str]) -> list[str]:
    return [each for each in chosen if "," in each]
