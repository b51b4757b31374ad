"""``gap``: ``[once-only]{gap=g1}`` in the text; ``answers {gap=g1}`` adds foreseen errors and feedback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from markdown_it.token import Token

from course_builder.model import Item, Pattern, Place, Tokens, Written
from course_builder.parser.findings import did_you_mean
from course_builder.parser.questions.body import Body, Part, Source
from course_builder.parser.questions.written import Answers, pattern_of
from course_builder.tokens import place_of, plain_text


def read_gap(source: Source) -> Body:
    """Take the gaps out of the text; a token ``gap`` with the id stands in the place of each."""
    reader = _Gaps(source)
    stem = [
        token.copy(children=list(reader.fill(token.children or []))) if token.type == "inline" else token
        for token in source.tokens
    ]
    if not reader.items:
        source.misfit("has no gap", "Write [the answer]{gap=word} where the gap is.")
    feedback: dict[str, Tokens] = {}
    for part in source.answers:
        _add_answers(part, reader.items, feedback, source)
    return Body(stem, items=tuple(reader.items), answer_feedback=feedback)


def _add_answers(part: Part, items: list[Item], feedback: dict[str, Tokens], source: Source) -> None:
    """Add the answers in a block ``answers {gap=}`` to those of its gap, and their feedback to ``feedback``."""
    gap = part.fence.attributes.get("gap", "")
    index, written = next(((index, item.written) for index, item in enumerate(items) if item.id == gap), (0, None))
    if written is None:
        known = [item.id for item in items]
        message = f"this question has no gap `{gap}`" if gap else "these answers do not say for which gap they are"
        hint = did_you_mean(gap, known, f"Write ::: answers {{gap={known[0] if known else 'word'}}}.")
        source.findings.error(part.fence.place, "answers-gap", message, hint)
        return
    item = items[index]
    answers = Answers(source, written.accepted)
    answers.read(part)
    if item.choices and (strange := [each.text for each in _new(answers, written) if each.text not in item.choices]):
        message = f"the drop-down list of the gap `{gap}` does not offer `{strange[0]}`"
        hint = "Add it to `wrong`, or to the right answers in the gap."
        source.findings.error(part.fence.place, "answers-gap", message, hint)
    items[index] = replace(
        item, written=replace(written, accepted=tuple(answers.accepted), foreseen=tuple(answers.foreseen))
    )
    feedback.update({f"{gap}.{name}": tokens for name, tokens in answers.feedback.items()})


def _new(answers: Answers, written: Written) -> list[Pattern]:
    return [*answers.accepted[len(written.accepted) :], *answers.foreseen]


class _Gaps:
    """Walks through the text of one question."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._is_exact = source.values.yes("exact", default=False)
        self.items: list[Item] = []

    def fill(self, children: list[Token]) -> Iterator[Token]:
        index = 0
        while index < len(children):
            child = children[index]
            if child.type == "link_open" and "gap" in child.meta.get("attributes", {}):
                self._report_link(place_of(self._source.findings.path, child))
            if child.type == "span_open" and "gap" in child.meta.get("attributes", {}):
                end = _end(children, index)
                place = place_of(self._source.findings.path, child)
                # Markdown has no link in a link, nor a span: what was meant as one stays text.
                if end + 1 < len(children) and children[end + 1].content.startswith(("](", "][")):
                    self._report_link(place)
                yield self._gap(child, children[index + 1 : end], place)
                index = end
            else:
                yield child
            index += 1

    def _gap(self, opening: Token, inner: list[Token], place: Place) -> Token:
        attributes = opening.meta["attributes"]
        wrong = [text.strip() for text in attributes.get("wrong", "").split("|") if text.strip()]
        accepted = self._accepted(inner, place)
        right = [pattern.text for pattern in accepted]
        if unknown := attributes.keys() - {"gap", "wrong"}:
            message = f"a gap has no key `{min(unknown)}`"
            self._source.findings.error(place, "attribute-unknown", message, "It takes gap and wrong.")
        if wrong and any(pattern.is_regex for pattern in accepted):
            message = "a drop-down list cannot offer a regular expression"
            self._source.findings.error(place, "question-body", message, "Write the right text itself.")
        if clash := set(right) & set(wrong):
            message = f"`{min(clash)}` is both right and wrong here"
            self._source.findings.error(place, "option-twice", message, "Take it out of `wrong`.")
        choices = tuple(dict.fromkeys([*right, *wrong])) if wrong else ()
        written = Written(accepted, is_exact=self._is_exact)
        self.items.append(Item(attributes["gap"], (), place, written=written, choices=choices))
        return Token("gap", "", 0, meta={"id": attributes["gap"]})

    def _report_link(self, place: Place) -> None:
        message, hint = "a gap cannot be in a link, nor be one", "Move the link before or after the gap."
        self._source.findings.error(place, "gap-in-link", message, hint)

    def _accepted(self, inner: list[Token], place: Place) -> tuple[Pattern, ...]:
        pattern = pattern_of(inner)
        if pattern is None:
            message = "a gap holds plain text, or a regular expression in a code span"
            self._source.findings.error(place, "question-body", message, "Write [the answer]{gap=word}.")
            return (Pattern(plain_text(inner) or "?"),)
        if pattern.is_regex:
            return (pattern,)
        texts = [text.strip() for text in pattern.text.split("|")]
        if not all(texts):
            message = "an alternative of this gap is empty"
            self._source.findings.error(place, "question-body", message, "Write [one|another]{gap=word}.")
        return tuple(Pattern(text) for text in texts if text) or (Pattern("?"),)


def _end(children: list[Token], start: int) -> int:
    depth = 0
    for index in range(start, len(children)):
        depth += {"span_open": 1, "span_close": -1}.get(children[index].type, 0)
        if depth == 0:
            return index
    return len(children) - 1
