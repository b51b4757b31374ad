"""Open edX launches the tool, takes its items, columns and grades, and names its people, over real HTTP.

Its own code makes the tokens and answers for the services (see openedx_platform.py), so that this finds what the tool
and our practice LMS agree about by mistake. It departs from the specifications, and the tool bears it:

- the login of an activity that was chosen names another address than the token, where the item has an address;
- several items are one resource link;
- an item's line item is kept and no column is made of it;
- columns have whole maxima only, and none can be deleted.
"""

from __future__ import annotations

from lti_tool.practice_lms.browser import Browser, Page
from tests.peers import BLOCK_WEIGHT, MODULE
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

RETURN = "/lti-dl/response"


def open_activity(browser: Browser, platform: Peer, username: str) -> Page:
    """Open the block's page in Open edX."""
    return launch(browser, f"{platform.base_url}/open/{username}")


def published(platform: Peer, username: str, count: int) -> list[dict[str, float]]:
    """Wait until Open edX has published so many grades of a person to the course's grade book."""

    def found() -> list[dict[str, float]] | None:
        grades: list[dict[str, float]] = state_of(platform, "grades")["published"].get(username, [])
        return grades if len(grades) >= count else None

    return until(found)


def grade(points: float) -> dict[str, float]:
    """Give a grade of the quiz, which has 8 points, as Open edX publishes it: on the scale of its own column."""
    return {"points": BLOCK_WEIGHT * points / 8, "max_points": BLOCK_WEIGHT}


def test_the_grade_of_a_learner_in_open_edx_arrives_and_rises(openedx: Peer, tool: Tool) -> None:
    browser = Browser()
    start = open_activity(browser, openedx, "learner")
    worth_one_point = tool.answers.quiz[0].id
    submit_quiz(browser, tool, start, wrongly=(worth_one_point,))
    assert published(openedx, "learner", 1) == [grade(7)]

    submit_quiz(browser, tool, start)
    assert published(openedx, "learner", 2) == [grade(7), grade(8)]
    [score] = state_of(openedx, "grades")["scores"]
    assert (score["score_given"], score["score_maximum"]) == (8, 8)
    assert (score["activity_progress"], score["grading_progress"]) == ("Completed", "FullyGraded")

    overview = open_activity(Browser(), openedx, "trainer")
    # Open edX keeps names to itself, and the trainer is an instructor by the role in the course.
    assert "no name shared" in overview.words
    assert "8 of 8" in overview.words
    assert "delivered" in overview.words.lower()


def choose_activity(browser: Browser, platform: Peer) -> Page:
    """Begin to choose what the block shows, up to the tool's library."""
    return launch(browser, f"{platform.base_url}/choose/trainer")


def test_a_trainer_chooses_in_open_edx_and_learners_find_it(openedx: Peer, tool: Tool) -> None:
    browser = Browser()
    library = choose_activity(browser, openedx)
    # It would take several, and show them as links that all have the id of the block: one placement to the tool.
    assert "You can pick several" not in library.words
    # Somebody who may not edit the course sits down at the same browser before the answer goes back.
    open_activity(browser, openedx, "learner")
    assert put_into_the_course(browser, library, RETURN).status == 403
    assert state_of(openedx, "chosen")["items"] == []

    returned = put_into_the_course(browser, choose_activity(browser, openedx), RETURN)
    assert returned.status == 200, returned.words
    [item] = state_of(openedx, "chosen")["items"]
    assert item["content_type"] == "ltiResourceLink"
    assert item["attributes"]["custom"] == {"module": MODULE, "version": "1"}
    # Its login names the block's own address, whatever address an item has; the token names the item's. One that is
    # without keeps to the specification, in which both are the same.
    assert "url" not in item["attributes"]

    learner = Browser()
    start = open_activity(learner, openedx, "learner")
    submit_quiz(learner, tool, start)
    assert published(openedx, "learner", 1) == [grade(8)]


def test_the_tool_makes_its_column_in_open_edx(openedx_without_column: Peer, tool: Tool) -> None:
    platform = openedx_without_column
    trainer = Browser()
    overview = open_activity(trainer, platform, "trainer")
    let_the_tool_make_its_column(trainer, overview)

    learner = Browser()
    start = open_activity(learner, platform, "learner")
    submit_quiz(learner, tool, start)
    assert published(platform, "learner", 1) == [grade(8)]
    [column] = state_of(platform, "columns")["columns"]
    assert (column["resource_id"], column["tag"], column["score_maximum"]) == (MODULE, "module", 8)

    # The column is in the launches from now on, and everybody's scores go there.
    again = open_activity(learner, platform, "learner")
    submit_quiz(learner, tool, again, wrongly=(tool.answers.quiz[0].id,))
    other = Browser()
    submit_quiz(other, tool, open_activity(other, platform, "learner-2"))
    assert published(platform, "learner-2", 1) == [grade(8)]
    assert len(state_of(platform, "columns")["columns"]) == 1


def test_the_course_list_of_open_edx_names_people_by_pseudonyms(openedx: Peer, tool: Tool) -> None:
    for name in ("learner", "learner-2", "trainer"):
        open_activity(Browser(), openedx, name)
    browser = Browser()
    overview = open_activity(browser, openedx, "trainer")
    # The roles of its list are those in the course, in full, beside two that say "None".
    assert "2 learners on the course list." in read_roster(browser, overview).words
