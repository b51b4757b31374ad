"""What the renderer hands to the writer: sanitised HTML of a module in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RenderedBlock:
    """A named piece of a page: a heading or a block with an id, as plain text."""

    id: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page: its fragment, its facilitator notes, and what the search finds in it."""

    id: str
    html: str
    facilitator: tuple[str, ...]
    headings: tuple[str, ...]
    text: str
    blocks: tuple[RenderedBlock, ...]


@dataclass(frozen=True, slots=True)
class RenderedQuestion:
    """A question; options and their feedback by option id, feedback by ``right``, ``partly``, ``wrong``."""

    id: str
    stem: str
    options: Mapping[str, str]
    hints: tuple[str, ...]
    option_feedback: Mapping[str, str]
    feedback: Mapping[str, str]
    solution: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A module in one language."""

    language: str
    pages: tuple[RenderedPage, ...]
    questions: Mapping[str, RenderedQuestion] = field(default_factory=dict)
