"""Every browser in every state × the platform's storage × frame and window: one walk from the launch to the grade.

``make test`` prints the result as a table (:mod:`tests.journeys.matrix.table`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import skip_unless_in_ci
from tests.journeys.matrix.browsers import open_browser
from tests.journeys.matrix.states import OPENINGS, STATES, STORAGES, Opening, State
from tests.journeys.matrix.table import VERSION, WAY, cell_id
from tests.journeys.matrix.visitor import Place, Visitor
from tests.journeys.matrix.walk import Walk
from tests.journeys.matrix.world import HttpsWorld, start_https_world
from tests.journeys.two_sites import names, two_sites

_IS_SHOWN = "return document.readyState === 'complete' && document.getElementById('kept') !== null"

STRICT = {"chromium": "cookies blocked", "firefox": "cookies partitioned", "webkit": "cold"}
"""Of each browser, the state in which most people meet a frame."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A browser that runs."""

    state: State
    opening: Opening
    visitor: Visitor
    keeps: frozenset[str] | None
    """What a frame kept when it was tried; ``None`` where it was not."""

    @property
    def version(self) -> str:
        found = self.visitor.driver.capabilities
        name = {"chrome": "Chromium", "firefox": "Firefox", "MiniBrowser": "WebKitGTK"}[found["browserName"]]
        return f"{name} {'.'.join(found['browserVersion'].split('.')[:2])}"


# One object for each, by which pytest knows that a browser is still the same.
BROWSERS = [(state, opening) for state in STATES for opening in OPENINGS]
CELLS = [
    pytest.param(browser, storage, id=cell_id(browser[0].id, browser[1], storage))
    for browser in BROWSERS
    for storage in browser[0].storages
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpsWorld]:
    with start_https_world(tmp_path_factory.mktemp("matrix")) as running:
        yield running


@pytest.fixture(scope="module")
def browser(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, world: HttpsWorld
) -> Iterator[Opened]:
    """A browser for all cells of a state and an opening: Firefox lets a site that a page opened in a window keep more
    in its frames afterwards, so windows come with a profile of their own."""
    state, opening = request.param
    profile = tmp_path_factory.mktemp(state.id) / "profile"
    with two_sites() as port:
        framed, framing = f"http://localhost:{port}", f"http://127.0.0.1:{port}"
        with open_browser(state, profile, [(world.tool, world.lms), (framed, framing)]) as driver:
            visitor = Visitor(driver)
            keeps = None if state.keeps is None else kept_in_a_frame(visitor, framed, framing)
            yield Opened(state, opening, visitor, keeps)


def kept_in_a_frame(visitor: Visitor, framed: str, framing: str) -> frozenset[str]:
    """Find out what a browser keeps for a frame of another site."""
    visitor.go(f"{framed}/first")
    page = visitor.go(f"{framing}/outer")
    frame = Place(page.window, is_frame=True)
    visitor.click(frame, "//a")
    visitor.wait(frame, "what was kept", lambda: visitor.driver.execute_script(_IS_SHOWN))
    return frozenset(names(visitor.driver.execute_script("return document.getElementById('kept').textContent")))


@pytest.mark.parametrize(("browser", "storage"), CELLS, indirect=["browser"])
def test_cell(
    browser: Opened,
    storage: str,
    world: HttpsWorld,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
    tmp_path: Path,
) -> None:
    record_property(VERSION, browser.version)
    if browser.keeps != browser.state.keeps:
        found = f"a frame keeps {sorted(browser.keeps or ())}"
        record_property(WAY, found)
        skip_unless_in_ci(f"{browser.version} does not enter the state “{browser.state.name}”: {found}")
    monkeypatch.setattr(world.stack.lms, "storage", STORAGES[storage])
    try:
        way = Walk(browser.visitor, world, browser.opening).take()
    except BaseException:
        browser.visitor.driver.save_screenshot(str(tmp_path / "page.png"))
        print(f"The last page: {tmp_path / 'page.png'}")
        raise
    record_property(WAY, way)
    assert way == browser.state.way(storage, browser.opening)


# Scenario 6, for answers; beside it tests/lti_tool/learn/test_two_places.py, where two places answered.
@pytest.mark.parametrize(
    "browser",
    [
        pytest.param(each, id=each[0].id)
        for each in BROWSERS
        if each[1] == "frame" and STRICT[each[0].browser] == each[0].name
    ],
    indirect=True,
)
def test_learning_goes_on_while_the_tool_cannot_be_reached(browser: Opened, world: HttpsWorld, tmp_path: Path) -> None:
    try:
        Walk(browser.visitor, world, browser.opening).take_without_network(world.line)
    except BaseException:
        browser.visitor.driver.save_screenshot(str(tmp_path / "page.png"))
        raise
