"""The blocks of a page: each gets a name that a link can lead to, and gives its text to a search.

The names count through the page, so that a block has the same one in every language of the module. They begin with an
underscore, since ids of the content never do (``sanitize.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from course_builder.package.fragment import TAG

_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | {"p", "li", "pre", "tr", "caption", "figcaption", "dt", "dd", "summary", "blockquote"}
_CELLS = frozenset({"td", "th"})
_VOID = frozenset({"br", "hr", "img", "input", "track", "wbr"})
_ID = re.compile(r' id="([^"]*)"')
_NAME = re.compile(r' (?:id|data-block)="_b[0-9]+"')
# No page holds these two.
_LINE, _CELL = "\0", "\1"
_CELL_WORDS = " · "
_UNSEEN = re.compile(r' hidden=""| class="(?:[^"]* )?(?:only-print|footnote-back)(?: [^"]*)?"')


@dataclass(frozen=True, slots=True)
class Block:
    """A block with text of its own; ``heading`` is the one that it stands under, or its own."""

    id: str
    heading: str
    text: str
    """Without markup; lines of code stand on lines of their own, and dots between the cells of a row."""
    is_heading: bool


@dataclass(slots=True)
class _Open:
    """An element that is read."""

    tag: str
    is_unseen: bool
    id: str = ""
    pieces: list[str] = field(default_factory=list)


def number_blocks(html: str) -> str:
    """Give each block of a page a name such as ``_b1``: as its id, or beside the one it has (``data-block``).

    Headings have ids that are made of their words, so that they differ from language to language.
    """
    count = 0

    def name(tag: re.Match[str]) -> str:
        nonlocal count
        if tag["end"] or tag["name"] not in _BLOCKS:
            return tag[0]
        count += 1
        if _NAME.search(tag["attributes"]):
            return tag[0]
        attribute = "data-block" if _ID.search(tag["attributes"]) else "id"
        return f'<{tag["name"]} {attribute}="_b{count}"{tag["attributes"]}>'

    return TAG.sub(name, html)


def blocks_of(html: str) -> list[Block]:
    """List the blocks of a numbered page in their order; what only paper shows is left out."""
    heading, found = "", []
    for block in _read(html):
        text = _tidy("".join(block.pieces))
        if not text:
            continue
        is_heading = block.tag in _HEADINGS
        heading = text if is_heading else heading
        found.append(Block(block.id, heading, text, is_heading))
    return found


def _read(html: str) -> list[_Open]:
    """Collect the blocks that can be seen, each with the text that stands in no other block inside it."""
    around = [_Open("", is_unseen=False)]
    blocks: list[_Open] = []
    end = 0
    for tag in TAG.finditer(html):
        _take(around, html[end : tag.start()])
        end = tag.end()
        if tag["name"] in _CELLS or tag["name"] == "br":
            _take(around, _LINE if tag["name"] == "br" else _CELL)
        if tag["end"]:
            around.pop()
        elif tag["name"] not in _VOID:
            is_unseen = around[-1].is_unseen or tag["name"] == "button" or bool(_UNSEEN.search(tag["attributes"]))
            opened = _Open(tag["name"], is_unseen)
            around.append(opened)
            if tag["name"] in _BLOCKS and not is_unseen and (own := _ID.search(tag["attributes"])):
                opened.id = unescape(own[1])
                blocks.append(opened)
    return blocks


def _take(around: list[_Open], text: str) -> None:
    if not text or around[-1].is_unseen:
        return
    block = next((each for each in reversed(around) if each.id), None)
    if block is not None:
        breaks = _LINE if block.tag == "pre" else " "
        block.pieces.append(unescape(text).replace("\n", breaks))


def _tidy(text: str) -> str:
    lines = (_CELL_WORDS.join(_pieces(line, _CELL)) for line in _pieces(text, _LINE))
    return "\n".join(filter(None, lines))


def _pieces(text: str, mark: str) -> Iterator[str]:
    """Split a text at a mark, without the pieces that are empty; spaces between words become one."""
    return filter(None, (" ".join(piece.split()) for piece in text.split(mark)))
