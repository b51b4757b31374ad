"""Line items: the columns of the gradebook, as a tool reads, adds, changes and removes them.

Source: LTI Assignment and Grade Services 2.0, section 3.2.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms import catalogue, gradebook
from lti_tool.practice_lms.database import transaction
from lti_tool.practice_lms.model import LineItem, Registration
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.strict.claims import line_item_url
from lti_tool.practice_lms.strict.service import (
    answer,
    caller,
    course_of,
    expect_accept,
    json_body,
    line_item_of,
    number_member,
    paged,
    refuse,
    text_member,
)
from lti_tool.practice_lms.strict.timestamps import parse_timestamp
from lti_tool.practice_lms.vocabulary import LINE_ITEM, LINE_ITEM_READ, LINE_ITEM_TYPE, LINE_ITEMS_TYPE, number

MAX_LINE_ITEMS = 1000


def line_items(course_id: int) -> ResponseReturnValue:
    """List a course's line items, or add one."""
    return _add(course_id) if request.method == "POST" else _list(course_id)


def line_item(course_id: int, item_id: int) -> ResponseReturnValue:
    """Read, change or remove one line item."""
    if request.method == "GET":
        registration = caller(LINE_ITEM, LINE_ITEM_READ)
        item = line_item_of(registration, course_id, item_id)
        expect_accept(LINE_ITEM_TYPE)
        return answer(as_json(item), LINE_ITEM_TYPE)
    registration = caller(LINE_ITEM)
    item = line_item_of(registration, course_id, item_id)
    if request.method == "PUT":
        return _change(item, registration)
    if item.is_coupled:
        refuse("This line item belongs to its placement and goes with it.", HTTPStatus.FORBIDDEN)
    with transaction(current_db()):
        gradebook.delete_line_item(current_db(), item.id)
    return "", HTTPStatus.NO_CONTENT


def _list(course_id: int) -> ResponseReturnValue:
    registration = caller(LINE_ITEM, LINE_ITEM_READ)
    course = course_of(registration, course_id)
    expect_accept(LINE_ITEMS_TYPE)
    wanted = {
        "resourceLinkId": request.args.get("resource_link_id"),
        "resourceId": request.args.get("resource_id"),
        "tag": request.args.get("tag"),
    }
    found = [as_json(i) for i in gradebook.line_items(current_db(), course.id) if i.registration_id == registration.id]
    matching = [
        item for item in found if all(value is None or item.get(name) == value for name, value in wanted.items())
    ]
    return paged(matching, LINE_ITEMS_TYPE)


def _add(course_id: int) -> ResponseReturnValue:
    registration = caller(LINE_ITEM)
    course = course_of(registration, course_id)
    values = _values(json_body(LINE_ITEM_TYPE), registration, course.id)
    with transaction(current_db()):
        if len(gradebook.line_items(current_db(), course.id)) >= MAX_LINE_ITEMS:
            refuse(f"A course holds {MAX_LINE_ITEMS} line items at most.", HTTPStatus.CONFLICT)
        item_id = gradebook.add_line_item(
            current_db(), {"course_id": course.id, "registration_id": registration.id, **values}
        )
    item = line_item_of(registration, course.id, item_id)
    response = answer(as_json(item), LINE_ITEM_TYPE, HTTPStatus.CREATED)
    response.headers["Location"] = line_item_url(current_lms().issuer, item)
    return response


def _change(item: LineItem, registration: Registration) -> ResponseReturnValue:
    values = _values(json_body(LINE_ITEM_TYPE), registration, item.course_id)
    if values["placement_id"] not in (None, item.placement_id):
        refuse("resourceLinkId of a line item cannot be changed.")
    changed = replace(item, **{**values, "placement_id": item.placement_id})
    with transaction(current_db()):
        gradebook.change_line_item(current_db(), changed)
    return answer(as_json(changed), LINE_ITEM_TYPE)


def _values(body: dict[str, Any], registration: Registration, course_id: int) -> dict[str, Any]:
    """What a tool may say about a line item, checked."""
    maximum = number_member(body, "scoreMaximum")
    if maximum is None or maximum <= 0:
        refuse("scoreMaximum has to be a number above 0.")
    link_id = text_member(body, "resourceLinkId")
    if link_id and link_id not in {
        str(p.id) for p in catalogue.placements(current_db(), course_id) if p.registration_id == registration.id
    }:
        refuse("resourceLinkId names no resource link of this tool in this course.", HTTPStatus.NOT_FOUND)
    times = {name: text_member(body, name) for name in ("startDateTime", "endDateTime")}
    for name, value in times.items():
        if value and parse_timestamp(value) is None:
            refuse(f"{name} has to be an ISO 8601 time with a time zone.")
    return {
        "label": text_member(body, "label", is_required=True),
        "maximum": maximum,
        "placement_id": int(link_id) if link_id else None,
        "resource_id": text_member(body, "resourceId"),
        "tag": text_member(body, "tag"),
        "starts_at": times["startDateTime"],
        "ends_at": times["endDateTime"],
    }


def as_json(item: LineItem) -> dict[str, Any]:
    """A line item as the service writes it; what is empty is left out."""
    members = {
        "id": line_item_url(current_lms().issuer, item),
        "label": item.label,
        "scoreMaximum": number(item.maximum),
        "resourceLinkId": str(item.placement_id) if item.placement_id is not None else "",
        "resourceId": item.resource_id,
        "tag": item.tag,
        "startDateTime": item.starts_at,
        "endDateTime": item.ends_at,
    }
    return {name: value for name, value in members.items() if value != ""}
