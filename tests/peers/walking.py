"""Walking through the tool from a platform written by others, and waiting for what arrives there."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any, TypeVar

from lti_tool.demo.answers import form_values
from lti_tool.practice_lms.browser import Browser, Page
from tests.peers.conftest import Peer, Tool

ARRIVAL_LIMIT_S = 60
Found = TypeVar("Found")


def until(find: Callable[[], Found | None]) -> Found:
    """Wait until something is found."""
    deadline = time.monotonic() + ARRIVAL_LIMIT_S
    while time.monotonic() < deadline:
        if (found := find()) is not None:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{find.__qualname__} found nothing within {ARRIVAL_LIMIT_S} s")


def state_of(platform: Peer, what: str) -> dict[str, Any]:
    """What a platform shows of itself."""
    with urllib.request.urlopen(f"{platform.base_url}/{what}") as answer:
        content: dict[str, Any] = json.load(answer)
    return content


def launch(browser: Browser, url: str) -> Page:
    """Open an activity at its platform, up to the tool's first page."""
    launched = browser.submit(browser.open(url).form(action="/lti/launch"))
    assert launched.status == 200, launched.words
    return launched


def submit_quiz(browser: Browser, tool: Tool, start: Page, wrongly: tuple[str, ...] = ()) -> Page:
    """Read the first page, then answer and submit the quiz; begins another attempt where one was submitted."""
    base = start.url.rsplit("/", 1)[0]
    assert browser.open(f"{base}/pages/{tool.answers.pages[0]}").status == 200
    quiz = browser.open(f"{base}/pages/{tool.answers.quiz_page}")
    if any("/attempts" in form.action for form in quiz.forms):
        quiz = browser.submit(quiz.form(action="/attempts"))
    form = quiz.form(control=f"q-{tool.answers.quiz[0].id}")
    review = browser.submit(form, form_values(quiz, tool.answers.quiz, wrongly), "do")
    result = browser.submit(review.form(action="/submit"))
    assert "You reached" in result.words
    return result


def put_into_the_course(browser: Browser, library: Page, return_path: str) -> Page:
    """Pick the first module of the library, and take the signed answer to the platform."""
    picked = browser.submit(library.form(action="/pick/items"))
    answered = browser.submit(picked.form(action="/pick/items/change"), {"do": "send"}, "do")
    return browser.submit(answered.form(action=return_path))


def read_roster(browser: Browser, overview: Page, last: str = "") -> Page:
    """Press the button that reads the course list, and wait until it names whom its last page names."""
    browser.submit(overview.form(action="/roster"))

    def read() -> Page | None:
        page = browser.open(overview.url)
        return page if "on the course list" in page.words and last in page.words else None

    return until(read)


def let_the_tool_make_its_column(browser: Browser, overview: Page) -> None:
    """Choose one column for the activity, on the tool's gradebook page."""
    gradebook = browser.click(overview, "Gradebook")
    browser.submit(gradebook.form(action="/gradebook/columns"), {"columns": "module"})
