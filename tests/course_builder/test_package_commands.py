"""``course-builder inspect`` and ``verify``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course_builder.cli import main
from tests.course_builder import samples


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return samples.package(tmp_path)


def test_says_what_is_in_a_package(package: Path) -> None:
    result = run("inspect", package)
    assert result.exit_code == 0, result.output
    for line in ("m1 1.0.0: Once only", "  name-it: Name the principle.", "quiz check: What you know, 3 questions"):
        assert line in result.output


def test_counts_as_one_says_it(tmp_path: Path) -> None:
    course = tmp_path / "town"
    assert run("new", "course", course).exit_code == 0
    page = course / "modules" / "m1-first-steps" / "first-page.md"
    assert run("new", "question", page, "single", "--id", "q-town").exit_code == 0
    assert run("build", course, "-o", tmp_path / "build", "--no-cache").exit_code == 0
    output = run("inspect", next((tmp_path / "build").iterdir())).output
    assert "1 question, 1 point\n" in output
    assert not re.search(r"\b1 \w+s\b", output)


def test_prints_no_key_unless_asked(package: Path) -> None:
    for form in ("text", "json"):
        shown = run("inspect", package, "--format", form).output
        assert "correct" not in shown
        assert "Why reuse" not in shown
        assert "Let them talk first" not in shown
    keys = json.loads(run("inspect", package, "--format", "json", "--keys").output)["keys"]
    assert keys["q-single"]["correct"] == ["reuse"]
    assert "Why reuse" in run("inspect", package, "--keys").output


def test_json_is_the_manifest_with_digest_and_members(package: Path) -> None:
    found = json.loads(run("inspect", package, "--format", "json").output)
    assert found["module"]["id"] == "m1"
    assert len(found["digest"]) == 64
    assert {"path", "size"} == found["members"][0].keys()


def test_verifies_packages_and_refuses_clearly(package: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.zip"
    data = bytearray(package.read_bytes())
    data[len(data) // 2] ^= 0xFF
    damaged.write_bytes(data)
    result = run("verify", package, damaged)
    assert result.exit_code == 1
    sound, refused = result.output.splitlines()
    assert sound.startswith(f"{package}: sound: m1 1.0.0, ")
    assert refused.startswith(f"{damaged}: refused: ")
    assert run("verify", package).exit_code == 0
    assert run("inspect", damaged).exit_code == 1


def test_a_package_that_cannot_be_read_is_no_refusal(tmp_path: Path) -> None:
    for command in ("verify", "inspect"):
        result = run(command, tmp_path / "nowhere.zip")
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
