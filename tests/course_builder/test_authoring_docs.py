"""The author's page names every check, and every check has a test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ARGUMENT = {"error": 1, "warning": 1, "Problem": 2, "Mistake": 0}
"""At which position a call carries the code of a problem."""


def codes_in(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            argument = node.args[ARGUMENT[name]] if len(node.args) > ARGUMENT.get(name, 99) else None
            if isinstance(argument, ast.Constant):
                yield str(argument.value)


def all_codes() -> set[str]:
    builder = ROOT / "course_builder"
    sources = [builder / "reader.py", *(builder / "parser").rglob("*.py"), *(builder / "checks").rglob("*.py")]
    return {code for source in sources for code in codes_in(source)}


def test_the_docs_name_each_code_once_and_in_order() -> None:
    text = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `([a-z0-9-]+)` \|", text.partition("## What the checks say")[2], re.MULTILINE)
    assert documented == sorted(all_codes())


def test_each_code_is_shown_by_a_test() -> None:
    tests = Path(__file__).parent
    shown = "".join(
        path.read_text(encoding="utf-8") for path in tests.rglob("*") if path.suffix in {".md", ".txt", ".py"}
    )
    assert [code for code in sorted(all_codes()) if code not in shown] == []
