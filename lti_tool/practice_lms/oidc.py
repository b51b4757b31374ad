"""The endpoints of a launch: key set, start of a launch, and authentication."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from lti_tool.practice_lms import accounts, catalogue, launches
from lti_tool.practice_lms.authorize import UnknownToolError, authorize
from lti_tool.practice_lms.launches import PendingLaunch
from lti_tool.practice_lms.model import MAX_ID, Placement
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.profiles import Profile
from lti_tool.practice_lms.sessions import current_person, current_secret
from lti_tool.practice_lms.storage import storage_target
from lti_tool.practice_lms.vocabulary import DEEP_LINKING_REQUEST, RESOURCE_LINK_REQUEST, SUBMISSION_REVIEW_REQUEST

KEY_SET_LIFETIME_S = 300


def oidc_blueprint(profile: Profile) -> Blueprint:
    """The endpoints at the paths of a profile."""
    blueprint = Blueprint("oidc", __name__)
    blueprint.add_url_rule(profile.jwks_path, "key_set", key_set)
    blueprint.add_url_rule(profile.auth_path, "authorize", answer_authentication, methods=["GET", "POST"])
    blueprint.add_url_rule(f"/placements/<int(max={MAX_ID}):placement_id>/launch", "launch", begin_launch)
    blueprint.add_url_rule(f"/placements/<int(max={MAX_ID}):placement_id>/review", "review", begin_review)
    tool = f"/courses/<int(max={MAX_ID}):course_id>/tools/<int(max={MAX_ID}):registration_id>"
    blueprint.add_url_rule(f"{tool}/content", "ask_for_content", ask_for_content)
    return blueprint


def key_set() -> Response:
    """The public keys of the LMS."""
    response = jsonify(keys=[key.public_jwk() for key in current_lms().signing_keys])
    response.headers["Cache-Control"] = f"public, max-age={KEY_SET_LIFETIME_S}"
    response.add_etag()
    return response.make_conditional(request)


def begin_launch(placement_id: int) -> ResponseReturnValue:
    """Send the browser to the tool's login, to open a placement."""
    person = current_person()
    placement = catalogue.placement(current_db(), placement_id)
    if person is None or placement is None or placement.course_id not in accounts.course_ids(current_db(), person):
        abort(404, "There is no such activity in your courses.")
    pending = PendingLaunch(
        sub=person.sub,
        message=RESOURCE_LINK_REQUEST,
        course_id=placement.course_id,
        registration_id=placement.registration_id,
        placement_id=placement.id,
    )
    return _begin("Opening the activity", pending, placement, placement.target_link_uri, placement.deployment_id)


def begin_review(placement_id: int) -> ResponseReturnValue:
    """Send the browser to the tool's login, to see what a member of the course handed in (``of`` in the query).

    Source: LTI Submission Review 1.0.
    """
    person, of = current_person(), request.args.get("of", "")
    placement = catalogue.placement(current_db(), placement_id)
    if person is None or placement is None or not accounts.is_trainer(current_db(), placement.course_id, person):
        abort(404, "There is no such activity in the courses that you teach.")
    if accounts.role(current_db(), placement.course_id, of) is None:
        abort(404, "There is no such person in this course.")
    pending = PendingLaunch(
        sub=person.sub,
        message=SUBMISSION_REVIEW_REQUEST,
        course_id=placement.course_id,
        registration_id=placement.registration_id,
        placement_id=placement.id,
        for_sub=of,
    )
    return _begin("Opening the work", pending, placement, placement.target_link_uri, placement.deployment_id)


def ask_for_content(course_id: int, registration_id: int) -> ResponseReturnValue:
    """Send the browser to the tool's login, to choose content for a course or, with ``placement``, for a placement."""
    person, registration = current_person(), catalogue.registration(current_db(), registration_id)
    is_asked_for = "placement" in request.args
    placement = catalogue.placement(current_db(), request.args.get("placement", default=0, type=int))
    is_there = catalogue.course(current_db(), course_id) is not None and registration and registration.content_url
    if person is None or not is_there or not accounts.is_trainer(current_db(), course_id, person):
        abort(404, "There is no such tool with content for a course that you may change.")
    if is_asked_for and (
        placement is None or (placement.course_id, placement.registration_id) != (course_id, registration_id)
    ):
        abort(404, "There is no such activity of this tool in this course.")
    assert registration is not None  # noqa: S101
    pending = PendingLaunch(
        sub=person.sub,
        message=DEEP_LINKING_REQUEST,
        course_id=course_id,
        registration_id=registration_id,
        placement_id=placement.id if placement else None,
    )
    keeps_address = placement is not None and current_lms().profile.deep_linking.names_what_is_edited
    target = placement.target_link_uri if placement and keeps_address else registration.content_url
    deployment_id = placement.deployment_id if placement else registration.deployment_ids[0]
    return _begin("Opening the library of the tool", pending, placement, target, deployment_id)


def _begin(
    title: str, pending: PendingLaunch, placement: Placement | None, target: str, deployment_id: str
) -> ResponseReturnValue:
    """Send the browser to the tool's login.

    Source: LTI Security Framework 1.0, section 5.1.1.1.
    """
    lms = current_lms()
    registration = catalogue.registration(current_db(), pending.registration_id)
    assert registration is not None  # noqa: S101
    hint = lms.profile.message_hint(placement)
    launches.begin(current_db(), hint, pending, lms.now())
    form = {
        "iss": lms.issuer,
        "target_link_uri": target,
        "login_hint": pending.sub,
        "lti_message_hint": hint,
        "client_id": registration.client_id,
        "lti_deployment_id": deployment_id,
        **storage_target(lms.storage),
    }
    return post_on(title, registration.login_url, form)


def answer_authentication() -> ResponseReturnValue:
    """Answer the tool's authentication request.

    Coming from the tool's site, a frame brings no ``SameSite=Lax`` cookie. The request is then sent once more from
    our own page, as Moodle does, and that one brings it.
    """
    if any(len(values) > 1 for _, values in request.values.lists()):
        raise BadRequest("A parameter came twice.")
    parameters: dict[str, Any] = request.values.to_dict()
    is_repeated = parameters.pop("repost", None) is not None
    if current_person() is None and not is_repeated:
        return post_on("Checking who you are", request.path, {**parameters, "repost": "1"})
    try:
        answer = authorize(current_lms(), current_db(), parameters, current_person(), current_secret())
    except UnknownToolError as error:
        raise BadRequest(str(error)) from error
    fields = {**answer.fields, **storage_target(current_lms().storage)}
    return post_on("Opening the activity", answer.redirect_uri, fields)


def post_on(title: str, action: str, fields: dict[str, str]) -> Response:
    """A page that sends a form on at once."""
    response = make_response(render_template("post_on.html", title=title, action=action, fields=fields))
    response.headers["Cache-Control"] = "no-store"
    return response
