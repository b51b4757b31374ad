"""The tool and the practice LMS as they run in the demo, and a real browser, for all journeys of a run."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

from tests.conftest import skip_unless_in_ci
from tests.journeys.audit import AXE, Watch
from tests.journeys.browser import find_chromium, open_chromium
from tests.journeys.world import World, start_world

HERE = Path(__file__).parent
# A machine that runs other tests beside is slow at times; what is there at once is found at once.
expect.set_options(timeout=30_000)


_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know that their test failed."""
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


# First: xdist reads the groups in its own, and where this folder is named on the command line it would else be earlier.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the journeys on one worker: they share the servers. The matrix of browsers has its own."""
    for item in items:
        if HERE in item.path.parents:
            group = "matrix" if HERE / "matrix" in item.path.parents else "journeys"
            item.add_marker(pytest.mark.xdist_group(group))


# Playwright holds the thread's event loop while it is open: a longer scope would break other tests that run one.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    if find_chromium() is None:
        skip_unless_in_ci("no Chromium; install it or set CHROMIUM to its path")
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with start_world(tmp_path_factory.mktemp("stack")) as running:
        yield running


@dataclass(frozen=True)
class Chromium:
    """A browser with a fresh profile, and the record of what it complained of."""

    context: BrowserContext
    watch: Watch

    @property
    def page(self) -> Page:
        """Its first page."""
        return self.context.pages[0]

    def report(self, folder: Path) -> None:
        """Leave pictures of its pages, and print what it complained of."""
        for number, page in enumerate(self.context.pages):
            path = folder / f"page-{number}.png"
            page.screenshot(path=path)
            print(f"{path}: {[frame.url for frame in page.frames]}")
        print(*self.watch.complaints, *self.watch.strangers, sep="\n")


@pytest.fixture
def chromium(
    request: pytest.FixtureRequest, playwright: Playwright, tmp_path: Path, world: World
) -> Iterator[Callable[..., Chromium]]:
    """Start browsers for a test; each must end without errors, and without having left the two sites.

    Where the test fails, pictures of all pages are left in its temporary folder.
    """
    started: list[Chromium] = []
    with ExitStack() as stack:

        def start(**options: Any) -> Chromium:
            profile = tmp_path / f"profile-{len(started)}"
            context = stack.enter_context(open_chromium(playwright, profile, **options))
            started.append(Chromium(context, Watch(context, world.tool, world.lms)))
            return started[-1]

        yield start
        if request.node.stash.get(_FAILED, False):
            for browser in started:
                browser.report(tmp_path)
            return
        for browser in started:
            browser.watch.assert_clean()


@pytest.fixture(scope="session")
def axe() -> None:
    """Need axe-core, which comes with Node."""
    if not AXE.exists():
        skip_unless_in_ci("no axe-core; run `npm ci --ignore-scripts` in tests/")
