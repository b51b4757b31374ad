"""Results as Moodle gives them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms import gradebook
from lti_tool.practice_lms.model import LineItem, Result
from lti_tool.practice_lms.moodle.line_items import line_item_of
from lti_tool.practice_lms.moodle.php import integer, json_encode
from lti_tool.practice_lms.moodle.service import SERVICES_PATH, MoodleError, answer, caller, course_of, handles
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.vocabulary import RESULT_READ, RESULTS_TYPE, number


@handles("GET", formats=(RESULTS_TYPE,))
def results(course: str, item: str) -> ResponseReturnValue:
    """The results of a line item, or of one person in it, in the order in which people got their first score."""
    registration = caller(RESULT_READ)
    found_course = course_of(course)
    found = line_item_of(item)
    if found.is_coupled and found.registration_id != registration.id:
        raise MoodleError(HTTPStatus.FORBIDDEN, "Invalid LTI id supplied.")
    cells = gradebook.results(current_db(), found.id, request.args.get("user_id"), keeps_grade=False)
    if integer(request.args.get("limit")) > 0 and cells:
        # Moodle fails on paging results, and its page for errors is what the tool gets.
        return answer(render_template("moodle_error.html"), "text/html", HTTPStatus.NOT_FOUND)
    url = f"{current_lms().issuer}{SERVICES_PATH}/{found_course.id}/lineitems/{found.id}/lineitem"
    query = f"?type_id={registration.id}"
    return answer(json_encode([_as_json(found, cell, url, query) for cell in cells]), RESULTS_TYPE)


def _as_json(item: LineItem, result: Result, url: str, query: str) -> dict[str, Any]:
    members: dict[str, Any] = {
        "id": f"{url}/results{query}&user_id={quote(result.sub, safe='')}",
        "userId": result.sub,
    }
    points = result.points(item.maximum, is_bounded=True)
    if points is None:
        return members
    members |= {"resultScore": number(points), "resultMaximum": number(item.maximum)}
    if result.latest.comment:
        members["comment"] = result.latest.comment
    local = result.latest.timestamp.astimezone(current_lms().config.time_zone)
    return members | {"scoreOf": url + query, "timestamp": local.isoformat(timespec="seconds")}
