"""Line items as Moodle's gradebook services read and write them."""

from __future__ import annotations

import json
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms import catalogue, gradebook
from lti_tool.practice_lms.database import transaction
from lti_tool.practice_lms.model import Course, LineItem, Registration
from lti_tool.practice_lms.moodle.php import integer, is_numeric, json_encode
from lti_tool.practice_lms.moodle.service import (
    SERVICES_PATH,
    MoodleError,
    answer,
    caller,
    course_of,
    handles,
    wanted_type,
)
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.text import is_storable
from lti_tool.practice_lms.vocabulary import LINE_ITEM, LINE_ITEM_READ, LINE_ITEM_TYPE, LINE_ITEMS_TYPE, number


@handles("GET", "POST", formats=(LINE_ITEMS_TYPE, LINE_ITEM_TYPE))
def line_items(course: str) -> ResponseReturnValue:
    """List the line items of a tool in a course, or add one."""
    if request.method == "POST":
        return _add(caller(LINE_ITEM), course)
    registration = caller(LINE_ITEM, LINE_ITEM_READ)
    # This one resource does not take an Accept header of */*, although it finds a handler.
    if wanted_type() != LINE_ITEMS_TYPE:
        raise MoodleError(HTTPStatus.BAD_REQUEST, "No context or unsupported content type")
    return _list(registration, course_of(course))


@handles("GET", "PUT", "DELETE", formats=(LINE_ITEM_TYPE,))
def line_item(course: str, item: str) -> ResponseReturnValue:
    """Read, change or remove a line item; it may even belong to another tool."""
    registration = caller(*((LINE_ITEM, LINE_ITEM_READ) if request.method == "GET" else (LINE_ITEM,)))
    found_course = course_of(course)
    found = line_item_of(item)
    if request.method == "GET":
        return answer(json_encode(as_json(found, found_course, registration)), LINE_ITEM_TYPE)
    if request.method == "PUT":
        return _change(found, found_course, registration)
    with transaction(current_db()):
        gradebook.delete_line_item(current_db(), found.id)
    return answer("", "text/html", HTTPStatus.NO_CONTENT)


def line_item_of(item: str) -> LineItem:
    """The line item of a path."""
    found = gradebook.line_item(current_db(), integer(item))
    if found is None:
        raise MoodleError(HTTPStatus.NOT_FOUND, f"Not Found: Grade item {item} doesn't exist")
    return found


def _list(registration: Registration, course: Course) -> Response:
    link_id = request.args.get("resource_link_id", request.args.get("lti_link_id"))
    wanted = {
        "resource_id": request.args.get("resource_id"),
        "resource_link_id": link_id,
        "tag": request.args.get("tag"),
    }
    filters = {name: value for name, value in wanted.items() if value is not None}
    matching = [
        item
        for item in gradebook.line_items(current_db(), course.id)
        if item.registration_id == registration.id and all(_has(item, *filter_) for filter_ in filters.items())
    ]
    limit, start = integer(request.args.get("limit")), max(integer(request.args.get("from")), 0)
    page = matching[start : start + limit] if limit > 0 else matching
    response = answer(json_encode([as_json(item, course, registration) for item in page]), LINE_ITEMS_TYPE)
    if limit > 0:
        query = {**filters, "type_id": str(registration.id), "limit": str(limit)}
        response.headers["Link"] = _links(len(matching), limit, start, _items_url(course), query)
    return response


def _has(item: LineItem, name: str, value: str) -> bool:
    link_id = "" if item.placement_id is None else str(item.placement_id)
    return value == {"resource_id": item.resource_id, "resource_link_id": link_id, "tag": item.tag}[name]


def _links(total: int, limit: int, start: int, url: str, query: dict[str, str]) -> str:
    """Moodle's Link header.

    It is broken in three ways: typographic quotes (in UTF-8, where a header is Latin-1), ampersands escaped as if for
    HTML, and a ``last`` that is not where the last page begins.
    """
    starts = {"first": 0}
    if 0 < start < total:
        starts["prev"] = max(start - limit, 0)
    starts["canonical"] = start
    if start + limit < total:
        starts["next"] = start + limit
    starts["last"] = max(total - limit + 1, 0)
    links = [
        f"<{url}?{urlencode({**query, 'from': at}).replace('&', '&amp;')}>; rel=“{name}”" for name, at in starts.items()
    ]
    return ", ".join(links).encode().decode("latin-1")


def _add(registration: Registration, course: str) -> ResponseReturnValue:
    found_course = course_of(course)
    body, values = _body(registration, found_course)
    owners = {"course_id": found_course.id, "registration_id": registration.id}
    with transaction(current_db()):
        item_id = gradebook.add_line_item(current_db(), {**owners, **values})
    body["id"] = _item_url(item_id, found_course, registration)
    return answer(json_encode(body, escapes_slashes=False), LINE_ITEM_TYPE, HTTPStatus.CREATED)


def _change(item: LineItem, course: Course, registration: Registration) -> ResponseReturnValue:
    body, values = _body(registration, course)
    if values["placement_id"] is None:
        del values["placement_id"]
    with transaction(current_db()):
        gradebook.change_line_item(current_db(), replace(item, **values))
    body["id"] = _item_url(item.id, course, registration)
    return answer(json_encode(body, escapes_slashes=False), LINE_ITEM_TYPE)


def _body(registration: Registration, course: Course) -> tuple[dict[str, Any], dict[str, Any]]:
    """The body as it came, since Moodle sends it back, and what is kept of it; times are not."""
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError) as error:
        raise MoodleError(HTTPStatus.BAD_REQUEST, "No label or Score Maximum") from error
    if not isinstance(body, dict) or not is_storable(body.get("label")) or not is_numeric(body.get("scoreMaximum")):
        raise MoodleError(HTTPStatus.BAD_REQUEST, "No label or Score Maximum")
    link_id = body.get("resourceLinkId", body.get("ltiLinkId"))
    if link_id is not None and not _is_own_link(link_id, registration, course):
        raise MoodleError(HTTPStatus.FORBIDDEN, "Forbidden")
    return body, {
        "label": body["label"],
        "maximum": float(body["scoreMaximum"]),
        "resource_id": _text(body, "resourceId"),
        "tag": _text(body, "tag"),
        "placement_id": None if link_id is None else integer(str(link_id)),
    }


def _is_own_link(link_id: object, registration: Registration, course: Course) -> bool:
    placement = catalogue.placement(current_db(), integer(str(link_id)))
    if placement is None:
        return False
    return placement.registration_id == registration.id and placement.course_id == course.id


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    return value if is_storable(value) else ""


def as_json(item: LineItem, course: Course, registration: Registration) -> dict[str, Any]:
    """A line item as Moodle writes it: its id names the tool that asks, whoever it belongs to."""
    members: dict[str, Any] = {
        "id": _item_url(item.id, course, registration),
        "label": item.label,
        "scoreMaximum": number(item.maximum),
        "resourceId": item.resource_id,
        "tag": item.tag,
    }
    if item.placement_id is not None:
        members |= {"resourceLinkId": str(item.placement_id), "ltiLinkId": str(item.placement_id)}
    if item.has_submission_review:
        members["submissionReview"] = {}
    return members


def _items_url(course: Course) -> str:
    return f"{current_lms().issuer}{SERVICES_PATH}/{course.id}/lineitems"


def _item_url(item_id: int, course: Course, registration: Registration) -> str:
    return f"{_items_url(course)}/{item_id}/lineitem?type_id={registration.id}"
