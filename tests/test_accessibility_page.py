"""``docs/accessibility.md`` names every criterion once, and only tests, files and checks that there are."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
CRITERIA = {
    "1.1": (1,), "1.2": (1, 2, 3, 4, 5), "1.3": (1, 2, 3, 4, 5), "1.4": (1, 2, 3, 4, 5, 10, 11, 12, 13),
    "2.1": (1, 2, 4), "2.2": (1, 2), "2.3": (1,), "2.4": (1, 2, 3, 4, 5, 6, 7, 11), "2.5": (1, 2, 3, 4, 7, 8),
    "3.1": (1, 2), "3.2": (1, 2, 3, 4, 6), "3.3": (1, 2, 3, 4, 7, 8), "4.1": (2, 3),
}  # fmt: skip
"""Of levels A and AA. Source: WCAG 2.2, W3C Recommendation, 2024; 4.1.1 is obsolete."""


def test_each_criterion_is_there_once():
    wanted = [f"{guideline}.{number}" for guideline, numbers in CRITERIA.items() for number in numbers]
    assert len(wanted) == 55
    assert sorted(re.findall(r"\b[1-4]\.[1-5]\.\d+\b", PAGE)) == sorted(wanted)


def test_what_it_names_is_there():
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    problems = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    for name in re.findall(r"`([^`\n]+)`", PAGE):
        if name.startswith("test_") and not name.endswith(".py"):
            assert re.search(rf"def {name}\(", tests), name
        elif name.endswith((".py", ".md")):
            assert (ROOT / name).exists() or list((ROOT / "tests").rglob(name)), name
        elif re.fullmatch(r"[a-z]+(-[a-z]+)+", name) and not name.startswith("course-"):
            assert f"### `{name}`" in problems, name
