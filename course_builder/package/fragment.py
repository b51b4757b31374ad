"""A page's HTML as a package holds it, and how a page around it takes it apart.

Fragments are in the plain form that ``sanitize`` writes, which was verified when the package was read. So a tag can
be told from text without building a tree, and text is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import ClassVar

from course_builder.package.format import PackageError

ASSETS = "../../assets/"
"""How a fragment or a question refers to the assets of its package."""

RELEASE = '<span class="release"></span>'
"""Where printed sheets name their module and its version: filled in when a page is read, so that a new version alone
changes no page."""

TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)(?P<attributes>[^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*)>")
_ASSET_URL = re.compile(rf'(?<= )(href|src|poster|data-src)="{re.escape(ASSETS)}')
_URL = re.compile(r' (href|src|poster|data-src)="([^"]*)"')
_PLACE = re.compile(r' data-(question|quiz)="([^"]*)"')
_WORKSHOP = re.compile(r' data-(session|worksheet|field|poll|board)="([^"]*)"')
_REFLECTION = re.compile(r' data-reflection="([^"]*)"')
_END = "</div>"
_GAP = re.compile(r' data-gap="([^"]*)"')
_GAP_END = "</span>"


@dataclass(frozen=True, slots=True)
class Html:
    """Markup to put out as it is; templates that know ``__html__`` do not escape it."""

    html: str
    kind: ClassVar[str] = "html"

    def __html__(self) -> str:
        return self.html


@dataclass(frozen=True, slots=True)
class QuestionPlace:
    """Here stands a question."""

    id: str
    kind: ClassVar[str] = "question"


@dataclass(frozen=True, slots=True)
class QuizStart:
    """From here to :class:`QuizEnd` reaches a quiz; its section element is not in the markup around."""

    id: str
    kind: ClassVar[str] = "quiz-start"


@dataclass(frozen=True, slots=True)
class QuizEnd:
    """Here ends a quiz."""

    id: str
    kind: ClassVar[str] = "quiz-end"


@dataclass(frozen=True, slots=True)
class GapPlace:
    """Here, in the stem of a question, is a gap."""

    id: str
    kind: ClassVar[str] = "gap"


Part = Html | QuestionPlace | QuizStart | QuizEnd


@dataclass(frozen=True, slots=True)
class Fragment:
    """A page of a module in one language."""

    html: str

    def parts(self, asset_base: str) -> list[Part]:
        """Split the page at its question places and quizzes.

        Args:
            asset_base: the URL under which the package's assets are served, such as ``/packages/<digest>/assets/``.
        """
        parts: list[Part] = []
        start = 0
        for place, begin, end in _places(self.html):
            if begin > start:
                parts.append(Html(rebase(self.html[start:begin], asset_base)))
            parts.append(place)
            start = end
        if start < len(self.html):
            parts.append(Html(rebase(self.html[start:], asset_base)))
        return parts


def rebase(html: str, asset_base: str) -> str:
    """Point the asset URLs in a fragment, stem, option or feedback at where the assets are served."""
    if ASSETS not in html:
        return html
    base = escape(asset_base.rstrip("/")) + "/"
    return TAG.sub(lambda tag: _ASSET_URL.sub(lambda url: f'{url[1]}="{base}', tag[0]), html)


def release_html(release: str) -> str:
    """Say which release of a module a printed sheet comes from."""
    return RELEASE.replace("><", f">{escape(release, quote=False)}<")


def workshop_places(html: str) -> Iterator[tuple[str, str]]:
    """List the sessions, worksheets, fields, polls and boards in a page, each as its kind and its id."""
    for tag in TAG.finditer(html):
        if place := _WORKSHOP.search(tag["attributes"]):
            yield place[1], unescape(place[2])


def gaps_in(html: str) -> list[str]:
    """List the gaps in a stem, in reading order.

    Raises:
        PackageError: if something stands in the place of one.
    """
    return [gap for gap, _, _ in _gaps(html)]


def split_at_gaps(html: str) -> list[Html | GapPlace]:
    """Split a stem at its gaps."""
    parts: list[Html | GapPlace] = []
    start = 0
    for gap, begin, end in _gaps(html):
        parts += [Html(html[start:begin]), GapPlace(gap)]
        start = end
    return [*parts, Html(html[start:])]


def _gaps(html: str) -> Iterator[tuple[str, int, int]]:
    for tag in TAG.finditer(html):
        if place := _GAP.search(tag["attributes"]):
            if tag["name"] != "span" or not html.startswith(_GAP_END, tag.end()):
                raise PackageError(f"The place of the gap {place[1]!r} holds something else.")
            yield place[1], tag.start(), tag.end() + len(_GAP_END)


def reflections(html: str) -> Iterator[str]:
    """List the private notes that a page asks for, by their ids."""
    for tag in TAG.finditer(html):
        if place := _REFLECTION.search(tag["attributes"]):
            yield unescape(place[1])


def loaded_urls(html: str) -> Iterator[str]:
    """List the URLs of what a browser loads to show the markup, or later for a scene, and of the assets it links to."""
    for tag in TAG.finditer(html):
        for attribute, url in _URL.findall(tag["attributes"]):
            if attribute != "href" or url.startswith(ASSETS):
                yield url


def _places(html: str) -> Iterator[tuple[QuestionPlace | QuizStart | QuizEnd, int, int]]:
    """Find the places, each with where its markup begins and ends."""
    open_sections: list[str | None] = []
    for tag in TAG.finditer(html):
        place = _PLACE.search(tag["attributes"])
        if tag["name"] == "section" and tag["end"]:
            if quiz := open_sections.pop() if open_sections else None:
                yield QuizEnd(quiz), tag.start(), tag.end()
        elif tag["name"] == "section":
            open_sections.append(place[2] if place else None)
            if place:
                yield QuizStart(place[2]), tag.start(), tag.end()
        elif place:
            if not html.startswith(_END, tag.end()):
                raise PackageError(f"The place of the question {place[2]!r} holds something else.")
            yield QuestionPlace(place[2]), tag.start(), tag.end() + len(_END)
