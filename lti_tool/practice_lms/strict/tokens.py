"""The strict token endpoint.

Source: LTI Security Framework 1.0, section 4.1; RFC 6749, section 4.4; RFC 7523, section 3.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeGuard

import jwt
from flask import jsonify, request
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms import catalogue, grants
from lti_tool.practice_lms.model import Registration
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.text import is_storable
from lti_tool.practice_lms.tool_keys import KeySetError
from lti_tool.practice_lms.vocabulary import (
    ASSERTION_TYPE,
    GRADE_SCOPES,
    GRANT_TYPE,
    GROUPS_READ,
    MEMBERSHIPS_READ,
    NOTICE_HANDLERS,
)

FORM_TYPE = "application/x-www-form-urlencoded"
MAX_ASSERTION_LIFETIME_S = 300
MAX_JTI_LENGTH = 255
MAX_TIME = 1e11


class TokenError(Exception):
    """No token is given.

    Attributes:
        error: the code of RFC 6749.
        description: a sentence.
    """

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


def refusal(error: TokenError) -> tuple[dict[str, str], int]:
    """The answer to a request that gets no token, and its status."""
    status = HTTPStatus.UNAUTHORIZED if error.error == "invalid_client" else HTTPStatus.BAD_REQUEST
    return {"error": error.error, "error_description": error.description}, status


def token(refuse: Callable[[TokenError], tuple[dict[str, str], int]] = refusal) -> ResponseReturnValue:
    """Give an access token for a signed assertion."""
    no_store = {"Cache-Control": "no-store"}
    try:
        registration = _authenticated_client()
        scopes = _granted_scopes(registration)
    except TokenError as error:
        body, status = refuse(error)
        return jsonify(body), status, no_store
    secret = grants.issue(current_db(), registration.id, scopes, current_lms().now())
    answer = {
        "access_token": secret,
        "token_type": "Bearer",
        "expires_in": grants.ACCESS_TOKEN_LIFETIME_S,
        "scope": " ".join(scopes),
    }
    return jsonify(answer), HTTPStatus.OK, no_store


def _authenticated_client() -> Registration:
    if request.mimetype != FORM_TYPE:
        raise TokenError("invalid_request", f"Content-Type has to be {FORM_TYPE}.")
    if any(len(values) > 1 for _, values in request.form.lists()):
        raise TokenError("invalid_request", "A parameter came twice.")
    if request.form.get("grant_type") != GRANT_TYPE:
        raise TokenError("unsupported_grant_type", f"grant_type has to be {GRANT_TYPE}.")
    if request.form.get("client_assertion_type") != ASSERTION_TYPE:
        raise TokenError("invalid_request", f"client_assertion_type has to be {ASSERTION_TYPE}.")
    assertion = request.form.get("client_assertion", "")
    registration = _claimed_client(assertion)
    claims = _verified_claims(assertion, registration)
    _check_times(claims)
    _take_jti(claims, registration)
    return registration


def _claimed_client(assertion: str) -> Registration:
    """The registration an assertion says it is from; nothing is believed yet but where to look for the key."""
    try:
        unverified = jwt.decode(assertion, options={"verify_signature": False})
    except (jwt.InvalidTokenError, RecursionError) as error:
        raise TokenError("invalid_request", f"client_assertion is not a JWT: {error}.") from error
    client_id = unverified.get("iss")
    registration = None
    if is_storable(client_id) and client_id == unverified.get("sub"):
        registration = catalogue.registration_of_client(current_db(), client_id)
    if registration is None:
        raise TokenError("invalid_client", "iss and sub have to be the client id of a registered tool, both.")
    return registration


def _verified_claims(assertion: str, registration: Registration) -> dict[str, Any]:
    header = jwt.get_unverified_header(assertion)
    kid = header.get("kid")
    if header.get("alg") != "RS256":
        raise TokenError("invalid_client", "The assertion has to be signed with RS256.")
    if not isinstance(kid, str) or not kid:
        raise TokenError("invalid_client", "The assertion's header has no kid.")
    try:
        key = current_lms().tool_keys.key(registration.jwks_url, kid)
        # Times are checked against the LMS's own clock, further down.
        claims: dict[str, Any] = jwt.decode(
            assertion,
            key,
            algorithms=["RS256"],
            audience=current_lms().token_audience,
            options={
                "require": ["iss", "sub", "aud", "iat", "exp", "jti"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (KeySetError, jwt.InvalidTokenError) as error:
        raise TokenError("invalid_client", f"The assertion is not valid: {error}") from error
    return claims


def _check_times(claims: dict[str, Any]) -> None:
    issued, expires, now = claims["iat"], claims["exp"], current_lms().now().timestamp()
    if not (_is_time(issued) and _is_time(expires)):
        raise TokenError("invalid_client", "iat and exp have to be numbers of seconds.")
    if issued > now:
        raise TokenError("invalid_client", "iat lies in the future; set it a few seconds back.")
    if expires <= now:
        raise TokenError("invalid_client", "The assertion has expired.")
    if expires - issued > MAX_ASSERTION_LIFETIME_S:
        raise TokenError("invalid_client", f"The assertion may live for {MAX_ASSERTION_LIFETIME_S} s at most.")


def _is_time(value: object) -> TypeGuard[float]:
    """Whether a claim is a number of seconds; NaN, which compares false with everything, is not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < MAX_TIME


def _take_jti(claims: dict[str, Any], registration: Registration) -> None:
    jti = claims["jti"]
    if not is_storable(jti) or not 0 < len(jti) <= MAX_JTI_LENGTH:
        raise TokenError("invalid_client", f"jti has to be a string of 1 to {MAX_JTI_LENGTH} characters.")
    if not grants.take_jti(current_db(), registration.client_id, jti, claims["exp"], current_lms().now()):
        raise TokenError("invalid_client", "An assertion with this jti was used before.")


def _granted_scopes(registration: Registration) -> list[str]:
    """The scopes asked for that the tool may have; a subset is normal, none is an error."""
    permitted = [*GRADE_SCOPES] if registration.has_grades else []
    permitted += [MEMBERSHIPS_READ, GROUPS_READ] if registration.has_roster else []
    permitted += [NOTICE_HANDLERS] if current_lms().profile.notices_path else []
    asked = request.form.get("scope", "").split()
    granted = [scope for scope in dict.fromkeys(asked) if scope in permitted]
    if not granted:
        raise TokenError("invalid_scope", "None of the scopes asked for is open to this tool.")
    return granted
