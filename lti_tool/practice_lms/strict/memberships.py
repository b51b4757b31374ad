"""Who is in a course, with names and roles, what changed since, and the groups.

Source: LTI Names and Role Provisioning Services 2.0; LTI Course Groups Service 1.0.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms import catalogue, roster
from lti_tool.practice_lms.model import Course, Registration
from lti_tool.practice_lms.platform import current_db, current_lms
from lti_tool.practice_lms.strict.claims import course_roles, course_url
from lti_tool.practice_lms.strict.service import answer, caller, course_of, expect_accept, page_arguments, refuse
from lti_tool.practice_lms.vocabulary import (
    GROUP_SETS_TYPE,
    GROUPS_READ,
    GROUPS_TYPE,
    MEMBERS_TYPE,
    MEMBERSHIP_ROLE,
    MEMBERSHIPS_READ,
)


def memberships(course_id: int) -> ResponseReturnValue:
    """The people of a course, or with ``since`` those who came, changed or went after a number that a link named."""
    registration = caller(MEMBERSHIPS_READ)
    course = course_of(registration, course_id)
    expect_accept(MEMBERS_TYPE)
    _check_link(registration, course)
    limit, start = page_arguments()
    # Taken at the first page, so that nobody falls between the list and the differences.
    mark = request.args.get("mark", type=int)
    mark = roster.last_change(current_db(), course.id) if mark is None else mark
    since = request.args.get("since", type=int)
    if since is None:
        role = request.args.get("role", "").removeprefix(MEMBERSHIP_ROLE)
        found = roster.members(current_db(), course.id, role, start, limit + 1)
    else:
        found = roster.changed_members(current_db(), course.id, since, start, limit + 1)
    url = f"{course_url(current_lms().issuer, course.id)}/memberships"
    body = {
        "id": url,
        "context": {"id": str(course.id), "label": course.label, "title": course.title},
        "members": [_member(member, course, registration) for member in found[:limit]],
    }
    links = [f'<{url}?{urlencode({"since": mark})}>; rel="differences"']
    if len(found) > limit:
        query = {**request.args.to_dict(), "limit": str(limit), "from": str(start + limit), "mark": str(mark)}
        links.insert(0, f'<{url}?{urlencode(query)}>; rel="next"')
    response = answer(body, MEMBERS_TYPE)
    response.headers["Link"] = ", ".join(links)
    return response


def groups(course_id: int) -> ResponseReturnValue:
    """The groups of a course, or of one person in it."""
    course = course_of(caller(GROUPS_READ), course_id)
    expect_accept(GROUPS_TYPE)
    found = roster.groups(current_db(), course.id, request.args.get("user_id"))
    listed = [
        {"id": str(group.id), "name": group.name, **({} if group.set_id is None else {"set_id": str(group.set_id)})}
        for group in found
    ]
    return _container("groups", listed, GROUPS_TYPE)


def group_sets(course_id: int) -> ResponseReturnValue:
    """The sets that groups of a course belong to."""
    course = course_of(caller(GROUPS_READ), course_id)
    expect_accept(GROUP_SETS_TYPE)
    found = [{"id": str(each.id), "name": each.name} for each in roster.group_sets(current_db(), course.id)]
    return _container("sets", found, GROUP_SETS_TYPE)


def _check_link(registration: Registration, course: Course) -> None:
    link_id = request.args.get("rlid")
    own = (p.id for p in catalogue.placements(current_db(), course.id) if p.registration_id == registration.id)
    if link_id is not None and link_id not in map(str, own):
        refuse("rlid names no resource link of this tool in this course.", 404)


def _member(member: roster.Member, course: Course, registration: Registration) -> dict[str, Any]:
    person = member.person
    if member.role is None:
        return {"status": "Deleted", "user_id": person.sub, "roles": []}
    found: dict[str, Any] = {
        "status": member.status,
        "user_id": person.sub,
        "roles": course_roles(person, member.role),
    }
    if registration.shares_personal_data:
        personal = {
            "name": person.name,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "email": person.email,
            "lis_person_sourcedid": person.sourced_id,
        }
        found |= {name: value for name, value in personal.items() if value}
    if request.args.get("groups") == "true":
        own = roster.group_ids(current_db(), course.id, person.sub)
        found["group_enrollments"] = [{"group_id": str(group_id)} for group_id in own]
    return found


def _container(name: str, items: list[dict[str, Any]], media_type: str) -> Response:
    """One page of groups or sets, with a link to the next one where there is more."""
    limit, start = page_arguments()
    url = f"{current_lms().issuer}{request.path}"
    response = answer({"id": url, name: items[start : start + limit]}, media_type)
    if start + limit < len(items):
        query = {**request.args.to_dict(), "limit": str(limit), "from": str(start + limit)}
        response.headers["Link"] = f'<{url}?{urlencode(query)}>; rel="next"'
    return response
