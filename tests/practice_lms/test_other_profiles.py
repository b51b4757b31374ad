"""Profiles ``d2l``, ``blackboard`` and ``sakai``: what sets them apart from the strict one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lti_tool.practice_lms import PracticeLms, practice_lms_of
from lti_tool.practice_lms.vocabulary import GRADE_SCOPES, LTI, SCORE
from tests.practice_lms.clock import Clock
from tests.practice_lms.conftest import LMS_URL, client_of
from tests.practice_lms.test_gradebook_services import ITEM, Service
from tests.practice_lms.test_registering import TOOL_CONFIGURATION, begin, good, post, read
from tests.practice_lms.tool import TOOL_URL, Tool, launch, sign_in, take_token, token_form

AUDIENCE = "https://api.brightspace.com/auth/token"


@pytest.fixture
def make(make_lms: Callable[..., Flask]) -> Callable[[str], FlaskClient]:
    return lambda profile: client_of(make_lms(profile=profile))


def lms_of(client: FlaskClient) -> PracticeLms:
    return practice_lms_of(client.application)


def service_of(client: FlaskClient, tool: Tool) -> Service:
    return Service(client, take_token(client, lms_of(client), tool, "practice-client", *GRADE_SCOPES))


def claims_of(client: FlaskClient) -> dict[str, Any]:
    return launch(client, lms_of(client), "learner-1", 1)[1]


@pytest.mark.parametrize(("profile", "family"), [("d2l", "desire2learn"), ("blackboard", "BlackboardLearn")])
def test_launches_say_which_lms_it_is(make: Callable[[str], FlaskClient], profile: str, family: str) -> None:
    claims = claims_of(make(profile))
    assert claims[f"{LTI}tool_platform"]["product_family_code"] == family


def test_d2l_sends_no_azp_and_its_tokens_are_good_from_now_on(make: Callable[[str], FlaskClient]) -> None:
    claims = claims_of(make("d2l"))
    assert "azp" not in claims
    assert claims["nbf"] == claims["iat"]
    assert claims["exp"] - claims["iat"] == 1800
    assert claims[f"{LTI}lti11_legacy_user_id"] == claims["sub"] == "learner-1"


@pytest.mark.parametrize(
    ("audience", "status"), [(AUDIENCE, 200), (f"{LMS_URL}/core/connect/token", 400), (LMS_URL, 400)]
)
def test_d2l_wants_one_audience_for_tokens(
    make: Callable[[str], FlaskClient], tool: Tool, clock: Clock, audience: str, status: int
) -> None:
    client = make("d2l")
    assertion = tool.sign(tool.claims("practice-client", audience, clock()))
    answer = client.post("/core/connect/token", data=token_form(assertion, SCORE))
    assert answer.status_code == status
    if status == 400:
        assert answer.json["error"] == "invalid_grant"
        assert answer.json["error_description"].startswith("Error validating assertion: ")


def test_d2l_names_its_audience_to_tools_that_register(make: Callable[[str], FlaskClient]) -> None:
    client = make("d2l")
    configuration, token = begin(client)
    assert read(client, configuration, token)["authorization_server"] == AUDIENCE


def test_the_others_leave_the_audience_out(make: Callable[[str], FlaskClient]) -> None:
    client = make("sakai")
    configuration, token = begin(client)
    assert "authorization_server" not in read(client, configuration, token)


@pytest.mark.parametrize(
    ("profile", "sub", "status", "words"),
    [
        ("d2l", "trainer-1", 422, ""),
        ("d2l", "administrator-1", 403, "not enrolled in the org unit"),
        ("d2l", "nobody", 404, "User in requested score does not exist"),
        ("blackboard", "trainer-1", 400, "User could not be found: trainer-1"),
        ("blackboard", "nobody", 400, "User could not be found: nobody"),
    ],
)
def test_scores_of_people_who_are_not_graded_are_refused_as_there(
    make: Callable[[str], FlaskClient], tool: Tool, profile: str, sub: str, status: int, words: str
) -> None:
    answer = service_of(make(profile), tool).score(userId=sub)
    assert answer.status_code == status
    assert words in answer.json["reason"]


def test_d2l_cuts_a_grade_to_the_maximum(make: Callable[[str], FlaskClient], tool: Tool) -> None:
    service = service_of(make("d2l"), tool)
    assert service.score(scoreGiven=12, scoreMaximum=10).status_code == 204
    (result,) = service.get(f"{ITEM}/results").get_json(force=True)
    assert (result["resultScore"], result["resultMaximum"]) == (8, 8)


def test_blackboard_leaves_comments_out_where_one_person_is_asked_for(
    make: Callable[[str], FlaskClient], tool: Tool
) -> None:
    service = service_of(make("blackboard"), tool)
    assert service.score().status_code == 204
    (listed,) = service.get(f"{ITEM}/results").get_json(force=True)
    (single,) = service.get(f"{ITEM}/results?user_id=learner-1").get_json(force=True)
    assert listed["comment"] == "Well done <b>x</b>"
    assert single == {name: value for name, value in listed.items() if name != "comment"}


def test_blackboard_registers_no_tools_by_itself(make: Callable[[str], FlaskClient]) -> None:
    client = make("blackboard")
    sign_in(client, "administrator-1")
    assert client.get("/tools/").status_code == 404
    assert "/tools/" not in client.get("/").text


@pytest.mark.parametrize(("profile", "path"), [("sakai", "/first"), ("strict", "/last"), ("d2l", "/last")])
def test_of_several_messages_for_choosing_content_one_counts(
    make: Callable[[str], FlaskClient], profile: str, path: str
) -> None:
    client = make(profile)
    configuration, token = begin(client)
    sent = good()
    sent[TOOL_CONFIGURATION]["messages"] = [
        {"type": "LtiResourceLinkRequest", "target_link_uri": f"{TOOL_URL}/link"},
        {"type": "LtiDeepLinkingRequest", "target_link_uri": f"{TOOL_URL}/first"},
        {"type": "LtiDeepLinkingRequest", "target_link_uri": f"{TOOL_URL}/last"},
    ]
    assert post(client, read(client, configuration, token), token, sent).status_code in {200, 201}
    with lms_of(client).connect() as connection:
        (kept,) = connection.execute("SELECT content_url FROM registrations WHERE id = 1000").fetchone()
    assert urlsplit(kept).path == path
