"""The JSON members of a package as typed values: ``module.json``, ``questions/``, ``private/keys.json``.

The writer fills these dataclasses and dumps them, the reader loads them back, so the format is written down once.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import PlainValidator, TypeAdapter, ValidationError

from course_builder.model import Partial
from course_builder.package.format import PackageError
from course_builder.package.workshop import BoardEntry, PollEntry, SessionEntry, SessionNotes, WorksheetEntry

_T = TypeVar("_T")

_EXACT = re.compile(r"[0-9]{1,9}(?:/[1-9][0-9]{0,8})?")


def _exact(value: Any) -> Fraction:
    if not isinstance(value, str) or not _EXACT.fullmatch(value):
        raise ValueError('must be an exact number such as "8" or "5/2"')
    return Fraction(value)


Exact = Annotated[Fraction, PlainValidator(_exact)]
"""A fraction that is never negative, written as a string: ``"8"``, ``"5/2"``."""

_SIGNED = re.compile(r"-?[0-9]{1,18}(?:/[1-9][0-9]{0,17})?")


def _signed(value: Any) -> Fraction:
    if not isinstance(value, str) or not _SIGNED.fullmatch(value):
        raise ValueError('must be an exact number such as "-8" or "5/2"')
    return Fraction(value)


Signed = Annotated[Fraction, PlainValidator(_signed)]
"""A fraction as a string: ``"-8"``, ``"5/2"``."""

Text = Mapping[str, str]
"""A text by language."""

Kind = (
    Literal["page", "question", "option", "item", "criterion", "quiz", "objective", "heading", "block", "term"]
    | Literal["session", "worksheet", "field", "column", "row", "poll", "board"]
)
"""What an id in ``ids.json`` names."""


@dataclass(frozen=True, slots=True)
class CourseEntry:
    """The course that a module belongs to."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class LanguageEntry:
    """How far a language of the module is; ``coverage`` from 0 to 1."""

    status: str
    coverage: float


@dataclass(frozen=True, slots=True)
class AuthorEntry:
    """Who wrote the module."""

    name: str
    orcid: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class CompetenceEntry:
    """A competence of a published framework."""

    framework: str
    version: str
    id: str
    level: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectiveEntry:
    """What a learner is able to do after the module."""

    id: str
    text: Text
    competences: tuple[CompetenceEntry, ...]


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page; what stands on it in reading order, ``objectives`` are those its questions name."""

    id: str
    title: Text
    menu_title: Text
    minutes: int | None
    questions: tuple[str, ...]
    quizzes: tuple[str, ...]
    objectives: tuple[str, ...]
    reflections: tuple[str, ...] = ()
    """Its private notes."""
    frames: tuple[str, ...] = ()
    """Hosts of its embeds; nothing comes from them until a learner asks."""
    streams: tuple[str, ...] = ()
    """Hosts of its media, likewise."""
    scenes: tuple[str, ...] = ()
    """The kinds of its scenes: ``model``, ``panorama``."""
    sessions: tuple[str, ...] = ()
    worksheets: tuple[str, ...] = ()
    polls: tuple[str, ...] = ()
    boards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PoolEntry:
    """Questions of a quiz of which each attempt draws some."""

    questions: tuple[str, ...]
    draw: int


@dataclass(frozen=True, slots=True)
class QuizEntry:
    """A quiz: graded questions taken in one attempt; ``points`` is the most they can earn.

    ``questions`` are all, those of ``pools`` too; ``draw.drawn_questions`` says which of them an attempt has.
    """

    id: str
    title: Text
    page: str
    minutes: int | None
    questions: tuple[str, ...]
    points: Exact
    pools: tuple[PoolEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class PassingEntry:
    """What finishing the module takes; ``score`` in per cent, worksheets and sessions by id."""

    score: int | None = None
    pages: int | Literal["all"] | None = None
    worksheets: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameworkEntry:
    """A published framework that competences name."""

    id: str
    version: str
    title: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ThemeEntry:
    """The accent on light and on dark pages, each as ``#rrggbb``."""

    accent: str
    accent_dark: str


@dataclass(frozen=True, slots=True)
class AssetEntry:
    """A file that pages show or offer."""

    path: str
    media_type: str
    licence: str | None = None
    author: str | None = None
    alt: Text | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """``module.json``."""

    format: int
    requires: tuple[str, ...]
    id: str
    version: str
    title: Text
    summary: Text
    course: CourseEntry
    languages: Mapping[str, LanguageEntry]
    licence: str
    authors: tuple[AuthorEntry, ...]
    objectives: tuple[ObjectiveEntry, ...]
    duration: str
    prerequisites: tuple[str, ...]
    pages: tuple[PageEntry, ...]
    quizzes: tuple[QuizEntry, ...]
    passing: PassingEntry
    assets: tuple[AssetEntry, ...]
    builder: str
    frameworks: tuple[FrameworkEntry, ...] = ()
    theme: ThemeEntry | None = None
    sessions: tuple[SessionEntry, ...] = ()
    worksheets: tuple[WorksheetEntry, ...] = ()
    polls: tuple[PollEntry, ...] = ()
    boards: tuple[BoardEntry, ...] = ()

    @property
    def source_language(self) -> str:
        """The language that the module was written in."""
        return next((code for code, entry in self.languages.items() if entry.status == "source"), "")

    def page(self, page_id: str) -> PageEntry | None:
        """Find a page."""
        return next((page for page in self.pages if page.id == page_id), None)

    def quiz(self, quiz_id: str) -> QuizEntry | None:
        """Find a quiz."""
        return next((quiz for quiz in self.quizzes if quiz.id == quiz_id), None)


