"""The pages on which trainers add content from tools to a course; they stand in the blueprint ``pages``."""

from __future__ import annotations

import json
from dataclasses import replace

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from lti_tool.practice_lms import accounts, catalogue
from lti_tool.practice_lms.content_items import ContentError, ContentItem, read_items
from lti_tool.practice_lms.content_requests import Asked
from lti_tool.practice_lms.model import MAX_ID, Course, Person
from lti_tool.practice_lms.pages import COURSE, PLACEMENT, pages, person_in, placement_in
from lti_tool.practice_lms.platform import current_db, current_lms

__all__ = ["pages"]


@pages.get(f"{COURSE}/tools/<int(max={MAX_ID}):registration_id>")
def add_content(course_id: int, registration_id: int) -> ResponseReturnValue:
    """The tool's library in a frame."""
    _, found = _trainer_in(course_id)
    registration = catalogue.registration(current_db(), registration_id)
    if registration is None or not registration.content_url:
        abort(404, "There is no such tool with content.")
    heading = f"Add content from {registration.name}"
    return render_template("content.html", course=found, registration=registration, placement=None, heading=heading)


@pages.get(f"{PLACEMENT}/content")
def change_content(course_id: int, placement_id: int) -> ResponseReturnValue:
    """The same, to choose again what an activity shows."""
    _, found = _trainer_in(course_id)
    placement = placement_in(course_id, placement_id)
    registration = catalogue.registration(current_db(), placement.registration_id)
    heading = f"Choose again: {placement.title}"
    return render_template(
        "content.html", course=found, registration=registration, placement=placement, heading=heading
    )


@pages.post(f"{COURSE}/content")
def save_content(course_id: int) -> ResponseReturnValue:
    """Add or change the activity of a form that an item filled in."""
    person, _ = _trainer_in(course_id)
    registration = catalogue.registration(current_db(), request.form.get("registration", default=0, type=int))
    if registration is None:
        abort(404, "There is no such tool.")
    placement_id = request.form.get("placement", type=int) if request.form.get("placement") else None
    if placement_id is not None and placement_in(course_id, placement_id).registration_id != registration.id:
        abort(404, "There is no such activity of this tool.")
    asked = Asked(sub=person.sub, course_id=course_id, registration_id=registration.id, placement_id=placement_id)
    catalogue.place_items(current_db(), registration, asked, [_item_of_form()])
    return redirect(url_for("pages.course", course_id=course_id), 303)


def _item_of_form() -> ContentItem:
    """The item as it came, with what the trainer changed in the form."""
    try:
        [item] = read_items(json.loads(request.form.get("items", "")), current_lms().profile.deep_linking)
        item = replace(item, title=request.form.get("title", "").strip() or item.title)
        if item.column is not None and "maximum" in request.form:
            item = replace(item, column=replace(item.column, maximum=_maximum(request.form["maximum"])))
    except (ValueError, RecursionError, ContentError) as error:
        raise BadRequest(f"This form cannot be saved: {error}") from error
    return item


def _maximum(text: str) -> float:
    maximum = float(text)
    if not 0 < maximum < 1e9:
        raise ValueError("the maximum has to be a number above 0")
    return maximum


def _trainer_in(course_id: int) -> tuple[Person, Course]:
    person, found = person_in(course_id)
    if not accounts.is_trainer(current_db(), course_id, person):
        abort(403, "Only trainers of the course may add content.")
    return person, found
