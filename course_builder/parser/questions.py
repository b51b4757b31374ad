"""Question blocks → :class:`Question`, with only their places left on the page."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from markdown_it.token import Token

from course_builder.model import QUESTION_TYPES, Fence, Hint, Option, Partial, Question, Tokens
from course_builder.parser.findings import Findings, did_you_mean
from course_builder.parser.footnotes import Footnotes
from course_builder.parser.kinds import BLOCKS
from course_builder.parser.options import read_options, split_body
from course_builder.parser.values import Values
from course_builder.tokens import end_of

LATER_TYPES = (
    "truefalse",
    "number",
    "text",
    "match",
    "gap",
    "table",
    "matrix",
    "survey",
    "hotspot",
    "essay",
    "upload",
)
PARTS = frozenset(name for name, kind in BLOCKS.items() if kind.inside == {"question"})
_OUTCOMES = ("right", "partly", "wrong")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a question stands."""

    page: str
    quiz: str | None
    footnotes: Footnotes
    findings: Findings


@dataclass(slots=True)
class _Parts:
    hints: list[Hint]
    feedback: dict[str, Tokens]
    solution: Tokens = ()


def read_question(tokens: list[Token], around: Surroundings) -> Question | None:
    """Read a question from its ``block_open`` to its ``block_close``; ``None`` if its type is not known here."""
    fence: Fence = tokens[0].meta["block"]
    findings = around.findings
    body, parts = _take_parts(tokens[1:-1], fence, around)
    question_type = fence.attributes.get("type")
    if question_type not in QUESTION_TYPES:
        _report_type(question_type, fence, findings)
        return None
    split = split_body(body, fence, findings)
    options = read_options(split, fence, around.footnotes, findings)
    return _question(question_type, fence, around, around.footnotes.append(split.stem), options, parts)


def _question(
    question_type: str, fence: Fence, around: Surroundings, stem: Tokens, options: tuple[Option, ...], parts: _Parts
) -> Question:
    values = Values(fence, around.findings)
    is_graded = values.yes("graded", default=True)
    return Question(
        id=fence.id or "",
        type=question_type,
        page=around.page,
        quiz=around.quiz,
        stem=stem,
        options=options,
        points=values.number("points", Fraction(1)),
        tries=values.count("tries", 1 if is_graded else None),
        penalty=values.share("penalty"),
        partial=_partial(question_type, values, fence, around.findings),
        is_shuffled=values.yes("shuffle", default=True),
        is_graded=is_graded,
        objective=values.text("objective"),
        hints=tuple(parts.hints),
        feedback=parts.feedback,
        solution=parts.solution,
        place=fence.place,
        source=values.text("source"),
        verify=values.date("verify"),
    )


def _partial(question_type: str, values: Values, fence: Fence, findings: Findings) -> Partial:
    allowed = {"single": ("off",), "multiple": ("off", "each", "net"), "order": ("off", "each")}[question_type]
    if question_type == "single" and values.text("partial") not in {None, "off"}:
        findings.error(
            fence.place, "attribute-value", "a question of type single has no parts to count", "Leave `partial` out."
        )
        return "off"
    return cast(Partial, values.choice("partial", allowed, "off"))


def _report_type(question_type: str | None, fence: Fence, findings: Findings) -> None:
    if question_type is None:
        return  # ``fences.py`` reported what is missing or could not be read.
    if question_type in LATER_TYPES:
        message = f"questions of type {question_type} are not in this version of the builder"
        findings.error(fence.place, "question-type-later", message, f"Use one of {', '.join(QUESTION_TYPES)} for now.")
    else:
        known = (*QUESTION_TYPES, *LATER_TYPES)
        hint = did_you_mean(question_type, known, f"There are {', '.join(known)}.")
        findings.error(fence.place, "question-type", f"there is no question type `{question_type}`", hint)


def _take_parts(tokens: list[Token], fence: Fence, around: Surroundings) -> tuple[list[Token], _Parts]:
    """Split a question's tokens into its body and its hints, feedback and solution."""
    body: list[Token] = []
    parts = _Parts([], {})
    index = 0
    while index < len(tokens):
        end = end_of(tokens, index)
        if tokens[index].type == "block_open" and tokens[index].meta["block"].name in PARTS:
            part: Fence = tokens[index].meta["block"]
            _add_part(part, around.footnotes.append(tokens[index + 1 : end]), parts, around.findings)
        else:
            block = tokens[index : end + 1]
            _report_hidden_parts(block, around.findings)
            body += block
        index = end + 1
    return body, parts


def _add_part(part: Fence, text: Tokens, parts: _Parts, findings: Findings) -> None:
    values = Values(part, findings)
    if not text:
        findings.error(part.place, "block-empty", f"this `{part.name}` is empty", "Write its text, or delete it.")
    if part.name == "hint":
        parts.hints.append(Hint(text, values.share("cost"), part.place))
    elif part.name == "solution":
        _once("solution", bool(parts.solution), part, findings)
        parts.solution = text
    elif values.text("when") is not None:
        when = values.choice("when", _OUTCOMES, "")
        _once(f"feedback {{when={when}}}", when in parts.feedback, part, findings)
        if when:
            parts.feedback[when] = text


def _once(what: str, is_there: bool, part: Fence, findings: Findings) -> None:
    if is_there:
        findings.error(part.place, "block-twice", f"a second `{what}` in one question", "Join the two.")


def _report_hidden_parts(block: list[Token], findings: Findings) -> None:
    for token in block:
        if token.type == "block_open" and token.meta["block"].name in PARTS:
            part: Fence = token.meta["block"]
            findings.error(
                part.place,
                "block-place",
                f"this `{part.name}` stands inside an option or another block of the question",
                "Move it to the margin of the question.",
            )
