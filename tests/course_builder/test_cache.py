"""The cache: whatever changes, a build with it gives what a build from nothing gives."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_builder import cache as records
from course_builder import make as making
from course_builder.make import make
from course_builder.results import Built, Checked, Options
from tests.bench.corpus import write_course

SOURCES = Path(__file__).parents[1] / "sources"
ORDINARY = 1_700_000_000_000_000_000
"""A time long ago, when files were written that nobody touched since."""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Three modules of two pages, none of them touched for long."""
    root = tmp_path / "course"
    write_course(root, 6, pages_in_a_module=2)
    age(root)
    return root


def age(folder: Path) -> None:
    for path in folder.rglob("*"):
        os.utime(path, ns=(ORDINARY, ORDINARY))


def packages(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def said(found: tuple[Checked, tuple[Built, ...]]) -> tuple[object, ...]:
    checked, built = found
    return checked.problems, checked.silenced, set(checked.paths), [(each.path.name, each.digest) for each in built]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The modules that were made anew, while a test runs."""
    folders: list[str] = []

    def each(work: Callable[[str], object], things: list[str], workers: int | None) -> Iterator[object]:
        folders.extend(things)
        yield from map(work, things)

    monkeypatch.setattr(making, "each", each)
    return folders


def build_and_compare(course: Path, work: Path, options: Options | None = None) -> tuple[object, ...]:
    """Build with the cache and from nothing: the same problems, the same packages; return what was said."""
    with_cache = make(course, work / "out", options, cache=work / "cache")
    shutil.rmtree(work / "fresh", ignore_errors=True)
    from_nothing = make(course, work / "fresh", options)
    assert said(with_cache) == said(from_nothing)
    if not with_cache[0].has_errors:
        fresh = packages(work / "fresh")
        assert {name: data for name, data in packages(work / "out").items() if name in fresh} == fresh
    return said(from_nothing)


def append(path: str, text: str) -> Callable[[Path], None]:
    def change(course: Path) -> None:
        with (course / path).open("a") as file:
            file.write(text)

    return change


def replace(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(course: Path) -> None:
        text = (course / path).read_text()
        assert old in text
        (course / path).write_text(text.replace(old, new))

    return change


MODULE = "modules/m1-generated"
QUESTION = """\
::: question {{#q-{id} type=single}}

Who keeps the {id}?

- [x] The town <!--#town-->
- [ ] Nobody <!--#nobody-->

:::

"""
PAGE = """
[To a place](page-2.md#target), [to a module](id:m2-generated/elsewhere),
[deeper](id:m2-generated/deeper), and [consent](term:consent) in {{town}}.

::: include {src=/shared/rules.md}

:::

::: quiz {#quiz-town title="The town"}

::: pool {draw=1 from=/bank/town.md}

:::

:::
"""


def join(course: Path) -> None:
    """Have pages use all that lies elsewhere in a course."""
    append(f"{MODULE}/page-1.md", PAGE)(course)
    append(f"{MODULE}/page-2.md", "\n## Target <!--#target-->\n\nHere.\n")(course)
    elsewhere = "\n## Elsewhere <!--#elsewhere-->\n\nThere.\n\n::: include {src=/shared/more.md}\n\n:::\n"
    append("modules/m2-generated/page-3.md", elsewhere)(course)
    append("course.yaml", "variables: {town: Tartu}\n")(course)
    for path, text in {
        "glossary.md": "# Glossary\n\n## Consent <!--#consent-->\n\nTo say yes, in {{town}}.\n",
        "shared/rules.md": "Be kind in {{town}}.\n",
        "shared/more.md": "## Deeper <!--#deeper-->\n\nText.\n",
        "bank/town.md": "# Bank\n\n" + QUESTION.format(id="harbour") + QUESTION.format(id="archive"),
    }.items():
        (course / path).parent.mkdir(exist_ok=True)
        (course / path).write_text(text)
    age(course)


CHANGES: dict[str, Callable[[Path], None]] = {
    "a sentence on a page": append(f"{MODULE}/page-1.md", "\nOne more sentence.\n"),
    "a heading that another page may point at": replace(f"{MODULE}/page-2.md", "## ", "## Now "),
    "a mistake on a page": append(f"{MODULE}/page-1.md", "\n[here](nowhere.md)\n"),
    "an id that another page points at": replace(f"{MODULE}/page-2.md", "#target", "#other"),
    "an id that another module points at": replace("modules/m2-generated/page-3.md", "#elsewhere", "#other"),
    "the title of a module that another points at": replace(
        "modules/m2-generated/module.yaml", "title: Generated", "title: Another"
    ),
    "the id of a module that another points at": replace(
        "modules/m2-generated/module.yaml", "id: m2-generated", "id: m4-generated"
    ),
    "the id of a module that now bears another's": replace(
        "modules/m3-generated/module.yaml", "id: m3-generated", "id: m2-generated"
    ),
    "a file that a module includes which another points at": replace("shared/more.md", "#deeper", "#deepest"),
    "a definition in the glossary": replace("glossary.md", "To say yes", "To agree"),
    "the id of a term": replace("glossary.md", "#consent", "#assent"),
    "a term that no page uses": append("glossary.md", "\n## Deed <!--#deed-->\n\nA paper.\n"),
    "a glossary taken away": lambda course: (course / "glossary.md").unlink(),
    "a question of a bank": replace("bank/town.md", "Who keeps", "Who guards"),
    "the key of a bank": replace("bank/town.md", "- [x] The town", "- [ ] The town"),
    "a bank taken away": lambda course: (course / "bank" / "town.md").unlink(),
    "a page that is taken in": replace("shared/rules.md", "Be kind", "Be quick"),
    "a mistake on a page that is taken in": append("shared/rules.md", "\n[here](nowhere.md)\n"),
    "a page that is taken in taken away": lambda course: (course / "shared" / "rules.md").unlink(),
    "the size of an image": replace(f"{MODULE}/assets/chart-1.svg", 'height="61"', 'height="99"'),
    "a comment in an image": append(f"{MODULE}/assets/chart-2.svg", "<!-- other bytes -->"),
    "a file that no page uses": lambda course: (course / MODULE / "assets" / "new.txt").write_text("new") and None,
    "a file taken away": lambda course: (course / MODULE / "assets" / "chart-1.svg").unlink(),
    "a page taken away": lambda course: (course / MODULE / "page-2.md").unlink(),
    "the title of a module": replace(f"{MODULE}/module.yaml", "title: Generated", "title: Another"),
    "the version of a module": replace(f"{MODULE}/module.yaml", "version: 1.0.0", "version: 1.0.1"),
    "an objective": replace(f"{MODULE}/module.yaml", "id: measure", "id: weigh"),
    "the order of pages": replace(
        f"{MODULE}/module.yaml", "  - page-1.md\n  - page-2.md", "  - page-2.md\n  - page-1.md"
    ),
    "the title of the course": replace("course.yaml", "title: Generated", "title: Another"),
    "the licence of the course": replace("course.yaml", "CC-BY-4.0", "CC0-1.0"),
    "the language of the course": replace(
        "course.yaml", "language: en\nlanguages: [en]", "language: fi\nlanguages: [fi]"
    ),
    "the accent of the course": append("course.yaml", 'theme: {accent: "#ffff00"}\n'),
    "a variable of the course": replace("course.yaml", "town: Tartu", "town: Narva"),
    "a variable taken away": replace("course.yaml", "town: Tartu", "city: Tartu"),
    "a module less": replace("course.yaml", "  - m3-generated\n", ""),
    "an id that two modules have": replace(f"{MODULE}/module.yaml", "id: m1-generated", "id: m2-generated"),
    "a file that is no UTF-8": lambda course: (course / MODULE / "page-1.md").write_bytes(b"# \xff") and None,
    "broken YAML": append("course.yaml", "  : : [\n"),
    "a silence": append("course.yaml", "# quiet: page-unlisted: it is not ready\n"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_every_kind_of_change_gives_what_a_build_from_nothing_gives(
    change: Callable[[Path], None], course: Path, tmp_path: Path
) -> None:
    join(course)
    make(course, tmp_path / "out", cache=tmp_path / "cache")
    assert len(packages(tmp_path / "out")) == 3
    change(course)
    expected = build_and_compare(course, tmp_path)
    assert said(make(course, tmp_path / "out", cache=tmp_path / "cache")) == expected


@pytest.mark.parametrize("source", sorted(path.name for path in SOURCES.iterdir() if (path / "course.yaml").exists()))
def test_files_of_our_own_courses_count(source: str, tmp_path: Path) -> None:
    course = tmp_path / "course"
    shutil.copytree(SOURCES / source, course)
    age(course)
    build_and_compare(course, tmp_path)
    files = sorted(path for path in course.rglob("*") if path.is_file())
    for file in files[:: 1 + len(files) // 5]:
        with file.open("ab") as stream:
            stream.write(b"\n<!-- more -->\n" if file.suffix == ".md" else b"\n# more\n")
        build_and_compare(course, tmp_path)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_any_row_of_edits_gives_what_a_build_from_nothing_gives(seed: int, course: Path, tmp_path: Path) -> None:
    chance = random.Random(seed)
    work = tmp_path / str(seed)
    copy = work / "course"
    shutil.copytree(course, copy, dirs_exist_ok=True)
    if chance.random() < 0.7:
        join(copy)
    for _ in range(4):
        for _ in range(chance.randrange(3)):
            _edit(copy, chance)
        if chance.random() < 0.3:
            age(copy)
        build_and_compare(copy, work)


def _edit(course: Path, chance: random.Random) -> None:
    """Cut, repeat or move a line of some file, or put the bytes of one file in the place of another's."""
    files = sorted(path for path in course.rglob("*") if path.is_file())
    file, other = chance.choice(files), chance.choice(files)
    lines = file.read_bytes().splitlines(keepends=True)
    if not lines or chance.random() < 0.1:
        file.write_bytes(other.read_bytes())
        return
    line = lines.pop(chance.randrange(len(lines)))
    for _ in range(chance.randrange(3)):
        lines.insert(chance.randrange(len(lines) + 1), line)
    file.write_bytes(b"".join(lines))


def test_only_what_changed_is_made_anew(course: Path, tmp_path: Path, made: list[str]) -> None:
    def build() -> list[str]:
        made.clear()
        make(course, tmp_path / "out", cache=tmp_path / "cache")
        return list(made)

    assert build() == [f"modules/m{number}-generated" for number in (1, 2, 3)]
    assert build() == []
    append("modules/m2-generated/page-3.md", "\nMore.\n")(course)
    assert build() == ["modules/m2-generated"]
    (course / "modules" / "m2-generated" / "page-3.md").touch()
    assert build() == []
    append("course.yaml", "# a comment\n")(course)
    assert build() == []


def test_what_lies_elsewhere_makes_those_anew_that_use_it(course: Path, tmp_path: Path, made: list[str]) -> None:
    def build_after(change: Callable[[Path], None]) -> list[str]:
        made.clear()
        change(course)
        make(course, tmp_path / "out", cache=tmp_path / "cache")
        return list(made)

    assert len(build_after(join)) == 3
    assert build_after(replace("bank/town.md", "Who keeps", "Who guards")) == [MODULE]
    assert build_after(replace("shared/rules.md", "Be kind", "Be quick")) == [MODULE]
    assert build_after(append("modules/m2-generated/page-4.md", "\nMore.\n")) == [MODULE, "modules/m2-generated"]
    assert build_after(append("modules/m3-generated/page-5.md", "\nMore.\n")) == ["modules/m3-generated"]
    assert len(build_after(replace("glossary.md", "To say yes", "To agree"))) == 3
    assert len(build_after(replace("course.yaml", "town: Tartu", "town: Narva"))) == 3


def test_a_change_that_leaves_size_and_time_alone_is_seen(course: Path, tmp_path: Path) -> None:
    page = course / MODULE / "page-1.md"
    now = page.stat().st_mtime_ns
    build_and_compare(course, tmp_path)
    page.write_text(page.read_text().replace("# Page 1", "# Page 7"))
    os.utime(page, ns=(now, now))
    build_and_compare(course, tmp_path)


def test_a_change_right_after_a_build_is_seen(course: Path, tmp_path: Path) -> None:
    page = course / MODULE / "page-1.md"
    for number in range(8):
        # Most file systems give the same time to what is written within some milliseconds.
        page.write_text(page.read_text().replace(f"# Page {number + 1}", f"# Page {number + 2}"))
        make(course, tmp_path / "out", cache=tmp_path / "cache")
        page.write_text(page.read_text().replace("in part 2", f"in part {number}"))
        build_and_compare(course, tmp_path)


def test_options_count(course: Path, tmp_path: Path) -> None:
    for options in (Options(), Options(1_800_000_000), Options(1_800_000_000, "bleach"), Options()):
        build_and_compare(course, tmp_path, options)


def test_packages_that_were_changed_or_taken_away_are_written_again(course: Path, tmp_path: Path) -> None:
    build_and_compare(course, tmp_path)
    first, second, third = sorted((tmp_path / "out").iterdir())
    first.unlink()
    second.write_bytes(b"something else")
    third.write_bytes(third.read_bytes()[:-1] + b"x")
    build_and_compare(course, tmp_path)
    make(course, tmp_path / "elsewhere", cache=tmp_path / "cache")
    assert packages(tmp_path / "elsewhere") == packages(tmp_path / "out")


def test_a_module_alone_and_the_whole_course_share_what_is_known(course: Path, tmp_path: Path) -> None:
    make(course / MODULE, tmp_path / "out", cache=tmp_path / "cache")
    append(f"{MODULE}/page-1.md", "\nMore.\n")(course)
    build_and_compare(course, tmp_path)
    build_and_compare(course / MODULE, tmp_path)
    make(course, None, cache=tmp_path / "cache")
    build_and_compare(course, tmp_path)


def test_another_builder_starts_from_nothing(
    course: Path, tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make(course, tmp_path / "out", cache=tmp_path / "cache")
    made.clear()
    monkeypatch.setattr(records, "__version__", "99.0.0")
    make(course, tmp_path / "out", cache=tmp_path / "cache")
    assert len(made) == 3


def _without_a_field(data: bytes) -> bytes:
    found = json.loads(data.partition(b"\n")[2])
    for module in found["modules"].values():
        del module["reads"]
    text = json.dumps(found).encode()
    return sha256(text).hexdigest().encode() + b"\n" + text


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[:-20],
        lambda data: data.replace(b'"problems":[]', b'"problems":[1]'),
        lambda _: b"0" * 64 + b"\n{}",
        lambda _: sha256(b"[]").hexdigest().encode() + b"\n[]",
        _without_a_field,
    ],
)
def test_a_damaged_cache_is_no_cache(damage: Callable[[bytes], bytes], course: Path, tmp_path: Path) -> None:
    build_and_compare(course, tmp_path)
    [file] = (tmp_path / "cache").iterdir()
    file.write_bytes(damage(file.read_bytes()))
    build_and_compare(course, tmp_path)


def test_a_cache_that_cannot_be_written_does_no_harm(course: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")
    build_and_compare(course, tmp_path)
    assert (tmp_path / "cache").read_text() == "a file, not a folder"


def test_the_cache_lies_outside_the_course_and_is_its_owners_alone(course: Path, tmp_path: Path) -> None:
    before = sorted(course.rglob("*"))
    make(course, tmp_path / "out", cache=tmp_path / "cache")
    assert sorted(course.rglob("*")) == before
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0
    assert not records.default_folder().is_relative_to(course)
