"""Sessions, worksheets, polls and boards in ``module.json``: all that a tool needs to run them.

Texts are HTML, by language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NamedEntry:
    """An option, a column or a row; its text is HTML of one line."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class ScaleEntry:
    """Whole numbers from ``low`` to ``high``; labels, by language, name both ends, or each number, or nothing."""

    low: int
    high: int
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """A field; ``label`` is HTML of one line, ``prefill`` the address ``module/worksheet.field`` of another one.

    Rows of a table name themselves in its first column, which nobody fills in. ``space`` is for paper.
    """

    id: str
    type: str
    label: Text
    help: Text = field(default_factory=dict)
    required: bool = False
    prefill: str | None = None
    options: tuple[NamedEntry, ...] = ()
    columns: tuple[NamedEntry, ...] = ()
    rows: tuple[NamedEntry, ...] = ()
    scale: ScaleEntry | None = None
    unit: Text = field(default_factory=dict)
    space: int | None = None


@dataclass(frozen=True, slots=True)
class WorksheetEntry:
    """A worksheet."""

    id: str
    title: Text
    page: str
    fields: tuple[FieldEntry, ...]
    intro: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepEntry:
    """A step of a session; ``polls`` and ``boards`` are the ids of those that stand in its text."""

    minutes: int
    who: tuple[str, ...]
    title: Text
    text: Text = field(default_factory=dict)
    room: Text = field(default_factory=dict)
    remote: Text = field(default_factory=dict)
    materials: Text = field(default_factory=dict)
    polls: tuple[str, ...] = ()
    boards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """A session; the minutes of its steps are its own. Its notes for facilitators are in ``private/keys.json``."""

    id: str
    title: Text
    page: str
    minutes: int
    mode: str
    steps: tuple[StepEntry, ...]
    intro: Text = field(default_factory=dict)
    materials: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PollEntry:
    """A poll; ``text`` is its question."""

    id: str
    type: str
    page: str
    text: Text
    options: tuple[NamedEntry, ...] = ()
    scale: ScaleEntry | None = None


@dataclass(frozen=True, slots=True)
class BoardEntry:
    """A board; ``votes`` are each person's, none where nobody votes."""

    id: str
    page: str
    text: Text
    columns: tuple[NamedEntry, ...]
    votes: int | None = None


@dataclass(frozen=True, slots=True)
class SessionNotes:
    """What facilitators read beside a session and beside each of its steps, as HTML."""

    session: tuple[str, ...]
    steps: tuple[tuple[str, ...], ...]
