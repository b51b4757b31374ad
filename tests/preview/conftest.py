"""The preview as an author starts it, on a course of its own, and a browser that looks at it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

from tests.conftest import skip_unless_in_ci
from tests.journeys.audit import AXE, Watch
from tests.journeys.browser import find_chromium, open_chromium
from tests.preview.course import write_course

HERE = Path(__file__).parent
GUIDE = HERE.parents[1] / "courses" / "authoring-guide"
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests with a browser on one worker: they share its driver."""
    for item in items:
        if HERE in item.path.parents and "browser" in item.path.name:
            item.add_marker(pytest.mark.xdist_group("preview"))


@dataclass(frozen=True)
class Running:
    """A preview that runs."""

    root: Path
    address: str
    process: subprocess.Popen[str]
    first_lines: tuple[str, ...]

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rstrip("/").rpartition(":")[2])

    def write(self, page: str, text: str) -> None:
        """Save a page of the first module."""
        (self.root / "modules" / "m1-town" / page).write_text(text, encoding="utf-8")

    def read(self, page: str) -> str:
        """Read a page of the first module."""
        return (self.root / "modules" / "m1-town" / page).read_text(encoding="utf-8")

    def edit(self, page: str, old: str, new: str) -> None:
        """Save a page with one thing changed."""
        text = self.read(page)
        assert old in text
        self.write(page, text.replace(old, new, 1))


@contextmanager
def run_preview(root: Path, *arguments: str, target: str = "modules/m1-town/page.md") -> Iterator[Running]:
    """Start a preview, and end it as Ctrl-C does; it has to end well."""
    command = [sys.executable, "-m", "course_builder", "preview", "--no-open", *arguments, str(root / target)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONFAULTHANDLER": "1"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, start_new_session=True
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if "Ctrl-C" in line:
                break
        address = next((word for line in lines for word in line.split() if word.startswith("http://")), "")
        assert address, "\n".join(lines)
        yield Running(root, address, process, tuple(lines))
        process.send_signal(signal.SIGINT)
        try:
            rest, _ = process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            # It says where each of its threads is.
            process.send_signal(signal.SIGABRT)
            rest, _ = process.communicate()
        assert process.returncode == 0, rest
        assert rest.splitlines() == ["The preview has ended."]
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of two modules."""
    return write_course(tmp_path / "course")


@pytest.fixture
def preview(course: Path) -> Iterator[Running]:
    """A preview of it."""
    with run_preview(course, "--port", "0") as running:
        yield running


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    if find_chromium() is None:
        skip_unless_in_ci("no Chromium; install it or set CHROMIUM to its path")
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def axe() -> None:
    """Need axe-core, which comes with Node."""
    if not AXE.exists():
        skip_unless_in_ci("no axe-core; run `npm ci --ignore-scripts` in tests/")


@dataclass(frozen=True)
class Seen:
    """A browser at a preview."""

    context: BrowserContext
    page: Page
    watch: Watch

    def frame(self) -> Page:
        """The shown page, as what stands in the frame."""
        return self.page.frame_locator("[data-shown]")  # type: ignore[return-value]  # it has what tests use of a page.


Open = Callable[..., Seen]


@pytest.fixture
def look(playwright: Playwright, tmp_path: Path, preview: Running) -> Iterator[Open]:
    """Open browsers at the preview; each must end without complaints and without having asked anybody else."""
    seen: list[Seen] = []
    with ExitStack() as stack:

        def start(**options: object) -> Seen:
            profile = tmp_path / f"profile-{len(seen)}"
            context = stack.enter_context(open_chromium(playwright, profile, **options))
            watch = Watch(context, preview.address.rstrip("/"))
            page = context.pages[0]
            page.goto(preview.address)
            page.frame_locator("[data-shown]").locator("h1").wait_for()
            seen.append(Seen(context, page, watch))
            return seen[-1]

        yield start
        for each in seen:
            each.watch.assert_clean()


OpenGuide = Callable[[str], tuple[Page, Path]]


@pytest.fixture
def look_at_guide(playwright: Playwright, tmp_path: Path) -> Iterator[OpenGuide]:
    """Open a browser at a page of a copy of the guide for authors; gives the page, and the file that is shown."""
    root = Path(shutil.copytree(GUIDE, tmp_path / "guide"))
    with ExitStack() as stack:

        def start(name: str) -> tuple[Page, Path]:
            target = f"modules/m1-write-a-module/{name}"
            running = stack.enter_context(run_preview(root, "--port", "0", target=target))
            context = stack.enter_context(open_chromium(playwright, tmp_path / "profile"))
            watch = Watch(context, running.address.rstrip("/"))
            stack.callback(watch.assert_clean)
            page = context.pages[0]
            page.goto(running.address)
            page.frame_locator("[data-shown]").locator("h1").wait_for()
            return page, root / target

        yield start
