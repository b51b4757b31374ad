"""The browser profiles that the journeys stand on do what their names say.

Without this, a journey "with third-party cookies blocked" would pass on the day Chromium renames a preference.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, Playwright

from tests.journeys.browser import ALLOWED, BLOCKED, open_chromium
from tests.journeys.two_sites import names, two_sites


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with two_sites() as port:
        yield port


def kept_by(page: Page | Frame) -> set[str]:
    page.click("a")
    return names(page.inner_text("#kept"))


def kept_in_a_frame(page: Page, port: int) -> set[str]:
    page.goto(f"http://127.0.0.1:{port}/outer")
    frame = page.frames[1]
    frame.wait_for_load_state()
    return kept_by(frame)


def kept_at_the_top(page: Page, port: int) -> set[str]:
    page.goto(f"http://localhost:{port}/store")
    return kept_by(page)


def test_a_frame_keeps_everything_where_third_party_cookies_are_allowed(
    playwright: Playwright, tmp_path: Path, port: int
) -> None:
    with open_chromium(playwright, tmp_path / "profile", third_party_cookies=ALLOWED) as context:
        assert kept_in_a_frame(context.pages[0], port) == {"plain", "partitioned", "session"}


def test_a_frame_keeps_only_the_partitioned_cookie_where_third_party_cookies_are_blocked(
    playwright: Playwright, tmp_path: Path, port: int
) -> None:
    with open_chromium(playwright, tmp_path / "profile", third_party_cookies=BLOCKED) as context:
        page = context.pages[0]
        assert kept_in_a_frame(page, port) == {"partitioned"}
        assert kept_at_the_top(page, port) >= {"plain", "session"}


def test_a_frame_without_storage_keeps_nothing_while_a_window_does(
    playwright: Playwright, tmp_path: Path, port: int
) -> None:
    sites = (f"http://localhost:{port}", f"http://127.0.0.1:{port}")
    with open_chromium(playwright, tmp_path / "profile", without_storage=sites) as context:
        page = context.pages[0]
        assert kept_in_a_frame(page, port) == set()
        assert kept_at_the_top(page, port) >= {"plain", "session"}
