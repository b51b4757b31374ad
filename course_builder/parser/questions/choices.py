"""The options of a question: a task list, or the items of an ordered list in the right order."""

from __future__ import annotations

from markdown_it.token import Token

from course_builder.model import Option
from course_builder.parser.questions.body import Body, Source, blocks
from course_builder.tokens import place_of

_CODE = {"fence", "code_block"}


def read_choices(source: Source) -> Body:
    """Split a question's body where its options begin, and read them; what follows them is reported."""
    parts = list(blocks(source.tokens))
    is_options = [_is_options(block, source.type) for block in parts]
    if not any(is_options):
        if source.type == "order":
            source.misfit("needs an ordered list", "Write the items as 1., 2. and 3., in the right order.")
        else:
            hint = "Write - [x] before a right option and - [ ] before others, with spaces as here."
            source.misfit("needs a task list", hint)
        return Body(source.tokens)
    last = len(parts) - 1
    first = is_options.index(True) if source.type != "order" else last - is_options[::-1].index(True)
    options: list[Option] = []
    for block, holds_options in zip(parts[first:], is_options[first:], strict=True):
        if holds_options:
            options += [_read_option(item, source) for item in blocks(block[1:-1])]
        else:
            _report_between(block[0], source)
    return Body([token for block in parts[:first] for token in block], options=tuple(options))


def _is_options(block: list[Token], question_type: str) -> bool:
    if question_type == "order":
        return block[0].type == "ordered_list_open"
    return block[0].type in {"bullet_list_open", "ordered_list_open"} and any(
        "checked" in item[0].meta for item in blocks(block[1:-1])
    )


def _report_between(token: Token, source: Source) -> None:
    fence, findings = source.fence, source.findings
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


def _read_option(item: list[Token], source: Source) -> Option:
    fence, footnotes, findings = source.fence, source.footnotes, source.findings
    opening = item[0]
    text: list[Token] = []
    feedback: list[Token] = []
    for block in blocks(item[1:-1]):
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
    is_order = source.type == "order"
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
