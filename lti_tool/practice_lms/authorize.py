"""The authentication endpoint: checks a tool's request and answers with an id_token.

Source: LTI Security Framework 1.0, section 5.1.1; OpenID Connect Core 1.0, section 3.2.2.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.practice_lms import accounts, catalogue, gradebook, launches
from lti_tool.practice_lms.model import Person, Registration
from lti_tool.practice_lms.platform import PracticeLms
from lti_tool.practice_lms.profiles import Launch

MAX_PARAMETER_LENGTH = 8192

# What each parameter has to be, and the error that says it is not.
FIXED = {
    "scope": ("openid", "invalid_scope"),
    "response_type": ("id_token", "unsupported_response_type"),
    "response_mode": ("form_post", "invalid_request"),
    "prompt": ("none", "invalid_request"),
}


class UnknownToolError(Exception):
    """The request cannot be answered to the tool, since nobody knows who it is or where it is."""


class AuthorizationError(Exception):
    """The request is refused, and the tool is told.

    Attributes:
        error: the code of OpenID Connect.
        description: a sentence.
    """

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Answer:
    """What is posted to the tool's redirect URI."""

    redirect_uri: str
    fields: dict[str, str]


def authorize(
    lms: PracticeLms,
    connection: sqlite3.Connection,
    parameters: Mapping[str, str],
    person: Person | None,
    session_secret: str,
) -> Answer:
    """Answer an authentication request.

    Args:
        lms: the practice LMS.
        connection: to its database.
        parameters: of the request.
        person: who is signed in, if anyone.
        session_secret: of the sign-in.

    Raises:
        UnknownToolError: if client id or redirect URI are not registered.
    """
    registration = catalogue.registration_of_client(connection, parameters.get("client_id", ""))
    redirect_uri = parameters.get("redirect_uri", "")
    if registration is None:
        raise UnknownToolError("No tool is registered with this client_id.")
    if redirect_uri not in registration.redirect_uris:
        raise UnknownToolError("This redirect_uri is not registered for the tool; it has to be the same to the byte.")
    fields = {"state": parameters["state"]} if parameters.get("state") else {}
    try:
        launch = _check(lms, connection, parameters, registration, person, session_secret)
    except AuthorizationError as refused:
        return Answer(redirect_uri, {"error": refused.error, "error_description": refused.description, **fields})
    return Answer(redirect_uri, {"id_token": id_token(lms, launch), **fields})


def _check(
    lms: PracticeLms,
    connection: sqlite3.Connection,
    parameters: Mapping[str, str],
    registration: Registration,
    person: Person | None,
    session_secret: str,
) -> Launch:
    # The hint is used up whatever comes next: a refused request cannot be mended and sent again.
    pending = launches.use_up(connection, parameters.get("lti_message_hint", ""), lms.now())
    _check_form(parameters)
    if person is None:
        raise AuthorizationError("login_required", "Nobody is signed in to the LMS in this browser.")
    if parameters.get("login_hint") != person.sub:
        raise AuthorizationError("access_denied", "login_hint names someone else than the person who is signed in.")
    if pending is None:
        raise AuthorizationError("invalid_request", "lti_message_hint is unknown, too old, or was used before.")
    placement = catalogue.placement(connection, pending.placement_id)
    course = catalogue.course(connection, placement.course_id) if placement else None
    if placement is None or course is None or pending.sub != person.sub:
        raise AuthorizationError("access_denied", "lti_message_hint belongs to another person's launch.")
    if placement.registration_id != registration.id:
        raise AuthorizationError("unauthorized_client", "The launch was begun for another tool.")
    return Launch(
        base_url=lms.issuer,
        registration=registration,
        course=course,
        person=person,
        role=accounts.role(connection, course.id, person.sub),
        placement=placement,
        line_items=gradebook.line_items_of_placement(connection, placement.id),
        nonce=parameters["nonce"],
        at=lms.now(),
        session_key=hashlib.sha256(b"sesskey" + session_secret.encode()).hexdigest()[:10],
    )


def _check_form(parameters: Mapping[str, str]) -> None:
    for name, value in parameters.items():
        if len(value) > MAX_PARAMETER_LENGTH:
            raise AuthorizationError("invalid_request", f"{name} is longer than {MAX_PARAMETER_LENGTH} characters.")
    for name, (expected, error) in FIXED.items():
        if parameters.get(name) != expected:
            raise AuthorizationError(error, f"{name} has to be {expected!r}.")
    for name in ("state", "nonce", "login_hint"):
        if not parameters.get(name):
            raise AuthorizationError("invalid_request", f"{name} is missing.")


def id_token(lms: PracticeLms, launch: Launch) -> str:
    """The signed claims of a launch."""
    issued_at = int(launch.at.timestamp())
    header: dict[str, Any] = {"kid": lms.signing_key.kid}
    claims = lms.profile.claims(launch)
    claims |= {"iat": issued_at, "exp": issued_at + lms.profile.id_token_lifetime_s}
    if lms.config.faults.tamper:
        lms.config.faults.tamper(header, claims)
    return lms.signing_key.sign(claims, header)
