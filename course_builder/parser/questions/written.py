"""``number`` and ``text``: answers that are typed."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from markdown_it.token import Token

from course_builder.model import NumberAnswer, Pattern, Place, Tokens, Written
from course_builder.parser.questions.body import Body, Part, Source, blocks
from course_builder.tokens import place_of, plain_text


def read_number(source: Source) -> Body:
    """Read the right number, or the range, from the question's keys; the whole body is its stem."""
    values = source.values
    answer, tolerance = values.signed("answer"), values.signed("tolerance")
    minimum, maximum = values.signed("min"), values.signed("max")
    has_range = minimum is not None or maximum is not None
    place, findings = source.fence.place, source.findings
    if (answer is None) != has_range:
        if not source.fence.attributes.keys() & {"answer", "min", "max"}:
            findings.error(
                place, "question-without-key", "this question names no number", "Write answer=, or min= max=."
            )
        elif answer is not None:
            findings.error(
                place, "attribute-value", "`answer` and `min`, `max` exclude each other", "Keep one of them."
            )
    elif tolerance is not None and (has_range or tolerance < 0):
        message = "`tolerance` is 0 or more and goes with `answer`"
        findings.error(place, "attribute-value", message, "Leave it out, or correct it.")
        tolerance = None
    if minimum is not None and maximum is not None and minimum > maximum:
        findings.error(place, "attribute-value", "`min` is greater than `max`", "Exchange the two.")
    number = NumberAnswer(answer, tolerance or Fraction(0), minimum, maximum)
    return Body(source.tokens, number=number, unit=values.text("unit") or "")


def read_text(source: Source) -> Body:
    """Read the accepted answers and the foreseen errors from the block ``answers``."""
    if not source.answers:
        source.misfit("needs a block `answers`", "Write ::: answers with a list: - an answer.")
        return Body(source.tokens)
    part = source.answers[0]
    reader = Answers(source)
    reader.read(part)
    if "gap" in part.fence.attributes:
        message = "a question of type text has no gaps"
        source.findings.error(part.fence.place, "attribute-unknown", message, "Write ::: answers without gap=.")
    if not reader.accepted:
        source.findings.error(part.fence.place, "question-without-key", "no answer is accepted", "Write - an answer.")
    written = Written(tuple(reader.accepted), tuple(reader.foreseen), source.values.yes("exact", default=False))
    return Body(source.tokens, written=written, answer_feedback=reader.feedback)


class Answers:
    """Walks through a list of answers, which are added to those that are ``accepted`` already.

    ``feedback`` is by ``accepted-1``, ``foreseen-1`` …, the place in the two lists.
    """

    def __init__(self, source: Source, accepted: Iterable[Pattern] = ()) -> None:
        self._source = source
        self.accepted: list[Pattern] = list(accepted)
        self.foreseen: list[Pattern] = []
        self.feedback: dict[str, Tokens] = {}

    def read(self, part: Part) -> None:
        """Read a block ``answers``."""
        for block in blocks(part.tokens):
            if block[0].type != "bullet_list_open":
                self._report(place_of(part.fence.place.path, block[0]), "only a list stands in `answers`")
                continue
            for item in blocks(block[1:-1]):
                self._item(item)

    def _item(self, item: list[Token]) -> None:
        place = place_of(self._source.findings.path, item[0])
        first, *rest = list(blocks(item[1:-1])) or [[]]
        pattern = pattern_of(first[1].children or []) if len(first) == 3 and first[1].type == "inline" else None
        if pattern is None:
            self._report(place, "an answer is plain text, or a regular expression in a code span")
            return
        is_error = item[0].meta.get("checked") is False
        group = self.foreseen if is_error else self.accepted
        group.append(pattern)
        feedback = [token for block in rest if block[0].type == "blockquote_open" for token in block[1:-1]]
        if any(block[0].type != "blockquote_open" for block in rest):
            self._report(place, "below an answer stands its feedback as a quote, and nothing else")
        if feedback:
            name = f"{'foreseen' if is_error else 'accepted'}-{len(group)}"
            self.feedback[name] = self._source.footnotes.append(feedback)

    def _report(self, place: Place, message: str) -> None:
        hint = "Write - an answer, - `a regular expression` or - [ ] a foreseen error."
        self._source.findings.error(place, "question-body", message, hint)


def pattern_of(children: list[Token]) -> Pattern | None:
    """Read an answer in words, or the regular expression in a code span; ``None`` if it is neither."""
    if len(children) == 1 and children[0].type == "code_inline":
        return Pattern(children[0].content, is_regex=True)
    if any(child.type not in {"text", "text_special", "softbreak"} for child in children):
        return None
    words = plain_text(children)
    return Pattern(words) if words else None
