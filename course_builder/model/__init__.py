"""What the builder's steps hand to each other: frozen values, no behaviour beyond small look-ups.

Text stays as markdown-it tokens until ``render.py`` turns it into HTML. In a token stream our own
constructions appear as

``block_open`` / ``block_close``
    a fenced block that holds text (``quiz``, ``details``, ``facilitator``); ``token.meta["block"]`` is its
    :class:`Fence`;
``question``
    the place of a question; ``token.meta["id"]`` names it. The question's own text is in :class:`Question`;
``session``, ``worksheet``, ``poll``, ``board``
    the place of such a block, likewise; what it holds is in the page's :class:`Workshop`, and polls and boards have
    their places in the steps of sessions too;
``caption_open`` / ``caption_close``
    a table's caption, directly after ``table_open``;
``figcaption_open`` / ``figcaption_close``
    the caption of an image that stands alone in its paragraph, after the paragraph's ``inline``;
``transcript_open`` / ``transcript_close``
    the words of a :class:`Media`, at its end; ``token.meta["path"]`` of the tokens inside names the file that they
    come from;
``row_header_open`` / ``row_header_close``
    a cell that names its row, in the table of a :class:`Scene`;
``alert_open`` … ``alert_close``
    as markdown-it gives them; ``token.meta["kind"]`` is ``NOTE``, ``TIP``, ``IMPORTANT``, ``WARNING`` or ``CAUTION``;
``footnote_ref``, ``footnote_block_open`` …
    as mdit-py-plugins gives them, but numbered from 0 in each run of tokens: the page, a stem, an option, a hint …
    each carries the footnotes that it cites at its own end.

Headings carry their anchor as ``id``. Comments are gone. Addresses are resolved: the ``href`` of a link is
``page:<page id>`` or ``page:<page id>#<anchor>`` for a page of the module, ``#<anchor>`` on the same page,
``asset:<path>`` for a file, else an absolute URL; the ``src`` of an image is ``asset:<path>``, where ``<path>`` is an
:attr:`Asset.path` of the module.

Tokens are treated as values: a step that needs other ones makes copies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from course_builder.found import Place as Place
from course_builder.found import Problem as Problem
from course_builder.found import Severity as Severity
from course_builder.found import Silence as Silence
from course_builder.model.text import Tokens as Tokens
from course_builder.model.workshop import Worksheet, Workshop
from course_builder.question_types import QUESTION_TYPES as QUESTION_TYPES

Partial = Literal["off", "each", "net"]


@dataclass(frozen=True, slots=True)
class Fence:
    """The opening line of a fenced block: ``::: name {#id .class key=value}``."""

    name: str
    id: str | None
    classes: tuple[str, ...]
    attributes: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class Pattern:
    """An answer in words, or a regular expression (RFC 9485) that the whole answer has to match."""

    text: str
    is_regex: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What a written answer is compared with; ``foreseen`` are errors that have a feedback of their own."""

    accepted: tuple[Pattern, ...]
    foreseen: tuple[Pattern, ...] = ()
    is_exact: bool = False
    """Capitals, spaces and accents count."""


@dataclass(frozen=True, slots=True)
class NumberAnswer:
    """The right number, within a tolerance, or a range with both its ends; one of the two is given."""

    answer: Fraction | None = None
    tolerance: Fraction = Fraction(0)
    minimum: Fraction | None = None
    maximum: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a picture, in per cent of its width and height, from its top left corner.

    ``numbers`` of an ``ellipse`` are its centre and its two radii, of a ``rect`` left, top, width and height, of a
    ``polygon`` the x and y of each corner.
    """

    shape: Literal["ellipse", "rect", "polygon"]
    numbers: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """What can be chosen: a choice, an item to order, a right-hand side to match, a column, an area."""

    id: str
    text: Tokens
    feedback: Tokens
    is_correct: bool
    place: Place
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What is answered by itself: a left-hand side to match, a row of a table, a gap.

    ``pair`` is the right option's id; ``written`` is for a gap, and with ``choices`` it is a drop-down list of them.
    """

    id: str
    text: Tokens
    place: Place
    pair: str | None = None
    written: Written | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of a rubric, by which a person gives points."""

    id: str
    text: Tokens
    points: Fraction
    place: Place


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be handed in: ``words`` of an essay at most, or ``files`` of ``size`` bytes and of types ``accept``."""

    words: int | None = None
    accept: tuple[str, ...] = ()
    files: int = 1
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """Help that a learner may open; ``cost`` is a share of the question's points."""

    text: Tokens
    cost: Fraction
    place: Place


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its key. ``options`` of an ``order`` question stand in the right order."""

    id: str
    type: str
    page: str
    quiz: str | None
    stem: Tokens
    options: tuple[Option, ...]
    points: Fraction
    tries: int | None
    """Answers allowed within an attempt; ``None`` is no limit."""
    penalty: Fraction
    partial: Partial
    is_shuffled: bool
    is_graded: bool
    objective: str | None
    hints: tuple[Hint, ...]
    feedback: Mapping[str, Tokens]
    """By ``right``, ``partly``, ``wrong``."""
    solution: Tokens
    place: Place
    source: str | None = None
    verify: str | None = None
    items: tuple[Item, ...] = ()
    written: Written | None = None
    """Of a ``text`` question."""
    number: NumberAnswer | None = None
    unit: str = ""
    image: Tokens = ()
    """Of a ``hotspot``."""
    rubric: tuple[Criterion, ...] = ()
    limits: Limits | None = None
    """Of an ``essay`` or an ``upload``."""
    is_anonymous: bool = False
    """Of a ``survey``: answers are shown of groups only."""
    answer_feedback: Mapping[str, Tokens] = field(default_factory=dict)
    """By ``accepted-1``, ``foreseen-1`` …, the place in :attr:`written`; of a gap, by ``gap.foreseen-1``."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Questions of which each attempt draws some; all are worth the same."""

    questions: tuple[str, ...]
    draw: int
    place: Place


@dataclass(frozen=True, slots=True)
class Quiz:
    """Graded questions that are taken in one attempt and submitted together; those of pools are among them."""

    id: str
    title: str
    page: str
    minutes: int | None
    questions: tuple[str, ...]
    place: Place
    pools: tuple[Pool, ...] = ()


@dataclass(frozen=True, slots=True)
class Media:
    """A video or a sound with what stands in for it; kept in ``token.meta["media"]`` of its ``block_open``.

    Addresses are ``asset:<path>``; ``source`` may also be an absolute URL. The words of the transcript are in the
    token stream, between ``transcript_open`` and ``transcript_close``.
    """

    kind: Literal["video", "audio"]
    source: str
    captions: tuple[str, ...]
    transcript: str | None
    description: str | None
    """Spoken or written for the video: a WebVTT file, a sound or another video."""
    poster: str | None
    title: str
    needs: frozenset[str]
    """Of ``captions``, ``transcript``, ``description``: what the author neither gave nor declared needless."""
    place: Place


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A place in a scene; ``yaw`` and ``pitch`` in degrees, to the right and up."""

    name: str
    yaw: float
    pitch: float
    place: Place


@dataclass(frozen=True, slots=True)
class Scene:
    """A 360° panorama or a 3D model; kept in ``token.meta["scene"]`` of its ``block_open``.

    The rows of its table carry their :class:`Hotspot` in ``token.meta["hotspot"]`` of their ``tr_open``.
    """

    kind: Literal["panorama", "model"]
    source: str
    poster: str | None
    title: str
    is_ar: bool
    """Whether it may be placed in the reader's own room."""
    hotspots: tuple[Hotspot, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Embed:
    """A page of another host, shown on request; kept in ``token.meta["embed"]`` of its ``block_open``."""

    source: str
    title: str
    place: Place


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown file of a module."""

    id: str
    title: str
    """Its first-level heading, as plain text."""
    menu_title: str
    minutes: int | None
    path: str
    tokens: Tokens
    """Without the first-level heading, whose text is ``title``."""
    questions: tuple[Question, ...]
    quizzes: tuple[Quiz, ...]
    pools: tuple[Pool, ...] = ()
    """Outside any quiz."""
    workshop: Workshop = Workshop()


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that a page shows or offers. ``path`` is relative to the course folder."""

    path: str
    data: bytes = field(repr=False)
    media_type: str
    alt: str = ""
    licence: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Competence:
    """A competence of a published framework that an objective trains."""

    framework: str
    version: str
    id: str
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Objective:
    """What a learner is able to do after the module."""

    id: str
    text: str
    competences: tuple[Competence, ...]
    place: Place = Place("module.yaml")


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it."""

    name: str
    orcid: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Passing:
    """What finishing the module takes; ``score`` in per cent, ``pages`` a count or ``all``, the others ids."""

    score: int | None = None
    pages: int | Literal["all"] | None = None
    worksheets: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    place: Place = Place("module.yaml")


@dataclass(frozen=True, slots=True)
class Framework:
    """A published framework of competences, in the edition that the course means."""

    id: str
    version: str
    title: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """The course's accent as ``#rrggbb``, on light pages and on dark ones."""

    accent: str
    accent_dark: str
    place: Place = Place("course.yaml")


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the glossary with its definition: words, lists, links to the web and to other terms."""

    id: str
    title: str
    tokens: Tokens
    place: Place


@dataclass(frozen=True, slots=True)
class Module:
    """A module: the unit that is versioned, packaged and placed in an LMS."""

    id: str
    version: str
    title: str
    summary: str
    duration: str
    """ISO 8601."""
    language: str
    objectives: tuple[Objective, ...]
    prerequisites: tuple[str, ...]
    passing: Passing
    pages: tuple[Page, ...]
    assets: tuple[Asset, ...]
    path: str
    """Its folder, relative to the course folder."""
    terms: tuple[Term, ...] = ()
    """What it uses of the course's glossary, sorted by id."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in reading order."""
        return tuple(question for page in self.pages for question in page.questions)

    @property
    def quizzes(self) -> tuple[Quiz, ...]:
        """All quizzes, in reading order."""
        return tuple(quiz for page in self.pages for quiz in page.quizzes)

    @property
    def workshop(self) -> Workshop:
        """All sessions, worksheets, polls and boards, in reading order."""
        parts = [page.workshop for page in self.pages]
        return Workshop(
            sessions=tuple(session for part in parts for session in part.sessions),
            worksheets=tuple(worksheet for part in parts for worksheet in part.worksheets),
            polls=tuple(poll for part in parts for poll in part.polls),
            boards=tuple(board for part in parts for board in part.boards),
        )


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A module that is not built now, as far as something in another one points at it."""

    id: str
    title: str
    prerequisites: tuple[str, ...]
    places: Mapping[str, str] = field(default_factory=dict)
    """The address of all that has an id on its pages: ``page:<page>#<id>``."""
    worksheets: tuple[Worksheet, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """A course: modules that share authors, a licence and a language."""

    id: str
    title: str
    description: str
    languages: tuple[str, ...]
    """The first one is the source language."""
    licence: str
    authors: tuple[Author, ...]
    modules: tuple[Module, ...]
    frameworks: tuple[Framework, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    """What ``{{name}}`` stands for, as Markdown on one line."""
    hosts: tuple[str, ...] = ()
    """Where larger media and embedded pages may come from."""
    theme: Theme | None = None
    neighbours: tuple[Neighbour, ...] = ()
