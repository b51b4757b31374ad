"""Dynamic registration as recorded from Moodle 4.5.6; each oddity says so where it is."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from lti_tool.practice_lms.model import Registration
from lti_tool.practice_lms.moodle.php import json_encode
from lti_tool.practice_lms.registrars.registrar import (
    DEEP_LINKING,
    RESOURCE_LINK,
    TOOL_CONFIGURATION,
    Registrar,
    RegistrationRefusedError,
)
from lti_tool.practice_lms.vocabulary import (
    LINE_ITEM,
    LINE_ITEM_READ,
    MEMBERSHIPS_READ,
    RESULT_READ,
    SCORE,
)

_CLIENT_ID = string.ascii_letters + string.digits
SCOPES = (
    "https://purl.imsglobal.org/spec/lti-bo/scope/basicoutcome",
    LINE_ITEM_READ,
    RESULT_READ,
    SCORE,
    LINE_ITEM,
    MEMBERSHIPS_READ,
    "https://purl.imsglobal.org/spec/lti-ts/scope/toolsetting",
    "openid",
)
_PERSON = (
    "name.full",
    "name.given",
    "name.family",
    "email.primary",
    "sourcedId",
    "name.middle",
    "address.street1",
    "address.locality",
    "address.country",
    "address.timezone",
    "phone.primary",
    "phone.mobile",
    "webaddress",
)
VARIABLES = (
    "basic-lti-launch-request",
    "ContentItemSelectionRequest",
    "ToolProxyRegistrationRequest",
    "Context.id",
    "Context.title",
    "Context.label",
    "Context.id.history",
    "Context.sourcedId",
    "Context.longDescription",
    "Context.timeFrame.begin",
    "CourseSection.title",
    "CourseSection.label",
    "CourseSection.sourcedId",
    "CourseSection.longDescription",
    "CourseSection.timeFrame.begin",
    "CourseSection.timeFrame.end",
    "ResourceLink.id",
    "ResourceLink.title",
    "ResourceLink.description",
    "User.id",
    "User.username",
    *(f"Person.{name}" for name in _PERSON),
    "Membership.role",
    "Result.sourcedId",
    "Result.autocreate",
    "BasicOutcome.sourcedId",
    "BasicOutcome.url",
    "Moodle.Person.userGroupIds",
)


def _check(sent: Mapping[str, Any]) -> None:
    tool = sent[TOOL_CONFIGURATION]
    if urlsplit(tool["target_link_uri"]).netloc != tool["domain"]:
        raise RegistrationRefusedError("domain_targetlinkuri_mismatch")
    if sent.get("application_type", "web") != "web":
        raise RegistrationRefusedError("invalid_application_type")


def _answer(sent: Mapping[str, Any], registration: Registration) -> dict[str, Any]:
    """What Moodle made of it, in its order; of messages it keeps one for choosing content, and the last wins."""
    tool = sent[TOOL_CONFIGURATION]
    found: dict[str, Any] = {
        "client_id": registration.client_id,
        "response_types": ["id_token"],
        "jwks_uri": registration.jwks_url,
        "initiate_login_uri": registration.login_url,
        "grant_types": ["client_credentials", "implicit"],
        "redirect_uris": list(registration.redirect_uris),
        "application_type": "web",
        "token_endpoint_auth_method": "private_key_jwt",
        "client_name": registration.name,
        "logo_uri": sent.get("logo_uri", ""),
        "scope": " ".join(_scopes(registration, str(sent.get("scope", "")).split())),
    }
    configuration: dict[str, Any] = {
        "version": "1.3.0",
        "deployment_id": registration.deployment_ids[0],
        "target_link_uri": tool["target_link_uri"],
        "domain": tool["domain"],
        "description": tool.get("description", ""),
    }
    picking = [message for message in tool["messages"] if message["type"] == DEEP_LINKING]
    if picking:
        target = picking[-1].get("target_link_uri", "")
        configuration["messages"] = [{"type": DEEP_LINKING, "target_link_uri": target}]
    if registration.custom:
        # What follows a second "=" is lost.
        configuration["custom_parameters"] = {
            name: value.partition("=")[0] for name, value in registration.custom.items()
        }
    claims = tool.get("claims") or []
    configuration["claims"] = ["sub", "iss"]
    if registration.shares_personal_data:
        configuration["claims"] += ["name", "family_name", "given_name"]
    if "email" in claims:
        configuration["claims"].append("email")
    return {**found, TOOL_CONFIGURATION: configuration}


def _scopes(registration: Registration, asked: list[str]) -> list[str]:
    granted = []
    if registration.has_grades:
        granted += [SCORE, RESULT_READ, LINE_ITEM_READ]
        # Asking for the right to change columns brings the rights to read them, too.
        granted += [LINE_ITEM] if LINE_ITEM in asked else []
    return [*granted, MEMBERSHIPS_READ] if registration.has_roster else granted


MOODLE = Registrar(
    configuration_path="/mod/lti/openid-configuration.php",
    registration_path="/mod/lti/openid-registration.php",
    family_code="moodle",
    version="4.5.6 (Build: 20250811)",
    scopes=SCOPES,
    messages=({"type": RESOURCE_LINK}, {"type": DEEP_LINKING, "placements": ["ContentArea"]}),
    variables=VARIABLES,
    make_client_id=lambda: "".join(secrets.choice(_CLIENT_ID) for _letter in range(15)),
    check=_check,
    answer=_answer,
    status=HTTPStatus.OK,
    write=json_encode,
    writes_refusal=lambda refused: refused.error,
    names_bad_token="invalid_token",  # noqa: S106  (an error's name)
    names_used_token="token_already_used",  # noqa: S106
)
