"""A small module made by hand: the values that the parser would hand over, and a package of it."""

# ruff: noqa: A002 - the samples take the names of the fields that they fill.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from course_builder.model import (
    Asset,
    Author,
    Competence,
    Course,
    Fence,
    Hint,
    Module,
    Objective,
    Option,
    Page,
    Passing,
    Place,
    Question,
    Quiz,
    Tokens,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200"><path d="M0 0h9"/></svg>'
HERE = Place("modules/m1/first.md")

_markdown = MarkdownIt("gfm-like2", {"linkify": False}).disable("linkify")


def text(source: str) -> Tokens:
    return tuple(_markdown.parse(source))


def place_of_question(question_id: str) -> Token:
    return Token("question", "", 0, block=True, meta={"id": question_id})


def block(name: str, content: Sequence[Token], id: str | None = None, **attributes: str) -> Tokens:
    fence = Fence(name, id, (), attributes, HERE)
    return (
        Token("block_open", "", 1, block=True, meta={"block": fence}),
        *content,
        Token("block_close", "", -1, block=True, meta={"block": fence}),
    )


def question(id: str = "q-reuse", type: str = "single", right: str = "reuse", **changes: object) -> Question:
    options = tuple(
        Option(option, text(f"The *{option}* option."), text(f"Why {option}."), option in right.split(), HERE)
        for option in ("reuse", "copies", "nothing")
    )
    made = Question(
        id=id,
        type=type,
        page="first",
        quiz=None,
        stem=text("Which one?"),
        options=options,
        points=Fraction(1),
        tries=1,
        penalty=Fraction(0),
        partial="off",
        is_shuffled=True,
        is_graded=True,
        objective="name-it",
        hints=(Hint(text("Think of Tallinn."), Fraction(1, 4), HERE),),
        feedback={"wrong": text("Read the page again.")},
        solution=text("Once only."),
        place=HERE,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def page(
    tokens: Sequence[Token], questions: Sequence[Question] = (), quizzes: Sequence[Quiz] = (), id: str = "first"
) -> Page:
    return Page(id, f"The {id} page", id, 5, f"modules/m1/{id}.md", tuple(tokens), tuple(questions), tuple(quizzes))


def module(pages: Sequence[Page] | None = None, **changes: object) -> Module:
    made = Module(
        id="m1",
        version="1.0.0",
        title="Once only",
        summary="Why to ask once.",
        duration="PT40M",
        language="en",
        objectives=(
            Objective("name-it", "Name the principle.", (Competence("DigComp", "2.2", "5.2", "intermediate"),)),
        ),
        prerequisites=(),
        passing=Passing(score=70),
        pages=tuple(pages or [quiz_page()]),
        assets=(Asset("modules/m1/assets/map.svg", SVG, "image/svg+xml", alt="A map", licence="CC0-1.0"),),
        path="modules/m1",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def quiz_page() -> Page:
    """Make a page with a paragraph, a self-check, and a quiz of three questions."""
    in_quiz = (
        question("q-single", quiz="check"),
        question("q-multiple", "multiple", "reuse copies", quiz="check", points=Fraction(5, 2), partial="net"),
        question("q-order", "order", "reuse copies nothing", quiz="check"),
    )
    self_check = question("q-self", is_graded=False, tries=None)
    tokens = (
        *text("Ask **once**.\n\n![A map](asset:modules/m1/assets/map.svg)\n"),
        place_of_question("q-self"),
        *block("quiz", [place_of_question(each.id) for each in in_quiz], "check", title="What you know"),
        *block("facilitator", text("Let them talk first.")),
    )
    quiz = Quiz("check", "What you know", "first", 10, tuple(each.id for each in in_quiz), HERE)
    return page(tokens, (self_check, *in_quiz), (quiz,))


def course(*modules: Module) -> Course:
    return Course("c1", "Good practice", "", ("en",), "CC-BY-4.0", (Author("Hybrid Training project"),), modules)


def members(made: Module | None = None) -> dict[str, bytes]:
    from course_builder.package.write import package_members
    from course_builder.render import render_module

    made = made or module()
    whole = course(made)
    return package_members(whole, made, render_module(made))


def package(folder: Path, made: Module | None = None, name: str = "m1.zip") -> Path:
    from course_builder.package.write import write_package

    write_package(members(made), folder / name, 0)
    return folder / name
