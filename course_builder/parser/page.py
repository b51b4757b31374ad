"""One Markdown file → :class:`Page`: all steps in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markdown_it.token import Token

from course_builder.model import Fence, Page, Question, Quiz
from course_builder.parser.banks import Banks
from course_builder.parser.blocks import check_places
from course_builder.parser.countries import keep_own_country
from course_builder.parser.embeds import read_embeds
from course_builder.parser.findings import Findings
from course_builder.parser.footnotes import Footnotes
from course_builder.parser.headings import give_anchors, take_title
from course_builder.parser.on_page import OnPage
from course_builder.parser.schemas import FrontMatter
from course_builder.parser.taking import Taken, take_questions
from course_builder.parser.text import Surroundings, read_text
from course_builder.parser.values import Values
from course_builder.parser.workshop import take_workshop
from course_builder.tokens import Run, mark_path, walk


@dataclass(frozen=True, slots=True)
class Draft:
    """A page whose front matter was read; ``text`` has empty lines in its place, so that lines keep their numbers."""

    path: str
    id: str
    front_matter: FrontMatter
    text: str


def parse_page(draft: Draft, around: Surroundings, banks: Banks, findings: Findings) -> Page:
    """Parse the text of a page."""
    tokens = _read(draft.text, around, findings)
    title, tokens = take_title(tokens)
    footnotes = Footnotes(findings)
    tokens = footnotes.take_definitions(tokens)
    taken = take_questions(tokens, draft.id, footnotes, banks, findings)
    tokens, workshop = take_workshop(taken.tokens, OnPage(draft.id, title, footnotes, findings))
    page_tokens = Run(footnotes.append(tokens))
    footnotes.report_unused()
    return Page(
        id=draft.id,
        title=title,
        menu_title=draft.front_matter.title or title,
        minutes=draft.front_matter.minutes,
        path=draft.path,
        tokens=page_tokens,
        questions=tuple(taken.questions),
        quizzes=tuple(_quiz(fence, draft.id, title, taken, findings) for fence in taken.quizzes),
        pools=tuple(taken.pools.get(None, ())),
        workshop=workshop,
    )


def parse_bank(path: str, text: str, page: str, quiz: str | None, around: Surroundings) -> list[Question]:
    """Parse a bank: Markdown in which the questions count, and all else is for its authors."""
    findings = around.findings(path)
    tokens = _read(text, around, findings)
    mark_path(tokens, path)
    footnotes = Footnotes(findings)
    tokens = footnotes.take_definitions(tokens)
    nothing = Banks(frozenset(), lambda *_: [])
    taken = take_questions(tokens, page, footnotes, nothing, findings, quiz=quiz)
    pools = [pool.place for pools in taken.pools.values() for pool in pools]
    for place in (*(fence.place for fence in taken.quizzes), *pools):
        findings.error(place, "block-place", "a bank holds questions only", "Move it to the page that draws.")
    footnotes.report_unused()
    return taken.questions


def _read(text: str, around: Surroundings, findings: Findings) -> list[Token]:
    tokens = read_text(text, findings, around)
    check_places(tokens, findings)
    tokens = keep_own_country(tokens, around.variables.get("country"))
    give_anchors(tokens, _ids(tokens))
    return read_embeds(tokens, around.targets, around.findings)


def _ids(tokens: Iterable[Token]) -> set[str]:
    """Return the ids that the author gave to blocks, headings and spans."""
    ids = {str(token.attrs["id"]) for token in walk(tokens) if "id" in token.attrs}
    return ids | {token.meta["block"].id for token in tokens if token.type == "block_open" and token.meta["block"].id}


def _quiz(fence: Fence, page: str, page_title: str, taken: Taken, findings: Findings) -> Quiz:
    values = Values(fence, findings)
    id_ = fence.id or ""
    return Quiz(
        id=id_,
        title=values.text("title") or page_title,
        page=page,
        minutes=values.count("minutes", None),
        questions=tuple(question.id for question in taken.questions if question.quiz == id_),
        place=fence.place,
        pools=tuple(taken.pools.get(id_, ())),
    )
