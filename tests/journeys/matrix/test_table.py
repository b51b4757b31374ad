"""The table that `make test` prints of the matrix."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.journeys.matrix.table import VERSION, WAY, cell_id, matrix


@dataclass
class Report:
    """What pytest knows of a test once it ran."""

    nodeid: str
    outcome: str = "passed"
    when: str = "call"
    user_properties: list[tuple[str, str]] = field(default_factory=list)


def cell(opening: str, storage: str, way: str = "", **report: str) -> Report:
    name = cell_id("firefox-cookies-blocked", opening, storage)
    properties = [(VERSION, "Firefox 153.8"), (WAY, way)]
    return Report(f"tests/journeys/matrix/test_matrix.py::test_cell[{name}]", user_properties=properties, **report)


def test_a_row_says_how_a_launch_goes_in_each_cell() -> None:
    before = Report(cell("frame", "on").nodeid, when="setup")
    lines = matrix([before, cell("frame", "on", "address"), cell("frame", "silent", "", outcome="failed")])
    [row] = [line for line in lines if line.startswith("Firefox")]
    assert row.split("  ")[0] == "Firefox 153.8, cookies blocked"
    assert row.split()[4:] == ["address", "–", "FAILED", "–", "–", "–"]


def test_a_state_that_was_not_entered_is_printed_as_such() -> None:
    lines = matrix([cell("frame", "on", "a frame keeps ['plain']", outcome="skipped")])
    assert any("not entered" in line for line in lines)
    assert lines[-1] == "firefox-cookies-blocked was not entered: a frame keeps ['plain']"


def test_a_failure_before_or_after_the_walk_counts() -> None:
    lines = matrix(
        [cell("window", "off", "cookie"), cell("window", "off", "cookie", outcome="failed", when="teardown")]
    )
    assert any("FAILED" in line for line in lines)


def test_other_tests_make_no_table() -> None:
    assert matrix([Report("tests/test_other.py::test_it")]) == []
