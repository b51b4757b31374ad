"""Dynamic registration as Canvas does it.

Source: Canvas API, Registration, https://developerdocs.instructure.com/services/canvas/external-tools/lti/file.registration;
instructure/canvas-lms, app/controllers/lti/ims/dynamic_registration_controller.rb.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lti_tool.practice_lms.model import Registration
from lti_tool.practice_lms.registrars.registrar import (
    DEEP_LINKING,
    RESOURCE_LINK,
    TOOL_CONFIGURATION,
    RegistrationRefusedError,
)
from lti_tool.practice_lms.registrars.strict import STRICT

EXTENSION = "https://canvas.instructure.com/lti/"
PRIVACY_LEVELS = {"public", "name_only", "email_only", "anonymous"}
PLACEMENTS = {
    RESOURCE_LINK: ("account_navigation", "course_navigation", "assignment_selection", "link_selection"),
    DEEP_LINKING: ("assignment_selection", "link_selection", "editor_button", "module_index_menu_modal"),
}


def _check(sent: Mapping[str, Any]) -> None:
    if sent.get("application_type") != "web":
        raise RegistrationRefusedError("invalid_client_metadata", "application_type has to be web.")
    if not {"client_credentials", "implicit"} <= set(sent.get("grant_types") or ()):
        raise RegistrationRefusedError("invalid_client_metadata", "grant_types lacks client_credentials or implicit.")
    tool = sent[TOOL_CONFIGURATION]
    if tool.get(f"{EXTENSION}privacy_level", "anonymous") not in PRIVACY_LEVELS:
        raise RegistrationRefusedError("invalid_client_metadata", "privacy_level is unknown.")
    if not isinstance(tool.get("claims"), list):
        raise RegistrationRefusedError("invalid_client_metadata", "claims is missing.")
    for message in tool["messages"]:
        if not set(message.get("placements", ())) <= set(PLACEMENTS.get(message["type"], ())):
            raise RegistrationRefusedError("invalid_client_metadata", f"{message['type']} names an unknown placement.")


def _granted(sent: Mapping[str, Any], registration: Registration) -> dict[str, Any]:
    """The registration as it was sent; the deployment is not told."""
    tool = {
        **sent[TOOL_CONFIGURATION],
        f"{EXTENSION}registration_config_url": f"/api/lti/registrations/{registration.id}",
    }
    return {**sent, "client_id": registration.client_id, TOOL_CONFIGURATION: tool}


CANVAS = replace(
    STRICT,
    configuration_path="/api/lti/security/openid-configuration",
    registration_path="/api/lti/registrations",
    family_code="canvas",
    version="OpenSource",
    messages=tuple({"type": kind, "placements": list(places)} for kind, places in PLACEMENTS.items()),
    variables=("Canvas.user.id", "Context.id", "Context.id.history", "ResourceLink.id", "User.id"),
    extra={f"{EXTENSION}account_name": "Practice Canvas", f"{EXTENSION}account_lti_guid": "practice"},
    guards_configuration=True,
    query=lambda begun: {"registration_token": begun.token},
    make_client_id=lambda: str(10_000_000_000_000 + secrets.randbelow(10**9)),
    check=_check,
    answer=_granted,
    status=200,
)
