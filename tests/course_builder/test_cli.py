"""The command ``course-builder``: exit status, reports, and what is written when."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course_builder.cli import main
from course_builder.package import read_package

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "courses" / "digital-innovation-management"
BROKEN = ROOT / "tests" / "sources" / "broken-course"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A copy of the real course."""
    copy = tmp_path / "course"
    shutil.copytree(COURSE, copy)
    return copy


def test_the_real_course_has_no_problems() -> None:
    result = run("check", COURSE)
    assert result.output.startswith("no problems in ")
    assert result.exit_code == 0


def test_builds_a_package_that_can_be_read(course: Path, tmp_path: Path) -> None:
    result = run("build", course, "-o", tmp_path / "new" / "out")
    assert result.exit_code == 0, result.output
    [file] = (tmp_path / "new" / "out").iterdir()
    package = read_package(file)
    assert f"built m1-readiness {package.manifest.version} → " in result.output
    assert package.digest[:12] in result.output


def test_both_sanitisers_build_the_same_package(course: Path, tmp_path: Path) -> None:
    for engine in ("nh3", "bleach"):
        assert run("build", course, "-o", tmp_path / engine, "--sanitiser", engine).exit_code == 0
    [with_nh3], [with_bleach] = (tmp_path / "nh3").iterdir(), (tmp_path / "bleach").iterdir()
    assert with_nh3.read_bytes() == with_bleach.read_bytes()


def test_warnings_do_not_fail_a_build(course: Path, tmp_path: Path) -> None:
    (course / "modules" / "m1-readiness" / "assets" / "unused.txt").write_text("nobody shows me")
    result = run("build", course, "-o", tmp_path / "out")
    assert "warning asset-unused" in result.output
    assert "\n1 warning in " in result.output
    assert result.exit_code == 0


def test_a_failed_build_writes_nothing_and_leaves_the_last_good_one(course: Path, tmp_path: Path) -> None:
    run("build", course, "-o", tmp_path / "out")
    [file] = (tmp_path / "out").iterdir()
    good = file.read_bytes()
    page = course / "modules" / "m1-readiness" / "portfolio.md"
    page.write_text(page.read_text() + "\n![](nowhere.png)\n")
    result = run("build", course, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "built" not in result.output
    assert [path.read_bytes() for path in (tmp_path / "out").iterdir()] == [good]


def test_json_says_the_same_for_machines(tmp_path: Path) -> None:
    report = json.loads(run("check", BROKEN, "--format", "json").stdout)
    text = run("check", BROKEN).stdout
    assert text.endswith(f"{report['errors']} errors, {report['warnings']} warnings in {report['files']} files\n")
    for problem in report["problems"]:
        place = f"{problem['path']}:{problem['line']}:{problem['column']}"
        assert f"{place}: {problem['severity']} {problem['code']} {problem['message']}\n" in text
    built = json.loads(run("build", COURSE, "-o", tmp_path, "--format", "json").stdout)["built"]
    assert read_package(Path(built[0]["path"])).digest == built[0]["digest"]


@pytest.mark.parametrize("command", [["check"], ["build", "-o", "out"]])
@pytest.mark.parametrize("folder", ["nowhere", "empty", "file"])
def test_says_in_a_line_when_there_is_no_course(
    command: list[str], folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    result = run(command[0], folder, *command[1:])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("course-builder: ")
    assert result.stderr.count("\n") == 1


def test_says_in_a_line_when_the_output_cannot_be_written(course: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for output in (tmp_path / "file", tmp_path / "file" / "below"):
        result = run("build", course, "-o", output)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"course-builder: {tmp_path / 'file'}")
        assert result.stderr.count("\n") == 1


def test_help_and_version_answer() -> None:
    assert run("--version").output == "course-builder 0.1.0\n"
    assert "Exit status" in run("--help").output
    assert run("build", COURSE).exit_code == 2


def test_quoted_text_cannot_steer_the_terminal(course: Path) -> None:
    page = course / "modules" / "m1-readiness" / "portfolio.md"
    page.write_text(page.read_text() + "\n[words](\x1b[31mred.md)\n\n::: bl\x1b]0;x\x07ock\n\n:::\n")
    result = run("check", course)
    assert result.exit_code == 1
    assert "\x1b" not in result.output
    assert "\x07" not in result.output


def terminal_output(environment: dict[str, str]) -> str:
    """Run the command on a terminal of its own."""
    import pty

    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "course_builder", "check", str(BROKEN)]
    with subprocess.Popen(command, stdout=follower, env={**os.environ, **environment}, cwd=ROOT) as process:
        os.close(follower)
        shown = b""
        while True:
            try:
                chunk = os.read(leader, 65536)
            except OSError:
                break
            if not chunk:
                break
            shown += chunk
    os.close(leader)
    assert process.returncode == 1
    return shown.decode()


def test_colours_a_terminal_unless_told_not_to() -> None:
    assert "\x1b[31m" in terminal_output({"NO_COLOR": "", "TERM": "xterm"})
    assert "\x1b" not in terminal_output({"NO_COLOR": "1", "TERM": "xterm"})


def build_elsewhere(source: Path, folder: Path, **environment: str) -> bytes:
    copy = folder / "some" / "where"
    shutil.copytree(source, copy)
    command = [sys.executable, "-m", "course_builder", "build", str(copy), "-o", str(folder / "out")]
    subprocess.run(command, check=True, env={**os.environ, **environment}, cwd=folder, capture_output=True)
    [file] = (folder / "out").iterdir()
    return file.read_bytes()


def test_the_same_sources_give_the_same_bytes_everywhere(tmp_path: Path) -> None:
    first = build_elsewhere(COURSE, tmp_path / "a", TZ="UTC", PYTHONHASHSEED="1", LC_ALL="C")
    second = build_elsewhere(COURSE, tmp_path / "b", TZ="Asia/Tokyo", PYTHONHASHSEED="2", LC_ALL="C.UTF-8")
    assert first == second


def test_the_time_of_the_members_is_the_one_given(tmp_path: Path) -> None:
    now = build_elsewhere(COURSE, tmp_path / "a", SOURCE_DATE_EPOCH="1800000000")
    then = build_elsewhere(COURSE, tmp_path / "b", SOURCE_DATE_EPOCH="1700000000")
    assert now != then
    digests = [read_package(next((tmp_path / name / "out").iterdir())).digest for name in ("a", "b")]
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    "command", [["check", "{course}"], ["ids", "check", "{course}"], ["guide", "{course}", "-o", "{course}/guide.html"]]
)
def test_ctrl_c_ends_every_command_with_one_line(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("course_builder.reader.find_course", stop)
    for module in ("make", "build", "commands.ids"):
        monkeypatch.setattr(f"course_builder.{module}.find_course", stop, raising=False)
    course = str(Path(__file__).parents[1] / "sources" / "kitchen-sink")
    result = CliRunner().invoke(main, [each.format(course=course) for each in command])
    assert (result.exit_code, result.output) == (130, "course-builder: stopped\n")
