"""Dynamic registration over HTTP: the openid configuration, and the endpoint that tools register at."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms import tool_registrations
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.registrars import (
    REGISTRARS,
    TOOL_CONFIGURATION,
    Begun,
    Registrar,
    RegistrationRefusedError,
    check_sent,
    configuration,
    read_sent,
)
from lti_tool.practice_lms.text import is_storable
from lti_tool.practice_lms.tool_registrations import TokenRefusedError, TokenUsedError


def registering_blueprint(registrar: Registrar) -> Blueprint:
    """The endpoints at the paths of an LMS."""
    blueprint = Blueprint("registering", __name__)
    blueprint.add_url_rule(registrar.configuration_path, "openid_configuration", openid_configuration)
    blueprint.add_url_rule(registrar.registration_path, "register", register, methods=["POST"])
    blueprint.register_error_handler(RegistrationRefusedError, answer_refusal)
    return blueprint


def current_registrar() -> Registrar:
    """How the LMS of the request registers tools."""
    return REGISTRARS[current_lms().profile.name]


def configuration_address(begun: Begun) -> str:
    """Where the configuration is that a tool gets for a registration."""
    registrar = current_registrar()
    query = registrar.query(begun)
    address = current_lms().issuer + registrar.configuration_path
    return f"{address}?{urlencode(query)}" if query else address


def openid_configuration() -> ResponseReturnValue:
    """Describe the LMS."""
    lms, registrar = current_lms(), current_registrar()
    if registrar.guards_configuration:
        _begun()
    found = configuration(
        registrar,
        issuer=lms.issuer,
        auth_url=lms.auth_url,
        token_url=lms.token_url,
        token_audience=lms.token_audience,
        jwks_url=lms.jwks_url,
        registration_url=lms.issuer + registrar.registration_path,
    )
    return _json(registrar.write(found), HTTPStatus.OK)


def register() -> ResponseReturnValue:
    """Register a tool, once for each token."""
    lms, registrar = current_lms(), current_registrar()
    begun = _begun()
    sent = _sent()
    check_sent(sent)
    registrar.check(sent)
    registration = read_sent(registrar, sent, begun, tool_registrations.next_id(current_db()))
    target = sent[TOOL_CONFIGURATION]["target_link_uri"]
    try:
        tool_registrations.finish(current_db(), begun, registration, target, lms.now())
    except TokenUsedError as error:
        raise RegistrationRefusedError(registrar.names_used_token, status=HTTPStatus.UNAUTHORIZED) from error
    return _json(registrar.write(registrar.answer(sent, registration)), registrar.status)


def answer_refusal(refused: RegistrationRefusedError) -> ResponseReturnValue:
    """The refusal, as the LMS words it."""
    return _json(current_registrar().writes_refusal(refused), refused.status)


def _begun() -> Begun:
    registrar = current_registrar()
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise RegistrationRefusedError("missing_registration_token", status=HTTPStatus.UNAUTHORIZED)
    try:
        return tool_registrations.begun_of(current_db(), current_lms().issuer, token.strip(), current_lms().now())
    except TokenUsedError as error:
        raise RegistrationRefusedError(registrar.names_used_token, status=HTTPStatus.UNAUTHORIZED) from error
    except TokenRefusedError as error:
        raise RegistrationRefusedError(registrar.names_bad_token, status=HTTPStatus.UNAUTHORIZED) from error


def _sent() -> dict[str, Any]:
    try:
        sent = json.loads(request.get_data())
        text = json.dumps(sent, ensure_ascii=False)
    except (ValueError, RecursionError) as error:
        raise RegistrationRefusedError("invalid_client_metadata", "The body is not JSON.") from error
    if not isinstance(sent, dict) or not is_storable(text) or "\\u0000" in text:
        raise RegistrationRefusedError("invalid_client_metadata", "The body has to be a JSON object.")
    return dict(sent)


def _json(text: str, status: int) -> Response:
    return Response(text, status, content_type="application/json; charset=utf-8")
