"""``make screenshots``: the pictures of README and docs, taken anew from the running product; then every page of it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import FrameLocator, Page, Playwright, sync_playwright

from lti_tool.demo.answers import Known
from tests.journeys.activity import (
    answer,
    answer_all,
    begin,
    expect_result,
    go_on,
    in_frame,
    look_over_and_submit,
    open_in_frame,
    open_quiz,
    question,
    refresh_until,
)
from tests.journeys.browser import find_chromium, open_chromium
from tests.journeys.gallery import FOLDER as GALLERY
from tests.journeys.gallery import LAPTOP, PHONE, take_gallery
from tests.journeys.people import COURSE
from tests.journeys.world import World, start_world

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
MOST_BYTES = 150_000


def main() -> None:
    """Take all pictures."""
    if find_chromium() is None:
        sys.exit("Screenshots need Chromium: install it, or set CHROMIUM to its path.")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, start_world(Path(folder)) as world, sync_playwright() as playwright:
        _take_all(playwright, Path(folder), world)
        number = take_gallery(playwright, Path(folder), world)
    print(f"{number} pictures of every page, in light, dark, on a phone and printed: {GALLERY}")
    for path in sorted(FOLDER.glob("*.png")):
        size = path.stat().st_size
        print(f"{path.name}: {size // 1000} kB{' (too large)' if size > MOST_BYTES else ''}")


def _take_all(playwright: Playwright, folder: Path, world: World) -> None:
    with open_chromium(playwright, folder / "profile", viewport=LAPTOP) as context:
        page = context.pages[0]
        page.goto(world.lms)
        _take(page, "lms-start")
        _finish_as_another_learner(page, world)
        _walk_as_learner(page, world)
        page.goto(world.lms)
        page.get_by_role("button", name="Continue as trainer").click()
        refresh_until(in_frame(page), "Learner One", "delivered")
        _take(page, "trainer")
        page.goto(f"{world.lms}/courses/{COURSE}/gradebook")
        _take(page, "lms-gradebook")


def _finish_as_another_learner(page: Page, world: World) -> None:
    """Let the trainer's page show more than one person."""
    page.get_by_role("listitem").filter(has_text="Learner Two").get_by_role("button").click()
    inside = in_frame(page)
    begin(inside)
    for _page in world.answers.pages[1:]:
        go_on(inside)
    answer_all(inside, world.answers.quiz)
    look_over_and_submit(inside)
    expect_result(inside, "8 of 8")


def _walk_as_learner(page: Page, world: World) -> None:
    page.goto(world.lms)
    page.get_by_role("button", name="Continue as learner").click()
    inside = in_frame(page)
    begin(inside)
    go_on(inside)
    _take(page, "learner-light")
    self_check = world.answers.self_checks[0]
    _check(inside, self_check)
    _take(page, "question-feedback")
    go_on(inside)
    page.emulate_media(color_scheme="dark")
    _take(page, "learner-dark")
    page.set_viewport_size(PHONE)
    open_in_frame(page, world.lms).get_by_role("link", name="Continue:").click()
    _take(page, "learner-phone")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(LAPTOP)
    inside = open_in_frame(page, world.lms)
    open_quiz(inside)
    answer_all(inside, world.answers.quiz, wrongly=world.answers.quiz[0].id)
    look_over_and_submit(inside)
    expect_result(inside, "7 of 8")
    _take(page, "quiz-result")


def _check(inside: FrameLocator, known: Known) -> None:
    """Answer a self-check wrongly first."""
    answer(inside, known, rightly=False)
    question(inside, known).get_by_role("button", name="Check").click()
    question(inside, known).locator(".question-result").wait_for()
    question(inside, known).scroll_into_view_if_needed()


def _take(page: Page, name: str) -> None:
    """Take a picture once everything is there, fonts too."""
    for frame in page.frames:
        frame.wait_for_load_state("networkidle")
        frame.evaluate("() => document.fonts.ready.then(() => null)")
    # Nothing is under the pointer.
    page.mouse.move(0, 0)
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    main()
