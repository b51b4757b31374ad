"""What was parsed before, so that whoever parses a course again and again parses only what changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from course_builder.parser.findings import Findings

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Kept:
    made_from: object
    value: Any
    findings: Findings


class Memory:
    """Keeps the last result of each step, with the problems that it found.

    A result is used again only when all that it was made from is equal to last time. It is a value: what is changed
    afterwards is not right any more.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, _Kept] = {}

    def recall(
        self,
        step: Hashable,
        made_from: object,
        make: Callable[[Findings], _T],
        findings: Findings,
        is_still_right: Callable[[_T], bool] = lambda value: True,
    ) -> _T:
        """Give the result of a step, made anew if anything that it is made from differs.

        Args:
            step: which one, such as ``("page", path)``.
            made_from: all that decides the result; compared by ``==``.
            make: makes the result, and notes its problems.
            findings: gets the problems, now or again.
            is_still_right: says of a kept result whether what it depends on besides is as it was.
        """
        kept = self._kept.get(step)
        if kept is None or kept.made_from != made_from or not is_still_right(kept.value):
            fresh = Findings(findings.path)
            made = make(fresh)
            kept = _Kept(made_from, made, fresh)
            self._kept[step] = kept
        findings.extend(kept.findings)
        value: _T = kept.value
        return value
