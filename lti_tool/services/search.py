"""Finding words in the text of a module: an index for each release and language, made once and then only read.

It is made of the pages as everybody may read them. Questions, keys, feedback and notes for trainers stand in other
members of a package, so nothing of them can be found.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from course_builder.package import Block
from lti_tool.services.shelf import OpenRelease

LONGEST_QUERY = 200
"""Characters that are read of what was asked for."""
MOST_TERMS = 8
MOST_FOUND = 50
"""Places that are shown; more of them are only counted."""
_SHORTEST_INSIDE = 4
"""Letters: what is shorter is found at the beginning of words only."""
_SHORTEST_STEM = 3
_LONGEST_ENDING = 3
"""Letters that are taken off words, one by one, where nothing holds them: talossa, talo; kunta, kunnan."""
_LONGEST_SENTENCE = 280
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"\n|(?<=[.!?…])\s+")
# Letters that Unicode takes for letters of their own, and a keyboard without them writes otherwise.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a sentence; ``is_match`` where it is a word that was looked for."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A block that holds what was looked for; ``block`` is empty where it is the title of the page."""

    page: str
    block: str
    heading: str
    sentence: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: the best places, and how many there are."""

    hits: tuple[Hit, ...] = ()
    count: int = 0
    is_near: bool = False
    """Whether nothing held the words as written, and these hold others that begin alike."""


@dataclass(frozen=True, slots=True)
class _Place:
    page: str
    block: Block
    rank: float
    """What it is worth that words stand just here: a title, a heading, text."""


@dataclass(frozen=True, slots=True)
class Index:
    """The words of a release in one language, and where they stand."""

    places: tuple[_Place, ...]
    own: Mapping[str, frozenset[int]]
    """Word → the places whose text has it."""
    around: Mapping[str, frozenset[int]]
    """Word → the places under a heading or on a page whose title has it."""
    words: tuple[str, ...]
    """All of them, sorted."""


@dataclass(slots=True)
class _Making:
    places: list[_Place] = field(default_factory=list)
    own: dict[str, set[int]] = field(default_factory=dict)
    around: dict[str, set[int]] = field(default_factory=dict)

    def add(self, place: _Place, around: Iterable[str]) -> None:
        number = len(self.places)
        self.places.append(place)
        for word in _words(place.block.text):
            self.own.setdefault(word, set()).add(number)
        for text in around:
            for word in _words(text):
                self.around.setdefault(word, set()).add(number)


def index_of(release: OpenRelease, language: str) -> Index:
    """Give the index of a release in a language; it is kept as long as the release is open."""
    return release.once(("search", language), lambda: _make(release, language))


def fold(text: str) -> str:
    """Write a text without what a search does not tell apart: capitals and accents."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return plain.casefold().translate(_LETTERS)


def terms_of(query: str) -> tuple[str, ...]:
    """Give the words that a query asks for, each once."""
    return tuple(dict.fromkeys(_words(query[:LONGEST_QUERY])))[:MOST_TERMS]


def find(index: Index, terms: tuple[str, ...], pages: Iterable[str]) -> Found:
    """Find the places that hold all the words, or have the others in their heading or their page's title.

    Words are found in each of their forms that begins alike, and inside longer words from four letters on. Where
    nothing holds them, their endings are left out.

    Args:
        index: of the release.
        terms: see :func:`terms_of`; none find nothing.
        pages: those that the person may open.
    """
    allowed = frozenset(pages)
    for cut in range(_LONGEST_ENDING + 1):
        tried = tuple(dict.fromkeys(term[: max(_SHORTEST_STEM, len(term) - cut)] for term in terms)) if cut else terms
        if found := _find(index, tried, allowed):
            hits = tuple(_hit(index, number, tried) for number in found[:MOST_FOUND])
            return Found(hits, len(found), is_near=cut > 0)
    return Found()


def _make(release: OpenRelease, language: str) -> Index:
    making = _Making()
    for page in release.manifest.pages:
        title = page.title.get(language) or next(iter(page.title.values()), "")
        making.add(_Place(page.id, Block("", "", title, is_heading=True), 4), ())
        for block in release.blocks(language, page.id):
            plain = replace(block, text=_plain(block.text))
            making.add(_Place(page.id, plain, 2 if block.is_heading else 0), (title, block.heading))
    own = {word: frozenset(numbers) for word, numbers in making.own.items()}
    around = {word: frozenset(numbers) for word, numbers in making.around.items()}
    return Index(tuple(making.places), own, around, tuple(sorted(own.keys() | around.keys())))


