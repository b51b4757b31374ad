"""Moodle's token endpoint: it knows the tool by ``sub``, and looks at neither ``iss``, ``aud`` nor ``jti``."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

import jwt
from flask import Response, request
from flask.typing import ResponseReturnValue
from jwt.types import Options

from lti_tool.practice_lms import catalogue, grants
from lti_tool.practice_lms.model import Registration
from lti_tool.practice_lms.moodle.service import answer
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.text import is_storable
from lti_tool.practice_lms.tool_keys import KeySetError
from lti_tool.practice_lms.vocabulary import ASSERTION_TYPE, GRADE_SCOPES, GRANT_TYPE, MEMBERSHIPS_READ


class TokenError(Exception):
    """No token is given; the message is what Moodle puts into ``error``."""


def token() -> ResponseReturnValue:
    """Give an access token, in JSON that says it is HTML."""
    try:
        registration, scopes = _granted()
    except TokenError as error:
        # Moodle does not escape the message: with a quotation mark in it, this is not JSON.
        return _answer([f'"error" : "{error}"'], HTTPStatus.BAD_REQUEST)
    secret = grants.issue(current_db(), registration.id, scopes, current_lms().now())
    return _answer(
        [
            f'"access_token" : "{secret}"',
            '"token_type" : "Bearer"',
            f'"expires_in" : {grants.ACCESS_TOKEN_LIFETIME_S}',
            f'"scope" : "{" ".join(scopes)}"',
        ]
    )


def _answer(members: list[str], status: int = HTTPStatus.OK) -> Response:
    return answer("{\n  " + ",\n  ".join(members) + "\n}", "text/html", status)


def _granted() -> tuple[Registration, list[str]]:
    form = request.form
    names = ("client_assertion", "client_assertion_type", "grant_type", "scope")
    if request.method != "POST" or not all(form.get(name) for name in names):
        raise TokenError("invalid_request")
    if form["client_assertion_type"] != ASSERTION_TYPE or form["grant_type"] != GRANT_TYPE:
        raise TokenError("unsupported_grant_type")
    registration = _client(form["client_assertion"])
    permitted = [*GRADE_SCOPES] if registration.has_grades else []
    if registration.has_roster:
        permitted.append(MEMBERSHIPS_READ)
    scopes = [scope for scope in form["scope"].split(" ") if scope in permitted]
    if not scopes:
        raise TokenError("invalid_scope")
    return registration, scopes


def _client(assertion: str) -> Registration:
    try:
        unverified = jwt.decode_complete(assertion, options={"verify_signature": False})
    except (jwt.InvalidTokenError, RecursionError) as error:
        raise TokenError("invalid_request") from error
    client_id = unverified["payload"].get("sub")
    registration = catalogue.registration_of_client(current_db(), client_id) if is_storable(client_id) else None
    if registration is None:
        raise TokenError("invalid_client")
    kid = unverified["header"].get("kid")
    if not kid:
        raise TokenError("error/Error: kid must be provided in JWT header.")
    _check_times(_verified(assertion, registration, str(kid)))
    return registration


def _verified(assertion: str, registration: Registration, kid: str) -> dict[str, Any]:
    """The claims, once the signature is right; firebase/php-jwt words the errors."""
    ignored: Options = {
        "verify_aud": False,
        "verify_iss": False,
        "verify_sub": False,
        "verify_jti": False,
        # The times are checked against the LMS's own clock, further down.
        "verify_exp": False,
        "verify_iat": False,
        "verify_nbf": False,
    }
    try:
        key = current_lms().tool_keys.key(registration.jwks_url, kid)
        claims: dict[str, Any] = jwt.decode(assertion, key, algorithms=["RS256"], options=ignored)
    except KeySetError as error:
        raise TokenError('"kid" invalid, unable to lookup correct key') from error
    except jwt.InvalidTokenError as error:
        raise TokenError("Signature verification failed") from error
    return claims


def _check_times(claims: dict[str, Any]) -> None:
    """Refuse what is not yet or no longer valid, without any leeway; a missing time is fine."""
    now = int(current_lms().now().timestamp())
    for name in ("nbf", "iat"):
        time = _time(claims, name)
        if time is not None and time > now:
            local = datetime.fromtimestamp(time, current_lms().config.time_zone)
            raise TokenError(f"Cannot handle token with {name} prior to {local:%Y-%m-%dT%H:%M:%S%z}")
    expires = _time(claims, "exp")
    if expires is not None and now >= expires:
        raise TokenError("Expired token")


def _time(claims: dict[str, Any], name: str) -> int | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e11:
        raise TokenError(f"Payload {name} must be a number")
    return int(value)
