"""What a page says, passage by passage, as the checks of language read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from course_builder.model import Page, Place, Tokens
from course_builder.tokens import runs

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Passage:
    """The text of one paragraph, item, cell or heading, its line ends kept.

    Code is ``code``, each word of a phrase with a language of its own is ``x``, and so is what ``<abbr>`` explains.
    """

    text: str
    path: str
    line: int
    emphasised: tuple[tuple[int, int], ...] = ()
    """Where text in italics begins and ends."""
    explained: tuple[str, ...] = ()
    """Abbreviations that ``<abbr title>`` explains."""

    def place(self, offset: int) -> Place:
        """Return the line on which a part of the text stands."""
        return Place(self.path, self.line + self.text.count("\n", 0, offset))


def passages(page: Page) -> Iterator[Passage]:
    """Yield what a page and its questions say, without code blocks, raw HTML blocks and footnotes."""
    for run in runs(page):
        yield from _passages(run, page.path)


def _passages(run: Tokens, path: str) -> Iterator[Passage]:
    in_footnotes = False
    for token in run:
        if token.type in {"footnote_block_open", "footnote_block_close"}:
            in_footnotes = token.nesting > 0
        elif token.type == "inline" and token.map and not in_footnotes:
            children = token.children or []
            is_plain = len(children) == 1 and children[0].type == "text"
            line = token.map[0] + 1
            yield Passage(children[0].content, path, line) if is_plain else _passage(children, path, line)


def _passage(children: Sequence[Token], path: str, line: int) -> Passage:
    parts: list[str] = []
    length = 0
    foreign: list[bool] = []
    in_abbreviation = False
    starts: list[int] = []
    emphasised: list[tuple[int, int]] = []
    explained: list[str] = []
    for child in children:
        said = ""
        if child.type in {"span_open", "link_open"}:
            foreign.append("lang" in child.meta.get("attributes", {}))
        elif child.type in {"span_close", "link_close"} and foreign:
            foreign.pop()
        elif child.type == "em_open":
            starts.append(length)
        elif child.type == "em_close" and starts:
            emphasised.append((starts.pop(), length))
        elif child.type == "html_inline":
            in_abbreviation = child.content.startswith("<abbr") and "title" in child.content
        elif child.type in {"softbreak", "hardbreak"}:
            said = "\n"
        elif child.type == "text" and in_abbreviation:
            explained.append(child.content.strip())
            said = _WORD.sub("x", child.content)
        elif child.type == "text":
            said = _WORD.sub("x", child.content) if any(foreign) else child.content
        elif child.type == "code_inline" or child.type.startswith("math"):
            said = "code"
        parts.append(said)
        length += len(said)
    return Passage("".join(parts), path, line, tuple(emphasised), tuple(explained))
