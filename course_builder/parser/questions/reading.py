"""Question blocks → :class:`Question`, with only their places left on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

from markdown_it.token import Token

from course_builder.model import QUESTION_TYPES, Fence, Hint, Partial, Question, Tokens
from course_builder.parser.findings import Findings, did_you_mean
from course_builder.parser.footnotes import Footnotes
from course_builder.parser.kinds import BLOCKS
from course_builder.parser.questions.body import Body, Part, Source
from course_builder.parser.questions.choices import read_choices
from course_builder.parser.questions.gap import read_gap
from course_builder.parser.questions.grid import read_survey, read_table
from course_builder.parser.questions.handed import read_essay, read_upload
from course_builder.parser.questions.hotspot import read_hotspot
from course_builder.parser.questions.match import read_match
from course_builder.parser.questions.written import read_number, read_text
from course_builder.parser.values import Values
from course_builder.scoring.key import BY_PERSON, PARTIAL
from course_builder.tokens import end_of

PARTS = frozenset(name for name, kind in BLOCKS.items() if kind.inside == {"question"})
_OUTCOMES = ("right", "partly", "wrong")

_READERS: Mapping[str, Callable[[Source], Body]] = {
    "single": read_choices,
    "multiple": read_choices,
    "truefalse": read_choices,
    "order": read_choices,
    "number": read_number,
    "text": read_text,
    "match": read_match,
    "gap": read_gap,
    "table": read_table,
    "survey": read_survey,
    "hotspot": read_hotspot,
    "essay": read_essay,
    "upload": read_upload,
}

_OWN_KEYS: Mapping[str, frozenset[str]] = {
    "number": frozenset({"answer", "tolerance", "unit", "min", "max"}),
    "text": frozenset({"exact"}),
    "gap": frozenset({"exact"}),
    "survey": frozenset({"anonymous"}),
    "essay": frozenset({"words"}),
    "upload": frozenset({"accept", "files", "size"}),
}
"""Keys that only some types take."""
_WITH_ANSWERS = frozenset({"text", "gap"})
_NOT_FOR: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(BY_PERSON, frozenset({"tries", "penalty", "shuffle", "partial"})),
    "survey": frozenset({"tries", "penalty", "shuffle", "partial"}),
}
"""Keys that say nothing where no answer is right or wrong."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a question stands."""

    page: str
    quiz: str | None
    footnotes: Footnotes
    findings: Findings


@dataclass(slots=True)
class _Parts:
    hints: list[Hint] = field(default_factory=list)
    feedback: dict[str, Tokens] = field(default_factory=dict)
    solution: Tokens = ()
    answers: list[Part] = field(default_factory=list)
    rubric: Part | None = None


def read_question(tokens: list[Token], around: Surroundings) -> Question | None:
    """Read a question from its ``block_open`` to its ``block_close``; ``None`` if its type is not known."""
    fence: Fence = tokens[0].meta["block"]
    body, parts = _take_parts(tokens[1:-1], fence, around)
    question_type = fence.attributes.get("type", "")
    if question_type not in _READERS:
        _report_type(question_type, fence, around.findings)
        return None
    _report_keys(question_type, fence, around.findings)
    _report_parts(question_type, parts, around.findings)
    source = Source(fence, body, tuple(parts.answers), parts.rubric, around.footnotes, around.findings)
    return _question(question_type, around, source, _READERS[question_type](source), parts)


def _question(question_type: str, around: Surroundings, source: Source, body: Body, parts: _Parts) -> Question:
    fence, values = source.fence, source.values
    is_graded = values.yes("graded", default=True)
    has_tries = question_type not in _NOT_FOR
    return Question(
        id=fence.id or "",
        type=question_type,
        page=around.page,
        quiz=around.quiz,
        stem=around.footnotes.append(body.stem),
        options=body.options,
        points=values.number("points", Fraction(1)),
        tries=values.count("tries", 1 if is_graded else None) if has_tries else 1 if is_graded else None,
        penalty=values.share("penalty") if has_tries else Fraction(0),
        partial=_partial(question_type, values, fence, around.findings),
        # "False, True" reads oddly, and two options have no order that tells anything.
        is_shuffled=values.yes("shuffle", default=question_type != "truefalse") if has_tries else False,
        is_graded=is_graded,
        objective=values.text("objective"),
        hints=tuple(parts.hints),
        feedback=parts.feedback,
        solution=parts.solution,
        place=fence.place,
        source=values.text("source"),
        verify=values.date("verify"),
        items=body.items,
        written=body.written,
        number=body.number,
        unit=body.unit,
        image=body.image,
        rubric=body.rubric,
        limits=body.limits,
        is_anonymous=body.is_anonymous,
        answer_feedback=body.answer_feedback,
    )


