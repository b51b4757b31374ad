"""The id_token of profile ``canvas``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from lti_tool.practice_lms.canvas.notices import NOTICES_PATH
from lti_tool.practice_lms.profiles import ContentRequest, Launch, Occasion
from lti_tool.practice_lms.strict.claims import course_roles, strict_claims, strict_content_claims, variables
from lti_tool.practice_lms.vocabulary import (
    DEEP_LINKING,
    INSTITUTION_ROLE,
    LTI,
    NOTICE_HANDLERS,
    NOTICE_TYPES,
    substitute,
)

RETURN_PATH = "/courses/<int:course_id>/deep_linking_response"
"""Where answers to deep linking requests go."""
NOTICES = f"{LTI}platformnotificationservice"
PLACEMENT = "https://www.instructure.com/placement"
_AT_THE_INSTITUTION = {"Learner": "Student", "Instructor": "Instructor"}


def canvas_claims(launch: Launch) -> dict[str, Any]:
    """All claims of a resource link launch except the times."""
    own = launch.placement.custom
    return _as_canvas(strict_claims(launch), launch, {**launch.registration.custom, **own}, "assignment_selection")


def canvas_content_claims(asked: ContentRequest) -> dict[str, Any]:
    """All claims of a deep linking request except the times.

    One that edits an assignment does not bring its custom parameters along.

    Source: instructure/canvas-lms, lib/lti/messages/deep_linking_request.rb.
    """
    menu = "assignment_selection" if asked.placement else "course_assignments_menu"
    query = urlencode({"data": asked.ticket, "modal": "true", "placement": menu})
    claims = _as_canvas(strict_content_claims(asked), asked, asked.registration.custom, menu)
    claims[f"{DEEP_LINKING}deep_linking_settings"] = {
        "deep_link_return_url": f"{asked.base_url}/courses/{asked.course.id}/deep_linking_response?{query}",
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_media_types": "application/vnd.ims.lti.v1.ltilink",
        "accept_multiple": asked.placement is None,
        "auto_create": False,
    }
    return claims


def _as_canvas(claims: dict[str, Any], occasion: Occasion, custom: Mapping[str, str], menu: str) -> dict[str, Any]:
    placement = occasion.placement if isinstance(occasion, (Launch, ContentRequest)) else None
    claims = claims | {
        f"{LTI}roles": roles(occasion),
        f"{LTI}tool_platform": {
            "guid": occasion.base_url,
            "name": "Practice LMS",
            "product_family_code": "canvas",
            "version": "cloud",
        },
        PLACEMENT: menu,
        NOTICES: {
            "service_versions": ["1.0"],
            "platform_notification_service_url": f"{occasion.base_url}{NOTICES_PATH}/{occasion.registration.id}",
            "scope": [NOTICE_HANDLERS],
            "notice_types_supported": list(NOTICE_TYPES),
        },
    }
    # Source: instructure/canvas-lms, lib/lti/variable_expander.rb.
    own = {"Canvas.user.prefersHighContrast": "true" if occasion.person.prefers_high_contrast else "false"}
    known = variables(occasion, placement) | own
    # It knows the history of a course, and none of a link.
    known.pop("ResourceLink.id.history", None)
    filled = substitute(custom, known)
    # A variable that Canvas does not know becomes null.
    claims[f"{LTI}custom"] = {
        name: None if value[:1] == "$" and value == custom[name] else value for name, value in filled.items()
    }
    return claims


def roles(occasion: Occasion) -> list[str]:
    """Canvas names people's roles at the institution beside those in the course."""
    found = [f"{INSTITUTION_ROLE}Administrator"] if occasion.person.is_administrator else []
    if occasion.role:
        found.append(f"{INSTITUTION_ROLE}{_AT_THE_INSTITUTION[occasion.role]}")
        found += course_roles(occasion.person, occasion.role)
    return found
