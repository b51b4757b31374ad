"""The strict roster: pages, roles, differences, groups, and who may read it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from lti_tool.practice_lms import PracticeLms, Seed, catalogue, practice_lms_of, roster
from lti_tool.practice_lms.database import transaction
from lti_tool.practice_lms.model import Course, Enrolment, Group, GroupSet, Person
from lti_tool.practice_lms.vocabulary import (
    GROUP_SETS_TYPE,
    GROUPS_READ,
    GROUPS_TYPE,
    MEMBERS_TYPE,
    MEMBERSHIP_ROLE,
    MEMBERSHIPS_READ,
    SCORE,
    TEST_USER_ROLE,
)
from tests.practice_lms.conftest import LMS_URL, client_of
from tests.practice_lms.tool import Tool, launch, take_token

MEMBERS = "/lti/courses/1/memberships"
GROUPS = "/lti/courses/1/groups"
SETS = "/lti/courses/1/group-sets"
LEARNER, TRAINER = f"{MEMBERSHIP_ROLE}Learner", f"{MEMBERSHIP_ROLE}Instructor"


class Reader:
    """Reads as a tool with certain scopes."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self.headers = client, {"Authorization": f"Bearer {token}"}
        self.links: dict[str, str] = {}

    def get(self, url: str, accept: str, status: int = 200) -> Any:
        parts = urlsplit(url)
        response = self.client.get(f"{parts.path}?{parts.query}", headers={**self.headers, "Accept": accept})
        assert response.status_code == status, response.text
        found = re.findall(r'<([^>]+)>; rel="(\w+)"', response.headers.get("Link", ""))
        self.links = {name: url for url, name in found}
        return json.loads(response.text)

    def subs(self, url: str) -> list[str]:
        return [member["user_id"] for member in self.get(url, MEMBERS_TYPE)["members"]]


@pytest.fixture
def reader(client: FlaskClient, lms: PracticeLms, tool: Tool) -> Reader:
    return Reader(client, take_token(client, lms, tool, "practice-client", MEMBERSHIPS_READ, GROUPS_READ))


def plant(lms: PracticeLms, **rows: Any) -> None:
    empty: dict[str, Any] = {"registrations": (), "courses": (), "people": (), "enrolments": ()}
    with lms.connect() as connection:
        catalogue.plant(connection, Seed(**(empty | rows)))


def test_names_who_is_in_a_course_with_whole_role_names(reader: Reader) -> None:
    body = reader.get(MEMBERS, MEMBERS_TYPE)
    assert body["id"] == LMS_URL + MEMBERS
    assert body["context"]["id"] == "1"
    first, *_, trainer = body["members"]
    assert first == {
        "status": "Active",
        "user_id": "learner-1",
        "roles": [LEARNER],
        "name": "Learner One",
        "given_name": "Learner",
        "family_name": "One",
        "email": "learner.one@example.org",
    }
    assert trainer["roles"] == [TRAINER]
    assert [member.get("name") for member in body["members"]][2] is None


def test_goes_through_pages_and_filters_by_role(reader: Reader) -> None:
    assert reader.subs(f"{MEMBERS}?limit=3") == ["learner-1", "learner-2", "learner-3"]
    assert reader.subs(reader.links["next"]) == ["trainer-1"]
    assert "next" not in reader.links
    for role in ("Instructor", TRAINER.replace("#", "%23")):
        assert reader.subs(f"{MEMBERS}?role={role}") == ["trainer-1"]
    reader.get(f"{MEMBERS}?limit=0", MEMBERS_TYPE, 400)
    reader.get(f"{MEMBERS}?rlid=77", MEMBERS_TYPE, 404)


def test_differences_tell_who_came_changed_and_went_since_the_first_page(lms: PracticeLms, reader: Reader) -> None:
    reader.subs(f"{MEMBERS}?limit=2")
    plant(lms, people=[Person(sub="new")], enrolments=[Enrolment(course_id=1, sub="new", role="Learner")])
    reader.subs(reader.links["next"])
    plant(lms, enrolments=[Enrolment(course_id=1, sub="learner-2", role="Learner", status="Inactive")])
    plant(lms, enrolments=[Enrolment(course_id=1, sub="learner-1", role="Learner")])
    with lms.connect() as connection:
        roster.leave(connection, 1, "learner-3")
    members = reader.get(reader.links["differences"], MEMBERS_TYPE)["members"]
    assert [(member["user_id"], member["status"]) for member in members] == [
        ("learner-2", "Inactive"),
        ("learner-3", "Deleted"),
        ("new", "Active"),
    ]
    assert reader.get(reader.links["differences"], MEMBERS_TYPE)["members"] == []


