"""Scores as Canvas takes them."""

from __future__ import annotations

from http import HTTPStatus

from flask import request
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms.strict import scores as strict
from lti_tool.practice_lms.strict.service import ServiceError, refuse


def scores(course_id: int, item_id: int) -> ResponseReturnValue:
    """Store a score; one that is not newer is a mistake in the request.

    Source: Canvas API, Score, https://canvas.instructure.com/doc/api/score.html.
    """
    if not request.headers.get("User-Agent"):
        refuse("Canvas answers nobody who does not say who they are.", HTTPStatus.FORBIDDEN)
    try:
        return strict.scores(course_id, item_id)
    except ServiceError as error:
        if error.status == HTTPStatus.CONFLICT:
            raise ServiceError(HTTPStatus.BAD_REQUEST, "timestamp is before the last update of the result") from error
        raise
