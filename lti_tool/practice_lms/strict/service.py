"""What the strict services have in common: who may call, media types, JSON bodies, errors."""

from __future__ import annotations

import json
import math
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.parse import urlencode

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.http import parse_options_header

from lti_tool.practice_lms import catalogue, gradebook, grants
from lti_tool.practice_lms.model import Course, LineItem, Registration
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.text import is_storable

MAX_TEXT_LENGTH = 4096
MAX_PAGE = 100


class ServiceError(Exception):
    """A service call is refused.

    Attributes:
        status: of HTTP.
        reason: a sentence for the people who build tools.
        headers: to send along.
    """

    def __init__(self, status: int, reason: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers or {}


def answer_error(error: ServiceError) -> ResponseReturnValue:
    """The error as JSON."""
    return jsonify(status=error.status, reason=error.reason), error.status, error.headers


def refuse(reason: str, status: int = HTTPStatus.BAD_REQUEST) -> NoReturn:
    """Refuse the call."""
    raise ServiceError(status, reason)


def caller(*scopes: str) -> Registration:
    """The registration whose token came with the request.

    Args:
        scopes: one of them is needed.
    """
    grant = grants.grant_of(current_db(), request.headers.get("Authorization", ""), current_lms().now())
    registration = catalogue.registration(current_db(), grant.registration_id) if grant else None
    if grant is None or registration is None:
        raise ServiceError(
            HTTPStatus.UNAUTHORIZED,
            "The access token is missing, unknown or expired.",
            {"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    if not grant.scopes.intersection(scopes):
        raise ServiceError(
            HTTPStatus.FORBIDDEN,
            f"The access token lacks a scope for this call: {' or '.join(scopes)}.",
            {"WWW-Authenticate": 'Bearer error="insufficient_scope"'},
        )
    return registration


def course_of(registration: Registration, course_id: int) -> Course:
    """A course in which the tool is placed; any other is not found."""
    course = catalogue.course(current_db(), course_id)
    if course is None or all(
        p.registration_id != registration.id for p in catalogue.placements(current_db(), course_id)
    ):
        refuse("There is no such course for this tool.", HTTPStatus.NOT_FOUND)
    return course


def line_item_of(registration: Registration, course_id: int, item_id: int) -> LineItem:
    """A line item of the tool; another tool's is not found."""
    course = course_of(registration, course_id)
    item = gradebook.line_item(current_db(), item_id)
    if item is None or item.course_id != course.id or item.registration_id != registration.id:
        refuse("There is no such line item for this tool.", HTTPStatus.NOT_FOUND)
    return item


def expect_accept(media_type: str) -> None:
    """Refuse a request that does not want the one type there is."""
    if request.accept_mimetypes and not request.accept_mimetypes[media_type]:
        refuse(f"This is {media_type}; the Accept header asks for something else.", HTTPStatus.NOT_ACCEPTABLE)


def json_body(media_type: str) -> dict[str, Any]:
    """The body of a request as a JSON object."""
    found, _ = parse_options_header(request.headers.get("Content-Type", ""))
    if found != media_type:
        refuse(f"Content-Type has to be {media_type}, not {found!r}.", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        body = json.loads(request.get_data(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        refuse(f"The body is not JSON: {error}.")
    if not isinstance(body, dict):
        refuse("The body has to be a JSON object.")
    return body


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def text_member(body: dict[str, Any], name: str, *, is_required: bool = False) -> str:
    """A string member, empty when it is missing."""
    value = body.get(name)
    if value is None and not is_required:
        return ""
    if not is_storable(value) or len(value) > MAX_TEXT_LENGTH or (is_required and not value.strip()):
        refuse(f"{name} has to be a string of at most {MAX_TEXT_LENGTH} characters{', not empty' * is_required}.")
    return value


def number_member(body: dict[str, Any], name: str) -> float | None:
    """A finite number member, or ``None`` when it is missing."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > 1e9 or not math.isfinite(value):
        refuse(f"{name} has to be a number of reasonable size.")
    return float(value)


def page_arguments() -> tuple[int, int]:
    """``limit`` and ``from`` of the request."""
    limit = request.args.get("limit", default=MAX_PAGE, type=int)
    start = request.args.get("from", default=0, type=int)
    if limit < 1 or start < 0:
        refuse("limit has to be at least 1, and from at least 0.")
    return min(limit, MAX_PAGE), start


def paged(items: list[dict[str, Any]], media_type: str) -> Response:
    """One page of a list, with a link to the next one where there is more."""
    limit, start = page_arguments()
    response = answer(items[start : start + limit], media_type)
    if start + limit < len(items):
        query = {**request.args.to_dict(), "limit": str(limit), "from": str(start + limit)}
        response.headers["Link"] = f'<{current_lms().issuer}{request.path}?{urlencode(query)}>; rel="next"'
    return response


def answer(body: Any, media_type: str, status: int = HTTPStatus.OK) -> Response:
    """A JSON answer of a media type."""
    return Response(json.dumps(body), status, content_type=media_type)
