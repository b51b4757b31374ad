"""Tables that hold an answer, as rows of cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from course_builder.model import Place
from course_builder.tokens import end_of, place_of, plain_text


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its inline token, the id that a comment gave it, and where its row stands."""

    tokens: list[Token]
    id: str
    place: Place

    @property
    def text(self) -> str:
        """The words in it."""
        return plain_text(self.tokens)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see in it."""
        children = self.tokens[0].children or [] if self.tokens else []
        return not self.text and not any(child.type == "image" for child in children)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's header and the rows below it; each row has as many cells as the header."""

    header: list[Cell]
    rows: list[list[Cell]]


def read_grid(table: list[Token], path: str) -> Grid:
    """Read a table's tokens."""
    rows = list(_rows(table, path))
    return Grid(rows[0] if rows else [], rows[1:])


def _rows(table: list[Token], path: str) -> Iterator[list[Cell]]:
    for index, token in enumerate(table):
        if token.type == "tr_open":
            place = place_of(path, token)
            row = table[index : end_of(table, index) + 1]
            yield [
                Cell(row[at + 1 : end_of(row, at)], str(each.attrs.get("id", "")), _place(each, place))
                for at, each in enumerate(row)
                if each.type in {"th_open", "td_open"}
            ]


def _place(opening: Token, row: Place) -> Place:
    if "line" in opening.meta:
        return Place(row.path, opening.meta["line"], opening.meta["column"])
    return row


def is_marked(cell: Cell) -> bool | None:
    """Say whether a cell is marked with an x, or ``None`` if something else stands in it."""
    text = cell.text.strip().lower()
    return text in {"x", "×", "✓"} if text in {"", "x", "×", "✓"} else None
