"""The pages of a course with films and scenes, in Chromium with and without WebGL."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from werkzeug.serving import make_server

from course_builder.make import make
from course_builder.player.vendor import PLAYER
from tests.conftest import skip_unless_in_ci
from tests.journeys.browser import find_chromium

COURSE = Path(__file__).parents[3] / "sources" / "media-course"
WITH_WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
WITHOUT_WEBGL = ["--disable-gpu", "--disable-3d-apis"]

# A model drawn without a graphics card takes its time on a busy machine.
expect.set_options(timeout=90_000)


@dataclass
class Tab:
    """A page of the tool in a browser, with all that it asked for and complained of."""

    page: Page
    home: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    expected: str = ""

    def open(self, page_id: str) -> Page:
        self.page.goto(f"{self.home}pages/{page_id}")
        return self.page

    def strangers(self) -> list[str]:
        own = self.page.url.split("/l/")[0]
        return [url for url in self.requests if not url.startswith((own, "blob:", "data:"))]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    if find_chromium() is None:
        skip_unless_in_ci("there is no Chromium")
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browsers(playwright: Playwright) -> Iterator[Callable[..., Browser]]:
    """Start Chromium with flags, each kind once."""
    started: dict[tuple[str, ...], Browser] = {}

    def start(flags: list[str]) -> Browser:
        key = tuple(flags)
        if key not in started:
            started[key] = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox", *flags])
        return started[key]

    yield start
    for browser in started.values():
        browser.close()


@pytest.fixture(scope="session")
def square(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the course in ``tests/sources/media-course``."""
    checked, built = make(COURSE, tmp_path_factory.mktemp("square"))
    assert checked.problems == ()
    return built[0].path


@pytest.fixture
def address(app) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def enter(address, browsers, publish, square, visit) -> Iterator[Callable[..., Tab]]:
    """Open the activity in a browser; what the policy refuses and what a script throws fails the test."""
    publish(square)
    tabs: list[Tab] = []

    def start(flags: list[str] = WITH_WEBGL, **options) -> Tab:
        context = browsers(flags).new_context(
            base_url=address, **{"reduced_motion": "reduce", "viewport": {"width": 1000, "height": 900}, **options}
        )
        context.set_default_timeout(30_000)
        page = context.new_page()
        tab = Tab(page, visit(module="m1-square").home)
        page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        page.on("console", lambda line: tab.complaints.append(line.text) if line.type == "error" else None)
        page.on("request", lambda request: tab.requests.append(request.url))
        tabs.append(tab)
        return tab

    yield start
    complaints = [line for tab in tabs for line in tab.complaints if not tab.expected or tab.expected not in line]
    for tab in tabs:
        tab.page.context.close()
    assert complaints == []


@pytest.fixture(autouse=True)
def vendored() -> None:
    """Need the viewer of models, which comes with Node."""
    if not (PLAYER / "vendor" / "model-viewer").exists():
        skip_unless_in_ci("no model viewer; run `make setup` with Node")
