"""Results: what stands in the gradebook for a line item.

Source: LTI Assignment and Grade Services 2.0, section 3.3.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import request
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms import gradebook
from lti_tool.practice_lms.model import LineItem, Result
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.strict.claims import line_item_url
from lti_tool.practice_lms.strict.service import caller, expect_accept, line_item_of, paged
from lti_tool.practice_lms.vocabulary import RESULT_READ, RESULTS_TYPE, number


def results(course_id: int, item_id: int, *, has_comments: bool = True) -> ResponseReturnValue:
    """The results of a line item, or of one person in it."""
    item = line_item_of(caller(RESULT_READ), course_id, item_id)
    expect_accept(RESULTS_TYPE)
    found = gradebook.results(current_db(), item.id, request.args.get("user_id"))
    return paged([as_json(item, result, has_comment=has_comments) for result in found], RESULTS_TYPE)


def as_json(item: LineItem, result: Result, *, has_comment: bool) -> dict[str, Any]:
    """A result as the service writes it; without a grade there is no ``resultScore``."""
    url = line_item_url(current_lms().issuer, item)
    members: dict[str, Any] = {
        "id": f"{url}/results/{quote(result.sub, safe='')}",
        "scoreOf": url,
        "userId": result.sub,
    }
    points = result.points(item.maximum, is_bounded=current_lms().profile.bounds_grade)
    if points is not None:
        members |= {"resultScore": number(points), "resultMaximum": number(item.maximum)}
    if result.latest.comment and has_comment:
        members["comment"] = result.latest.comment
    return members
