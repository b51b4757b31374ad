"""The glossary: terms in the text, their definitions at the end of what links them, and in the package."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from course_builder.model import Course
from course_builder.package import PackageError, is_public, read_package
from course_builder.package.write import package_members, write_package
from course_builder.render import render_module
from course_builder.sanitize import first_violation
from tests.course_builder.sources import PAGE, check, codes

GLOSSARY = """\
# Glossary

## Once-only principle <!--#once-only-->

Citizens give a fact to government once. See [base register](term:base-register).

## Base register <!--#base-register-->

The one place where a fact is kept.

## Unused <!--#unused-->

Nobody links it.
"""
QUESTION = """\
::: question {#q-a type=single}

What does [once only](term:once-only) save?

- [x] Time <!--#time-->
- [ ] Paper <!--#paper-->

:::
"""


def course_of(text: str, glossary: str = GLOSSARY) -> Course:
    course, problems = check({PAGE: f"# A page\n\n{text}\n", "glossary.md": glossary})
    assert problems == []
    return course


def test_a_page_carries_the_definitions_that_it_links() -> None:
    page = render_module(course_of("Ask [once](term:once-only), *once*.").modules[0]).pages[0]
    assert first_violation(page.html) is None
    assert page.html == (
        '<p>Ask <a class="term" href="#term_once-only" data-term="once-only">once</a>, <em>once</em>.</p>\n'
        '<section class="glossary" aria-label="Terms">\n<p class="glossary-title">Terms</p>\n<dl>\n'
        '<dt id="term_once-only">Once-only principle</dt>\n<dd><p>Citizens give a fact to government once. See '
        '<a class="term" href="#term_base-register" data-term="base-register">base register</a>.</p>\n</dd>\n'
        '<dt id="term_base-register">Base register</dt>\n<dd><p>The one place where a fact is kept.</p>\n</dd>\n'
        "</dl>\n</section>"
    )
    assert page.text == "Ask once, once."


def test_a_question_carries_its_own() -> None:
    rendered = render_module(course_of(QUESTION).modules[0])
    stem = rendered.questions["q-a"].stem
    assert first_violation(stem) is None
    assert 'class="glossary"' in stem
    assert "glossary" not in rendered.pages[0].html


def test_a_module_has_the_terms_that_it_uses() -> None:
    module = course_of("Ask [once](term:once-only).").modules[0]
    assert [term.id for term in module.terms] == ["base-register", "once-only"]


@pytest.mark.parametrize(
    ("glossary", "expected"),
    [
        ("## Pier\n\nText.\n", ["term-id"]),
        ("## Pier <!--#Pier-->\n\nText.\n", ["term-id"]),
        ("## Pier <!--#pier-->\n\nText.\n\n## Quay <!--#pier-->\n\nText.\n", ["term-twice"]),
        ("## Pier <!--#pier-->\n\n## Quay <!--#quay-->\n\nText.\n", ["term-without-definition"]),
        ("## Pier <!--#pier-->\n\n![A pier](assets/pier.svg)\n", ["term-content"]),
        ("## Pier <!--#pier-->\n\nSee [page](modules/m1-town/page.md).\n", ["term-content"]),
        ("## Pier <!--#pier-->\n\n<b>Text</b> and $x$.\n", ["term-content"]),
        ("## Pier <!--#pier-->\n\n::: details {title=More}\n\nText.\n\n:::\n", ["term-content"]),
        ("## Pier <!--#pier-->\n\nA [quay](term:quai).\n\n## Quay <!--#quay-->\n\nText.\n", ["link-missing-term"]),
    ],
)
def test_reports_what_is_wrong_in_the_glossary(glossary: str, expected: list[str]) -> None:
    _, problems = check({"glossary.md": glossary})
    assert codes(problems) == expected
    assert all(problem.place.path == "glossary.md" for problem in problems)


def test_reports_links_to_terms_that_are_not_there() -> None:
    _, problems = check({PAGE: "# A page\n\nAsk [once](term:once-onli).\n", "glossary.md": GLOSSARY})
    assert [(problem.place.line, problem.place.column, problem.code, problem.hint) for problem in problems] == [
        (3, 5, "link-missing-term", "Did you mean `once-only`?")
    ]


def test_an_option_links_no_term() -> None:
    text = QUESTION.replace("Paper", "[Paper](term:once-only)")
    assert codes(check({PAGE: f"# A page\n\n{text}\n", "glossary.md": GLOSSARY})[1]) == ["term-in-option"]


def members_of(course: Course) -> dict[str, bytes]:
    module = course.modules[0]
    return package_members(course, module, render_module(module))


def test_the_package_lists_the_terms_of_the_module(tmp_path: Path) -> None:
    members = members_of(course_of("Ask [once](term:once-only)."))
    assert [term["id"] for term in json.loads(members["glossary/en.json"])] == ["base-register", "once-only"]
    assert json.loads(members["ids.json"])["term:once-only"]["kind"] == "term"
    write_package(members, tmp_path / "m.zip", 0)
    assert "glossary/en.json" in read_package(tmp_path / "m.zip").members
    assert is_public("glossary/en.json")


def test_a_package_with_other_html_in_a_definition_is_refused(tmp_path: Path) -> None:
    members = members_of(course_of("Ask [once](term:once-only)."))
    members["glossary/en.json"] = members["glossary/en.json"].replace(b"<p>The", b"<p onclick='x()'>The")
    write_package(members, tmp_path / "m.zip", 0)
    with pytest.raises(PackageError, match=r"glossary/en\.json"):
        read_package(tmp_path / "m.zip")


def test_a_module_without_terms_has_no_glossary() -> None:
    assert "glossary/en.json" not in members_of(course_of("Text."))
