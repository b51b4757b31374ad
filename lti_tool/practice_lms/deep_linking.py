"""Content from tools: a trainer asks, the tool answers with a signed message, and placements are made of it.

Source: LTI Deep Linking 2.0, section 3.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import jwt
from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms import accounts, catalogue, content_requests, grants
from lti_tool.practice_lms.content_items import ContentError, read_items
from lti_tool.practice_lms.content_requests import Asked
from lti_tool.practice_lms.model import Person, Registration
from lti_tool.practice_lms.oidc import post_on
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.profiles import DeepLinking, Profile
from lti_tool.practice_lms.sessions import current_person, current_secret, session_key
from lti_tool.practice_lms.text import is_number, is_storable
from lti_tool.practice_lms.tool_keys import KeySetError
from lti_tool.practice_lms.vocabulary import DEEP_LINKING, DEEP_LINKING_RESPONSE, LTI

MAX_NONCE_LENGTH = 255


def deep_linking_blueprint(profile: Profile) -> Blueprint:
    """The endpoint that answers come back to."""
    blueprint = Blueprint("deep_linking", __name__)
    blueprint.add_url_rule(profile.deep_linking.return_path, "content_return", receive, methods=["POST"])
    return blueprint


def receive(**_where: int) -> ResponseReturnValue:
    """Take a tool's answer.

    Coming from the tool's site, the form brings no ``SameSite=Lax`` cookie, so it is sent once more from our own page.
    """
    form = request.form.to_dict()
    person = current_person()
    if person is None and "repost" not in form:
        return post_on("Taking the content", request.full_path, {**form, "repost": "1"})
    if person is None:
        abort(HTTPStatus.FORBIDDEN, "Nobody is signed in to the LMS in this browser.")
    rules = current_lms().profile.deep_linking
    try:
        registration, claims = _verified(form.get("JWT", ""), rules)
        asked = _request_of(claims, registration, person, rules)
        return _take(claims, registration, asked, rules)
    except ContentError as error:
        abort(HTTPStatus.BAD_REQUEST, str(error))


def _take(
    claims: Mapping[str, Any], registration: Registration, asked: Asked, rules: DeepLinking
) -> ResponseReturnValue:
    raw = claims.get(f"{DEEP_LINKING}content_items")
    items = read_items(raw, rules)
    course = catalogue.course(current_db(), asked.course_id)
    message = claims.get(f"{DEEP_LINKING}msg")
    shown = {"course": course, "message": message if isinstance(message, str) else "", "registration": registration}
    if len(items) == 1 and rules.fills_in_a_form:
        return render_template("content_form.html", **shown, item=items[0], raw=raw, placement_id=asked.placement_id)
    placed = catalogue.place_items(current_db(), registration, asked, items)
    return render_template("content_added.html", **shown, placements=placed, is_changed=asked.placement_id is not None)


def _verified(token: str, rules: DeepLinking) -> tuple[Registration, dict[str, Any]]:
    """Which tool an answer is from and what it says, once signature and times are right."""
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        client_id = jwt.decode(token, options={"verify_signature": False}).get("iss")
    except (jwt.InvalidTokenError, RecursionError, ValueError) as error:
        raise ContentError(f"JWT holds no signed token: {error}.") from error
    registration = catalogue.registration_of_client(current_db(), client_id) if is_storable(client_id) else None
    if registration is None:
        raise ContentError("The token's iss has to be the client id of a registered tool.")
    if not isinstance(kid, str) or not kid:
        raise ContentError("The token's header has no kid.")
    try:
        key = current_lms().tool_keys.key(registration.jwks_url, kid)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience=current_lms().issuer if rules.checks_audience else None,
            # Times are checked against the LMS's own clock, further down.
            options={
                "verify_aud": rules.checks_audience,
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "verify_sub": False,
                "verify_jti": False,
            },
        )
    except (KeySetError, jwt.InvalidTokenError) as error:
        raise ContentError(f"The token is not valid: {error}") from error
    _check_times(claims)
    if rules.checks_message:
        _check_message(claims, registration)
    return registration, claims


def _check_times(claims: Mapping[str, Any]) -> None:
    now = current_lms().now().timestamp()
    issued, expires = claims.get("iat"), claims.get("exp")
    if not is_number(issued) or not is_number(expires):
        raise ContentError("The token needs iat and exp, as numbers of seconds.")
    if issued > now:
        raise ContentError("The token's iat lies in the future; set it a few seconds back.")
    if expires <= now:
        raise ContentError("The token has expired.")


def _check_message(claims: Mapping[str, Any], registration: Registration) -> None:
    if claims.get(f"{LTI}message_type") != DEEP_LINKING_RESPONSE or claims.get(f"{LTI}version") != "1.3.0":
        raise ContentError(f"The message has to be a {DEEP_LINKING_RESPONSE} of version 1.3.0.")
    if claims.get(f"{LTI}deployment_id") not in registration.deployment_ids:
        raise ContentError("The deployment is not one of this tool's.")
    nonce = claims.get("nonce")
    if not is_storable(nonce) or not 0 < len(nonce) <= MAX_NONCE_LENGTH:
        raise ContentError(f"The token needs a nonce of 1 to {MAX_NONCE_LENGTH} characters.")
    if not grants.take_jti(current_db(), registration.client_id, nonce, claims["exp"], current_lms().now()):
        raise ContentError("This answer was sent before.")


def _request_of(claims: Mapping[str, Any], registration: Registration, person: Person, rules: DeepLinking) -> Asked:
    """The request that an answer belongs to; it has to be this person's, and they have to be a trainer still."""
    query = request.args.to_dict()
    ticket = rules.ticket(claims, query)
    key = session_key(current_secret())
    if ticket is None and not hmac.compare_digest(query.get("sesskey", "").encode(), key.encode()):
        raise ContentError("The session key is not the one of this sign-in.")
    asked = content_requests.use_up(current_db(), ticket, person.sub, registration.id, current_lms().now())
    if asked is None:
        raise ContentError("Nothing is being waited for: the content was added already, or it was asked for long ago.")
    if not accounts.is_trainer(current_db(), asked.course_id, person):
        raise ContentError("Only trainers of the course may add content.")
    return asked
