"""The HTML of sessions, worksheets, polls and boards, piece by piece: the manifest holds the same that pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RenderedField:
    """A field; ``label`` and items without paragraphs, items by their position."""

    label: str
    help: str
    options: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RenderedWorksheet:
    """A worksheet, its fields in order."""

    intro: str
    fields: tuple[RenderedField, ...]


@dataclass(frozen=True, slots=True)
class RenderedStep:
    """A step of a session; ``notes`` are for facilitators."""

    title: str
    text: str
    room: str
    remote: str
    materials: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RenderedSession:
    """A session, its steps in order."""

    intro: str
    materials: str
    notes: tuple[str, ...]
    steps: tuple[RenderedStep, ...]


@dataclass(frozen=True, slots=True)
class RenderedPoll:
    """A poll; options by their position."""

    text: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RenderedBoard:
    """A board; columns by their position."""

    text: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RenderedWorkshop:
    """The in-person half of a module, each kind by id."""

    sessions: Mapping[str, RenderedSession] = field(default_factory=dict)
    worksheets: Mapping[str, RenderedWorksheet] = field(default_factory=dict)
    polls: Mapping[str, RenderedPoll] = field(default_factory=dict)
    boards: Mapping[str, RenderedBoard] = field(default_factory=dict)