def _partial(question_type: str, values: Values, fence: Fence, findings: Findings) -> Partial:
    allowed = PARTIAL[question_type]
    if question_type in _NOT_FOR:
        return allowed[0]
    if len(allowed) == 1:
        if values.text("partial") not in {None, "off"}:
            message = f"a question of type {question_type} has no parts to count"
            findings.error(fence.place, "attribute-value", message, "Leave `partial` out.")
        return "off"
    return cast("Partial", values.choice("partial", allowed, allowed[0]))


_MEANT = {
    **dict.fromkeys(
        ("choice", "mc", "multi", "multiple-choice", "radio"),
        "Write single for one right answer, else multiple.",
    ),
    **dict.fromkeys(("fill-in", "fill-in-the-blank", "cloze", "blank"), "Write gap."),
    **dict.fromkeys(("numeric", "numerical", "numbers"), "Write number."),
    **dict.fromkeys(("short", "short-answer", "shortanswer", "input", "string"), "Write text."),
    **dict.fromkeys(("true-false", "boolean", "yesno"), "Write truefalse."),
    **dict.fromkeys(("matrix", "grid", "likert"), "Write table if rows have a right answer, survey if they have none."),
    **dict.fromkeys(("sort", "sequence", "ordering"), "Write order."),
    **dict.fromkeys(("open", "free-text", "long"), "Write essay."),
    "file": "Write upload.",
    "image-map": "Write hotspot.",
}
"""What the types are called in other tools."""


def _report_type(question_type: str, fence: Fence, findings: Findings) -> None:
    if "type" not in fence.attributes:
        return  # ``fences.py`` reported what is missing or could not be read.
    there = f"There are {', '.join(QUESTION_TYPES)}."
    hint = _MEANT.get(question_type) or did_you_mean(question_type, QUESTION_TYPES, there)
    findings.error(fence.place, "question-type", f"there is no question type `{question_type}`", hint)


def _report_keys(question_type: str, fence: Fence, findings: Findings) -> None:
    """Report keys that only other types take."""
    others = frozenset().union(*_OWN_KEYS.values()) - _OWN_KEYS.get(question_type, frozenset())
    for key in sorted(fence.attributes.keys() & (others | _NOT_FOR.get(question_type, frozenset()))):
        takers = [name for name in QUESTION_TYPES if key in _OWN_KEYS.get(name, ())]
        hint = f"It is for {' and '.join(takers)}." if takers else "Leave it out."
        message = f"a question of type {question_type} has no key `{key}`"
        findings.error(fence.place, "attribute-unknown", message, hint)


def _report_parts(question_type: str, parts: _Parts, findings: Findings) -> None:
    """Report answers and rubrics in questions of types that have none."""
    if parts.answers and question_type not in _WITH_ANSWERS:
        message = f"a question of type {question_type} has no block `answers`"
        findings.error(parts.answers[0].fence.place, "block-place", message, "Make it type=text, or delete the block.")
    if parts.rubric is not None and question_type not in BY_PERSON:
        message = f"a question of type {question_type} has no block `rubric`"
        findings.error(parts.rubric.fence.place, "block-place", message, "It belongs to essay and upload.")


def _take_parts(tokens: list[Token], fence: Fence, around: Surroundings) -> tuple[list[Token], _Parts]:
    """Split a question's tokens into its body and the blocks that are parts of it."""
    body: list[Token] = []
    parts = _Parts()
    index = 0
    while index < len(tokens):
        end = end_of(tokens, index)
        if tokens[index].type == "block_open" and tokens[index].meta["block"].name in PARTS:
            _add_part(Part(tokens[index].meta["block"], tokens[index + 1 : end]), parts, around)
        else:
            block = tokens[index : end + 1]
            _report_hidden_parts(block, around.findings)
            body += block
        index = end + 1
    return body, parts


def _add_part(part: Part, parts: _Parts, around: Surroundings) -> None:
    fence, findings = part.fence, around.findings
    values = Values(fence, findings)
    if not part.tokens:
        findings.error(fence.place, "block-empty", f"this `{fence.name}` is empty", "Write its text, or delete it.")
    if fence.name == "answers":
        gap = fence.attributes.get("gap")
        is_there = any(each.fence.attributes.get("gap") == gap for each in parts.answers)
        _once(f"answers {{gap={gap}}}" if gap else "answers", is_there, fence, findings)
        parts.answers.append(part)
    elif fence.name == "rubric":
        _once("rubric", parts.rubric is not None, fence, findings)
        parts.rubric = part
    elif fence.name == "hint":
        parts.hints.append(Hint(around.footnotes.append(part.tokens), values.share("cost"), fence.place))
    elif fence.name == "solution":
        _once("solution", bool(parts.solution), fence, findings)
        parts.solution = around.footnotes.append(part.tokens)
    elif values.text("when") is not None:
        when = values.choice("when", _OUTCOMES, "")
        _once(f"feedback {{when={when}}}", when in parts.feedback, fence, findings)
        if when:
            parts.feedback[when] = around.footnotes.append(part.tokens)


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
