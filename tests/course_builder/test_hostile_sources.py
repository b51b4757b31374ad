"""Sources that nobody wrote: no crash, no hang, and always a problem with a place."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_builder.model import Problem
from course_builder.parser.attributes import parse_attributes
from tests.course_builder.sources import PAGE, SVG, check, check_page

LINES = st.sampled_from(
    [
        "",
        "# Title",
        "## Section <!--#section-->",
        ":::",
        "  :::",
        "    :::",
        "::::",
        "> :::",
        "- :::",
        "::: details {title=More}",
        "> ::: details {title=More}",
        "- ::: details {title=More}",
        "  ::: question {#q type=single}",
        "::: question {#q type=single points=2}",
        "::: question {#q-order type=order}",
        "::: quiz {#a-quiz title=“x”}",
        "::: hint {cost=1/4}",
        "::: feedback {when=right}",
        "::: solution",
        "::: facilitator",
        "::: session {#a-session minutes=10}",
        "::: step {minutes=10 who=teams}",
        "::: room",
        "::: materials",
        "::: worksheet {#a-sheet}",
        "::: field {#a-choice type=choice from=m1-town/a-sheet.a-table}",
        "::: field {#a-table type=table rows=2}",
        "::: field {#a-scale type=scale min=3 max=1 labels=a}",
        "::: poll {#a-poll type=single}",
        '::: board {#a-board columns="a||a"}',
        "- plain <!--#plain-->",
        "::: what {",
        "- [x] one <!--#one-->",
        "- [ ] two <!--#two-->",
        "  > feedback[^a]",
        "1. first <!--#first-->",
        "2. second <!--#second-->",
        "> quote",
        "> [!NOTE]",
        "| a | b |",
        "|---|---|",
        "Table: caption",
        "Term",
        ": definition",
        "```",
        "<!-- comment",
        "-->",
        "<div>",
        "</div>",
        "[^a]: note[^a]",
        "    ::: details",
        "text [a](b.md){.x} ![](c.png) [s]{#s lang=fi}",
        "---",
        "title: x",
        "$$",
        "\x00",
    ]
)
PAGES = st.lists(LINES, max_size=40).map("\n".join)


def assert_located(problems: list[Problem], text: str) -> None:
    lines = text.split("\n")
    for problem in problems:
        assert problem.code
        assert problem.message
        assert problem.place.line >= 1
        assert problem.place.column >= 1
        if problem.place.path == PAGE:
            assert problem.place.line <= max(len(lines), 1)


@settings(max_examples=300, deadline=None)
@given(PAGES)
def test_any_lines_of_the_language_give_a_page_and_located_problems(text: str) -> None:
    _, problems = check_page(text)
    assert_located(problems, text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_any_text_gives_a_page_and_located_problems(text: str) -> None:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    _, problems = check_page(text)
    assert_located(problems, text)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=' {}#.="“”abc1-_\\\n', max_size=60))
def test_any_attributes_are_read_or_refused(text: str) -> None:
    found = parse_attributes("{" + text)
    assert found.mistake is not None or 0 < found.end <= len(text) + 1


YAML = st.sampled_from(
    [
        "id: x",
        "title: [",
        "title: {a: b}",
        "  - a",
        "- b",
        "pages: [page.md]",
        "version: 1.0.0",
        "a: &a b",
        "b: *a",
        "? c",
        ": d",
        "---",
        "...",
        "%YAML 1.2",
        "'",
        '"',
        "|",
        ">",
        "\t",
        "!!int x",
        "objectives:",
        "  id: y",
        "  - {id: z}",
        "}",
        "]",
        "<<: *a",
        "passing: {score: 1e9}",
        "\x07",
        "é",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(YAML, max_size=12).map("\n".join))
def test_any_yaml_gives_located_problems_and_hides_no_page(text: str) -> None:
    page = "# A page\n\n![](missing.png)\n"
    _, problems = check({"modules/m1-town/module.yaml": text, "course.yaml": text, PAGE: page})
    assert_located(problems, page)


@pytest.mark.parametrize(
    "text",
    [
        "::: details {title=x}\n\n" * 2_000,
        ":::\n\n" * 5_000,
        "> " * 3_000 + "x",
        "- " * 3_000 + "x",
        "[" * 20_000,
        "[a]{" * 5_000,
        "{#" * 20_000,
        "[x]{a=" + '"' * 20_000,
        "![](" * 5_000,
        "<!-- " * 20_000,
        "<div>\n" + "<!-- " * 20_000,
        "[^a]" * 5_000,
        "<b " * 20_000,
        "<div>\n" + "<b " * 20_000,
        "<div>\n" + "<b " * 20_000 + '">',
        "<div>" * 20_000,
        "::: question {#q type=single}\n\n- [ ] x\n\n" * 500,
        "| a |\n|---|\n" + "| b |\n" * 5_000,
        "|" + "a|" * 2_000 + "\n|" + "-|" * 2_000 + "\n" + "|\n" * 2_000,
        "[a](b.md) " * 20_000,
        "[a]{.lead} " * 20_000,
        "[a]{.b" * 20_000,
        "".join(f"[^{number}] " for number in range(9_000)) + "".join(f"\n\n[^{number}]: x" for number in range(9_000)),
        "a <!-- b --> " * 20_000,
        "{{a}} " * 20_000,
        "{{a " + "".join("`" * length + " " for length in range(600)),
        "$$a\n\n" * 20_000,
        "ABC a ABD a "
        + "".join(f"A{chr(65 + n // 676)}{chr(65 + n // 26 % 26)}{chr(65 + n % 26)} a " for n in range(17_000)),
        ">" * 100 + " a\n" + "b\n" * 20_000,
    ],
    ids=lambda text: f"{text[:14]!r}, {len(text):,}",
)
def test_repetition_does_not_hang(text: str) -> None:
    started = time.process_time()
    _, problems = check_page("# Title\n\n" + text + "\n")
    # A hang takes hours; a machine that runs other tests beside takes its time.
    assert time.process_time() - started < 120
    assert all(problem.place.line >= 1 for problem in problems)


def test_more_open_elements_than_a_page_needs_are_refused_at_their_line():
    nested = "<div>\n" * 101 + "text\n" + "</div>\n" * 101
    _, problems = check_page(f"# Title\n\n{nested}\n")
    [problem] = problems
    assert (problem.code, problem.place.line) == ("raw-html", 103)
    assert "more than 100 HTML elements are open here" in problem.message


def test_an_end_tag_that_closes_nothing_does_not_hide_what_is_open():
    _, problems = check_page("# Title\n\n" + "<div></span>\n" * 101 + "\n")
    assert any("more than 100 HTML elements" in problem.message for problem in problems)


def test_many_elements_beside_each_other_are_fine():
    _, problems = check_page("# Title\n\n" + "<div>text<br></div>\n" * 300 + "\nAnd <b>much</b> more.\n" * 150)
    assert problems == []


def test_a_bad_link_in_the_text_of_an_image_is_found_where_it_stands():
    page = "# Title\n\nText\nand ![the *plan*, ![of ![a](b.svg)](c.svg) and [more](d.md)](assets/town.svg)\n"
    _, problems = check_page(page, **{"modules/m1-town/assets/town.svg": SVG})
    places = {
        problem.message: (problem.place.line, problem.place.column)
        for problem in problems
        if problem.code == "link-missing-file"
    }
    assert places == {
        "there is no file `b.svg`": (4, page.split("\n")[3].index("![a]") + 1),
        "there is no file `c.svg`": (4, page.split("\n")[3].index("![of") + 1),
        "there is no file `d.md`": (4, page.split("\n")[3].index("[more]") + 1),
    }
