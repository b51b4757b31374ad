"""The courses of this repository: nothing is wrong with them, and the guide shows what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course_builder.build import check
from course_builder.make import make
from course_builder.model import QUESTION_TYPES
from course_builder.package import read_package
from course_builder.parser.kinds import BLOCKS

COURSES = Path(__file__).parents[2] / "courses"
GUIDE = COURSES / "authoring-guide"
FOLDERS = sorted(path.parent for path in COURSES.glob("*/course.yaml"))
_SHOWN = re.compile(r"^(`{3,})markdown\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


def sources() -> dict[str, str]:
    return {path.relative_to(GUIDE).as_posix(): path.read_text(encoding="utf-8") for path in GUIDE.rglob("*.md")}


def without_markdown_shown(text: str) -> str:
    return _SHOWN.sub("", text)


def test_there_are_courses() -> None:
    assert GUIDE in FOLDERS
    assert len(FOLDERS) >= 2


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_nothing_is_wrong(folder: Path) -> None:
    """Neither errors nor warnings, and nothing had to be silenced."""
    checked = check(folder)
    assert checked.problems == ()
    assert checked.silenced == ()


def test_the_guide_builds(tmp_path: Path) -> None:
    _, [built] = make(GUIDE, tmp_path)
    assert read_package(built.path).manifest.id == "m1-write-a-module"


def test_the_guide_does_what_it_shows() -> None:
    """What stands in a box of Markdown stands in the course as source too, letter by letter."""
    texts = sources()
    written = "\n".join(map(without_markdown_shown, texts.values()))
    shown = [match[2] for text in texts.values() for match in _SHOWN.finditer(text)]
    assert len(shown) > 40
    for example in shown:
        assert example in written, f"the guide shows this, and does not do it:\n{example}"


def test_the_guide_shows_every_block_and_question_type() -> None:
    shown = "\n".join(match[2] for text in sources().values() for match in _SHOWN.finditer(text))
    assert set(re.findall(r"^:::+ ([a-z]+)", shown, re.MULTILINE)) == set(BLOCKS)
    assert set(re.findall(r"::: question \{[^}]*type=([a-z]+)", shown)) == set(QUESTION_TYPES)
