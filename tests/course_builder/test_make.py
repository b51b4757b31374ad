"""Making a course module by module, in one process or in several, and what is left when that fails."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from markdown_it.token import Token

from course_builder.build import check
from course_builder.make import make
from course_builder.package import read_package
from course_builder.parser import text as parsing
from course_builder.parser.findings import Findings
from course_builder.pool import each
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


def link(course: Path, pairs: Iterable[tuple[int, int]]) -> None:
    """Let modules of a generated course of two pages a module link to each other."""
    for one, other in pairs:
        page = course / "modules" / f"m{one}-generated" / f"page-{2 * one}.md"
        page.write_text(f"{page.read_text()}\n[On page {other}](id:m{other}-generated/page-{2 * other - 1}).\n")


@pytest.mark.parametrize("is_ring", [True, False], ids=["a ring", "each to each"])
def test_modules_that_link_to_each_other_are_parsed_once_more_and_not_once_for_each(
    is_ring: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, course = 8, tmp_path / "course"
    write_course(course, 2 * count, pages_in_a_module=2)
    numbers = range(1, count + 1)
    link(course, [(one, other) for one in numbers for other in numbers if (other == one % count + 1 or not is_ring)])
    parsed: Counter[str] = Counter()
    parse = parsing.parse_markdown

    def counted(text: str, findings: Findings, variables: Mapping[str, str] | None = None) -> list[Token]:
        parsed[findings.path] += 1
        return parse(text, findings, variables)

    monkeypatch.setattr(parsing, "parse_markdown", counted)
    assert not make(course, tmp_path / "together", workers=1)[0].has_errors
    assert set(parsed.values()) == {2}
    for number in numbers:
        make(course / "modules" / f"m{number}-generated", tmp_path / "alone")
    assert packages(tmp_path / "together") == packages(tmp_path / "alone")
    make(course, tmp_path / "processes", workers=2)
    assert packages(tmp_path / "together") == packages(tmp_path / "processes")


def die(thing: int) -> int:
    if thing == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return thing


def test_a_process_that_dies_ends_the_work_and_is_not_waited_for() -> None:
    with pytest.raises(ChildProcessError, match="status -9: is there enough memory"):
        list(each(die, range(20), 2))


def test_what_several_processes_make_comes_in_the_order_of_the_things() -> None:
    assert list(each(lambda thing: thing * thing, range(100), 3)) == [thing * thing for thing in range(100)]


def test_work_that_nobody_waits_for_any_more_ends() -> None:
    before = set(multiprocessing.active_children())
    results = each(lambda thing: thing, range(100), 2)
    assert next(results) == 0
    results.close()
    assert set(multiprocessing.active_children()) == before


QUESTION = """\
::: question {{#q-{number} type=single}}

Who keeps the archive of the town with the number {number}?

- [x] The clerk of the town {number} <!--#clerk-->
- [ ] The mayor of the town {number} <!--#mayor-->
- [ ] Nobody but the people {number} <!--#nobody-->

:::

"""


def ask(course: Path, modules: int, pages: int, count: int) -> None:
    """Write a course of questions, so many on each page."""
    names = [f"m{number}" for number in range(modules)]
    for number, name in enumerate(names):
        folder = course / "modules" / name
        folder.mkdir(parents=True)
        for page in range(pages):
            first = (number * pages + page) * count
            asked = "".join(QUESTION.format(number=first + index) for index in range(count))
            (folder / f"page-{page}.md").write_text(f"# Page {page}\n\n{asked}")
        listed = ", ".join(f"page-{page}.md" for page in range(pages))
        module = MODULE_YAML.replace("m1-town", name).replace("page.md, other.md", listed)
        (folder / "module.yaml").write_text(module)
    (course / "course.yaml").write_text(COURSE_YAML.replace("[m1-town]", f"[{', '.join(names)}]"))


def test_ten_thousand_questions_are_built_and_can_be_read(tmp_path: Path) -> None:
    ask(tmp_path / "course", modules=10, pages=4, count=250)
    checked, built = make(tmp_path / "course", tmp_path / "out")
    assert not checked.has_errors
    manifests = [read_package(each.path).manifest for each in built[:1]]
    assert [len(page.questions) for page in manifests[0].pages] == 4 * [250]
    assert len(built) == 10


def test_a_module_that_is_too_large_for_a_package_is_refused_where_it_is_built(tmp_path: Path) -> None:
    course = tmp_path / "course"
    ask(course, modules=1, pages=1, count=1)
    page = course / "modules" / "m0" / "page-0.md"
    page.write_text(page.read_text() + "Again and again and again.\n\n" * 20_000)
    checked, built = make(course, tmp_path / "out", cache=tmp_path / "cache")
    assert built == ()
    [problem] = [problem for problem in checked.problems if problem.severity == "error"]
    assert (problem.place.path, problem.code) == ("modules/m0/module.yaml", "package-size")
    assert problem.message == "The member content/en/page-0.html grows to more than 200 times its packed size"
    assert not (tmp_path / "out").exists()
    assert make(course, tmp_path / "out", cache=tmp_path / "cache")[0].problems == checked.problems
