"""The id_token of the strict profile."""

from __future__ import annotations

from typing import Any

from lti_tool.practice_lms.model import Course, LineItem, Person
from lti_tool.practice_lms.profiles import Launch
from lti_tool.practice_lms.vocabulary import AGS_ENDPOINT, GRADE_SCOPES, LTI, MEMBERSHIP_ROLE, SYSTEM_ROLE, substitute

COURSE_OFFERING = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"


def strict_claims(launch: Launch) -> dict[str, Any]:
    """All claims of a resource link launch except the times.

    Source: LTI Core 1.3, sections 5.3 and 5.4.
    """
    registration, placement, course = launch.registration, launch.placement, launch.course
    claims: dict[str, Any] = {
        "iss": launch.base_url,
        "aud": registration.client_id,
        "azp": registration.client_id,
        "sub": launch.person.sub,
        "nonce": launch.nonce,
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": placement.deployment_id,
        f"{LTI}target_link_uri": placement.target_link_uri,
        f"{LTI}resource_link": _without_empty(
            {"id": str(placement.id), "title": placement.title, "description": placement.description}
        ),
        f"{LTI}roles": roles(launch),
        f"{LTI}context": {
            "id": str(course.id),
            "label": course.label,
            "title": course.title,
            "type": [COURSE_OFFERING],
        },
        f"{LTI}launch_presentation": {
            "document_target": placement.opens_in,
            "locale": launch.person.locale,
            "return_url": f"{launch.base_url}/courses/{course.id}/placements/{placement.id}/returned",
        },
        f"{LTI}tool_platform": {
            "guid": launch.base_url,
            "name": "Practice LMS",
            "product_family_code": "practice-lms",
            "version": "1",
        },
    }
    if registration.shares_personal_data:
        claims |= _personal_claims(launch.person, course)
    if custom := substitute({**registration.custom, **placement.custom}, _variables(launch)):
        claims[f"{LTI}custom"] = custom
    if registration.has_grades:
        claims[AGS_ENDPOINT] = _grade_endpoint(launch.base_url, course, launch.line_items)
    return claims


def roles(launch: Launch) -> list[str]:
    """The roles of a launch as URIs; empty for someone who is not in the course."""
    found = [f"{MEMBERSHIP_ROLE}{launch.role}"] if launch.role else []
    return [*found, f"{SYSTEM_ROLE}Administrator"] if launch.person.is_administrator else found


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


def _variables(launch: Launch) -> dict[str, str]:
    return {
        "Context.id": str(launch.course.id),
        "Context.label": launch.course.label,
        "Context.title": launch.course.title,
        "ResourceLink.id": str(launch.placement.id),
        "ResourceLink.title": launch.placement.title,
        "ResourceLink.description": launch.placement.description,
        "User.id": launch.person.sub,
    }


def line_items_url(base_url: str, course_id: int) -> str:
    """The line items of a course."""
    return f"{base_url}/lti/courses/{course_id}/line-items"


def line_item_url(base_url: str, item: LineItem) -> str:
    """One line item; ``/scores`` and ``/results`` follow it."""
    return f"{line_items_url(base_url, item.course_id)}/{item.id}"


def _without_empty(values: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
