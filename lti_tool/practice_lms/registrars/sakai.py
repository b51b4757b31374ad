"""Dynamic registration as Sakai does it.

Source: sakaiproject/sakai, lti/…/LTI13Servlet.java, the answers to ``well_known`` and ``registration_endpoint``.
"""

from __future__ import annotations

from dataclasses import replace

from lti_tool.practice_lms.registrars.registrar import DEEP_LINKING, RESOURCE_LINK, Begun
from lti_tool.practice_lms.registrars.strict import STRICT


def _query(begun: Begun) -> dict[str, str]:
    """Everything that the configuration is made from stands in its address."""
    return {
        "key": begun.deployment_id,
        "clientId": begun.client_id,
        "issuerURL": begun.issuer,
        "deploymentId": begun.deployment_id,
    }


SAKAI = replace(
    STRICT,
    configuration_path="/imsblis/lti13/well_known",
    registration_path="/imsblis/lti13/registration_endpoint/1",
    family_code="sakailms.org",
    version="23.3",
    scopes=None,
    claims=None,
    messages=({"type": RESOURCE_LINK}, {"type": DEEP_LINKING}),
    # It fills in many more than it names.
    variables=("User.id", "Person.email.primary"),
    query=_query,
    status=200,
    keeps_first_message=True,
)
