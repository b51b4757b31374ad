"""A real browser for all journeys of a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.conftest import skip_unless_in_ci
from tests.journeys.browser import find_chromium

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the journeys on one worker: they share the servers."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("journeys"))


# Playwright holds the thread's event loop while it is open: a longer scope would break other tests that run one.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    if find_chromium() is None:
        skip_unless_in_ci("no Chromium; install it or set CHROMIUM to its path")
    with sync_playwright() as driver:
        yield driver
