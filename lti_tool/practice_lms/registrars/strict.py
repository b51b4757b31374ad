"""Dynamic registration as the specification has it.

Source: LTI Dynamic Registration 1.0, https://www.imsglobal.org/spec/lti-dr/v1p0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lti_tool.practice_lms.model import Registration
from lti_tool.practice_lms.registrars.registrar import (
    DEEP_LINKING,
    RESOURCE_LINK,
    TOOL_CONFIGURATION,
    Registrar,
    RegistrationRefusedError,
)


def granted(sent: Mapping[str, Any], registration: Registration) -> dict[str, Any]:
    """The registration as it was sent, with the client id and the deployment."""
    tool = {**sent[TOOL_CONFIGURATION], "deployment_id": registration.deployment_ids[0]}
    return {**sent, "client_id": registration.client_id, TOOL_CONFIGURATION: tool}


def refusal(refused: RegistrationRefusedError) -> str:
    """The error as JSON."""
    return json.dumps({"error": refused.error, "error_description": refused.description})


STRICT = Registrar(
    configuration_path="/.well-known/openid-configuration",
    registration_path="/lti/registrations",
    family_code="practice-lms",
    version="1",
    messages=({"type": RESOURCE_LINK}, {"type": DEEP_LINKING, "placements": ["ContentArea"]}),
    variables=("Context.id", "Context.title", "ResourceLink.id", "ResourceLink.title", "User.id"),
    answer=granted,
    write=json.dumps,
    writes_refusal=refusal,
)
