"""Rules that remember where inline elements stand, since markdown-it keeps lines of blocks only.

An element's first token gets ``meta["line"]`` and ``meta["column"]``, both counted from 1.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import partial
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, autolink, html_inline, image, link
from markdown_it.token import Token
from mdit_py_plugins.dollarmath.index import math_inline_dollar
from mdit_py_plugins.footnote.index import footnote_ref

from course_builder.parser.rules.variables import Written

_ENOUGH = 80
"""So many characters tell one place of a line from the others."""
InlineRule = Callable[[StateInline, bool], bool]


def places_plugin(md: MarkdownIt) -> None:
    """Wrap the rules of the elements that the checks speak about."""
    rules: dict[str, InlineRule] = {
        "link": link,
        "image": image,
        "autolink": autolink,
        "html_inline": html_inline,
        "math_inline": math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True),
        "footnote_ref": partial(footnote_ref, always_match=True),
    }
    for name, rule in rules.items():
        md.inline.ruler.at(name, partial(_remember, rule))
    md.core.ruler.after("inline", "places", _places)


def _remember(rule: InlineRule, state: StateInline, silent: bool) -> bool:
    offset, count = state.pos, len(state.tokens)
    if not rule(state, silent):
        return False
    if not silent:
        first = next(token for token in state.tokens[count:] if token.type != "text")
        first.meta["offset"] = offset
    return True


def _places(state: StateCore) -> None:
    lines = state.src.split("\n")
    for token in state.tokens:
        if token.type == "inline" and any("offset" in child.meta for child in token.children or ()):
            _remember_places(token.children or (), 0, InlinePlaces(token, lines))


def _remember_places(children: Iterable[Token], start: int, places: InlinePlaces) -> None:
    """Note the places of elements whose offsets count from ``start``, and of those in the texts of images."""
    for child in children:
        if "offset" in child.meta:
            offset = start + child.meta.pop("offset")
            child.meta["line"], child.meta["column"] = places.of(offset)
            if child.type == "image":
                _remember_places(child.children or (), offset + len("!["), places)


class InlinePlaces:
    """Finds in the file what stands at an offset of an inline token's content."""

    def __init__(self, inline: Token, lines: list[str]) -> None:
        self._lines = lines
        self._first_line = inline.map[0] if inline.map else 0
        self._written: Written | None = inline.meta.get("written")
        self._texts = (self._written.content if self._written is not None else inline.content).split("\n")
        self._starts = list(accumulate((len(text) + 1 for text in self._texts[:-1]), initial=0))
        self._columns: dict[int, int] = {}
        """At which column of its line in the file a line of the content begins, where that was asked for."""

    def of(self, offset: int) -> tuple[int, int]:
        """Return line and column."""
        if self._written is not None:
            offset = self._written.offset(offset)
        number = bisect_right(self._starts, offset) - 1
        line, inside, text = self._first_line + number, offset - self._starts[number], self._texts[number]
        if line >= len(self._lines):
            return self._first_line + 1, 1
        if number not in self._columns:
            self._columns[number] = self._lines[line].find(text)
        column = self._columns[number]
        if column < 0:  # A table cell in which a pipe was escaped, or a tab that was expanded.
            return line + 1, max(self._lines[line].find(text[inside : inside + _ENOUGH].split("|", 1)[0]), 0) + 1
        return line + 1, column + inside + 1
