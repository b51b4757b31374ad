"""The facilitator guide: one document with all that trainers need, in reading order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from course_builder.cli import main
from course_builder.render import render_module
from course_builder.render.guide import guide_html
from tests.course_builder.sources import COURSE_YAML, MODULE_YAML, OTHER, PAGE, SVG, check
from tests.course_builder.workshop_sample import TEXT

NOTE = "::: facilitator\n\n{}\n\n:::\n"
OTHER_PAGE = f"""\
# Another page

## Notes <!--#notes-->

{NOTE.format("SECRET-C About the notes. ![A map of the town](assets/town.svg) See [the agenda](page.md#kick-off).")}
{NOTE.format("SECRET-D [This heading](#notes), [a law](https://example.org/law), [the plan](assets/plan.pdf).[^a]")}
[^a]: A note.

"""
FILES = {
    PAGE: NOTE.format("SECRET-0[^law]").join(["# The kick-off\n\n", TEXT.removeprefix("# The kick-off\n")]),
    "modules/m1-town/other.md": OTHER_PAGE,
    "modules/m1-town/assets/town.svg": SVG,
    "modules/m1-town/assets/plan.pdf": b"%PDF-1.7",
}


@pytest.fixture(scope="module")
def guide() -> str:
    course, problems = check(FILES)
    assert [problem for problem in problems if problem.severity == "error"] == []
    return guide_html(course, {module.id: render_module(module) for module in course.modules})


def test_all_notes_stand_in_reading_order(guide: str) -> None:
    found = re.findall(r"SECRET-.|Ninety minutes &lt;short&gt;|Say where|Write notes|Another page", guide)
    assert found == [
        *("SECRET-0", "Ninety minutes &lt;short&gt;", "SECRET-A", "Say where", "Write notes", "SECRET-B"),
        *("Another page", "SECRET-C", "SECRET-D"),
    ]


def test_a_note_says_which_section_it_is_about(guide: str) -> None:
    assert '<p class="side-title">For facilitators · Notes</p>\n<p>SECRET-C' in guide
    assert '<p class="side-title">For facilitators</p>\n<p>SECRET-0' in guide


def test_the_sheets_come_last_and_name_their_release(guide: str) -> None:
    assert guide.count('<section class="worksheet" id="m1-town_sheet"') == 1
    sheets = guide.partition('<section class="guide-sheets">')[2]
    assert '<section class="worksheet" id="m1-town_sheet"' in sheets
    assert '<span class="release">A module · m1-town 1.0.0</span>' in sheets
    assert '<a href="#m1-town_sheet">The kick-off</a>' in guide.partition('<section class="guide-sheets">')[0]


def test_the_document_loads_nothing_and_every_address_in_it_leads_somewhere(guide: str) -> None:
    body = guide.partition("<body>")[2]
    assert re.findall(r'src="([^"]{,26})', body) == ["data:image/svg+xml;base64,"]
    assert "url(" not in guide
    assert "@import" not in guide
    ids = re.findall(r' id="([^"]*)"', body)
    assert len(set(ids)) == len(ids)
    targets = re.findall(r'href="([^"]*)"', body)
    assert {target for target in targets if not target.startswith("#")} == {"https://example.org/law"}
    assert {target[1:] for target in targets if target.startswith("#")} <= set(ids)
    assert 'aria-describedby="_new-window"' in body
    assert "_new-window" in ids


def test_a_page_without_anything_for_facilitators_is_left_out() -> None:
    course, _ = check({PAGE: TEXT, "modules/m1-town/other.md": OTHER})
    html = guide_html(course, {module.id: render_module(module) for module in course.modules})
    assert "Another page" not in html


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, content in {"course.yaml": COURSE_YAML, "modules/m1-town/module.yaml": MODULE_YAML, **FILES}.items():
        file = tmp_path / "course" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return tmp_path / "course"


@pytest.mark.parametrize("inner", ["", "modules/m1-town"])
def test_the_command_writes_the_guide_of_a_course_or_module(folder: Path, tmp_path: Path, inner: str) -> None:
    output = tmp_path / "out" / "guide.html"
    result = CliRunner().invoke(main, ["guide", str(folder / inner), "-o", str(output)])
    assert result.exit_code == 0, result.output
    assert result.output.endswith(f"wrote {output}\n")
    assert "SECRET-A" in output.read_text(encoding="utf-8")
    assert [path.name for path in output.parent.iterdir()] == ["guide.html"]


def test_the_command_leaves_the_last_guide_where_there_are_errors(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "guide.html"
    output.write_text("the last one")
    page = folder / PAGE
    page.write_text(page.read_text().replace("minutes=25", "minutes=90"))
    result = CliRunner().invoke(main, ["guide", str(folder), "-o", str(output)])
    assert result.exit_code == 1
    assert "session-minutes" in result.output
    assert output.read_text() == "the last one"


def test_the_command_says_what_could_not_be_written(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = CliRunner().invoke(main, ["guide", str(folder), "-o", str(tmp_path / "file" / "guide.html")])
    assert result.exit_code == 2
    assert "course-builder: " in result.output
