"""What a build leaves behind when the disk is full, when it is stopped, and what it shows while it works."""

from __future__ import annotations

import io
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from course_builder.commands.progress import progress
from tests.bench.corpus import write_course
from tests.conftest import skip_unless_in_ci

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


WITH_WORKERS = """
import sys
from course_builder import make
from course_builder.cli import main

make.processors = lambda: {count}
main(sys.argv[1:], prog_name="course-builder")
"""


STOPPED = "course-builder: stopped; what was built last is still there\n"


@pytest.mark.parametrize("count", [1, 2], ids=["one process", "two workers"])
@pytest.mark.parametrize(
    ("number", "times", "status", "said"),
    [(signal.SIGINT, 1, 130, STOPPED), (signal.SIGINT, 5, 130, STOPPED), (signal.SIGTERM, 1, 143, "")],
    ids=["Ctrl-C", "Ctrl-C impatiently", "ended by the system"],
)
def test_an_end_in_the_middle_of_many_modules_leaves_the_last_good_packages(
    count: int, number: int, times: int, status: int, said: str, tmp_path: Path
) -> None:
    """A terminal sends Ctrl-C to the builder and to its workers at once; who ends a job may do so too."""
    course, output = tmp_path / "course", tmp_path / "out"
    write_course(course, 40, pages_in_a_module=4)
    assert build(course, output).returncode == 0
    good = packages(output)
    for page in course.rglob("*.md"):
        page.write_text(page.read_text() + "\nOne more sentence.\n")
    last = course / "modules" / "m10-generated" / "page-40.md"
    last.write_text("# Long\n\n" + "Words and *words*.\n\n" * 40_000)
    command = [sys.executable, "-c", WITH_WORKERS.format(count=count), "build", str(course), "-o", str(output)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        while not any(output.glob(".course-builder-*/*.zip")) and process.poll() is None:
            os.sched_yield()
        for _ in range(times):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
        printed, complained = process.communicate(timeout=60)
    assert (printed, complained) == ("", said)
    assert process.returncode == status
    assert packages(output) == good
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def packages(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


ON_A_DISK = """
import json, os, subprocess, sys
from pathlib import Path

disk, course = Path(sys.argv[1]), Path(sys.argv[2])

def run(*command):
    return subprocess.run(command, capture_output=True, text=True)

def build(output, cache):
    command = sys.executable, "-m", "course_builder", "build", str(course), "-o", str(output), "--cache", str(cache)
    result = run(*command)
    files = [path for path in disk.rglob("*") if path.name != "filler"]
    found = {path.relative_to(disk).as_posix(): path.stat().st_size for path in files}
    return [result.returncode, result.stdout, result.stderr, found]

if run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)).returncode:
    sys.exit(77)
first = build(disk / "out", disk / "cache")
page = next(course.rglob("portfolio.md"))
page.write_text(page.read_text() + "\\nOne more sentence.\\n")
if sys.argv[3] == "full":
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    (disk / "filler").write_bytes(b"x" * (free - 8192))
else:
    run("mount", "-o", "remount,ro", str(disk))
print(json.dumps([first, build(disk / "out", disk / "cache"), build(disk / "new" / "out", disk / "cache")]))
"""


@pytest.mark.parametrize(
    ("state", "reason"), [("full", "No space left on device"), ("read-only", "Read-only file system")]
)
def test_a_disk_that_takes_nothing_more_keeps_the_last_good_package(
    state: str, reason: str, course: Path, tmp_path: Path
) -> None:
    """A disk of the test's own, in a namespace that only its process sees; the cache is on it too."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["unshare", "--map-root-user", "--mount", sys.executable, "-c", ON_A_DISK, str(disk), str(course), state]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    result = subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True, timeout=120)
    if result.returncode == 77 or "unshare" in result.stderr:
        skip_unless_in_ci("this machine lets nobody mount a disk in a namespace")
    assert result.returncode == 0, result.stderr
    (status, _, complained, good), *later = json.loads(result.stdout)
    assert (status, complained) == (0, "")
    for status, said, complained, found in later:
        assert (status, said) == (2, "")
        assert complained.startswith("course-builder: ")
        assert complained.endswith(f": {reason}\n")
        assert complained.count("\n") == 1
        assert found == good


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
