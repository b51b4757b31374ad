"""Scores as Moodle takes them."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms import accounts, gradebook
from lti_tool.practice_lms.database import transaction
from lti_tool.practice_lms.model import LineItem, Score
from lti_tool.practice_lms.moodle.line_items import line_item_of
from lti_tool.practice_lms.moodle.php import is_numeric, parse_time
from lti_tool.practice_lms.moodle.service import MoodleError, answer, caller, course_of, handles
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.text import is_storable
from lti_tool.practice_lms.vocabulary import SCORE, SCORE_TYPE

SCORES_TYPE = "application/vnd.ims.lis.v1.scorecontainer+json"
REQUIRED = ("userId", "timestamp", "gradingProgress", "activityProgress")


@handles("POST", formats=(SCORES_TYPE, SCORE_TYPE))
def scores(course: str, item: str) -> ResponseReturnValue:
    """Store a score that is newer than the last one by a whole second."""
    registration = caller(SCORE)
    course_of(course)
    found = line_item_of(item)
    if found.is_coupled and found.registration_id != registration.id:
        raise MoodleError(HTTPStatus.FORBIDDEN, "Invalid LTI id supplied.")
    score = _read(found)
    if score is None:
        return _refused(HTTPStatus.BAD_REQUEST)
    with transaction(current_db()):
        newest = gradebook.newest_score(current_db(), found.id, score.sub)
        if newest is not None and score.timestamp <= newest.timestamp:
            return _refused(HTTPStatus.CONFLICT)
        gradebook.store_score(current_db(), score)
    return answer("", SCORE_TYPE)


def _refused(status: int) -> Response:
    """An empty list, which is all that Moodle says about a score it does not take."""
    return answer("[]", SCORE_TYPE, status)


def _read(item: LineItem) -> Score | None:
    """The score of the request, or ``None`` if Moodle would not take it; any word is a progress."""
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or any(body.get(name) is None for name in REQUIRED):
        return None
    if any(body.get(name) is not None and not is_numeric(body[name]) for name in ("scoreGiven", "scoreMaximum")):
        return None
    if body.get("scoreGiven") is not None and body.get("scoreMaximum") is None:
        return None
    sub = str(body["userId"])
    timestamp = parse_time(str(body["timestamp"]), current_lms().config.time_zone)
    if timestamp is None or not is_storable(sub) or accounts.role(current_db(), item.course_id, sub) != "Learner":
        return None
    return Score(
        line_item_id=item.id,
        sub=sub,
        given=_number(body, "scoreGiven"),
        maximum=_number(body, "scoreMaximum"),
        timestamp=timestamp,
        activity_progress=_text(body, "activityProgress"),
        grading_progress=_text(body, "gradingProgress"),
        comment=_text(body, "comment"),
        received_at=current_lms().now(),
    )


def _number(body: dict[str, Any], name: str) -> float | None:
    return None if body.get(name) is None else float(body[name])


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    return value if is_storable(value) else ""
