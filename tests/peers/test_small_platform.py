"""A platform made with lti1p3platform launches the tool, takes its items, columns and scores, and names its people.

The library departs from the specifications, and the tool bears it:

- it writes the next page of the course list into the header without quotation marks, and into the body once more;
- it answers an accepted score with ``null``, and names its access tokens' type in lower case.
"""

from __future__ import annotations

from typing import Any

from lti_tool.practice_lms.browser import Browser, Page
from tests.peers import MODULE
from tests.peers.conftest import Peer, Tool
from tests.peers.walking import (
    launch,
    let_the_tool_make_its_column,
    put_into_the_course,
    read_roster,
    state_of,
    submit_quiz,
    until,
)


def open_activity(browser: Browser, platform: Peer, name: str) -> Page:
    return launch(browser, f"{platform.base_url}/open/{name}/0")


def arrived(platform: Peer, count: int) -> list[dict[str, Any]]:
    """Wait until so many scores have come to the one column."""

    def found() -> list[dict[str, Any]] | None:
        [scores] = state_of(platform, "state")["scores"].values() or [[]]
        return scores if len(scores) >= count else None

    return until(found)


def test_a_trainer_chooses_the_tool_makes_the_column_and_grades_arrive(small_platform: Peer, tool: Tool) -> None:
    platform = small_platform
    trainer = Browser()
    library = launch(trainer, f"{platform.base_url}/choose/trainer")
    assert "You can pick several" in library.words
    returned = put_into_the_course(trainer, library, "/return")
    assert returned.text == "Added."
    [item] = state_of(platform, "state")["chosen"]
    assert item["custom"] == {"module": MODULE, "version": "1"}
    assert item["lineItem"]["scoreMaximum"] == 8

    overview = open_activity(trainer, platform, "trainer")
    let_the_tool_make_its_column(trainer, overview)
    learner = Browser()
    start = open_activity(learner, platform, "learner")
    submit_quiz(learner, tool, start, wrongly=(tool.answers.quiz[0].id,))
    [score] = arrived(platform, 1)
    assert (score["scoreGiven"], score["scoreMaximum"]) == (7, 8)
    assert (score["activityProgress"], score["gradingProgress"]) == ("Completed", "FullyGraded")

    # Launches name the column from now on, and a second score follows the first one.
    submit_quiz(learner, tool, open_activity(learner, platform, "learner"))
    assert [score["scoreGiven"] for score in arrived(platform, 2)] == [7, 8]
    [column] = state_of(platform, "state")["columns"].values()
    assert (column["resourceId"], column["tag"], column["resourceLinkId"]) == (MODULE, "module", "link-0")


def test_the_course_list_is_read_over_its_pages(small_platform: Peer, tool: Tool) -> None:
    platform = small_platform
    for name in ("anna", "bo"):
        open_activity(Browser(), platform, name)
    # On the second page without ever having opened anything; the library fails at a third page.
    Browser().open(f"{platform.base_url}/enrol/zoe")
    browser = Browser()
    overview = open_activity(browser, platform, "trainer")
    assert "3 learners on the course list." in read_roster(browser, overview, last="Zoe").words
