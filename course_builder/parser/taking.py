"""Questions, pools and quizzes of a page: taken out of its text, with only their places left."""

from __future__ import annotations

from dataclasses import dataclass, field

from markdown_it.token import Token

from course_builder.model import Fence, Pool, Question
from course_builder.parser.banks import Banks
from course_builder.parser.findings import Findings
from course_builder.parser.footnotes import Footnotes
from course_builder.parser.questions import Surroundings, read_question
from course_builder.parser.values import Values
from course_builder.tokens import end_of, place_of


@dataclass(slots=True)
class Taken:
    """A page's text without its questions, and what was taken out; ``pools`` by the quiz they stand in."""

    tokens: list[Token] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    quizzes: list[Fence] = field(default_factory=list)
    pools: dict[str | None, list[Pool]] = field(default_factory=dict)


def take_questions(
    tokens: list[Token],
    page: str,
    footnotes: Footnotes,
    banks: Banks,
    findings: Findings,
    *,
    quiz: str | None = None,
) -> Taken:
    """Take out the questions; those outside any quiz of this text belong to ``quiz``."""
    taker = _Taker(page, footnotes, banks, findings, quiz)
    index = 0
    while index < len(tokens):
        index = taker.take(tokens, index)
    return taker.taken


class _Taker:
    """Walks through the outermost tokens of a page."""

    def __init__(self, page: str, footnotes: Footnotes, banks: Banks, findings: Findings, quiz: str | None) -> None:
        self.taken = Taken()
        self._page, self._footnotes, self._banks, self._findings = page, footnotes, banks, findings
        self._quiz = self._outer = quiz

    def take(self, tokens: list[Token], index: int) -> int:
        """Take what starts at an index, and give the index after it."""
        token = tokens[index]
        fence: Fence | None = token.meta["block"] if token.type in {"block_open", "block_close"} else None
        if fence is not None and fence.name == "question":
            end = end_of(tokens, index)
            self._question(tokens[index : end + 1])
            return end + 1
        if fence is not None and fence.name == "pool":
            end = end_of(tokens, index)
            self._pool(fence, tokens[index + 1 : end])
            return end + 1
        if fence is not None and fence.name == "quiz":
            self._quiz = fence.id or "" if token.nesting > 0 else self._outer
            self.taken.quizzes += [fence] if token.nesting > 0 else []
        self.taken.tokens.append(token)
        return index + 1

    def _question(self, tokens: list[Token]) -> list[Question]:
        around = Surroundings(self._page, self._quiz, self._footnotes, self._findings)
        question = read_question(tokens, around)
        return self._add(question, tokens[0]) if question is not None else []

    def _add(self, question: Question, opening: Token) -> list[Question]:
        self.taken.questions.append(question)
        place = Token("question", "", 0, block=True, map=opening.map, meta={"id": question.id})
        self.taken.tokens.append(place)
        return [question]

    def _pool(self, fence: Fence, tokens: list[Token]) -> None:
        """Read a pool; nothing of it is on the page but the places of its questions, for some of them are drawn."""
        pooled: list[Question] = []
        index = 0
        while index < len(tokens):
            end = end_of(tokens, index)
            if tokens[index].type == "block_open" and tokens[index].meta["block"].name == "question":
                pooled += self._question(tokens[index : end + 1])
            else:
                self._report_text(tokens[index])
            index = end + 1
        for question in self._banks.questions(fence, self._page, self._quiz, self._findings):
            pooled += self._add(question, Token("question", "", 0, meta={}))
        draw = Values(fence, self._findings).count("draw", None)
        if draw is None:
            return  # What is missing or wrong was reported.
        ids = tuple(question.id for question in pooled)
        self.taken.pools.setdefault(self._quiz, []).append(Pool(ids, draw, fence.place))

    def _report_text(self, token: Token) -> None:
        self._findings.error(
            place_of(self._findings.path, token),
            "block-place",
            "only questions stand in a pool",
            "Move the text before the pool, or into a question.",
        )
