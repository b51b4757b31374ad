"""Dynamic registration as Brightspace does it: as the specification has it, with an audience of its own for tokens.

Source: D2L, "LTI Advantage Developer FAQ", https://community.d2l.com/brightspace/kb/articles/23661-lti-advantage-developer-faq.
"""

from __future__ import annotations

from dataclasses import replace

from lti_tool.practice_lms.registrars.strict import STRICT

D2L = replace(
    STRICT,
    configuration_path="/d2l/.well-known/openid-configuration",
    registration_path="/d2l/api/lti/registrations",
    family_code="desire2learn",
    version="20.24",
    variables=("Context.id", "Context.title", "ResourceLink.id", "ResourceLink.title", "User.id"),
)
