"""Golden files, one a syntax: a title, what an author writes, what the builder understands or says.

``UPDATE_GOLDEN=1`` rewrites the last part of each case; read the difference before you commit it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.course_builder.models import glb
from tests.course_builder.outline import outline, problem_lines
from tests.course_builder.sources import COURSE_YAML, PAGE, SVG, check_page

GOLDEN = Path(__file__).parent / "golden"
ASSETS = {
    "town.svg": SVG,
    "notes.pdf": b"%PDF-1.7",
    "film.webm": b"webm",
    "talk.mp3": b"mp3",
    "square.jpg": b"jpeg",
    "hall.glb": glb(),
    "film.vtt": b"WEBVTT\n\n00:00.000 --> 00:02.000\n<v Aino>Welcome to Hallamere.\n",
    "film.md": b"# Welcome\n\nAino says: *Welcome* to [Hallamere](../other.md).\n",
}
FILES: dict[str, str | bytes] = {
    "course.yaml": COURSE_YAML + 'variables: {town: "*Hallamere*", site: "https://example.org"}\n',
    **{f"modules/m1-town/assets/{name}": data for name, data in ASSETS.items()},
    "shared/rules.md": "Rules of {{town}}: [notes](../modules/m1-town/other.md#notes).\n",
    "shared/wrong.md": "Text.\n\n![](no.svg) and {{twon}}\n",
    "shared/around.md": "::: include {src=again.md}\n\n:::\n",
    "shared/again.md": "::: include {src=/shared/around.md}\n\n:::\n",
    "shared/options.md": "- [x] Yes. <!--#yes-->\n- [ ] No. <!--#no-->\n",
}
Case = tuple[str, str, str]


def read_cases(path: Path) -> list[Case]:
    parts = [part.strip("\n") for part in path.read_text(encoding="utf-8").split("\n.\n")]
    return [(parts[index], parts[index + 1], parts[index + 2]) for index in range(0, len(parts) - 2, 3)]


def write_cases(path: Path, cases: list[Case]) -> None:
    path.write_text("".join(f"{title}\n.\n{given}\n.\n{expected}\n.\n\n" for title, given, expected in cases))


def understood(text: str) -> str:
    page, problems = check_page(text + "\n", **FILES)
    shown = [problem for problem in problems if problem.place.path == PAGE or problem.place.path.startswith("shared/")]
    return problem_lines(shown) if shown else outline(page)


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.md")), ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    cases = read_cases(path)
    assert cases
    found = [(title, given, understood(given)) for title, given, _ in cases]
    if os.environ.get("UPDATE_GOLDEN"):
        write_cases(path, found)
    assert found == read_cases(path)
