"""Named lines: the options of a list, the columns and rows of a table."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from course_builder.model import Fence
from course_builder.model.workshop import Named
from course_builder.parser.on_page import OnPage
from course_builder.tokens import outermost, place_of, plain_text


def read_options(blocks: list[Sequence[Token]], fence: Fence, code: str, page: OnPage) -> tuple[Named, ...]:
    """Take the bullet list that ends a block, and return its items."""
    if not blocks or blocks[-1][0].type != "bullet_list_open":
        kind = f"a {fence.name} of type {fence.attributes.get('type', '')}"
        hint = "End the block with one line for each option: - Its text <!--#id-->."
        page.findings.error(fence.place, code, f"{kind} ends with a list of its options", hint)
        return ()
    return tuple(_option(item, code, page) for item in outermost(blocks.pop()[1:-1]))


def _option(item: Sequence[Token], code: str, page: OnPage) -> Named:
    place = place_of(page.findings.path, item[0])
    inline = next((token for token in item if token.type == "inline"), Token("inline", "", 0, children=[]))
    if "checked" in item[0].meta:
        hint = "Write - and its text, without a box."
        page.findings.error(place, code, "an option with a tick box; nothing is right or wrong here", hint)
    elif item[1:-1] and [token.type for token in item[1:-1]] != ["paragraph_open", "inline", "paragraph_close"]:
        page.findings.error(place, code, "an option is one line of text", "Put what explains it above the list.")
    return Named(str(item[0].attrs.get("id", "")), page.label(inline), place)


def read_table(
    blocks: list[Sequence[Token]], fence: Fence, page: OnPage
) -> tuple[tuple[Named, ...], tuple[Named, ...]]:
    """Take the table that ends a field, and return its columns and the rows that it names."""
    if not blocks or blocks[-1][0].type != "table_open":
        hint = "End the field with a header row, | One <!--#one--> | Two <!--#two--> |, and |---|---| below it."
        page.findings.error(fence.place, "field-body", "a field of type table ends with a table", hint)
        return (), ()
    rows = [_cells(row) for row in _rows(blocks.pop())]
    columns = tuple(_item(cell, fence, page) for cell in rows[0])
    for row in rows[1:]:
        for _, inline in row[1:]:
            if plain_text([inline]):
                place = place_of(page.findings.path, row[0][1])
                message = "people fill in this cell, so it has no text"
                page.findings.error(place, "field-body", message, "Leave all cells but the first of a row empty.")
    return columns, tuple(_item(row[0], fence, page) for row in rows[1:])


def _rows(table: Sequence[Token]) -> list[Sequence[Token]]:
    starts = [index for index, token in enumerate(table) if token.type == "tr_open"]
    ends = [index for index, token in enumerate(table) if token.type == "tr_close"]
    return [table[start + 1 : end] for start, end in zip(starts, ends, strict=True)]


def _cells(row: Sequence[Token]) -> list[tuple[Token, Token]]:
    return [(row[index - 1], token) for index, token in enumerate(row) if token.type == "inline"]


def _item(cell: tuple[Token, Token], fence: Fence, page: OnPage) -> Named:
    opening, inline = cell
    place = place_of(page.findings.path, inline) if inline.map else fence.place
    return Named(str(opening.attrs.get("id", "")), page.label(inline), place)
