"""Making a course module by module, in one process or in several, and what is left when that fails."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from course_builder.build import check
from course_builder.make import make
from tests.bench.corpus import write_course
from tests.course_builder.sources import COURSE_YAML, MODULE_YAML

ROOT = Path(__file__).parents[2]
BROKEN = ROOT / "tests" / "sources" / "broken-course"


def packages(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = tmp_path_factory.mktemp("generated") / "course"
    write_course(course, 30, pages_in_a_module=6)
    return course


def test_several_processes_make_the_same_as_one(generated: Path, tmp_path: Path) -> None:
    _, alone = make(generated, tmp_path / "alone", workers=1)
    _, together = make(generated, tmp_path / "together", workers=3)
    assert len(alone) == 5
    assert [each.digest for each in together] == [each.digest for each in alone]
    assert packages(tmp_path / "together") == packages(tmp_path / "alone")


def test_several_processes_find_the_same_problems_as_the_pipeline_in_memory(generated: Path, tmp_path: Path) -> None:
    course = tmp_path / "course"
    shutil.copytree(generated, course)
    for number, page in enumerate(sorted(course.rglob("page-*.md"))[::3]):
        page.write_text(f"{page.read_text()}\n[here](nowhere-{number}.md)\n")
    twin = course / "modules" / "m2-generated" / "module.yaml"
    twin.write_text(twin.read_text().replace("id: m2-generated", "id: m1-generated"))
    expected = check(course)
    assert {"id-twice", "link-missing-file", "link-text"} <= {problem.code for problem in expected.problems}
    for workers in (1, 3):
        result, _ = make(course, None, workers=workers)
        assert result.problems == expected.problems
        assert set(result.paths) == set(expected.paths)


def test_a_failed_build_leaves_no_folder_that_it_made(tmp_path: Path) -> None:
    assert make(BROKEN, tmp_path / "new" / "out")[0].has_errors
    assert list(tmp_path.iterdir()) == []


def test_what_a_worker_cannot_do_is_raised_where_it_waits(
    generated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.match("m3-generated/assets/chart-1.svg"):
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    for workers in (1, 2):
        with pytest.raises(PermissionError) as caught:
            make(generated, tmp_path / "out", workers=workers)
        assert str(caught.value.filename).endswith("chart-1.svg")
        assert not (tmp_path / "out").exists()


def test_ctrl_c_leaves_the_last_good_output_and_nothing_else(tmp_path: Path) -> None:
    course, output = tmp_path / "course", tmp_path / "out"
    (course / "modules" / "m1-town").mkdir(parents=True)
    (course / "course.yaml").write_text(COURSE_YAML)
    (course / "modules" / "m1-town" / "module.yaml").write_text(MODULE_YAML.replace(", other.md", ""))
    page = course / "modules" / "m1-town" / "page.md"
    page.write_text("# A page\n\nText.\n")
    make(course, output)
    good = packages(output)
    page.write_text("# A page\n\n" + "Words and *words*.\n\n" * 100_000)
    command = [sys.executable, "-m", "course_builder", "build", str(course), "-o", str(output)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        while len(list(output.iterdir())) == 1 and process.poll() is None:
            os.sched_yield()
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode not in {0, 2}
    assert packages(output) == good
