"""``course-builder new``: what it writes builds without problems."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course_builder.cli import main
from course_builder.model import QUESTION_TYPES
from course_builder.package import read_package
from course_builder.scaffold.listing import with_entry


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "town-course"
    assert run("new", "course", folder, "--title", 'The "town" course').exit_code == 0
    return folder


def test_a_new_course_builds_without_problems(course: Path, tmp_path: Path) -> None:
    assert run("check", course).output == "no problems in 3 files\n"
    assert run("build", course, "-o", tmp_path / "out").exit_code == 0
    [file] = (tmp_path / "out").iterdir()
    assert read_package(file).manifest.course.title == {"en": 'The "town" course'}


def test_modules_and_pages_are_listed_and_build_without_problems(course: Path) -> None:
    assert run("new", "module", course, "m2-first-tests").exit_code == 0
    module = course / "modules" / "m2-first-tests"
    result = run("new", "page", module, "why-test.md", "--title", "Why test?")
    assert result.output == f"wrote {module / 'why-test.md'}\nwrote {module / 'module.yaml'}\n"
    assert (course / "course.yaml").read_text().endswith("modules:\n  - m1-first-steps\n  - m2-first-tests\n")
    assert run("check", course).output == "no problems in 6 files\n"


@pytest.mark.parametrize("question_type", QUESTION_TYPES)
def test_a_question_of_each_type_builds_without_problems(question_type: str, course: Path, tmp_path: Path) -> None:
    page = course / "modules" / "m1-first-steps" / "first-page.md"
    assert run("new", "question", page, question_type, "--id", "q-once-only").exit_code == 0
    assert run("check", course).output == "no problems in 3 files\n"
    assert run("build", course, "-o", tmp_path / "out").exit_code == 0
    [file] = (tmp_path / "out").iterdir()
    assert read_package(file).question("en", "q-once-only").type == question_type


def test_a_question_keeps_the_line_ends_of_its_page(course: Path) -> None:
    page = course / "modules" / "m1-first-steps" / "first-page.md"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    run("new", "question", page, "single", "--id", "q-once-only")
    assert b"\n" not in page.read_bytes().replace(b"\r\n", b"")


def test_nothing_that_is_there_is_written_over(course: Path) -> None:
    module = course / "modules" / "m1-first-steps"
    before = {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}
    run("new", "question", module / "first-page.md", "single", "--id", "q-a")
    changed = (module / "first-page.md").read_bytes()
    for arguments in (
        ("course", course),
        ("course", course.parent / "Not An Id"),
        ("module", course, "m1-first-steps"),
        ("module", course, "../outside"),
        ("module", course.parent / "nowhere", "m2"),
        ("page", module, "first-page"),
        ("page", course, "third-page"),
        ("question", module / "first-page.md", "single", "--id", "q-a"),
        ("question", module / "nowhere.md", "single", "--id", "q-b"),
    ):
        result = run("new", *arguments)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1), (arguments, result.output)
    after = {path: path.read_bytes() for path in course.parent.rglob("*") if path.is_file()}
    assert after == {**before, module / "first-page.md": changed}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("pages: [a.md]  # all\nx: y\n", "pages: [a.md, b.md]  # all\nx: y\n"),
        ("pages:\n  - a.md  # first\n\nx: y\n", "pages:\n  - a.md  # first\n  - b.md\n\nx: y\n"),
        ("pages:\n- a.md", "pages:\n- a.md\n- b.md"),
        ("pages:\r\n  - a.md\r\nx: y\r\n", "pages:\r\n  - a.md\r\n  - b.md\r\nx: y\r\n"),
        ("pages: ['a.md']\n", "pages: ['a.md', b.md]\n"),
        ("pages: []\n", None),
        ("x: y\n", None),
        ("pages: [", None),
    ],
)
def test_an_entry_joins_a_list_and_nothing_else_changes(before: str, after: str | None) -> None:
    assert with_entry(before, "pages", "b.md") == after
