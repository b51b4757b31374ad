"""The deliberately broken course: what an author is told, as a golden file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from course_builder.cli import main

SOURCE = Path(__file__).parents[1] / "sources" / "broken-course"
EXPECTED = Path(__file__).parent / "golden" / "broken-course.txt"


def test_names_every_mistake_of_the_broken_course_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SOURCE)
    result = CliRunner().invoke(main, ["check", "."])
    if os.environ.get("UPDATE_GOLDEN"):
        EXPECTED.write_text(result.stdout, encoding="utf-8")
    assert result.stdout == EXPECTED.read_text(encoding="utf-8")
    assert result.exit_code == 1


def test_builds_a_good_module_beside_broken_ones(tmp_path: Path) -> None:
    course = tmp_path / "course"
    shutil.copytree(SOURCE, course)
    text = (course / "course.yaml").read_text()
    (course / "course.yaml").write_text(text.replace("descripton", "description"))
    result = CliRunner().invoke(main, ["build", str(course / "modules" / "m3-fine"), "-o", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["m3-fine-1.0.0.module.zip"]
