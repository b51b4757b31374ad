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
from lti_tool.practice_lms.model import MAX_ID
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.profiles import Profile
from lti_tool.practice_lms.sessions import current_person, current_secret

KEY_SET_LIFETIME_S = 300


def oidc_blueprint(profile: Profile) -> Blueprint:
    """The endpoints at the paths of a profile."""
    blueprint = Blueprint("oidc", __name__)
    blueprint.add_url_rule(profile.jwks_path, "key_set", key_set)
    blueprint.add_url_rule(profile.auth_path, "authorize", answer_authentication, methods=["GET", "POST"])
    blueprint.add_url_rule(f"/placements/<int(max={MAX_ID}):placement_id>/launch", "launch", begin_launch)
    return blueprint


def key_set() -> Response:
    """The public keys of the LMS."""
    response = jsonify(keys=[key.public_jwk() for key in current_lms().signing_keys])
    response.headers["Cache-Control"] = f"public, max-age={KEY_SET_LIFETIME_S}"
    response.add_etag()
    return response.make_conditional(request)


def login_request(placement_id: int) -> tuple[str, dict[str, str]]:
    """Begin a launch for the person who is signed in.

    Returns:
        The tool's login URL and the form to send there.

    Source: LTI Security Framework 1.0, section 5.1.1.1.
    """
    lms, person = current_lms(), current_person()
    placement = catalogue.placement(current_db(), placement_id)
    if person is None or placement is None or placement.course_id not in accounts.course_ids(current_db(), person):
        abort(404, "There is no such activity in your courses.")
    registration = catalogue.registration(current_db(), placement.registration_id)
    assert registration is not None  # noqa: S101
    hint = lms.profile.message_hint(placement)
    launches.begin(current_db(), hint, PendingLaunch(sub=person.sub, placement_id=placement.id), lms.now())
    form = {
        "iss": lms.issuer,
        "target_link_uri": placement.target_link_uri,
        "login_hint": person.sub,
        "lti_message_hint": hint,
        "client_id": registration.client_id,
        "lti_deployment_id": placement.deployment_id,
    }
    return registration.login_url, form


def begin_launch(placement_id: int) -> ResponseReturnValue:
    """Send the browser to the tool's login."""
    action, form = login_request(placement_id)
    return _post_on("Opening the activity", action, form)


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
        return _post_on("Checking who you are", request.path, {**parameters, "repost": "1"})
    try:
        answer = authorize(current_lms(), current_db(), parameters, current_person(), current_secret())
    except UnknownToolError as error:
        raise BadRequest(str(error)) from error
    return _post_on("Opening the activity", answer.redirect_uri, answer.fields)


def _post_on(title: str, action: str, fields: dict[str, str]) -> Response:
    response = make_response(render_template("post_on.html", title=title, action=action, fields=fields))
    response.headers["Cache-Control"] = "no-store"
    return response
