"""Reading markdown-it tokens: walking, plain text, places."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from course_builder.model import Page, Place, Question, Tokens
from course_builder.model.workshop import Workshop

if TYPE_CHECKING:
    from markdown_it.token import Token

_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")
MATH = frozenset({"math_inline", "math_inline_double", "math_block"})
_TEXTUAL = {"text", "code_inline", "fence", "code_block"} | MATH
_BREAKS = {"softbreak", "hardbreak"}
_TELLING = {"html_block", "html_inline", "fence", "code_block", "code_inline", "thead_open"} | MATH


class Run(tuple["Token", ...]):
    """The text of a page: tokens that know which of them a check may speak about.

    A page is looked through some twenty times, and nine tokens of ten are its words and the bare marks around them.
    """

    @cached_property
    def telling(self) -> tuple[Token, ...]:
        """What :func:`walk` yields, but for words, and marks without anything of an author's to judge."""
        return tuple(_telling(self))


def telling(run: Iterable[Token]) -> Iterable[Token]:
    """Yield the tokens of a run that have attributes, code, formulas or raw HTML, or stand for a block or a table."""
    return run.telling if isinstance(run, Run) else _telling(run)


def _telling(run: Iterable[Token]) -> Iterator[Token]:
    return (token for token in walk(run) if token.attrs or token.meta or token.type in _TELLING)


def walk(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield each token, and after an ``inline`` token its children."""
    for token in tokens:
        yield token
        if token.children and token.type == "inline":
            yield from token.children


def plain_text(tokens: Iterable[Token]) -> str:
    """Return the words alone, with the alternative text of images and single spaces."""
    return " ".join("".join(_words(tokens)).split())


def _words(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in _TEXTUAL:
            yield token.content
        elif token.type in _BREAKS or (token.block and token.nesting < 0):
            yield " "
        elif token.children:
            yield from _words(token.children)


def place_of(path: str, token: Token) -> Place:
    """Return where a token stands: exactly for links, images, spans and raw HTML, else its first line.

    A token that was taken in from another file stands there.
    """
    path = token.meta.get("path", path)
    if "line" in token.meta:
        return Place(path, token.meta["line"], token.meta["column"])
    return Place(path, token.map[0] + 1 if token.map else 1)


def mark_path(tokens: Iterable[Token], path: str) -> None:
    """Let tokens remember which file they come from, unless they know already."""
    for token in tokens:
        for each in (token, *(token.children or ())):
            each.meta.setdefault("path", path)


def end_of(tokens: Sequence[Token], start: int) -> int:
    """Return the index of the token that closes the one at ``start``."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    return len(tokens) - 1


def outermost(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the outermost elements, each from its first token to its last."""
    start = 0
    while start < len(tokens):
        end = end_of(tokens, start)
        yield tokens[start : end + 1]
        start = end + 1


def runs(page: Page) -> Iterator[Tokens]:
    """Yield every run of text of a page: its own, those of its questions, and those of its workshop."""
    yield page.tokens
    for question in page.questions:
        yield from question_runs(question)
    yield from workshop_runs(page.workshop)


def question_runs(question: Question) -> Iterator[Tokens]:
    """Yield every run of text of a question, its private parts included."""
    yield question.stem
    yield question.image
    for option in question.options:
        yield option.text
        yield option.feedback
    for item in question.items:
        yield item.text
    for criterion in question.rubric:
        yield criterion.text
    yield from question.answer_feedback.values()
    for hint in question.hints:
        yield hint.text
    yield from question.feedback.values()
    yield question.solution


def workshop_runs(workshop: Workshop, *, with_notes: bool = True) -> Iterator[Tokens]:
    """Yield every run of text of sessions, worksheets, polls and boards; ``with_notes`` for facilitators or without."""
    for session in workshop.sessions:
        yield from (session.intro, session.materials)
        yield from session.notes if with_notes else ()
        for step in session.steps:
            yield from (step.title, step.text, step.room, step.remote, step.materials)
            yield from step.notes if with_notes else ()
    for worksheet in workshop.worksheets:
        yield worksheet.intro
        for field in worksheet.fields:
            yield from (field.label, field.help)
            yield from (item.text for item in (*field.options, *field.columns, *field.rows))
    for poll in workshop.polls:
        yield poll.text
        yield from (item.text for item in poll.options)
    for board in workshop.boards:
        yield board.text
        yield from (item.text for item in board.columns)


def workshop_names(workshop: Workshop) -> Iterator[tuple[str, str, Place]]:
    """Yield each session, worksheet, poll and board: what it is, its id, and where it stands."""
    yield from (("session", session.id, session.place) for session in workshop.sessions)
    yield from (("worksheet", worksheet.id, worksheet.place) for worksheet in workshop.worksheets)
    yield from (("poll", poll.id, poll.place) for poll in workshop.polls)
    yield from (("board", board.id, board.place) for board in workshop.boards)


def named(page: Page) -> Iterator[tuple[str, Place, bool]]:
    """Yield the ids on a page with their places, and whether the author gave them (else made from a heading's text).

    Questions and blocks are among them; options are not, for theirs are unique within their question only.
    """
    for run in runs(page):
        for token in telling(run):
            if token.type == "block_open" and token.meta["block"].id:
                yield token.meta["block"].id, token.meta["block"].place, True
            elif "id" in token.attrs:
                yield str(token.attrs["id"]), place_of(page.path, token), "is_made_from_text" not in token.meta
    for question in page.questions:
        yield question.id, question.place, True
    for _, id_, place in workshop_names(page.workshop):
        yield id_, place, True


def anchors(page: Page) -> set[str]:
    """Return what the part after ``#`` of a link to this page may be."""
    return {anchor for anchor, _, _ in named(page) if anchor} | {anchor_of(page.title)}


def anchor_of(text: str) -> str:
    """Return the anchor that a Git host gives to a heading with this text."""
    # The sanitiser leaves ids that start otherwise, or are longer, to the pages around the content.
    return (
        _NOT_IN_ANCHOR.sub("", unicodedata.normalize("NFC", text).strip().lower()).replace(" ", "-").lstrip("-_")[:150]
    )


def targets(run: Iterable[Token]) -> Iterator[tuple[Token, str]]:
    """Yield every link and image with its address, images in links too, and the files of media and scenes."""
    for token in telling(run):
        if token.type == "link_open":
            yield token, str(token.attrs["href"])
        elif token.type == "image":
            yield token, str(token.attrs["src"])
        elif token.type == "block_open":
            yield from ((token, address) for _, address in files_of(token))


def files_of(block: Token) -> Iterator[tuple[str, str]]:
    """Yield the addresses that a block names itself, each with the key that names it."""
    media, scene = block.meta.get("media"), block.meta.get("scene")
    if media is not None:
        yield "src", media.source
        yield from (("captions", address) for address in media.captions)
        yield from ((key, each) for key in ("transcript", "description", "poster") if (each := getattr(media, key)))
    elif scene is not None:
        yield "src", scene.source
        if scene.poster:
            yield "poster", scene.poster
