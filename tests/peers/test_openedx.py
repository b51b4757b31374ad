"""Open edX launches the tool and takes its grades, over real HTTP.

Its own code makes the token and takes the score (see openedx_platform.py), so that this finds what the tool and our
practice LMS agree about by mistake.
"""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any

from lti_tool.demo.answers import form_values
from lti_tool.practice_lms.browser import Browser, Page
from tests.peers import BLOCK_WEIGHT
from tests.peers.conftest import OpenEdx, Tool

ARRIVAL_LIMIT_S = 60


def open_activity(browser: Browser, platform: OpenEdx, username: str) -> Page:
    """Open the block's page in Open edX, up to the tool's first page."""
    answered = browser.open(f"{platform.base_url}/open/{username}")
    launched = browser.submit(answered.form(action="/lti/launch"))
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


def published(platform: OpenEdx, username: str, count: int) -> list[dict[str, float]]:
    """Wait until Open edX has published so many grades of a person to the course's grade book."""
    deadline = time.monotonic() + ARRIVAL_LIMIT_S
    while time.monotonic() < deadline:
        grades: list[dict[str, float]] = stored(platform)["published"].get(username, [])
        if len(grades) >= count:
            return grades
        time.sleep(0.1)
    raise AssertionError(f"{count} grades of {username} were not published: {stored(platform)}")


def stored(platform: OpenEdx) -> dict[str, Any]:
    with urllib.request.urlopen(f"{platform.base_url}/grades") as answer:
        content: dict[str, Any] = json.load(answer)
    return content


def grade(points: float) -> dict[str, float]:
    """Give a grade of the quiz, which has 8 points, as Open edX publishes it: on the scale of its own column."""
    return {"points": BLOCK_WEIGHT * points / 8, "max_points": BLOCK_WEIGHT}


def test_the_grade_of_a_learner_in_open_edx_arrives_and_rises(openedx: OpenEdx, tool: Tool) -> None:
    browser = Browser()
    start = open_activity(browser, openedx, "learner")
    worth_one_point = tool.answers.quiz[0].id
    submit_quiz(browser, tool, start, wrongly=(worth_one_point,))
    assert published(openedx, "learner", 1) == [grade(7)]

    submit_quiz(browser, tool, start)
    assert published(openedx, "learner", 2) == [grade(7), grade(8)]
    [score] = stored(openedx)["scores"]
    assert (score["score_given"], score["score_maximum"]) == (8, 8)
    assert (score["activity_progress"], score["grading_progress"]) == ("Completed", "FullyGraded")

    overview = open_activity(Browser(), openedx, "trainer")
    # Open edX keeps names to itself, and the trainer is an instructor by the role in the course.
    assert "no name shared" in overview.words
    assert "8 of 8" in overview.words
    assert "delivered" in overview.words.lower()
