"""The id_token of the strict profile."""

from __future__ import annotations

from typing import Any

from lti_tool.practice_lms.model import Course, CourseRole, LineItem, Person, Placement
from lti_tool.practice_lms.profiles import ContentRequest, Launch, Occasion
from lti_tool.practice_lms.vocabulary import (
    AGS_ENDPOINT,
    DEEP_LINKING,
    DEEP_LINKING_REQUEST,
    GRADE_SCOPES,
    GROUPS,
    GROUPS_READ,
    LTI,
    MEMBERSHIP_ROLE,
    NRPS,
    SYSTEM_ROLE,
    TEST_USER_ROLE,
    substitute,
)

COURSE_OFFERING = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"
RETURN_PATH = "/lti/content"
"""Where answers to deep linking requests go."""


def strict_claims(launch: Launch) -> dict[str, Any]:
    """All claims of a resource link launch except the times.

    Source: LTI Core 1.3, sections 5.3 and 5.4.
    """
    placement, course, of = launch.placement, launch.course, launch.for_person
    about = {f"{LTI}for_user": {"user_id": of.sub, **({"name": of.name} if of.name else {})}} if of else {}
    return (
        about
        | _common_claims(launch, placement, launch.line_items)
        | {
            f"{LTI}message_type": launch.message,
            f"{LTI}deployment_id": placement.deployment_id,
            f"{LTI}target_link_uri": placement.target_link_uri,
            f"{LTI}resource_link": _without_empty(
                {"id": str(placement.id), "title": placement.title, "description": placement.description}
            ),
            f"{LTI}launch_presentation": {
                "document_target": placement.opens_in,
                "locale": launch.person.locale,
                "return_url": f"{launch.base_url}/courses/{course.id}/placements/{placement.id}/returned",
            },
        }
    )


def strict_content_claims(asked: ContentRequest) -> dict[str, Any]:
    """All claims of a deep linking request except the times; one that edits a link names what it shows.

    Source: LTI Deep Linking 2.0, section 4.4.
    """
    placement = asked.placement
    return _common_claims(asked, placement, []) | {
        f"{LTI}message_type": DEEP_LINKING_REQUEST,
        f"{LTI}deployment_id": placement.deployment_id if placement else asked.registration.deployment_ids[0],
        f"{LTI}target_link_uri": placement.target_link_uri if placement else asked.registration.content_url,
        f"{LTI}launch_presentation": {"document_target": "iframe", "locale": asked.person.locale},
        f"{DEEP_LINKING}deep_linking_settings": {
            "deep_link_return_url": asked.base_url + RETURN_PATH,
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_multiple": placement is None,
            "accept_lineitem": asked.registration.has_grades,
            "auto_create": True,
            "data": asked.ticket,
        },
    }


def _common_claims(occasion: Occasion, placement: Placement | None, items: list[LineItem]) -> dict[str, Any]:
    registration, course = occasion.registration, occasion.course
    claims: dict[str, Any] = {
        "iss": occasion.base_url,
        "aud": registration.client_id,
        "azp": registration.client_id,
        "sub": occasion.person.sub,
        "nonce": occasion.nonce,
        f"{LTI}version": "1.3.0",
        f"{LTI}roles": roles(occasion),
        f"{LTI}context": {
            "id": str(course.id),
            "label": course.label,
            "title": course.title,
            "type": [COURSE_OFFERING],
        },
        f"{LTI}tool_platform": {
            "guid": occasion.base_url,
            "name": "Practice LMS",
            "product_family_code": "practice-lms",
            "version": "1",
        },
    }
    if registration.shares_personal_data:
        claims |= _personal_claims(occasion.person, course)
    own = placement.custom if placement else {}
    if custom := substitute({**registration.custom, **own}, variables(occasion, placement)):
        claims[f"{LTI}custom"] = custom
    if registration.has_grades:
        claims[AGS_ENDPOINT] = _grade_endpoint(occasion.base_url, course, items)
    if registration.has_roster:
        claims |= _roster_claims(occasion.base_url, course)
    return claims


def roles(occasion: Occasion) -> list[str]:
    """The roles of a launch as URIs; empty for someone who is not in the course."""
    found = course_roles(occasion.person, occasion.role) if occasion.role else []
    return [*found, f"{SYSTEM_ROLE}Administrator"] if occasion.person.is_administrator else found


def course_roles(person: Person, role: CourseRole) -> list[str]:
    """The roles of somebody who is in the course, as URIs."""
    return [f"{MEMBERSHIP_ROLE}{role}", *([TEST_USER_ROLE] if person.is_test_user else [])]


def _personal_claims(person: Person, course: Course) -> dict[str, Any]:
    claims: dict[str, Any] = _without_empty(
        {
            "name": person.name,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "email": person.email,
        }
    )
    lis = _without_empty({"person_sourcedid": person.sourced_id, "course_section_sourcedid": course.sourced_id})
    return claims | {f"{LTI}lis": lis} if lis else claims


def _grade_endpoint(base_url: str, course: Course, items: list[LineItem]) -> dict[str, Any]:
    endpoint: dict[str, Any] = {"scope": list(GRADE_SCOPES), "lineitems": line_items_url(base_url, course.id)}
    if len(items) == 1:
        # The specification names a line item only where the link has exactly one.
        endpoint["lineitem"] = line_item_url(base_url, items[0])
    return endpoint


def _roster_claims(base_url: str, course: Course) -> dict[str, Any]:
    """Where the tool reads who is in the course.

    Source: LTI Names and Role Provisioning Services 2.0, section 3.6.1.1; LTI Course Groups Service 1.0.
    """
    url = course_url(base_url, course.id)
    return {
        NRPS: {"context_memberships_url": f"{url}/memberships", "service_versions": ["2.0"]},
        GROUPS: {
            "scope": [GROUPS_READ],
            "context_groups_url": f"{url}/groups",
            "context_group_sets_url": f"{url}/group-sets",
            "service_versions": ["1.0"],
        },
    }


def variables(occasion: Occasion, placement: Placement | None) -> dict[str, str]:
    """What custom parameters may name."""
    known = {
        "Context.id": str(occasion.course.id),
        "Context.id.history": occasion.course.history,
        "Context.label": occasion.course.label,
        "Context.title": occasion.course.title,
        "User.id": occasion.person.sub,
    }
    if placement is None:
        return known
    return known | {
        "ResourceLink.id": str(placement.id),
        "ResourceLink.id.history": placement.history,
        "ResourceLink.title": placement.title,
        "ResourceLink.description": placement.description,
    }


def course_url(base_url: str, course_id: int) -> str:
    """What the services of a course have in common."""
    return f"{base_url}/lti/courses/{course_id}"


def line_items_url(base_url: str, course_id: int) -> str:
    """The line items of a course."""
    return f"{course_url(base_url, course_id)}/line-items"


def line_item_url(base_url: str, item: LineItem) -> str:
    """One line item; ``/scores`` and ``/results`` follow it."""
    return f"{line_items_url(base_url, item.course_id)}/{item.id}"


def _without_empty(values: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
