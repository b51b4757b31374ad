"""The authentication endpoint: checks a tool's request and answers with an id_token.

Source: LTI Security Framework 1.0, section 5.1.1; OpenID Connect Core 1.0, section 3.2.2.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from lti_tool.practice_lms import accounts, catalogue, content_requests, gradebook, launches
from lti_tool.practice_lms.content_requests import Asked
from lti_tool.practice_lms.launches import PendingLaunch
from lti_tool.practice_lms.model import Person, Registration
from lti_tool.practice_lms.platform import PracticeLms
from lti_tool.practice_lms.profiles import ContentRequest, Launch, Occasion
from lti_tool.practice_lms.sessions import session_key
from lti_tool.practice_lms.vocabulary import DEEP_LINKING_REQUEST

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
    state = {"state": parameters["state"]} if parameters.get("state") else {}
    try:
        occasion = _check(lms, connection, parameters, registration, person, session_secret)
    except AuthorizationError as refused:
        return Answer(redirect_uri, {"error": refused.error, "error_description": refused.description, **state})
    return Answer(redirect_uri, {"id_token": id_token(lms, occasion), **state})


def _check(
    lms: PracticeLms,
    connection: sqlite3.Connection,
    parameters: Mapping[str, str],
    registration: Registration,
    person: Person | None,
    session_secret: str,
) -> Launch | ContentRequest:
    # The hint is used up whatever comes next: a refused request cannot be mended and sent again.
    pending = launches.use_up(connection, parameters.get("lti_message_hint", ""), lms.now())
    _check_form(parameters)
    if person is None:
        raise AuthorizationError("login_required", "Nobody is signed in to the LMS in this browser.")
    if parameters.get("login_hint") != person.sub:
        raise AuthorizationError("access_denied", "login_hint names someone else than the person who is signed in.")
    if pending is None:
        raise AuthorizationError("invalid_request", "lti_message_hint is unknown, too old, or was used before.")
    course = catalogue.course(connection, pending.course_id)
    if course is None or pending.sub != person.sub:
        raise AuthorizationError("access_denied", "lti_message_hint belongs to another person's launch.")
    if pending.registration_id != registration.id:
        raise AuthorizationError("unauthorized_client", "The launch was begun for another tool.")
    common = Occasion(
        base_url=lms.issuer,
        registration=registration,
        course=course,
        person=person,
        role=accounts.role(connection, course.id, person.sub),
        nonce=parameters["nonce"],
        at=lms.now(),
        session_key=session_key(session_secret),
    )
    return _occasion(connection, pending, common)


def _occasion(connection: sqlite3.Connection, pending: PendingLaunch, common: Occasion) -> Launch | ContentRequest:
    """What was begun, with all that its id_token needs."""
    values = {field.name: getattr(common, field.name) for field in fields(common)}
    placement = None if pending.placement_id is None else catalogue.placement(connection, pending.placement_id)
    if pending.message == DEEP_LINKING_REQUEST:
        if not accounts.is_trainer(connection, common.course.id, common.person):
            raise AuthorizationError("access_denied", "Only trainers of the course may add content.")
        ticket = secrets.token_urlsafe(24)
        asked = Asked(
            sub=pending.sub,
            course_id=pending.course_id,
            registration_id=pending.registration_id,
            placement_id=pending.placement_id,
        )
        content_requests.remember(connection, ticket, asked, common.at)
        return ContentRequest(**values, placement=placement, ticket=ticket)
    if placement is None:
        raise AuthorizationError("access_denied", "The activity is gone.")
    line_items = gradebook.line_items_of_placement(connection, placement.id)
    of = accounts.person(connection, pending.for_sub) if pending.for_sub else None
    return Launch(**values, placement=placement, line_items=line_items, message=pending.message, for_person=of)


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


def id_token(lms: PracticeLms, occasion: Launch | ContentRequest) -> str:
    """The signed claims of a launch or of a request for content."""
    issued_at = int(occasion.at.timestamp())
    header: dict[str, Any] = {"kid": lms.signing_key.kid}
    claims = lms.profile.claims(occasion) if isinstance(occasion, Launch) else lms.profile.deep_linking.claims(occasion)
    claims |= {"iat": issued_at, "exp": issued_at + lms.profile.id_token_lifetime_s}
    if lms.config.faults.tamper:
        lms.config.faults.tamper(header, claims)
    return lms.signing_key.sign(claims, header)
