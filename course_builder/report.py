"""How problems and results are shown: as text for people, as JSON for machines."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from course_builder.found import Problem
from course_builder.plurals import counted
from course_builder.results import Built, Checked

Style = Callable[..., str]
"""``click.style``, or something that leaves text as it is."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_COLOURS = {"error": "red", "warning": "yellow"}


def text_report(checked: Checked, built: Sequence[Built], style: Style) -> str:
    """Write a line for each problem with its hint below, and at the end what came of it all."""
    lines = [line for problem in checked.problems for line in _problem_lines(problem, checked.root, style)]
    for each in built:
        name = f"{each.module} {each.version} → {_shown(each.path)}"
        lines.append(f"{style('built', fg='green')} {name} (digest {each.digest[:12]}…)")
    if any(problem.code == "id-missing" for problem in checked.problems):
        lines.append(f"The missing ids you need not write yourself: course-builder ids --write {_shown(checked.root)}")
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
            {"module": each.module, "version": each.version, "path": _shown(each.path), "digest": each.digest}
            for each in built
        ],
    }
    return json.dumps(report, ensure_ascii=False, indent=2)


def github_report(checked: Checked, built: Sequence[Built]) -> str:
    """Write problems as workflow commands, which GitHub shows at their lines, and at the end what came of it all.

    Source: GitHub Actions, workflow commands, setting an error message.
    """
    lines = [_annotation(problem, checked.root) for problem in checked.problems]
    lines += [f"built {each.module} {each.version} → {_clean(_shown(each.path))}" for each in built]
    return "\n".join([*lines, _summary(checked)])


def change_report(before: Checked, after: Checked, style: Style) -> str:
    """Write what is new since the last check, how much was mended, and what is left."""
    old, left = set(before.problems), set(after.problems)
    lines = [
        line for problem in after.problems if problem not in old for line in _problem_lines(problem, after.root, style)
    ]
    if mended := len(old - left):
        lines.append(style(f"{counted(mended, 'problem')} gone", fg="green"))
    return "\n".join([*lines, _summary(after)])


def _annotation(problem: Problem, root: Path) -> str:
    place, text = problem.place, problem.message + (f"\n{problem.hint}" if problem.hint else "")
    properties = {
        "file": _shown(root / place.path).replace(os.sep, "/"),
        "line": str(place.line),
        "col": str(place.column),
        "title": problem.code,
    }
    given = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in properties.items())
    return f"::{problem.severity} {given}::{_escaped(text)}"


def _escaped(text: str, further: str = "") -> str:
    for character in f"%\r\n{further}":
        text = text.replace(character, f"%{ord(character):02X}")
    return _clean(text)


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
    said = [counted(counts[severity], severity) for severity in ("error", "warning") if counts[severity]]
    silenced = f" ({len(checked.silenced)} silenced)" if checked.silenced else ""
    return f"{', '.join(said) or 'no problems'} in {counted(len(checked.paths), 'file')}{silenced}"


def _shown(path: Path) -> str:
    """Return a path from the working directory, which is what editors and people can open."""
    return os.fsencode(os.path.relpath(path)).decode(errors="replace")


def _clean(text: str) -> str:
    """Show control characters as �: a text that was quoted must not steer the terminal."""
    return _CONTROL.sub("�", text)
