"""What the renderer hands to the writer: sanitised HTML of a module in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from course_builder.package.rendered_workshop import RenderedWorkshop


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
    """A question: options, items and criteria by id, feedback by ``right``, ``partly``, ``wrong``.

    ``option_feedback`` is by option id, or by ``accepted-1``, ``foreseen-1`` … of a ``text`` question,
    or by ``gap.foreseen-1`` of a gap.
    """

    id: str
    stem: str
    options: Mapping[str, str]
    hints: tuple[str, ...]
    option_feedback: Mapping[str, str]
    feedback: Mapping[str, str]
    solution: str
    items: Mapping[str, str] = field(default_factory=dict)
    image: str = ""
    rubric: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RenderedTerm:
    """A term of the glossary; ``html`` is its definition."""

    id: str
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A module in one language."""

    language: str
    pages: tuple[RenderedPage, ...]
    questions: Mapping[str, RenderedQuestion] = field(default_factory=dict)
    workshop: RenderedWorkshop = field(default_factory=RenderedWorkshop)
    glossary: tuple[RenderedTerm, ...] = ()
