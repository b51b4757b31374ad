"""Footnotes: each run of text carries the notes it cites, so that a question's never end up on its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from markdown_it.token import Token

from course_builder.parser.findings import Findings
from course_builder.tokens import end_of, place_of, walk

MOST_REPEATED = 1_000_000
"""Characters of footnotes on a page, each counted in each run of text that cites it: an option, a hint, a cell."""


@dataclass(slots=True)
class _Cited:
    """What a run of text cites, in the order in which it does so first."""

    labels: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    def add(self, label: str) -> tuple[int, int]:
        """Note a citation; return the number of what it cites, and how often that was cited before."""
        if label not in self._numbers:
            self._numbers[label] = len(self.labels)
            self.labels.append(label)
        before = self.counts.get(label, 0)
        self.counts[label] = before + 1
        return self._numbers[label], before


class Footnotes:
    """The definitions of one page, and which of them were cited."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._definitions: dict[str, list[Token]] = {}
        self._openings: dict[str, Token] = {}
        self._cited: set[str] = set()
        self._characters = 0
        """Of the notes at the ends of all runs so far."""

    def take_definitions(self, tokens: list[Token]) -> list[Token]:
        """Keep the definitions for later and return the tokens without them."""
        kept: list[Token] = []
        index = 0
        while index < len(tokens):
            if tokens[index].type == "footnote_reference_open":
                end = end_of(tokens, index)
                self._define(tokens[index], tokens[index + 1 : end])
                index = end + 1
            else:
                kept.append(tokens[index])
                index += 1
        return kept

    def _define(self, opening: Token, body: list[Token]) -> None:
        label = opening.meta["label"]
        if label in self._definitions:
            self._findings.error(
                place_of(self._findings.path, opening),
                "footnote-twice",
                f"the footnote [^{label}] is defined twice",
                "Give one of them another name.",
            )
        self._definitions[label] = self.take_definitions(body)
        self._openings[label] = opening

    def append(self, run: list[Token]) -> tuple[Token, ...]:
        """Return a run of text with the footnotes it cites at its end, numbered within it."""
        cited = _Cited()
        self._number(run, cited)
        if not cited.labels:
            return tuple(run)
        notes: list[Token] = []
        # A note may cite further notes: the list grows while it is walked.
        bodies = []
        for label in cited.labels:
            body = [_copied(token) for token in self._definitions[label]] if self._characters < MOST_REPEATED else []
            self._characters += sum(len(token.content) for token in body)
            self._number(body, cited)
            bodies.append(body)
        for number, (label, body) in enumerate(zip(cited.labels, bodies, strict=True)):
            notes += _note(number, label, body, cited.counts[label])
        opening, closing = Token("footnote_block_open", "", 1), Token("footnote_block_close", "", -1)
        return (*run, opening, *notes, closing)

    def _number(self, tokens: Iterable[Token], cited: _Cited) -> None:
        for token in walk(tokens):
            if token.type != "footnote_ref":
                continue
            label = token.meta["label"]
            if label not in self._definitions:
                self._findings.error(
                    place_of(self._findings.path, token),
                    "footnote-missing",
                    f"no footnote [^{label}] is defined on this page",
                    f"Write it on a line of its own: [^{label}]: the text of the note.",
                )
                token.meta = {**token.meta, "id": None}
                continue
            self._cited.add(label)
            number, count = cited.add(label)
            token.meta = {**token.meta, "id": number, "subId": count}

    def _length(self, opening: Token) -> int:
        return sum(len(token.content) for token in self._definitions[opening.meta["label"]])

    def report_unused(self) -> None:
        """Warn about definitions that nothing cites; report those that are cited too often to be repeated."""
        if self._characters >= MOST_REPEATED:
            place = place_of(self._findings.path, max(self._openings.values(), key=self._length))
            message = (
                f"the footnotes of this page, at each text that cites them, have over {MOST_REPEATED:,} characters"
            )
            self._findings.error(place, "footnote-limit", message, "Write the longest as text of the page.")
        for label, opening in self._openings.items():
            if label not in self._cited:
                self._findings.warning(
                    place_of(self._findings.path, opening),
                    "footnote-unused",
                    f"nothing cites the footnote [^{label}]",
                    "Cite it in the text, or delete it.",
                )


def _copied(token: Token) -> Token:
    children = [child.copy() for child in token.children] if token.children else token.children
    return token.copy(children=children)


def _note(number: int, label: str, body: list[Token], citations: int) -> list[Token]:
    """Return one note in the shape that mdit-py-plugins gives it: the links back stand in its last paragraph."""
    anchors = [
        Token("footnote_anchor", "", 0, meta={"id": number, "subId": index, "label": label})
        for index in range(citations)
    ]
    opening = Token("footnote_open", "", 1, meta={"id": number, "label": label})
    closing = Token("footnote_close", "", -1)
    if body and body[-1].type == "paragraph_close":
        return [opening, *body[:-1], *anchors, body[-1], closing]
    return [opening, *body, *anchors, closing]
