"""What a question's body says, apart from its hints and feedback; each way of answering fills a part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from markdown_it.token import Token

from course_builder.model import Criterion, Fence, Item, Limits, NumberAnswer, Option, Tokens, Written
from course_builder.parser.findings import Findings
from course_builder.parser.footnotes import Footnotes
from course_builder.parser.values import Values
from course_builder.tokens import end_of


@dataclass(frozen=True, slots=True)
class Part:
    """A block inside a question, with the tokens between its fences."""

    fence: Fence
    tokens: list[Token]


@dataclass(frozen=True, slots=True)
class Source:
    """A question as it is written: its body without its parts, and the parts that hold answers."""

    fence: Fence
    tokens: list[Token]
    answers: tuple[Part, ...]
    """One of a ``text`` question; in a text with gaps one for each gap that has more answers than stand in it."""
    rubric: Part | None
    footnotes: Footnotes
    findings: Findings

    @property
    def type(self) -> str:
        """The question's type."""
        return self.fence.attributes.get("type", "")

    @property
    def values(self) -> Values:
        """The attributes of its fence."""
        return Values(self.fence, self.findings)

    def misfit(self, what: str, hint: str) -> None:
        """Report at the question's first line that its body does not fit its type."""
        self.findings.error(self.fence.place, "question-body", f"a question of type {self.type} {what}", hint)


@dataclass(frozen=True, slots=True)
class Body:
    """As the fields of :class:`course_builder.model.Question`; ``stem`` still without its footnotes."""

    stem: list[Token]
    options: tuple[Option, ...] = ()
    items: tuple[Item, ...] = ()
    written: Written | None = None
    number: NumberAnswer | None = None
    unit: str = ""
    image: Tokens = ()
    rubric: tuple[Criterion, ...] = ()
    limits: Limits | None = None
    is_anonymous: bool = False
    answer_feedback: Mapping[str, Tokens] = field(default_factory=dict)


def blocks(tokens: list[Token]) -> Iterator[list[Token]]:
    """Yield the outermost blocks, each from its first token to its last."""
    start = 0
    while start < len(tokens):
        end = end_of(tokens, start)
        yield tokens[start : end + 1]
        start = end + 1


def split_last(tokens: list[Token], opening: str) -> tuple[list[Token], list[Token], list[Token]]:
    """Split at the last outermost block that opens with a type of token: what is before, the block, what is after."""
    parts = list(blocks(tokens))
    for index in range(len(parts) - 1, -1, -1):
        if parts[index][0].type == opening:
            return _joined(parts[:index]), parts[index], _joined(parts[index + 1 :])
    return tokens, [], []


def report_after(tokens: list[Token], what: str, source: Source) -> None:
    """Report text that stands after what has to come last."""
    if tokens:
        line = tokens[0].map[0] + 1 if tokens[0].map else source.fence.place.line
        source.findings.error(
            source.fence.place,
            "question-body",
            f"line {line} of this question stands after its {what}",
            f"Move it before the {what}.",
        )


def _joined(parts: list[list[Token]]) -> list[Token]:
    return [token for part in parts for token in part]
