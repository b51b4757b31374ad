"""What authors silenced, taken out of the problems: at one place, by code, with a reason."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from course_builder.model import Problem, Silence
from course_builder.problems import PROBLEMS

_FENCE = re.compile(r"[\s>]*:{3,}[ \t]*(?P<name>\S*)")
_CODE = re.compile(r"[\s>]*(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Heard:
    """The problems that are left, those about silences among them, and those that were silenced."""

    problems: tuple[Problem, ...]
    silenced: tuple[Problem, ...]


def silence(
    problems: Iterable[Problem], silences: Iterable[Silence], texts: Mapping[str, str | Problem], *, is_whole: bool
) -> Heard:
    """Take out the problems that the author silenced; report the silences that are wrong.

    Args:
        problems: of all files that were looked at.
        silences: of the same files.
        texts: by path.
        is_whole: whether the whole course was checked; else a problem that would have been silenced may not have shown.
    """
    problems = sorted(set(problems))
    silences = list(silences)
    wrong = {each.place: problem for each in silences if (problem := _mistake(each)) is not None}
    split = cache(lambda path: _split(texts[path]))
    by_line: dict[tuple[str, str, int], list[Problem]] = {}
    for problem in problems:
        by_line.setdefault((problem.place.path, problem.code, problem.place.line), []).append(problem)
    silenced: dict[Problem, None] = {}
    unused: list[Problem] = []
    for each in silences:
        if each.place in wrong:
            continue
        lines = _lines(each, split(each.place.path))
        meant = [found for line in lines for found in by_line.get((each.place.path, each.code, line), ())]
        silenced.update(dict.fromkeys(meant))
        if not meant and is_whole and not PROBLEMS[each.code].is_on_request:
            unused.append(_unused(each))
    left = [problem for problem in problems if problem not in silenced]
    return Heard(tuple(sorted([*left, *wrong.values(), *unused])), tuple(silenced))


def _mistake(silence: Silence) -> Problem | None:
    entry = PROBLEMS.get(silence.code)
    if entry is None:
        near = difflib.get_close_matches(silence.code, PROBLEMS, n=1)
        hint = f"Did you mean `{near[0]}`?" if near else "Write the code that the report names."
        return Problem(silence.place, "error", "silence-unknown", f"there is no problem `{silence.code}`", hint)
    if not entry.can_be_silenced:
        message = f"`{silence.code}` is an error that cannot be silenced"
        return Problem(silence.place, "error", "silence-refused", message, f"Mend it. {entry.mend}")
    if not silence.reason:
        hint = f"Write quiet: {silence.code}: and why it is right here."
        return Problem(silence.place, "error", "silence-without-reason", "a problem is silenced without a reason", hint)
    return None


def _unused(silence: Silence) -> Problem:
    message = f"there is no `{silence.code}` here to silence"
    hint = "Delete the comment, or move it to the line before what it speaks of."
    return Problem(silence.place, "warning", "silence-unused", message, hint)


def _split(text: str | Problem) -> list[str] | None:
    return text.split("\n") if isinstance(text, str) else None


def _lines(silence: Silence, lines: list[str] | None) -> range:
    """Return the lines that a silence speaks of: its own, or alone on a line, those of the next block.

    That is a fenced block from its opening to its closing line, else text up to the next empty line.
    """
    if not silence.is_alone or lines is None:
        return range(silence.line, silence.line + 1)
    first = next(_numbers(lines, silence.line, is_empty=False), len(lines))
    if silence.place.path.endswith(".yaml"):
        return range(first, first + 1)
    if first <= len(lines) and _FENCE.match(lines[first - 1]):
        return range(first, _closing(lines, first) + 1)
    return range(first, next(_numbers(lines, first, is_empty=True), len(lines) + 1))


def _closing(lines: list[str], first: int) -> int:
    """Return the number of the line that closes the fenced block which the first one opens, else of the last line."""
    depth = 0
    code = ""
    for number in range(first, len(lines) + 1):
        line = lines[number - 1]
        if mark := _CODE.match(line):
            code = "" if code and mark[1].startswith(code) else code or mark[1]
        elif not code and (fence := _FENCE.match(line)):
            depth += 1 if fence["name"] else -1
            if depth == 0:
                return number
    return len(lines)


def _numbers(lines: list[str], start: int, *, is_empty: bool) -> Iterator[int]:
    """Yield the numbers of the lines from ``start`` that are empty, or of those that are not."""
    return (number for number in range(start, len(lines) + 1) if (not lines[number - 1].strip()) == is_empty)
