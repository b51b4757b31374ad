"""How much is tried in tests that make up their input, and what each problem that they find has to hold."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from hypothesis import HealthCheck, settings

from course_builder.model import Problem

FACTOR = int(os.environ.get("FUZZ", "1"))
"""How many times as much is tried as in CI; with more than 1, something else each time."""


def many(examples: int) -> settings:
    """Try so many examples: in CI the same ones each time, so that a change is what makes a test fail."""
    return settings(
        max_examples=examples * FACTOR,
        deadline=None,
        derandomize=FACTOR == 1,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def assert_located(problems: Iterable[Problem], files: Mapping[str, str | bytes]) -> None:
    """Hold each problem to have a code, a message, and a place that is in a file of the course."""
    for problem in problems:
        assert problem.code
        assert problem.message
        place = problem.place
        assert place.path in files, f"{place.path} is no file of the course"
        data = files[place.path]
        text = data if isinstance(data, str) else data.decode(errors="replace")
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert 1 <= place.line <= len(lines), f"{problem} in {lines}"
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1, f"{problem} in {lines[place.line - 1]!r}"
