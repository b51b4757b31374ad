"""Scores: what a tool sends for a person in a line item.

Source: LTI Assignment and Grade Services 2.0, section 3.4.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any, NoReturn

from flask.typing import ResponseReturnValue

from lti_tool.practice_lms import accounts, gradebook
from lti_tool.practice_lms.database import transaction
from lti_tool.practice_lms.model import LineItem, Score
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.strict.service import (
    caller,
    json_body,
    line_item_of,
    number_member,
    refuse,
    text_member,
)
from lti_tool.practice_lms.strict.timestamps import parse_timestamp
from lti_tool.practice_lms.vocabulary import ACTIVITY_PROGRESS, CANVAS_SUBMISSION, GRADING_PROGRESS, SCORE, SCORE_TYPE

FUTURE_TOLERANCE = timedelta(minutes=5)


def refuse_person(_item: LineItem, _sub: str) -> NoReturn:
    """Refuse a score for somebody whom the course does not grade."""
    refuse("userId is not a learner of this course.", HTTPStatus.UNPROCESSABLE_ENTITY)


def scores(
    course_id: int, item_id: int, refuse_person: Callable[[LineItem, str], NoReturn] = refuse_person
) -> ResponseReturnValue:
    """Store a score that is newer than the ones before."""
    item = line_item_of(caller(SCORE), course_id, item_id)
    score = _read(json_body(SCORE_TYPE), item)
    if accounts.role(current_db(), item.course_id, score.sub) != "Learner":
        refuse_person(item, score.sub)
    with transaction(current_db()):
        newest = gradebook.newest_score(current_db(), item.id, score.sub)
        if newest is not None and score.timestamp <= newest.timestamp:
            refuse(f"The stored score of {newest.timestamp.isoformat()} is as new or newer.", HTTPStatus.CONFLICT)
        gradebook.store_score(current_db(), score)
    return "", HTTPStatus.NO_CONTENT


def _read(body: dict[str, Any], item: LineItem) -> Score:
    timestamp = parse_timestamp(text_member(body, "timestamp", is_required=True))
    if timestamp is None:
        refuse("timestamp has to be an ISO 8601 time with seconds and a time zone.")
    now = current_lms().now()
    if timestamp > now + FUTURE_TOLERANCE:
        refuse("timestamp lies in the future; it would keep later scores out.")
    given, maximum = _points(body)
    return Score(
        line_item_id=item.id,
        sub=text_member(body, "userId", is_required=True),
        given=given,
        maximum=maximum,
        timestamp=timestamp,
        activity_progress=_one_of(body, "activityProgress", ACTIVITY_PROGRESS),
        grading_progress=_one_of(body, "gradingProgress", GRADING_PROGRESS),
        comment=text_member(body, "comment"),
        received_at=now,
        is_new_submission=_is_new(body),
    )


def _is_new(body: dict[str, Any]) -> bool:
    """Whether a score is a new attempt, which only Canvas asks; it is unless the tool says otherwise."""
    submission = body.get(CANVAS_SUBMISSION)
    return not isinstance(submission, dict) or submission.get("new_submission") is not False


def _points(body: dict[str, Any]) -> tuple[float | None, float | None]:
    given, maximum = number_member(body, "scoreGiven"), number_member(body, "scoreMaximum")
    if given is not None and given < 0:
        refuse("scoreGiven must not be below 0.")
    if given is not None and maximum is None:
        refuse("scoreGiven needs scoreMaximum beside it.")
    if maximum is not None and maximum <= 0:
        refuse("scoreMaximum has to be above 0.")
    return given, maximum


def _one_of(body: dict[str, Any], name: str, values: frozenset[str]) -> str:
    value = text_member(body, name, is_required=True)
    if value not in values:
        refuse(f"{name} has to be one of {', '.join(sorted(values))}.")
    return value
