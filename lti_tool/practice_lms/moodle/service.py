"""What Moodle's service calls have in common: finding a handler, checking the token, writing errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms import catalogue, grants
from lti_tool.practice_lms.model import Course, Registration
from lti_tool.practice_lms.moodle.php import integer
from lti_tool.practice_lms.platform import current_db, current_lms

SERVICES_PATH = "/mod/lti/services.php"
View = Callable[..., ResponseReturnValue]


class MoodleError(Exception):
    """A service call is refused.

    Attributes:
        status: of HTTP.
        reason: as Moodle words it.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def answer_error(error: MoodleError) -> ResponseReturnValue:
    """The error as Moodle's JSON, which repeats the request."""
    body = {
        "status": error.status,
        "reason": error.reason,
        "request": {
            "method": request.method,
            "url": request.environ.get("RAW_URI") or request.full_path.rstrip("?"),
            "accept": request.headers.get("Accept", ""),
            "contentType": request.headers.get("Content-Type", ""),
        },
    }
    return Response(json.dumps(body, indent=4), error.status, content_type="application/json; charset=utf-8")


def handles(*methods: str, formats: tuple[str, ...]) -> Callable[[View], View]:
    """Let a view answer only where Moodle would find it a handler.

    Moodle compares the whole Accept header of a GET, and the media type of the body of anything else, with the
    formats of each resource: a list of types, or ``application/json``, finds none.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if request.method == "GET":
                is_found = wanted_type() in ("", *formats)
            else:
                is_found = request.method == "DELETE" or sent_type() in formats
            if not is_found:
                raise no_handler()
            if request.method not in methods:
                raise MoodleError(HTTPStatus.METHOD_NOT_ALLOWED, "Method Not Allowed")
            return view(*args, **kwargs)

        return checked

    return decorate


def unknown(_path: str) -> ResponseReturnValue:
    """Any path that is no resource."""
    raise no_handler()


def no_handler() -> MoodleError:
    """The error for a request that no resource takes."""
    path = request.path.removeprefix(SERVICES_PATH)
    return MoodleError(HTTPStatus.BAD_REQUEST, f"No handler found for {path} {wanted_type()} {sent_type()}")


def wanted_type() -> str:
    """The Accept header of a GET; empty where it takes anything, and for other methods."""
    accept = request.headers.get("Accept", "") if request.method == "GET" else ""
    return "" if "*/*" in accept else accept


def sent_type() -> str:
    """The media type of the body, without parameters."""
    return "" if request.method == "GET" else request.headers.get("Content-Type", "").split(";")[0].strip()


def caller(*scopes: str, type_id: str | None = None) -> Registration:
    """The registration whose token came with the request.

    A missing scope is 401, as is a ``type_id`` of another tool; without a ``type_id`` the token decides.

    Args:
        scopes: one of them is needed.
        type_id: from the path; otherwise from the query.
    """
    grant = grants.grant_of(current_db(), request.headers.get("Authorization", ""), current_lms().now())
    claimed = type_id if type_id is not None else request.args.get("type_id")
    registration = catalogue.registration(current_db(), grant.registration_id) if grant else None
    if grant is None or registration is None or not grant.scopes.intersection(scopes):
        raise MoodleError(HTTPStatus.UNAUTHORIZED, "Unauthorized")
    if claimed is not None and integer(claimed) != registration.id:
        raise MoodleError(HTTPStatus.UNAUTHORIZED, "Unauthorized")
    return registration


def course_of(course: str) -> Course:
    """The course of a path; every tool may look into every course."""
    found = catalogue.course(current_db(), integer(course))
    if found is None:
        raise MoodleError(HTTPStatus.NOT_FOUND, f"Not Found: Course {course} doesn't exist")
    return found


def answer(body: str, media_type: str, status: int = HTTPStatus.OK) -> Response:
    """An answer with a charset, which Moodle always adds."""
    return Response(body, status, content_type=f"{media_type}; charset=utf-8")
