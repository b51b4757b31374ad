"""The roster as Moodle gives it, in the shape of Names and Role Provisioning Services and in the older one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms import accounts, catalogue
from lti_tool.practice_lms.model import Course, CourseRole, Person, Placement, Registration
from lti_tool.practice_lms.moodle.claims import basic_outcome, memberships_url
from lti_tool.practice_lms.moodle.php import integer, json_encode
from lti_tool.practice_lms.moodle.service import MoodleError, answer, caller, course_of, handles, wanted_type
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.vocabulary import BASIC_OUTCOME, LTI, MEMBERS_TYPE, MEMBERSHIP_ROLE, MEMBERSHIPS_READ

OLD_MEMBERS_TYPE = "application/vnd.ims.lis.v2.membershipcontainer+json"
Member = tuple[Person, CourseRole]


@handles("GET", formats=(OLD_MEMBERS_TYPE, MEMBERS_TYPE))
def memberships(context_type: str, course: str, tool: str) -> ResponseReturnValue:
    """The people of a course, filtered by role and cut into pages where asked."""
    registration = caller(MEMBERSHIPS_READ, type_id=tool)
    found_course = course_of(course)
    placement = _placement(request.args.get("rlid"))
    role = request.args.get("role", "").removeprefix(MEMBERSHIP_ROLE)
    members = [m for m in accounts.members(current_db(), found_course.id) if role in ("", m[1])]
    limit, start = integer(request.args.get("limit")), max(integer(request.args.get("from")), 0)
    page = members[start : start + limit] if limit > 0 else members
    next_url = ""
    if limit > 0 and start + limit < len(members):
        next_url = _next_url(memberships_url(current_lms().issuer, found_course, registration), limit, start + limit)
    if wanted_type() == OLD_MEMBERS_TYPE:
        return _old_answer(page, found_course, registration, next_url)
    return _answer(page, found_course, registration, placement, next_url)


def _placement(link_id: str | None) -> Placement | None:
    if not link_id:
        return None
    found = catalogue.placement(current_db(), integer(link_id))
    if found is None:
        raise MoodleError(HTTPStatus.NOT_FOUND, "Not Found")
    return found


def _next_url(url: str, limit: int, start: int) -> str:
    filters = {name: request.args[name] for name in ("role", "rlid") if request.args.get(name)}
    return f"{url}?{urlencode({'limit': limit, 'from': start, **filters})}"


def _answer(
    page: list[Member], course: Course, registration: Registration, placement: Placement | None, next_url: str
) -> Response:
    body = {
        "id": memberships_url(current_lms().issuer, course, registration),
        "context": {"id": str(course.id), "label": course.label, "title": course.title},
        "members": [_member(person, role, registration, placement) for person, role in page],
    }
    response = answer(json_encode(body), MEMBERS_TYPE)
    if next_url:
        response.headers["Link"] = f'<{next_url}>; rel="next"'
    return response


def _member(
    person: Person, role: CourseRole, registration: Registration, placement: Placement | None
) -> dict[str, Any]:
    """One person; the role is a short name, and a placement adds the message its launch would carry."""
    member: dict[str, Any] = {"status": "Active", "roles": [role]}
    if placement is not None:
        outcome = basic_outcome(current_lms().issuer, placement, person, registration)
        member["message"] = [{f"{LTI}message_type": "LtiResourceLinkRequest", BASIC_OUTCOME: outcome}]
    member |= {"user_id": person.sub, "lis_person_sourcedid": person.sourced_id}
    if registration.shares_personal_data:
        member |= {
            "name": person.name,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "email": person.email,
            "ext_user_username": person.username,
        }
    return member


def _old_answer(page: list[Member], course: Course, registration: Registration, next_url: str) -> Response:
    subject = {
        "@type": "Context",
        "contextId": str(course.id),
        "membership": [
            {"status": "Active", "role": [role], "member": _old_member(person, registration)} for person, role in page
        ],
    }
    body: dict[str, Any] = {
        "@context": "http://purl.imsglobal.org/ctx/lis/v2/MembershipContainer",
        "@type": "Page",
        "@id": memberships_url(current_lms().issuer, course, registration),
        "pageOf": {"@type": "LISMembershipContainer", "membershipSubject": subject},
    }
    if next_url:
        body["nextPage"] = next_url
    return answer(json_encode(body), OLD_MEMBERS_TYPE)


def _old_member(person: Person, registration: Registration) -> dict[str, str]:
    member = {"@type": "LISPerson", "userId": person.sub, "sourcedId": person.sourced_id}
    if registration.shares_personal_data:
        member |= {
            "name": person.name,
            "givenName": person.given_name,
            "familyName": person.family_name,
            "email": person.email,
            "ext_user_username": person.username,
        }
    return member
