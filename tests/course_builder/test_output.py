"""What a build leaves behind when the disk is full, when it is stopped, and what it shows while it works."""

from __future__ import annotations

import io
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from course_builder.commands.progress import progress

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "courses" / "digital-innovation-management"
STOPPED_WHILE_WRITING = """
import os, signal, sys, zipfile
from course_builder.cli import main

writestr = zipfile.ZipFile.writestr

def stop_at_the_fifth(self, *arguments, **options):
    if len(self.infolist()) == 4:
        os.kill(os.getpid(), signal.SIGINT)
    writestr(self, *arguments, **options)

zipfile.ZipFile.writestr = stop_at_the_fifth
main(sys.argv[1:], prog_name="course-builder")
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    copy = tmp_path / "course"
    shutil.copytree(COURSE, copy)
    return copy


def build(course: Path, output: Path, *python: str, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    """Build in a process of its own, which may write files up to a limit of bytes only."""

    def limit_files() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    program = python or ("-m", "course_builder")
    command = [sys.executable, *program, "build", str(course), "-o", str(output)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=ROOT, env=environment, text=True, capture_output=True, preexec_fn=limit_files, timeout=120
    )


def test_a_full_disk_leaves_the_last_good_package_and_nothing_else(course: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    assert build(course, output).returncode == 0
    good = {path.name: path.read_bytes() for path in output.iterdir()}
    page = next(course.rglob("portfolio.md"))
    page.write_text(page.read_text() + "\nOne more sentence.\n")
    result = build(course, output, limit=4_000)
    assert result.returncode == 2
    assert result.stderr.startswith("course-builder: ")
    assert result.stderr.count("\n") == 1
    assert {path.name: path.read_bytes() for path in output.iterdir()} == good


def test_a_full_disk_leaves_an_empty_folder_empty(course: Path, tmp_path: Path) -> None:
    assert build(course, tmp_path / "out", limit=4_000).returncode == 2
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


def test_ctrl_c_leaves_the_last_good_package_and_nothing_else(course: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    assert build(course, output).returncode == 0
    good = {path.name: path.read_bytes() for path in output.iterdir()}
    page = next(course.rglob("portfolio.md"))
    page.write_text(page.read_text() + "\nOne more sentence.\n")
    result = build(course, output, "-c", STOPPED_WHILE_WRITING)
    assert result.returncode == 130
    assert result.stderr.strip() == "course-builder: stopped; what was built last is still there"
    assert {path.name: path.read_bytes() for path in output.iterdir()} == good
    assert build(course, output).returncode == 0


class Terminal(io.StringIO):
    """A terminal; it can be waited for to show something."""

    def __init__(self) -> None:
        super().__init__()
        self.is_written = threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.is_written.set()
        return super().write(text)


def test_shows_that_work_goes_on_and_takes_the_line_away() -> None:
    terminal = Terminal()
    with progress("building", terminal, patience_s=0.01):
        assert terminal.is_written.wait(20)
    assert re.fullmatch(r"(\r\x1b\[Kbuilding … \d+ s)+\r\x1b\[K", terminal.getvalue())
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


def test_shows_nothing_of_quick_work_nor_beside_a_terminal() -> None:
    terminal, file = Terminal(), io.StringIO()
    with progress("building", terminal, patience_s=600):
        pass
    with progress("building", file, patience_s=0.0001):
        pass
    assert (terminal.getvalue(), file.getvalue()) == ("", "")
