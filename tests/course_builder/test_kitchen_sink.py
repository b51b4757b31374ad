"""A course with all of the language, from Markdown to packages that are read back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_builder.build import check
from course_builder.make import make
from course_builder.model import QUESTION_TYPES
from course_builder.package import Package, read_package
from course_builder.parser.kinds import BLOCKS
from course_builder.results import Options
from course_builder.sanitize import Engine, first_violation

COURSE = Path(__file__).parents[1] / "sources" / "kitchen-sink"
MODULES = ("m1-text", "m2-questions")
FIELD_TYPES = {"text", "long", "number", "date", "choice", "choices", "scale", "table", "people", "link", "file"}
POLL_TYPES = {"single", "multiple", "scale", "words"}
_BLOCK = re.compile(r"^[> ]*:::+ ([a-z]+)", re.MULTILINE)


def packages(output: Path, sanitiser: Engine = "nh3") -> dict[str, bytes]:
    """Build the course, and return its files by their names."""
    _, built = make(COURSE, output, Options(sanitiser=sanitiser))
    return {each.path.name: each.path.read_bytes() for each in built}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Package]:
    _, built = make(COURSE, tmp_path_factory.mktemp("sink"))
    return {each.module: read_package(each.path) for each in built}


@pytest.fixture(scope="module")
def pages(read: dict[str, Package]) -> dict[str, str]:
    return {
        page.id: package.fragment("en", page.id).html for package in read.values() for page in package.manifest.pages
    }


def blocks() -> Iterator[str]:
    for file in COURSE.rglob("*.md"):
        yield from _BLOCK.findall(file.read_text(encoding="utf-8"))


def test_nothing_is_wrong_with_it() -> None:
    assert check(COURSE).problems == ()


def test_holds_every_block() -> None:
    """A new block fails here until the course has it, so that it goes through all that follows."""
    assert set(blocks()) == set(BLOCKS)


def test_holds_every_question_type(read: dict[str, Package]) -> None:
    manifest = read["m2-questions"].manifest
    asked = [question for page in manifest.pages for question in page.questions]
    asked += [question for quiz in manifest.quizzes for question in quiz.questions]
    types = Counter(read["m2-questions"].question("en", question).type for question in set(asked))
    assert set(types) == set(QUESTION_TYPES)


def test_holds_every_type_of_field_and_poll(read: dict[str, Package]) -> None:
    manifest = read["m1-text"].manifest
    assert {field.type for sheet in manifest.worksheets for field in sheet.fields} == FIELD_TYPES
    assert {poll.type for poll in manifest.polls} == POLL_TYPES


def test_packages_hold_what_they_may(pages: dict[str, str]) -> None:
    assert len(pages) == 7
    for html in pages.values():
        assert first_violation(html) is None


@pytest.mark.parametrize(
    "construction",
    [
        "<em>emphasis</em>, <strong>strong</strong>",
        "<s>struck</s>",
        "code with {{town}}</code>",
        "break<br",
        "*star* and {{town}}",
        "<dt>Owner</dt>",
        'class="checklist"',
        ">What <em>people</em> came for</caption>",
        "<math",
        "<figcaption>The plan of the town</figcaption>",
        *(f'class="alert alert-{kind}"' for kind in ("note", "tip", "important", "warning", "caution")),
        'class="tok-keyword"',
        'class="footnotes"',
        '<kbd>Ctrl</kbd>, <abbr title="Learning Tools Interoperability">LTI</abbr>',
        '<div class="small" lang="fi" dir="ltr">',
        '<span dir="rtl" lang="ar">',
        'hreflang="en"',
        'data-module="m2-questions"',
        'id="rules">The rules of <em>Hallamere</em></h2>',
        '<dt id="term_once-only">',
        "<hr",
    ],
)
def test_shows_markdown(pages: dict[str, str], construction: str) -> None:
    assert construction in pages["text"]


def test_keeps_comments_and_notes_from_learners(read: dict[str, Package], pages: dict[str, str]) -> None:
    everything = "\n".join(pages.values())
    for secret in ("a comment", "in a line", "Let them talk", "Be there early", "The call first"):
        assert secret not in everything
    assert "Let them talk <em>first</em>." in "".join(read["m1-text"].facilitator("en", "blocks"))


def test_both_sanitisers_build_the_same_packages(tmp_path: Path) -> None:
    with_nh3 = packages(tmp_path / "nh3")
    assert [name.split("-1.0.0")[0] for name in with_nh3] == list(MODULES)
    assert packages(tmp_path / "bleach", "bleach") == with_nh3


def test_the_same_source_gives_the_same_bytes(tmp_path: Path) -> None:
    assert packages(tmp_path / "one") == packages(tmp_path / "two")
