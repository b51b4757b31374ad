"""The in-person half of a module: sessions, worksheets, polls and boards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from course_builder.model.text import Place, Tokens

FIELD_TYPES = ("text", "long", "number", "date", "choice", "choices", "scale", "table", "people", "link", "file")
POLL_TYPES = ("single", "multiple", "scale", "words")
WHO = ("everyone", "individuals", "pairs", "teams", "room", "remote", "facilitators", "sponsor", "guests")
"""Who may be at work in a step of a session."""

Mode = Literal["room", "remote", "hybrid"]


@dataclass(frozen=True, slots=True)
class Named:
    """A named line: an option of a field or poll, a column or a row of a table, a column of a board."""

    id: str
    text: Tokens
    place: Place


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole numbers from ``low`` to ``high``; ``labels`` name both ends, or each number, or nothing."""

    low: int
    high: int
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefill:
    """The field of a worksheet from which another field is filled in."""

    module: str
    worksheet: str
    field: str

    def __str__(self) -> str:
        return f"{self.module}/{self.worksheet}.{self.field}"


@dataclass(frozen=True, slots=True)
class Field:
    """What a worksheet asks for in one place. What its type has no use for is empty."""

    id: str
    type: str
    label: Tokens
    """One ``inline`` token."""
    help: Tokens
    is_required: bool
    prefill: Prefill | None
    options: tuple[Named, ...]
    columns: tuple[Named, ...]
    rows: tuple[Named, ...]
    """Rows that are given; they are named by the first column."""
    scale: Scale | None
    unit: str | None
    space: int | None
    """Lines, or empty rows, that the printed form leaves."""
    place: Place


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A template that a person or a team fills in."""

    id: str
    title: str
    is_titled: bool
    """Whether the block has a title of its own; else it is the page's."""
    page: str
    intro: Tokens
    fields: tuple[Field, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a session; ``room`` and ``remote`` say what differs there, ``notes`` are for facilitators."""

    title: Tokens
    """One ``inline`` token."""
    minutes: int
    """0 where the author's number could not be read."""
    who: tuple[str, ...]
    text: Tokens
    room: Tokens
    remote: Tokens
    materials: Tokens
    notes: tuple[Tokens, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Session:
    """The agenda of a workshop."""

    id: str
    title: str
    is_titled: bool
    page: str
    minutes: int
    mode: Mode
    intro: Tokens
    materials: Tokens
    notes: tuple[Tokens, ...]
    steps: tuple[Step, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Poll:
    """A question that is asked live in a session."""

    id: str
    type: str
    page: str
    text: Tokens
    options: tuple[Named, ...]
    scale: Scale | None
    place: Place


@dataclass(frozen=True, slots=True)
class Board:
    """Notes in columns, which people add, sort and vote on; ``votes`` are each person's."""

    id: str
    page: str
    text: Tokens
    columns: tuple[Named, ...]
    votes: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class Workshop:
    """The in-person half of a page or module, each kind in reading order."""

    sessions: tuple[Session, ...] = ()
    worksheets: tuple[Worksheet, ...] = ()
    polls: tuple[Poll, ...] = ()
    boards: tuple[Board, ...] = ()
