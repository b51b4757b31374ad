"""The options of a question: a task list, or the items of an ordered list in the right order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from course_builder.model import Fence, Option
from course_builder.parser.findings import Findings
from course_builder.parser.footnotes import Footnotes
from course_builder.tokens import end_of, place_of

_CODE = {"fence", "code_block"}


@dataclass(slots=True)
class Body:
    """A question's text split in two: ``lists`` hold one slice of tokens per list of options."""

    stem: list[Token]
    lists: list[list[Token]]


def split_body(tokens: list[Token], fence: Fence, findings: Findings) -> Body:
    """Split a question's body where its options begin; what follows them is reported."""
    question_type = fence.attributes.get("type", "")
    blocks = list(_blocks(tokens))
    is_options = [_is_options(block, question_type) for block in blocks]
    if not any(is_options):
        wanted = "an ordered list" if question_type == "order" else "a task list, - [x] and - [ ]"
        findings.error(
            fence.place, "question-body", f"a question of type {question_type} needs {wanted}", "Write its options so."
        )
        return Body(tokens, [])
    last = len(blocks) - 1
    first = is_options.index(True) if question_type != "order" else last - is_options[::-1].index(True)
    for block in (block for block, holds in zip(blocks[first:], is_options[first:], strict=True) if not holds):
        _report_between(block[0], fence, findings)
    lists = [block for block, holds in zip(blocks[first:], is_options[first:], strict=True) if holds]
    return Body([token for block in blocks[:first] for token in block], lists)


def read_options(body: Body, fence: Fence, footnotes: Footnotes, findings: Findings) -> tuple[Option, ...]:
    """Read the items of the lists that hold the options."""
    return tuple(
        _read_option(item, fence, footnotes, findings) for options in body.lists for item in _blocks(options[1:-1])
    )


def _blocks(tokens: list[Token]) -> Iterator[list[Token]]:
    """Yield the outermost blocks, each from its first token to its last."""
    start = 0
    while start < len(tokens):
        end = end_of(tokens, start)
        yield tokens[start : end + 1]
        start = end + 1


def _is_options(block: list[Token], question_type: str) -> bool:
    if question_type == "order":
        return block[0].type == "ordered_list_open"
    return block[0].type in {"bullet_list_open", "ordered_list_open"} and any(
        "checked" in item[0].meta for item in _blocks(block[1:-1])
    )


def _report_between(token: Token, fence: Fence, findings: Findings) -> None:
    if token.type == "blockquote_open":
        findings.error(
            place_of(findings.path, token),
            "question-quote-outside",
            "this quote stands between or after the options, not in one",
            "Indent it under its option; feedback to the whole question goes into a ::: feedback block.",
        )
    else:
        line = token.map[0] + 1 if token.map else fence.place.line
        findings.error(
            fence.place,
            "question-body",
            f"line {line} of this question stands after its options",
            "Move it before the options, or indent it under one.",
        )


def _read_option(item: list[Token], fence: Fence, footnotes: Footnotes, findings: Findings) -> Option:
    opening = item[0]
    text: list[Token] = []
    feedback: list[Token] = []
    for block in _blocks(item[1:-1]):
        if block[0].type == "blockquote_open":
            feedback += block[1:-1]
        elif feedback:
            line = block[0].map[0] + 1 if block[0].map else fence.place.line
            findings.error(
                fence.place, "question-body", f"line {line} stands after an option's feedback", "Put the feedback last."
            )
        else:
            text += block
    if opening.map and text and text[0].map and text[0].map[0] > opening.map[0] and text[0].type not in _CODE:
        findings.error(
            place_of(findings.path, opening),
            "option-first-line",
            "an option starts on the line of its tick or number",
            "Move its first words up; only code may start on a line below.",
        )
    is_order = fence.attributes.get("type") == "order"
    if not is_order and "checked" not in opening.meta:
        findings.error(
            fence.place, "question-body", "an option of this question has no tick box", "Start it with - [ ] or - [x]."
        )
    return Option(
        id=str(opening.attrs.get("id", "")),
        text=footnotes.append(text),
        feedback=footnotes.append(feedback),
        is_correct=is_order or bool(opening.meta.get("checked")),
        place=place_of(findings.path, opening),
    )
