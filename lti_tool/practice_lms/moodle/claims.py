"""The id_token of profile ``moodle``."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any
from urllib.parse import urlsplit

from lti_tool.practice_lms.model import Course, LineItem, Person, Placement, Registration
from lti_tool.practice_lms.moodle.service import SERVICES_PATH
from lti_tool.practice_lms.profiles import ContentRequest, Launch, Occasion
from lti_tool.practice_lms.vocabulary import (
    AGS_ENDPOINT,
    BASIC_OUTCOME,
    DEEP_LINKING,
    DEEP_LINKING_REQUEST,
    GRADE_SCOPES,
    INSTITUTION_ROLE,
    LTI,
    MEMBERSHIP_ROLE,
    NRPS,
    SYSTEM_ROLE,
    substitute,
)

# Moodle's numbers for where an activity opens.
EMBEDDED, EMBEDDED_WITHOUT_BLOCKS, NEW_WINDOW = 2, 3, 4
RETURN_PATH = "/mod/lti/contentitem_return.php"
"""Where answers to deep linking requests go."""


def moodle_claims(launch: Launch) -> dict[str, Any]:
    """All claims of a resource link launch except the times."""
    registration, placement, course = launch.registration, launch.placement, launch.course
    claims = _common_claims(launch) | {
        f"{LTI}deployment_id": placement.deployment_id,
        f"{LTI}target_link_uri": placement.target_link_uri,
        f"{LTI}message_type": launch.message,
        f"{LTI}resource_link": {
            "title": placement.title,
            "description": placement.description,
            "id": str(placement.id),
        },
        f"{LTI}launch_presentation": _presentation(launch),
        f"{LTI}custom": _custom(launch),
    }
    if launch.for_person is not None:
        claims[f"{LTI}for_user"] = {"user_id": launch.for_person.sub}
    if registration.has_grades:
        claims[AGS_ENDPOINT] = _grade_endpoint(launch, launch.line_items)
        claims[BASIC_OUTCOME] = basic_outcome(launch.base_url, placement, launch.person, registration)
    if registration.has_roster:
        claims[NRPS] = {
            "context_memberships_url": memberships_url(launch.base_url, course, registration),
            "service_versions": ["1.0", "2.0"],
        }
    return claims


def moodle_content_claims(asked: ContentRequest) -> dict[str, Any]:
    """All claims of a deep linking request except the times.

    Nothing in them says what an activity that is edited shows, and there is no ``data`` to bring back.
    """
    registration, placement = asked.registration, asked.placement
    query = f"course={asked.course.id}&id={registration.id}&sesskey={asked.session_key}"
    claims = _common_claims(asked) | {
        f"{LTI}deployment_id": registration.deployment_ids[0],
        f"{LTI}target_link_uri": registration.content_url,
        f"{LTI}message_type": DEEP_LINKING_REQUEST,
        f"{LTI}launch_presentation": {"locale": asked.person.locale},
        f"{DEEP_LINKING}deep_linking_settings": {
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["frame", "iframe", "window"],
            "accept_copy_advice": False,
            "accept_multiple": True,
            "accept_unsigned": False,
            "auto_create": False,
            "can_confirm": False,
            "deep_link_return_url": f"{asked.base_url}{RETURN_PATH}?{query}",
            "title": placement.title if placement else registration.name,
            "text": placement.description if placement else "",
        },
    }
    if custom := substitute(registration.custom, _variables(asked, None)):
        claims[f"{LTI}custom"] = custom
    if registration.has_grades:
        claims[AGS_ENDPOINT] = _grade_endpoint(asked, [])
    return claims


def _common_claims(occasion: Occasion) -> dict[str, Any]:
    registration, course = occasion.registration, occasion.course
    claims: dict[str, Any] = {
        "nonce": occasion.nonce,
        "iss": occasion.base_url,
        "aud": registration.client_id,
        "sub": occasion.person.sub,
        f"{LTI}roles": _roles(occasion),
        # The type is a bare word here, and not the URI the specification asks for.
        f"{LTI}context": {
            "id": str(course.id),
            "label": course.label,
            "title": course.title,
            "type": ["CourseSection"],
        },
        f"{LTI}ext": {"lms": "moodle-2"},
        # Ids from the student register go out even where names do not.
        f"{LTI}lis": {
            "person_sourcedid": occasion.person.sourced_id,
            "course_section_sourcedid": course.sourced_id,
        },
        f"{LTI}tool_platform": {
            "product_family_code": "moodle",
            "version": "2024100706",
            "guid": urlsplit(occasion.base_url).hostname or "",
            "name": "testbed",
            "description": "LTI testbed",
        },
        f"{LTI}version": "1.3.0",
    }
    if registration.shares_personal_data:
        claims |= _personal_claims(occasion.person)
    return claims


def _roles(occasion: Occasion) -> list[str]:
    """Administrators are instructors of every course."""
    if occasion.person.is_administrator:
        return [
            f"{INSTITUTION_ROLE}Administrator",
            f"{MEMBERSHIP_ROLE}Instructor",
            f"{SYSTEM_ROLE}Administrator",
        ]
    return [f"{MEMBERSHIP_ROLE}{occasion.role}"]


def _presentation(launch: Launch) -> dict[str, str]:
    placement = launch.placement
    container = EMBEDDED if placement.keeps_blocks else EMBEDDED_WITHOUT_BLOCKS
    if placement.opens_in == "window":
        container = NEW_WINDOW
    query = f"course={launch.course.id}&launch_container={container}&instanceid={placement.id}"
    return {
        "locale": launch.person.locale,
        "document_target": placement.opens_in,
        "return_url": f"{launch.base_url}/mod/lti/return.php?{query}&sesskey={launch.session_key}",
    }


def _personal_claims(person: Person) -> dict[str, Any]:
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "name": person.name,
        f"{LTI}ext": {"user_username": person.username, "lms": "moodle-2"},
        "email": person.email,
    }


def _grade_endpoint(occasion: Occasion, line_items: list[LineItem]) -> dict[str, Any]:
    items = f"{occasion.base_url}{SERVICES_PATH}/{occasion.course.id}/lineitems"
    query = f"?type_id={occasion.registration.id}"
    endpoint: dict[str, Any] = {"scope": list(GRADE_SCOPES), "lineitems": items + query}
    if len(line_items) == 1:
        endpoint["lineitem"] = f"{items}/{line_items[0].id}/lineitem{query}"
    return endpoint


def memberships_url(base_url: str, course: Course, registration: Registration) -> str:
    """The roster of a course for a tool."""
    return f"{base_url}{SERVICES_PATH}/CourseSection/{course.id}/bindings/{registration.id}/memberships"


def basic_outcome(base_url: str, placement: Placement, person: Person, registration: Registration) -> dict[str, str]:
    """The result of LTI 1.1, which Moodle still sends; nothing here listens to its service."""
    data = {
        "instanceid": str(placement.id),
        "userid": person.sub,
        "typeid": str(registration.id),
        "launchid": secrets.randbelow(2**31),
    }
    digest = hashlib.sha256(json.dumps(data).encode()).hexdigest()
    return {
        "lis_result_sourcedid": json.dumps({"data": data, "hash": digest}, separators=(",", ":")),
        "lis_outcome_service_url": f"{base_url}/mod/lti/service.php",
    }


def _custom(launch: Launch) -> dict[str, str]:
    registration, course = launch.registration, launch.course
    custom = substitute({**launch.placement.custom, **registration.custom}, _variables(launch, launch.placement))
    services = launch.base_url + SERVICES_PATH
    if registration.has_roster:
        custom["context_memberships_url"] = memberships_url(launch.base_url, course, registration)
    binding = f"{services}/CourseSection/{course.id}/bindings/tool/{registration.id}"
    return custom | {
        "system_setting_url": f"{services}/tool/{registration.id}/custom",
        "context_setting_url": f"{binding}/custom",
        # Moodle leaves this placeholder as it is.
        "link_setting_url": f"{services}/links/{{link_id}}/custom",
    }


def _variables(occasion: Occasion, placement: Placement | None) -> dict[str, str]:
    """What Moodle fills in; groups are known to it, and empty in these courses. It knows no history of links."""
    course, person = occasion.course, occasion.person
    known = {
        "Context.id": str(course.id),
        "Context.id.history": course.history,
        "Context.label": course.label,
        "Context.title": course.title,
        "CourseSection.label": course.label,
        "CourseSection.title": course.title,
        "CourseSection.sourcedId": course.sourced_id,
        "User.id": person.sub,
        "Moodle.Person.userGroupIds": "",
    }
    if placement is not None:
        known |= {
            "ResourceLink.id": str(placement.id),
            "ResourceLink.title": placement.title,
            "ResourceLink.description": placement.description,
        }
    personal = {
        "User.username": person.username,
        "Person.name.full": person.name,
        "Person.name.given": person.given_name,
        "Person.name.family": person.family_name,
        "Person.email.primary": person.email,
        "Person.sourcedId": person.sourced_id,
    }
    shares = occasion.registration.shares_personal_data
    return known | {name: value if shares else "" for name, value in personal.items()}
