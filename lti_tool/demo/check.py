"""``lti-tool demo --check``: the whole way from a click in the LMS to the grade in its gradebook, without a browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from lti_tool.demo.answers import AnswerKey, form_values
from lti_tool.demo.stack import DemoError, Stack
from lti_tool.practice_lms.browser import Browser, BrowserError, Page

ARRIVAL_LIMIT_S = 20.0
LEARNER = "Learner One"

Step = Callable[[str], AbstractContextManager[None]]
_GRADE = re.compile(r'class="grade" data-points="([^"]+)">[^<]*</strong> of ([\d.]+)')


def walk(stack: Stack, answers: AnswerKey, step: Step) -> str:
    """Walk the whole way as a learner with a frame and no scripts.

    Args:
        stack: running.
        answers: of the module that its placements open.
        step: is entered around each step, and names it.

    Returns:
        The grade as the LMS's gradebook shows it.

    Raises:
        DemoError: naming the page that was not as it should be.
    """
    browser = Browser()
    try:
        with step("Choose “learner” in the practice LMS"):
            course_page = _sign_in(browser, stack.addresses.lms)
        with step("Launch: login, token, session"):
            # Without scripts the tool asks whether to go on in the frame; with them it finds out itself.
            # An LMS may keep its storage for tools in a frame before the activity's.
            asked = browser.open_frame(course_page, -1)
            start = browser.go_on(browser.click(asked, "Go on here"))
            _expect(start, answers.module_title)
        with step("Read a page"):
            base = start.url.rstrip("/").rsplit("/l/", 1)[0] + "/l/" + start.url.split("/l/", 1)[1].split("/")[0]
            first = browser.open(f"{base}/pages/{answers.pages[0]}", "iframe", start.url)
            _expect(first, answers.module_title)
        with step(f"Answer {len(answers.quiz)} questions"):
            quiz = browser.open(f"{base}/pages/{answers.quiz_page}", "iframe", first.url)
            form = quiz.form(control=f"q-{answers.quiz[0].id}")
            review = browser.submit(form, form_values(quiz, answers.quiz), "do")
        with step("Submit the attempt, read the feedback"):
            result = browser.submit(review.form(action="/submit"))
            _expect(result, "You reached")
        with step("Wait for the grade in the gradebook (outbox, token, score)"):
            return _await_grade(browser, course_page)
    except (BrowserError, KeyError) as error:
        raise DemoError(f"The check stopped: {error}. The tool's log: {stack.tool.log}") from error


def _sign_in(browser: Browser, lms: str) -> Page:
    """Press the learner's button on the start page, which leads to the page with the frame."""
    start = browser.open(lms)
    _expect(start, LEARNER)
    page = browser.submit(start.forms[0])
    if not page.frames:
        raise BrowserError(f"{page.url} shows no activity: {page.words[:200]}")
    return page


def _await_grade(browser: Browser, course_page: Page) -> str:
    deadline = time.monotonic() + ARRIVAL_LIMIT_S
    while time.monotonic() < deadline:
        gradebook = browser.click(course_page, "Gradebook")
        if grade := _GRADE.search(gradebook.text):
            return f"{grade[1]} of {grade[2]} for {LEARNER}"
        time.sleep(0.1)
    raise BrowserError(f"no grade arrived within {ARRIVAL_LIMIT_S:.0f} s; the gradebook says: {gradebook.words[:300]}")


def _expect(page: Page, text: str) -> None:
    if page.status != 200 or text not in page.words:
        raise BrowserError(f"{page.url} ({page.status}) does not show {text!r} but: {page.words[:300]}")