def test_keeps_names_where_they_are_not_shared(make_lms, seed: Seed, tool: Tool) -> None:
    quiet = replace(seed, registrations=[replace(each, shares_personal_data=False) for each in seed.registrations])
    app = make_lms(seed=quiet)
    client = client_of(app)
    token = take_token(client, practice_lms_of(app), tool, "practice-client", MEMBERSHIPS_READ)
    members = Reader(client, token).get(MEMBERS, MEMBERS_TYPE)["members"]
    assert all(set(member) == {"status", "user_id", "roles"} for member in members)


def test_groups_stand_in_sets_and_at_their_people(lms: PracticeLms, reader: Reader) -> None:
    plant(
        lms,
        group_sets=[GroupSet(id=7, course_id=1, name="Projects")],
        groups=[
            Group(id=1, course_id=1, name="North", set_id=7, subs=("learner-1",)),
            Group(id=2, course_id=1, name="South", subs=("learner-1", "learner-2")),
        ],
    )
    assert reader.get(SETS, GROUP_SETS_TYPE)["sets"] == [{"id": "7", "name": "Projects"}]
    assert reader.get(GROUPS, GROUPS_TYPE)["groups"] == [
        {"id": "1", "name": "North", "set_id": "7"},
        {"id": "2", "name": "South"},
    ]
    assert [each["id"] for each in reader.get(f"{GROUPS}?user_id=learner-2", GROUPS_TYPE)["groups"]] == ["2"]
    assert reader.get(f"{GROUPS}?limit=1", GROUPS_TYPE)["groups"][0]["name"] == "North"
    assert reader.get(reader.links["next"], GROUPS_TYPE)["groups"][0]["name"] == "South"
    members = reader.get(f"{MEMBERS}?groups=true", MEMBERS_TYPE)["members"]
    enrolled = [[each["group_id"] for each in member["group_enrollments"]] for member in members]
    assert enrolled == [["1", "2"], ["2"], [], []]


def test_a_scope_a_token_and_a_course_of_its_own_are_needed(
    client: FlaskClient, lms: PracticeLms, tool: Tool, reader: Reader
) -> None:
    plant(lms, courses=[Course(id=2, label="C2", title="Without the tool")])
    reader.get("/lti/courses/2/memberships", MEMBERS_TYPE, 404)
    reader.get("/lti/courses/2/groups", GROUPS_TYPE, 404)
    reader.get(MEMBERS, "text/html", 406)
    scores = Reader(client, take_token(client, lms, tool, "practice-client", SCORE))
    stranger = Reader(client, "no-token")
    for path, accept in ((MEMBERS, MEMBERS_TYPE), (GROUPS, GROUPS_TYPE), (SETS, GROUP_SETS_TYPE)):
        scores.get(path, accept, 403)
        stranger.get(path, accept, 401)


def test_a_launch_names_the_services_and_marks_test_users(client: FlaskClient, lms: PracticeLms) -> None:
    enrolment = Enrolment(course_id=1, sub="preview", role="Learner")
    plant(lms, people=[Person(sub="preview", is_test_user=True)], enrolments=[enrolment])
    _, claims = launch(client, lms, "preview", 1)
    service = claims["https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"]
    assert service == {"context_memberships_url": LMS_URL + MEMBERS, "service_versions": ["2.0"]}
    assert (
        claims["https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"]["context_groups_url"] == LMS_URL + GROUPS
    )
    assert claims["https://purl.imsglobal.org/spec/lti/claim/roles"] == [LEARNER, TEST_USER_ROLE]
    with lms.connect() as connection, transaction(connection):
        (member,) = [m for m in roster.members(connection, 1, "", 0, 10) if m.person.is_test_user]
    assert member.person.sub == "preview"
