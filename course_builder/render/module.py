"""Render a module: its pages, its questions, and what a search finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from course_builder.html_depth import MOST_OPEN, first_too_deep
from course_builder.model import Module, Page, Question, Tokens
from course_builder.package.rendered import Rendered, RenderedBlock, RenderedPage, RenderedQuestion, RenderedTerm
from course_builder.package.rendered_workshop import RenderedWorkshop
from course_builder.render.addresses import Addresses
from course_builder.render.run import Setting, part_prefix, render_run, split_footnotes
from course_builder.render.words import words
from course_builder.render.workshop import fill_places, joined, note_place, render_workshop
from course_builder.sanitize import Engine
from course_builder.tokens import end_of, plain_text, runs, walk, workshop_runs


def render_module(
    module: Module, engine: Engine = "nh3", addresses: Addresses | None = None, *, shows_notes: bool = False
) -> Rendered:
    """Turn the tokens of a module into sanitised HTML.

    Args:
        module: was checked and has no errors.
        engine: what sanitises; both give the same pages.
        addresses: those of the module's assets, where they are known already.
        shows_notes: puts the notes for facilitators, hidden, where they stand in the text; no learner may get that.

    Raises:
        ValueError: if raw HTML swallows the place of a question, or nests without end; ``checks`` report it before.
    """
    addresses = addresses or Addresses(module.assets)
    glossary = {term.id: term for term in module.terms}
    pages: list[RenderedPage] = []
    questions: dict[str, RenderedQuestion] = {}
    workshops: list[RenderedWorkshop] = []
    for page in module.pages:
        if any(first_too_deep(run) is not None for run in runs(page)):
            raise ValueError(f"more than {MOST_OPEN} HTML elements are open at once")
        setting = Setting(words(module.language), addresses, page.path, engine, module.language, glossary)
        workshop = render_workshop(page, setting)
        pages.append(_page(page, workshop, setting, shows_notes=shows_notes))
        questions |= {question.id: _question(question, setting) for question in page.questions}
        workshops.append(workshop)
    return Rendered(module.language, tuple(pages), questions, joined(workshops), _glossary(module, addresses, engine))


def _glossary(module: Module, addresses: Addresses, engine: Engine) -> tuple[RenderedTerm, ...]:
    """Render the definitions alone: without the glossary, links to further terms are words."""
    setting = Setting(words(module.language), addresses, "", engine, module.language)
    return tuple(RenderedTerm(term.id, term.title, render_run(term.tokens, setting)) for term in module.terms)


def _page(page: Page, workshop: RenderedWorkshop, setting: Setting, *, shows_notes: bool) -> RenderedPage:
    learner, notes = _split_facilitator(page.tokens)
    body, _ = split_footnotes(learner)
    facilitator = tuple(render_run(note, setting, f"facilitator_{number}_") for number, note in enumerate(notes, 1))
    shown = tuple(token for token in learner if shows_notes or token.type != "note")
    return RenderedPage(
        id=page.id,
        html=fill_places(
            render_run(shown, setting), page, workshop, setting.words, facilitator if shows_notes else None
        ),
        facilitator=facilitator,
        headings=tuple(
            plain_text([body[index + 1]]) for index, token in enumerate(body) if token.type == "heading_open"
        ),
        text=" ".join(
            filter(None, [plain_text(body), *map(plain_text, workshop_runs(page.workshop, with_notes=False))])
        ),
        blocks=tuple(block for run in (page.tokens, *workshop_runs(page.workshop)) for block in _blocks(run)),
    )


def _question(question: Question, setting: Setting) -> RenderedQuestion:
    def html(tokens: Tokens) -> str:
        return render_run(tokens, setting, part_prefix(question.id, tokens))

    return RenderedQuestion(
        id=question.id,
        stem=html(question.stem),
        options={option.id: _without_paragraph(html(option.text)) for option in question.options},
        hints=tuple(html(hint.text) for hint in question.hints),
        option_feedback={
            **{option.id: html(option.feedback) for option in question.options if option.feedback},
            **{name: html(tokens) for name, tokens in question.answer_feedback.items()},
        },
        feedback={when: html(tokens) for when, tokens in question.feedback.items()},
        solution=html(question.solution),
        items={item.id: _without_paragraph(html(item.text)) for item in question.items if item.text},
        image=html(question.image),
        rubric={each.id: html(each.text) for each in question.rubric},
    )


def _without_paragraph(html: str) -> str:
    """Unwrap an option that is one paragraph: it will stand in a label, which holds text and no blocks."""
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return inner if len(inner) == len(html) - len("<p></p>") and "<p>" not in inner else html


def _split_facilitator(tokens: Tokens) -> tuple[Tokens, list[Tokens]]:
    """Take the facilitator blocks out, with only their places left; each keeps the page's footnotes, to cite from."""
    learner: list[Token] = []
    notes: list[Sequence[Token]] = []
    index = 0
    while index < len(tokens):
        if tokens[index].type == "block_open" and tokens[index].meta["block"].name == "facilitator":
            end = end_of(tokens, index)
            notes.append(tokens[index + 1 : end])
            learner.append(Token("note", "", 0, block=True, meta={"id": note_place(len(notes))}))
            index = end + 1
        else:
            learner.append(tokens[index])
            index += 1
    footnotes = tokens[len(split_footnotes(tokens)[0]) :]
    return tuple(learner), [(*note, *footnotes) for note in notes]


def _blocks(tokens: Tokens) -> Iterator[RenderedBlock]:
    """List what an author gave an id to, except quizzes and questions, which stand for themselves."""
    for index, token in enumerate(tokens):
        if token.type == "block_open":
            fence = token.meta["block"]
            if fence.id and fence.name != "quiz":
                yield RenderedBlock(fence.id, "block", plain_text(tokens[index : end_of(tokens, index) + 1]))
        elif token.type == "heading_open":
            if "id" in token.attrs and "is_made_from_text" not in token.meta:
                yield RenderedBlock(str(token.attrs["id"]), "heading", plain_text([tokens[index + 1]]))
        elif "id" in token.attrs:
            yield RenderedBlock(str(token.attrs["id"]), "block", plain_text(tokens[index : end_of(tokens, index) + 1]))
        elif token.type == "inline":
            for inline in walk([token]):
                if "id" in inline.attrs:
                    yield RenderedBlock(str(inline.attrs["id"]), "block", "")
