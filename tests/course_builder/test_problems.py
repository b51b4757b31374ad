"""The catalogue of problems: it holds what the source emits, and its examples do what they say."""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from course_builder.build import check
from course_builder.checks.due import check_due
from course_builder.cli import main
from course_builder.model import Problem
from course_builder.problems import PROBLEMS, SUBJECTS, Entry
from course_builder.problems.page import docs_page
from tests.course_builder.models import glb
from tests.course_builder.sources import COURSE_YAML, MODULE_YAML, OTHER, SVG

ROOT = Path(__file__).parents[2]
ARGUMENT = {"error": 1, "warning": 1, "Problem": 2, "Mistake": 0, "FormulaError": 0}
"""At which position a call carries the code of a problem."""
WITHOUT_EXAMPLE = {
    "asset-size",
    "asset-unused",
    "file-name",
    "file-not-utf-8",
    "file-too-long",
    "file-unreadable",
    "framework-unknown",
    "include-limit",
    "term-content",
    "term-id",
    "footnote-limit",
    "pool-limit",
    "term-in-option",
    "term-limit",
    "variable-limit",
    "term-twice",
    "term-without-definition",
    "link-broken",
    "link-moved",
    "link-offline",
    "link-unreachable",
    "module-unlisted",
    "nesting-too-deep",
    "package-size",
    "prefill-prerequisite",
}
"""What no short text can show: bytes, files that are there, the folder that is checked, depth, or a second module."""
FILM = "::: media {src=assets/film.webm captions=assets/film.vtt transcript=assets/film.md description=none-needed}"
SHOWN = {
    "assets/town.svg": "![A map of the town](assets/town.svg)",
    **dict.fromkeys(("assets/film.vtt", "assets/film.md"), f"{FILM}\n\n:::"),
}
"""What shows a file of the examples on a page."""
MODULE = Path("modules/m1-town")
DUE_BY = date(2027, 1, 31)
REGISTER = "Add an Entry to the file of its subject in course_builder/problems/, then run `make problems`."


def codes_in(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            argument = node.args[ARGUMENT[name]] if len(node.args) > ARGUMENT.get(name, 99) else None
            if isinstance(argument, ast.Constant):
                yield str(argument.value)


def emitted_codes() -> set[str]:
    return {code for source in (ROOT / "course_builder").rglob("*.py") for code in codes_in(source)}


def shown_codes() -> set[str]:
    """The codes in the golden files: what was seen when the builder ran."""
    golden = (Path(__file__).parent / "golden").iterdir()
    text = "".join(path.read_text(encoding="utf-8") for path in golden)
    return set(re.findall(r"^\S*?\d+:\d+:? (?:error|warning) ([a-z0-9-]+)", text, re.MULTILINE))


def test_the_catalogue_holds_every_code_that_the_source_emits() -> None:
    missing = sorted((emitted_codes() | shown_codes()) - PROBLEMS.keys())
    assert not missing, f"The catalogue does not know {', '.join(missing)}. {REGISTER}"


def test_the_source_emits_every_code_of_the_catalogue() -> None:
    surplus = sorted(PROBLEMS.keys() - emitted_codes())
    assert not surplus, f"Nothing emits {', '.join(surplus)} any more: delete the entries, then run `make problems`."


def test_each_code_stands_in_the_catalogue_once_and_in_order() -> None:
    for subject in SUBJECTS:
        codes = [entry.code for entry in subject.entries]
        assert codes == sorted(codes), f"Sort the entries of {subject.title} by code."
    assert len(PROBLEMS) == sum(len(subject.entries) for subject in SUBJECTS)


def test_each_code_is_shown_by_a_test() -> None:
    """The examples show theirs below; the other codes have a test of their own."""
    tests = "".join(
        path.read_text(encoding="utf-8")
        for path in Path(__file__).parent.rglob("*")
        if path.suffix in {".md", ".txt", ".py"} and path != Path(__file__)
    )
    assert [code for code in sorted(PROBLEMS) if not PROBLEMS[code].bad and code not in tests] == []


def test_the_docs_are_the_catalogue() -> None:
    page = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert page == docs_page(), "Run `make problems`."


def merged(base: str, keys: str) -> str:
    """Put top-level keys of YAML in the place of those of the same name."""
    names = set(re.findall(r"^([\w-]+):", keys, re.MULTILINE))
    kept = [line for line in base.splitlines() if line.partition(":")[0] not in names]
    return "\n".join([*kept, keys, ""])


def problems_of(entry: Entry, example: str, folder: Path) -> list[Problem]:
    """Check a course with an example in it and return the problems of the file that holds it."""
    files: Mapping[str, str | bytes] = {
        "course.yaml": f"{COURSE_YAML}hosts: [maps.example.org]\n",
        "module.yaml": MODULE_YAML.replace("see-things", "name-things"),
        "page.md": "# A page\n\nText.\n",
        "other.md": OTHER,
        "assets/town.svg": SVG,
        "assets/plan.pdf": b"%PDF-1.7",
        "assets/film.webm": b"webm",
        "assets/film.vtt": "WEBVTT\n\n00:00.000 --> 00:02.000\nWelcome.\n",
        "assets/film.md": "Aino says: Welcome.\n",
        "assets/square.jpg": b"jpeg",
        "assets/narrow.png": b"\x89PNG\r\n\x1a\n" + bytes(8) + struct.pack(">II", 800, 600),
        "assets/hall.glb": glb(),
        "assets/broken.glb": b"glTF",
    }
    name = entry.at or "page.md"
    base = files[name]
    if entry.at.endswith(".yaml") and isinstance(base, str):
        example = merged(base, example)
    elif not entry.at:
        example = f"# A page\n\n{example}\n"
    for path, content in {**files, name: example}.items():
        file = folder / path if path == "course.yaml" else folder / MODULE / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    if entry.at in SHOWN:
        (folder / MODULE / "page.md").write_text(f"# A page\n\n{SHOWN[entry.at]}\n")
    shown = name if name == "course.yaml" else (MODULE / name).as_posix()
    return [
        problem
        for problem in check(folder, [lambda course: check_due(course, DUE_BY)]).problems
        if problem.place.path == shown
    ]


def entries_with_examples() -> list[Entry]:
    return [entry for code, entry in sorted(PROBLEMS.items()) if code not in WITHOUT_EXAMPLE]


@pytest.mark.parametrize("entry", entries_with_examples(), ids=lambda entry: entry.code)
def test_the_bad_example_has_the_problem(entry: Entry, tmp_path: Path) -> None:
    assert entry.bad, f"Show {entry.code}: `bad` in its Entry."
    found = {(problem.code, problem.severity) for problem in problems_of(entry, entry.bad, tmp_path)}
    assert (entry.code, entry.severity) in found


@pytest.mark.parametrize("entry", entries_with_examples(), ids=lambda entry: entry.code)
def test_the_good_example_has_no_problem_at_all(entry: Entry, tmp_path: Path) -> None:
    assert problems_of(entry, entry.good, tmp_path) == []


def test_explains_a_code_with_its_examples() -> None:
    result = CliRunner().invoke(main, ["explain", "link-text"])
    assert result.exit_code == 0
    assert result.stdout.startswith("link-text (error): a text such as “here”")
    assert "Not so:\n\n    The notes are [here](other.md).\n\nBut so:" in result.stdout


def test_names_the_nearest_code() -> None:
    result = CliRunner().invoke(main, ["explain", "link-txt"])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "did you mean link-text" in result.stderr
