"""The administrator's pages: tools that registered themselves, and registering one by its address."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound

from lti_tool.practice_lms import accounts, catalogue, tool_registrations
from lti_tool.practice_lms.model import MAX_ID, Column, Placement
from lti_tool.practice_lms.pages import refuse_other_sites
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.registering import configuration_address, current_registrar
from lti_tool.practice_lms.sessions import current_person

tool_pages = Blueprint("tools", __name__, url_prefix="/tools")
tool_pages.before_request(refuse_other_sites)
FIRST_PLACEMENT_ID = 1000
MAX_TITLE = 200


@tool_pages.before_request
def refuse_others() -> ResponseReturnValue | None:
    """Let administrators in only."""
    person = current_person()
    if person is None:
        return redirect(url_for("pages.start"), 303)
    if not person.is_administrator:
        raise NotFound("Tools are for administrators.")
    return None


@tool_pages.get("/")
def tools() -> str:
    """The tools, and a form for another one."""
    person = current_person()
    ids = accounts.course_ids(current_db(), person) if person else []
    courses = [course for course in (catalogue.course(current_db(), i) for i in ids) if course is not None]
    return render_template("tools.html", tools=tool_registrations.tools(current_db()), courses=courses)


@tool_pages.post("/registrations")
def begin_registration() -> str:
    """Open a tool's registration address in a frame, with a token that is good once."""
    address = request.form.get("address", "").strip()
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.netloc or len(address) > 2000:
        raise BadRequest("A tool's registration address begins with https://.")
    begun = tool_registrations.begin(current_db(), current_lms().issuer, current_registrar(), current_lms().now())
    query = urlencode({"openid_configuration": configuration_address(begun), "registration_token": begun.token})
    g.practice_lms_frame = f"{parts.scheme}://{parts.netloc}"
    return render_template("registering.html", address=f"{address}{'&' if parts.query else '?'}{query}")


@tool_pages.post(f"/<int(max={MAX_ID}):registration_id>/activities")
def add_activity(registration_id: int) -> ResponseReturnValue:
    """Place a tool in a course."""
    connection = current_db()
    found = [tool for tool in tool_registrations.tools(connection) if tool.registration.id == registration_id]
    course = catalogue.course(connection, request.form.get("course_id", default=0, type=int))
    if not found or course is None:
        abort(404, "There is no such tool or course.")
    (highest,) = connection.execute("SELECT coalesce(max(id), 0) FROM placements").fetchone()
    placement = Placement(
        id=max(highest + 1, FIRST_PLACEMENT_ID),
        course_id=course.id,
        registration_id=registration_id,
        deployment_id=found[0].registration.deployment_ids[0],
        title=request.form.get("title", "").strip()[:MAX_TITLE] or found[0].registration.name,
        target_link_uri=found[0].target_link_uri,
        opens_in="window" if request.form.get("opens_in") == "window" else "iframe",
        column=Column() if found[0].registration.has_grades else None,
    )
    catalogue.add_placement(connection, placement)
    return redirect(url_for("pages.placement", course_id=course.id, placement_id=placement.id), 303)
