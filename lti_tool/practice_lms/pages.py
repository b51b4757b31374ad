"""The pages of the practice LMS for people: sign in, course, activity, gradebook."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden

from lti_tool.practice_lms import accounts, catalogue, gradebook
from lti_tool.practice_lms.model import MAX_ID, Course, LineItem, Person, Placement, Result
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.sessions import cookie_name, current_person, current_secret, set_cookie

pages = Blueprint("pages", __name__)
COURSE = f"/courses/<int(max={MAX_ID}):course_id>"
PLACEMENT = f"{COURSE}/placements/<int(max={MAX_ID}):placement_id>"


@pages.before_request
def refuse_other_sites() -> None:
    """Only our own pages may change something; the tool in the frame may not."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise Forbidden("This form was sent by another site.")
    if request.method == "POST" and request.headers.get("Origin", current_lms().issuer) != current_lms().issuer:
        raise Forbidden("This form was sent by another site.")


@pages.app_context_processor
def common_values() -> dict[str, Any]:
    """What every page shows."""
    return {
        "signed_in": current_person(),
        "display_name": display_name,
        "storage": current_lms().storage,
        "frame_messages": current_lms().profile.frame_messages,
        "takes_registrations": "tools" in current_app.blueprints,
    }


def display_name(person: Person) -> str:
    """A name for people to read, also where none is known."""
    return person.name or f"Person {person.sub} (no name)"


@pages.get("/")
def start() -> str:
    """Choose who to be."""
    choices = [(person, _first_role(person)) for person in accounts.people(current_db())]
    first = {role: person for person, role in reversed(choices) if role != "administrator"}
    others = [(person, role) for person, role in choices if person not in first.values()]
    return render_template("start.html", first=first, others=others, courses=_own_courses())


def _first_role(person: Person) -> str:
    """The role in the first course, as a word of the pages."""
    course_ids = accounts.course_ids(current_db(), person)
    role = accounts.role(current_db(), course_ids[0], person.sub) if course_ids else None
    return {"Learner": "learner", "Instructor": "trainer", None: "administrator"}[role]


def _own_courses() -> list[Course]:
    person = current_person()
    found = [catalogue.course(current_db(), i) for i in accounts.course_ids(current_db(), person)] if person else []
    return [course for course in found if course is not None]


@pages.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Become someone, and go on into the first activity."""
    person = accounts.person(current_db(), request.form.get("sub", ""))
    if person is None:
        abort(404, "There is no such person.")
    response = redirect(_first_page(person), 303)
    set_cookie(response, accounts.sign_in(current_db(), person.sub, current_lms().now()))
    return response


def _first_page(person: Person) -> str:
    for course_id in accounts.course_ids(current_db(), person):
        for placement in catalogue.placements(current_db(), course_id):
            return url_for("pages.placement", course_id=course_id, placement_id=placement.id)
        return url_for("pages.course", course_id=course_id)
    return url_for("pages.start")


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Be nobody again."""
    accounts.sign_out(current_db(), current_secret())
    response = redirect(url_for("pages.start"), 303)
    response.delete_cookie(cookie_name(), httponly=True, samesite="Lax")
    return response


@pages.get(COURSE)
def course(course_id: int) -> ResponseReturnValue:
    """The activities of a course."""
    person, found = person_in(course_id)
    tools = {tool.id: tool for tool in catalogue.registrations(current_db()) if tool.content_url}
    return render_template(
        "course.html",
        person=person,
        course=found,
        placements=catalogue.placements(current_db(), course_id),
        tools=tools,
        is_trainer=accounts.is_trainer(current_db(), course_id, person),
    )


@pages.get(PLACEMENT)
def placement(course_id: int, placement_id: int) -> ResponseReturnValue:
    """One activity: in a frame, or with a button for its own window."""
    person, found = person_in(course_id)
    return render_template(
        "placement.html", person=person, course=found, placement=placement_in(course_id, placement_id)
    )


@pages.get(f"{PLACEMENT}/review")
def review(course_id: int, placement_id: int) -> ResponseReturnValue:
    """What a learner handed in, as the tool shows it to trainers."""
    person, found = person_in(course_id)
    learner = accounts.person(current_db(), request.args.get("of", ""))
    if learner is None or not accounts.is_trainer(current_db(), course_id, person):
        abort(404, "There is no such work that you may see.")
    shown = placement_in(course_id, placement_id)
    return render_template("review.html", person=person, course=found, placement=shown, learner=learner)


@pages.get("/storage")
def storage_frame() -> str:
    """The frame that tools ask by its name to keep something for them."""
    return render_template("storage_frame.html")


@pages.get(f"{PLACEMENT}/returned")
def returned(course_id: int, placement_id: int) -> ResponseReturnValue:
    """Where the tool sends people when they are done."""
    _, found = person_in(course_id)
    return render_template(
        "returned.html",
        course=found,
        placement=placement_in(course_id, placement_id),
        message=request.args.get("lti_msg") or request.args.get("lti_errormsg") or "",
    )


@pages.get("/mod/lti/return.php")
def moodle_returned() -> ResponseReturnValue:
    """The same under the address that profile ``moodle`` names."""
    course_id = request.args.get("course", default=0, type=int)
    return returned(course_id, request.args.get("instanceid", default=0, type=int))


@pages.get(f"{COURSE}/gradebook")
def grades(course_id: int) -> ResponseReturnValue:
    """Everyone's grades for trainers, one's own for learners."""
    person, found = person_in(course_id)
    is_trainer = accounts.is_trainer(current_db(), course_id, person)
    learners = [
        member
        for member, role in accounts.members(current_db(), course_id)
        if role == "Learner" and (is_trainer or member == person)
    ]
    columns = gradebook.line_items(current_db(), course_id)
    response = Response(
        render_template(
            "gradebook.html",
            person=person,
            course=found,
            learners=learners,
            columns=columns,
            is_trainer=is_trainer,
            cells={column.id: _cells(column) for column in columns},
            now=current_lms().now(),
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _cells(column: LineItem) -> dict[str, tuple[Result, float | None]]:
    """What stands in a column, by person."""
    profile = current_lms().profile
    found = gradebook.results(current_db(), column.id, keeps_grade=profile.keeps_grade)
    return {cell.sub: (cell, cell.points(column.maximum, is_bounded=profile.bounds_grade)) for cell in found}


def person_in(course_id: int) -> tuple[Person, Course]:
    """Who is signed in, and the course, which has to be theirs."""
    person = current_person()
    if person is None:
        abort(redirect(url_for("pages.start"), 303))
    found = catalogue.course(current_db(), course_id)
    if found is None or course_id not in accounts.course_ids(current_db(), person):
        abort(404, "There is no such course among yours.")
    return person, found


def placement_in(course_id: int, placement_id: int) -> Placement:
    """The activity of a course."""
    found = catalogue.placement(current_db(), placement_id)
    if found is None or found.course_id != course_id:
        abort(404, "There is no such activity in this course.")
    return found
