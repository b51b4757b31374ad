"""``course-builder check``: a page alone, what is due, annotations, and watching."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import IO

import pytest
from click.testing import CliRunner, Result

from course_builder.cli import main

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "courses" / "digital-innovation-management"
BROKEN = ROOT / "tests" / "sources" / "broken-course"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    copy = tmp_path / "course"
    shutil.copytree(BROKEN, copy)
    return copy


def test_a_page_has_its_own_problems_and_exit_status(broken: Path) -> None:
    modules = broken / "modules"
    result = run("check", modules / "m1-mistakes" / "quiz.md")
    assert result.exit_code == 1
    assert {Path(line.split(":")[0]).name for line in result.output.splitlines() if ": error " in line} == {"quiz.md"}
    assert result.output.endswith(" errors in 1 file\n")
    result = run("check", modules / "m3-fine" / "page.md")
    assert (result.output, result.exit_code) == ("no problems in 1 file\n", 0)


@pytest.mark.parametrize("page", ["modules/m1-mistakes/unlisted.md", "modules/nowhere.md", "README.md"])
def test_says_in_a_line_what_is_no_page(broken: Path, page: str) -> None:
    result = run("check", broken / page)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1


def test_a_build_of_a_page_is_that_of_its_module(broken: Path, tmp_path: Path) -> None:
    text = (broken / "course.yaml").read_text()
    (broken / "course.yaml").write_text(text.replace("descripton", "description"))
    result = run("build", broken / "modules" / "m3-fine" / "page.md", "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["m3-fine-1.0.0.module.zip"]


def test_lists_what_is_due_by_a_date_and_only_then(tmp_path: Path) -> None:
    course = tmp_path / "course"
    shutil.copytree(COURSE, course)
    for page in course.rglob("*.md"):
        page.write_text(re.sub(r" verify=\S*?(?=[ }])", "", page.read_text()))
    quiz = course / "modules" / "m1-readiness" / "quiz.md"
    text = quiz.read_text()
    [first, *_] = re.findall(r"::: question \{#(\S+) ", text)
    quiz.write_text(text.replace(f"{{#{first} ", f"{{#{first} verify=2027-01-31 ", 1))
    assert run("check", course).output.startswith("no problems")
    assert run("check", course, "--due", "2027-01-30").output.startswith("no problems")
    result = run("check", course, "--due", "2027-01-31")
    assert f"warning question-due `{first}` was to be verified by 2027-01-31" in result.output
    assert result.exit_code == 0
    assert run("check", course, "--due", "soon").exit_code == 2


def test_due_without_a_date_means_today() -> None:
    assert run("check", COURSE, "--due").exit_code == 0
    assert run("check", "--due", "--format", "json", COURSE).exit_code == 0


def test_annotates_for_github(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(broken)
    page = Path("modules/m3-fine/page.md")
    page.write_text(page.read_text() + "\n[100%, really: yes](no,where%3A.md)\n")
    result = run("check", page, "--format", "github")
    assert result.exit_code == 1
    annotation, summary = result.output.splitlines()
    assert annotation.startswith(
        f"::error file=modules/m3-fine/page.md,line={len(page.read_text().splitlines())},col=1,"
    )
    assert ",title=link-missing-file::there is no file `no,where:.md`%0A" in annotation
    assert summary == "1 error in 1 file"


def test_annotations_escape_what_ends_a_command_or_a_property() -> None:
    from course_builder.model import Place, Problem
    from course_builder.report import github_report
    from course_builder.results import Checked

    problem = Problem(Place("a,b:c%.md", 3, 7), "warning", "some-code", "50 %\r\n::error::", "")
    said = github_report(Checked(Path.cwd(), (problem,), ("a",)), [])
    assert said.splitlines()[0] == (
        "::warning file=a%2Cb%3Ac%25.md,line=3,col=7,title=some-code::50 %25%0D%0A::error::"
    )


@contextmanager
def watching(path: Path) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    command = [sys.executable, "-u", "-m", "course_builder", "check", "--watch", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        # A line that never comes must not be waited for.
        patience = Timer(60, process.kill)
        patience.start()
        try:
            assert process.stdout is not None
            yield process, process.stdout
        finally:
            patience.cancel()
            process.kill()


def lines_until(stream: IO[str], last: str) -> list[str]:
    lines = []
    for line in stream:
        lines.append(line.rstrip("\n"))
        if last in line:
            return lines
    raise AssertionError(f"{last!r} was not said: {lines}")


def save_until_seen(page: Path, text: str) -> None:
    """Save a page as an editor does: a new file takes the place of the old one."""
    new = page.with_suffix(".new")
    new.write_text(text)
    new.replace(page)


def test_watching_reports_what_a_save_changed_and_ends_cleanly(broken: Path) -> None:
    page = broken / "modules" / "m3-fine" / "page.md"
    good = page.read_text()
    with watching(broken / "modules" / "m3-fine") as (process, said):
        lines_until(said, "1 error in")  # course.yaml has a misspelt key.
        save_until_seen(page, good + "\n![](nowhere.png)\n")
        lines = lines_until(said, "3 errors in")
        assert [line.split(" ")[2] for line in lines if ": error " in line] == [
            "image-without-alt",
            "link-missing-file",
        ]
        save_until_seen(page, good)
        assert lines_until(said, "1 error in") == ["2 problems gone", "1 error in 3 files"]
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=30)
    assert (rest.strip(), errors, process.returncode) == ("", "", 0)


def test_believes_and_leaves_the_records_of_a_build(
    broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_BUILDER_CACHE", str(tmp_path / "cache"))
    first = run("check", broken)
    assert len(list((tmp_path / "cache").iterdir())) == 1
    assert run("check", broken).output == first.output
    page = broken / "modules" / "m3-fine" / "page.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n[nowhere](nowhere.md)\n", encoding="utf-8")
    again = run("check", broken)
    assert "nowhere.md" in again.output
    shutil.rmtree(tmp_path / "cache")
    assert run("check", broken).output == again.output