def _find(index: Index, terms: tuple[str, ...], pages: frozenset[str]) -> list[int]:
    """Give the numbers of the places, the best ones first."""
    points: dict[int, float] = {}
    is_own: set[int] = set()
    for position, term in enumerate(terms):
        worth: dict[int, float] = {}
        for word, weight in _forms(index, term):
            own = index.own.get(word, frozenset())
            is_own |= own
            for number in own:
                worth[number] = max(worth.get(number, 0), weight)
            for number in index.around.get(word, frozenset()):
                worth[number] = max(worth.get(number, 0), weight / 10)
        kept = worth.keys() if position == 0 else worth.keys() & points.keys()
        points = {number: points.get(number, 0) + worth[number] for number in kept}
    shown = [number for number in points.keys() & is_own if index.places[number].page in pages]
    return sorted(shown, key=lambda number: (-points[number] - index.places[number].rank, number))


def _forms(index: Index, term: str) -> Iterator[tuple[str, float]]:
    """Give the words of a module that a term stands for, each with what it is worth."""
    at = bisect_left(index.words, term)
    while at < len(index.words) and index.words[at].startswith(term):
        word = index.words[at]
        if word == term:
            yield word, 3
        elif len(term) > 1:
            yield word, 2
        at += 1
    if len(term) >= _SHORTEST_INSIDE:
        yield from ((word, 1) for word in index.words if term in word and not word.startswith(term))


def _is_form(word: str, term: str) -> bool:
    if len(term) == 1:
        return word == term
    return word.startswith(term) or (len(term) >= _SHORTEST_INSIDE and term in word)


def _hit(index: Index, number: int, terms: tuple[str, ...]) -> Hit:
    place = index.places[number]
    heading = "" if place.block.is_heading else place.block.heading
    return Hit(place.page, place.block.id, heading, _sentence(place.block.text, terms))


def _sentence(text: str, terms: tuple[str, ...]) -> tuple[Words, ...]:
    """Choose the sentence that holds most of the words, and mark them in it."""
    sentences = [each for each in _SENTENCE.split(text) if each]
    best = max(sentences, key=lambda each: _count(each, terms))
    return tuple(_mark(_shorten(best, terms), terms))


def _count(sentence: str, terms: tuple[str, ...]) -> int:
    words = _words(sentence)
    return sum(any(_is_form(word, term) for word in words) for term in terms)


def _shorten(sentence: str, terms: tuple[str, ...]) -> str:
    """Cut a sentence that is too long to what stands around the first of the words."""
    if len(sentence) <= _LONGEST_SENTENCE:
        return sentence
    found = (each.start() for each in _WORD.finditer(sentence) if any(_is_form(fold(each[0]), term) for term in terms))
    start = max(0, next(found, 0) - _LONGEST_SENTENCE // 3)
    start = start and sentence.find(" ", start) + 1
    end = start + _LONGEST_SENTENCE
    cut = sentence[start:end] if end >= len(sentence) else sentence[start:end].rpartition(" ")[0] or sentence[start:end]
    return f"{'… ' if start else ''}{cut}{' …' if end < len(sentence) else ''}"


def _mark(sentence: str, terms: tuple[str, ...]) -> Iterator[Words]:
    end = 0
    for word in _WORD.finditer(sentence):
        if any(_is_form(fold(word[0]), term) for term in terms):
            if word.start() > end:
                yield Words(sentence[end : word.start()], is_match=False)
            yield Words(word[0], is_match=True)
            end = word.end()
    if end < len(sentence):
        yield Words(sentence[end:], is_match=False)


def _words(text: str) -> list[str]:
    return [fold(word) for word in _WORD.findall(_plain(text))]


def _plain(text: str) -> str:
    """Write a text so that no accent or soft hyphen takes a word apart."""
    return unicodedata.normalize("NFC", text).replace("\u00ad", "")
