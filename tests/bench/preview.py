"""From a save to the page in a browser, with a preview of a small course and of large ones."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Frame, sync_playwright

from tests.bench.pages import write_course
from tests.journeys.browser import find_chromium, open_chromium
from tests.preview.conftest import run_preview

PAGES = (20, 300, 2_000)
SAVES = 15
PAGE_BYTES = 8_000
MOST_MS = 150
TARGET = "modules/m1-generated/page-1.md"

# What is asked for in a frame comes after the frame was painted.
_AWAIT = """() => {
  window.painted = new Promise((resolve) => addEventListener('preview:shown', () =>
    requestAnimationFrame(() => setTimeout(() => resolve(Date.now()))), {once: true}));
}"""


def run(arguments: Sequence[str] = ()) -> None:
    """Save a page of 8 kB again and again; only one save is on its way at a time."""
    if find_chromium() is None:
        raise SystemExit("The preview is measured in Chromium: install it or set CHROMIUM to its path.")
    print(f"| pages | save to page painted, median of {SAVES} | longest | under {MOST_MS} ms |")
    print("|---:|---:|---:|---|")
    for pages in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            course = Path(folder) / "course"
            write_course(course, pages)
            times = _times_ms(course, Path(folder))
        median_ms = statistics.median(times)
        word = "yes" if median_ms < MOST_MS else "**no**"
        print(f"| {pages:,} | {median_ms:.0f} ms | {max(times):.0f} ms | {word} |", flush=True)


def _times_ms(course: Path, folder: Path) -> list[float]:
    file = course / TARGET
    with (
        run_preview(course, "--port", "0", target=TARGET) as preview,
        sync_playwright() as playwright,
        open_chromium(playwright, folder / "profile") as context,
    ):
        page = context.pages[0]
        page.goto(preview.address)
        page.frame_locator("[data-shown]").locator("h2").first.wait_for()
        frame = page.frames[1]
        times = [_save(frame, file, number) for number in range(SAVES + 3)]
    return times[3:]


def _save(frame: Frame, file: Path, number: int) -> float:
    """Change a paragraph of the page, and give the milliseconds until it was painted."""
    text = file.read_text(encoding="utf-8").partition("\nThe end")[0]
    text += f"\nThe end, for the {number}th time. "
    text += "Words. " * ((PAGE_BYTES - len(text)) // 7) + "\n"
    frame.evaluate(_AWAIT)
    began = time.time() * 1_000
    file.write_text(text, encoding="utf-8")
    painted: float = frame.evaluate("window.painted")
    # Authors pause between saves; the checks of the last one are done by then.
    frame.page.wait_for_timeout(1_000)
    return painted - began
