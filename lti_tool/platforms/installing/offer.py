"""What an LMS offers to a tool that is about to register.

Source: LTI Dynamic Registration 1.0, https://www.imsglobal.org/spec/lti-dr/v1p0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
DEEP_LINKING, RESOURCE_LINK = "LtiDeepLinkingRequest", "LtiResourceLinkRequest"
SUBMISSION_REVIEW, DATA_PRIVACY = "LtiSubmissionReviewRequest", "DataPrivacyLaunchRequest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The lists of an openid configuration; ``None`` where the LMS left one out, and anything may be asked for."""

    version: str = ""
    """The LMS's own."""
    scopes: tuple[str, ...] | None = None
    claims: tuple[str, ...] | None = None
    variables: tuple[str, ...] | None = None
    """Names of custom variables, without ``$``."""
    messages: Mapping[str, tuple[str, ...]] | None = field(default=None)
    """Types of messages, with the placements that the LMS lists for each."""
