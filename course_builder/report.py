"""How problems and results are shown: as text for people, as JSON for machines."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from course_builder.build import Built, Checked
from course_builder.model import Problem

Style = Callable[..., str]
"""``click.style``, or something that leaves text as it is."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_COLOURS = {"error": "red", "warning": "yellow"}


def text_report(checked: Checked, built: Sequence[Built], style: Style) -> str:
    """Write a line for each problem with its hint below, and at the end what came of it all."""
    lines = [line for problem in checked.problems for line in _problem_lines(problem, checked.root, style)]
    for each in built:
        name = f"{each.module.id} {each.module.version} → {_shown(each.path)}"
        lines.append(f"{style('built', fg='green')} {name} (digest {each.digest[:12]}…)")
    if checked.problems or checked.silenced or not built:
        lines.append(_summary(checked))
    return "\n".join(lines)


def json_report(checked: Checked, built: Sequence[Built]) -> str:
    """Write the same as one JSON object."""
    counts = Counter(problem.severity for problem in checked.problems)
    report = {
        "problems": [_problem_object(problem, checked.root) for problem in checked.problems],
        "errors": counts["error"],
        "warnings": counts["warning"],
        "files": len(checked.paths),
        "silenced": [_problem_object(problem, checked.root) for problem in checked.silenced],
        "built": [
            {"module": each.module.id, "version": each.module.version, "path": _shown(each.path), "digest": each.digest}
            for each in built
        ],
    }
    return json.dumps(report, ensure_ascii=False, indent=2)


def _problem_lines(problem: Problem, root: Path, style: Style) -> list[str]:
    place = f"{_shown(root / problem.place.path)}:{problem.place.line}:{problem.place.column}"
    severity = style(problem.severity, fg=_COLOURS[problem.severity], bold=True)
    lines = [f"{_clean(place)}: {severity} {style(problem.code, dim=True)} {_clean(problem.message)}"]
    if problem.hint:
        lines.append(f"    {_clean(problem.hint)}")
    return lines


def _problem_object(problem: Problem, root: Path) -> dict[str, Any]:
    return {
        "path": _shown(root / problem.place.path),
        "line": problem.place.line,
        "column": problem.place.column,
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }


def _summary(checked: Checked) -> str:
    counts = Counter(problem.severity for problem in checked.problems)
    said = [_count(counts[severity], severity) for severity in ("error", "warning") if counts[severity]]
    silenced = f" ({len(checked.silenced)} silenced)" if checked.silenced else ""
    return f"{', '.join(said) or 'no problems'} in {_count(len(checked.paths), 'file')}{silenced}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _shown(path: Path) -> str:
    """Return a path from the working directory, which is what editors and people can open."""
    return os.path.relpath(path)


def _clean(text: str) -> str:
    """Show control characters as �: a text that was quoted must not steer the terminal."""
    return _CONTROL.sub("�", text)