@dataclass(frozen=True, slots=True)
class OptionText:
    """What can be chosen, or is answered by itself, as HTML."""

    id: str
    html: str


@dataclass(frozen=True, slots=True)
class HintText:
    """Help that can be opened; ``cost`` is a share of the question's points."""

    cost: Exact
    html: str


@dataclass(frozen=True, slots=True)
class CriterionText:
    """A row of a rubric."""

    id: str
    html: str
    points: Exact


@dataclass(frozen=True, slots=True)
class LimitsEntry:
    """What may be handed in; ``size`` in bytes a file."""

    words: int | None = None
    accept: tuple[str, ...] = ()
    files: int = 1
    size: int | None = None

    @property
    def most_bytes(self) -> int:
        """Bytes of one file, where the author says nothing too."""
        return self.size or 10_000_000


@dataclass(frozen=True, slots=True)
class QuestionText:
    """``questions/<language>/<id>.json``: all of a question that a learner may see before answering.

    ``tries`` of ``None`` is no limit. ``options`` and ``items`` are as :class:`course_builder.model.Question` has them;
    options whose order is the key, those to order and to match, are sorted by id. A gap is an item without HTML: its
    place in ``stem`` is ``<span data-gap="id"></span>``, and what its drop-down list offers stands, sorted, in
    ``choices``. ``image`` is a hotspot's picture.
    """

    id: str
    type: str
    page: str
    quiz: str | None
    points: Exact
    tries: int | None
    penalty: Exact
    partial: Partial
    shuffle: bool
    graded: bool
    objective: str | None
    stem: str
    options: tuple[OptionText, ...]
    hints: tuple[HintText, ...]
    items: tuple[OptionText, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit: str = ""
    image: str = ""
    rubric: tuple[CriterionText, ...] = ()
    limits: LimitsEntry | None = None
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a learner may read after answering, as HTML; ``options`` by option id, or by what a text answer matched."""

    options: Mapping[str, str] = field(default_factory=dict)
    right: str | None = None
    partly: str | None = None
    wrong: str | None = None


@dataclass(frozen=True, slots=True)
class PatternEntry:
    """An answer in words, or a regular expression."""

    text: str
    regex: bool = False


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """What a written answer is compared with."""

    accepted: tuple[PatternEntry, ...]
    foreseen: tuple[PatternEntry, ...] = ()
    exact: bool = False


@dataclass(frozen=True, slots=True)
class NumberEntry:
    """A right number with its tolerance, or a range."""

    answer: Signed | None = None
    tolerance: Signed = Fraction(0)
    minimum: Signed | None = None
    maximum: Signed | None = None


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """Where an option of a hotspot is, as :class:`course_builder.model.Area` has it."""

    shape: Literal["ellipse", "rect", "polygon"]
    numbers: tuple[Signed, ...]


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A question in ``private/keys.json``; ``feedback``, ``solution`` and ``written`` by language.

    ``pairs``, ``written``, ``number`` and ``areas`` are as :class:`course_builder.scoring.Key` has them.
    """

    type: str
    points: Exact
    tries: int | None
    penalty: Exact
    partial: Partial
    correct: tuple[str, ...]
    feedback: Mapping[str, Feedback]
    solution: Text = field(default_factory=dict)
    pairs: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, Mapping[str, WrittenEntry]] = field(default_factory=dict)
    number: NumberEntry | None = None
    areas: Mapping[str, AreaEntry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Keys:
    """``private/keys.json``; facilitator notes by language and page, those of sessions by language and session."""

    questions: Mapping[str, KeyEntry]
    facilitator: Mapping[str, Mapping[str, tuple[str, ...]]]
    sessions: Mapping[str, Mapping[str, SessionNotes]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IdEntry:
    """What ``ids.json`` says about an id: its kind, and digests of what scores it and of what it says."""

    kind: Kind
    text_digest: str
    state: Literal["active"]
    key_digest: str | None = None


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term in ``glossary/<language>.json``; ``html`` is its definition."""

    id: str
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A page in ``search/<language>.json``: what a search finds, as plain text."""

    page: str
    title: str
    headings: tuple[str, ...]
    text: str


def dump(value: Any) -> bytes:
    """Write a value of this module, or a container of such, as JSON: the same value gives the same bytes.

    A field that has a default is left out where it equals it.
    """
    return (json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def load(kind: type[_T], data: bytes, path: str) -> _T:
    """Read a JSON member; keys that this version does not know are ignored.

    Raises:
        PackageError: naming the member, the place in it and what is wrong there.
    """
    try:
        value: _T = _adapter(cast("Any", kind)).validate_json(data, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise PackageError(
            f"The member {path} is not as it should be{f' at {place!r}' if place else ''}: {first['msg']}."
        ) from error
    return value


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if dataclasses.is_dataclass(value):
        return {
            each.name: _plain(member)
            for each in dataclasses.fields(value)
            if (member := getattr(value, each.name)) != _default(each)
        }
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    return value


def _default(each: dataclasses.Field[Any]) -> Any:
    return each.default_factory() if each.default_factory is not dataclasses.MISSING else each.default
