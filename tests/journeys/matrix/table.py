"""The result of the matrix as a table: how a launch goes in each browser, state, storage and opening."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from tests.journeys.matrix.states import OPENINGS, STATES, STORAGES

WAY, VERSION = "way", "browser"
"""Properties that a cell's test records."""
_CELL = re.compile(r"test_matrix\.py::test_cell\[(?P<row>.+)-(?P<opening>frame|window)-(?P<storage>on|off|silent)\]")
_WIDTH = 12
_LEGEND = (
    "cookie: a cookie came back. address: proved by what the frame or the LMS kept; the address carries the session.",
    "new window: the frame can keep nothing, and offers a window, where all goes on.",
)


def cell_id(state_id: str, opening: str, storage: str) -> str:
    """Name a cell as :func:`matrix` reads it again."""
    return f"{state_id}-{opening}-{storage}"


def matrix(reports: Iterable[Any]) -> list[str]:
    """Write the lines of the table.

    Args:
        reports: of pytest, of whatever tests; without a cell there are no lines.
    """
    cells: dict[tuple[str, str, str], str] = {}
    versions: dict[str, str] = {}
    notes: list[str] = []
    for report in reports:
        found = _CELL.search(getattr(report, "nodeid", ""))
        if found is None or not hasattr(report, "outcome"):
            continue
        properties = dict(report.user_properties)
        if VERSION in properties:
            versions[found["row"]] = properties[VERSION]
        key = (found["row"], found["opening"], found["storage"])
        if report.outcome == "failed":
            cells[key] = "FAILED"
        elif report.outcome == "skipped":
            cells[key] = "not entered"
            notes.append(f"{found['row']} was not entered: {properties.get(WAY, 'this browser is not there')}")
        elif report.when == "call":
            cells.setdefault(key, str(properties.get(WAY, "")))
    return [*_rows(cells, versions), *_LEGEND, *sorted(set(notes))] if cells else []


def _rows(cells: dict[tuple[str, str, str], str], versions: dict[str, str]) -> list[str]:
    columns = [(storage, opening) for opening in OPENINGS for storage in STORAGES]
    names = {state.id: f"{versions.get(state.id) or state.browser}, {state.name}" for state in STATES}
    width = max(len("storage of the LMS"), *map(len, names.values()))
    rows = [
        "  ".join(text.ljust(size) for text, size in zip(line, [width, *[_WIDTH] * len(columns)], strict=True)).rstrip()
        for line in (
            ["", *(opening if storage == "on" else "" for storage, opening in columns)],
            ["storage of the LMS", *(storage for storage, _ in columns)],
            *(
                [name, *(cells.get((row, opening, storage), "–") for storage, opening in columns)]
                for row, name in names.items()
                if any(cell[0] == row for cell in cells)
            ),
        )
    ]
    return [*rows[:2], "-" * max(map(len, rows)), *rows[2:]]
