"""One Markdown file → :class:`Page`: all steps in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markdown_it.token import Token

from course_builder.model import Fence, Page, Question, Quiz
from course_builder.parser.blocks import check_places
from course_builder.parser.countries import keep_own_country
from course_builder.parser.embeds import read_embeds
from course_builder.parser.findings import Findings
from course_builder.parser.footnotes import Footnotes
from course_builder.parser.headings import give_anchors, take_title
from course_builder.parser.on_page import OnPage
from course_builder.parser.questions import Surroundings, read_question
from course_builder.parser.schemas import FrontMatter
from course_builder.parser.text import Surroundings as TextSurroundings
from course_builder.parser.text import read_text
from course_builder.parser.values import Values
from course_builder.parser.workshop import take_workshop
from course_builder.tokens import end_of, walk


@dataclass(frozen=True, slots=True)
class Draft:
    """A page whose front matter was read; ``text`` has empty lines in its place, so that lines keep their numbers."""

    path: str
    id: str
    front_matter: FrontMatter
    text: str


@dataclass(slots=True)
class _Quizzes:
    """The quizzes of a page and the questions in them, while the page is walked."""

    fences: list[Fence]
    questions: dict[str, list[str]]


def parse_page(draft: Draft, around: TextSurroundings, findings: Findings) -> Page:
    """Parse the text of a page."""
    tokens = read_text(draft.text, findings, around)
    check_places(tokens, findings)
    tokens = keep_own_country(tokens, around.variables.get("country"))
    give_anchors(tokens, _ids(tokens))
    title, tokens = take_title(tokens)
    tokens = read_embeds(tokens, around.targets, around.findings)
    footnotes = Footnotes(findings)
    tokens = footnotes.take_definitions(tokens)
    quizzes = _Quizzes([], {})
    tokens, questions = _take_questions(tokens, draft.id, quizzes, footnotes, findings)
    tokens, workshop = take_workshop(tokens, OnPage(draft.id, title, footnotes, findings))
    page_tokens = footnotes.append(tokens)
    footnotes.report_unused()
    return Page(
        id=draft.id,
        title=title,
        menu_title=draft.front_matter.title or title,
        minutes=draft.front_matter.minutes,
        path=draft.path,
        tokens=page_tokens,
        questions=tuple(questions),
        quizzes=tuple(_quiz(fence, draft.id, title, quizzes, findings) for fence in quizzes.fences),
        workshop=workshop,
    )


def _ids(tokens: Iterable[Token]) -> set[str]:
    """Return the ids that the author gave to blocks, headings and spans."""
    ids = {str(token.attrs["id"]) for token in walk(tokens) if "id" in token.attrs}
    return ids | {token.meta["block"].id for token in tokens if token.type == "block_open" and token.meta["block"].id}


def _take_questions(
    tokens: list[Token], page: str, quizzes: _Quizzes, footnotes: Footnotes, findings: Findings
) -> tuple[list[Token], list[Question]]:
    """Return the tokens with only the places of questions left, and the questions."""
    kept: list[Token] = []
    questions: list[Question] = []
    quiz: str | None = None
    index = 0
    while index < len(tokens):
        token = tokens[index]
        fence: Fence | None = token.meta["block"] if token.type in {"block_open", "block_close"} else None
        if fence is not None and fence.name == "question":
            end = end_of(tokens, index)
            question = read_question(tokens[index : end + 1], Surroundings(page, quiz, footnotes, findings))
            index = end
            if question is not None:
                questions.append(question)
                kept.append(Token("question", "", 0, block=True, map=token.map, meta={"id": question.id}))
                if quiz is not None:
                    quizzes.questions.setdefault(quiz, []).append(question.id)
        else:
            if fence is not None and fence.name == "quiz":
                quiz = fence.id or "" if token.nesting > 0 else None
                quizzes.fences += [fence] if token.nesting > 0 else []
            kept.append(token)
        index += 1
    return kept, questions


def _quiz(fence: Fence, page: str, page_title: str, quizzes: _Quizzes, findings: Findings) -> Quiz:
    values = Values(fence, findings)
    return Quiz(
        id=fence.id or "",
        title=values.text("title") or page_title,
        page=page,
        minutes=values.count("minutes", None),
        questions=tuple(quizzes.questions.get(fence.id or "", ())),
        place=fence.place,
    )
