"""Strict launches: the login request, the authentication endpoint and the id_token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lti_tool.practice_lms import Faults, PracticeLms, practice_lms_of
from lti_tool.practice_lms.vocabulary import AGS_ENDPOINT, GROUPS, LTI, NRPS
from tests.practice_lms.clock import Clock
from tests.practice_lms.conftest import LMS_URL, client_of
from tests.practice_lms.tool import TOOL_URL, authentication_request, decode, form_of, launch, sign_in

REDIRECT_URI = f"{TOOL_URL}/launch"


def begin(client: FlaskClient, sub: str = "learner-1", placement_id: int = 1) -> dict[str, str]:
    """The login request of a launch."""
    sign_in(client, sub)
    return form_of(client.get(f"/placements/{placement_id}/launch"))[1]


def answer(client: FlaskClient, request: dict[str, str]) -> dict[str, str]:
    """What is posted to the redirect URI."""
    action, fields = form_of(client.get("/lti/auth", query_string=request))
    assert action == REDIRECT_URI
    return fields


def test_sends_the_browser_to_the_tools_login(client: FlaskClient) -> None:
    sign_in(client, "learner-1")
    response = client.get("/placements/1/launch")
    action, form = form_of(response)
    assert response.mimetype == "text/html"
    assert response.headers["Cache-Control"] == "no-store"
    assert action == f"{TOOL_URL}/login"
    assert form == {
        "iss": LMS_URL,
        "target_link_uri": f"{TOOL_URL}/launch?module=m1-readiness",
        "login_hint": "learner-1",
        "lti_message_hint": form["lti_message_hint"],
        "client_id": "practice-client",
        "lti_deployment_id": "practice-deployment",
    }


def test_answers_with_a_signed_id_token(client: FlaskClient, lms: PracticeLms, clock: Clock) -> None:
    header, claims = launch(client, lms, "learner-1", 1)
    now = int(clock().timestamp())
    line_items = f"{LMS_URL}/lti/courses/1/line-items"
    assert header == {"typ": "JWT", "alg": "RS256", "kid": lms.signing_key.kid}
    assert claims == {
        "iss": LMS_URL,
        "aud": "practice-client",
        "azp": "practice-client",
        "sub": "learner-1",
        "nonce": "nonce-1",
        "iat": now,
        "exp": now + 300,
        "name": "Learner One",
        "given_name": "Learner",
        "family_name": "One",
        "email": "learner.one@example.org",
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": "practice-deployment",
        f"{LTI}target_link_uri": f"{TOOL_URL}/launch?module=m1-readiness",
        f"{LTI}resource_link": {"id": "1", "title": "Readiness"},
        f"{LTI}roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
        f"{LTI}context": {
            "id": "1",
            "label": "DIM-1",
            "title": "Digital innovation management, spring cohort",
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
        },
        f"{LTI}launch_presentation": {
            "document_target": "iframe",
            "locale": "en",
            "return_url": f"{LMS_URL}/courses/1/placements/1/returned",
        },
        f"{LTI}tool_platform": {
            "guid": LMS_URL,
            "name": "Practice LMS",
            "product_family_code": "practice-lms",
            "version": "1",
        },
        f"{LTI}custom": {"course": "1", "unknown": "$Moon.phase"},
        AGS_ENDPOINT: {
            "scope": [
                "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
                "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly",
                "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
                "https://purl.imsglobal.org/spec/lti-ags/scope/score",
            ],
            "lineitems": line_items,
            "lineitem": f"{line_items}/1",
        },
        NRPS: {"context_memberships_url": f"{LMS_URL}/lti/courses/1/memberships", "service_versions": ["2.0"]},
        GROUPS: {
            "scope": ["https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"],
            "context_groups_url": f"{LMS_URL}/lti/courses/1/groups",
            "context_group_sets_url": f"{LMS_URL}/lti/courses/1/group-sets",
            "service_versions": ["1.0"],
        },
    }


def test_sends_no_names_for_a_person_without_one(client: FlaskClient, lms: PracticeLms) -> None:
    _, claims = launch(client, lms, "learner-3", 1)
    assert not {"name", "given_name", "family_name", "email"} & claims.keys()


def test_a_trainer_is_an_instructor(client: FlaskClient, lms: PracticeLms) -> None:
    _, claims = launch(client, lms, "trainer-1", 2)
    assert claims[f"{LTI}roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"]
    assert claims[f"{LTI}launch_presentation"]["document_target"] == "window"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"scope": "openid profile"}, "invalid_scope"),
        ({"response_type": "code"}, "unsupported_response_type"),
        ({"response_mode": "query"}, "invalid_request"),
        ({"prompt": "login"}, "invalid_request"),
        ({"state": ""}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"nonce": "n" * 9000}, "invalid_request"),
        ({"login_hint": "learner-2"}, "access_denied"),
        ({"lti_message_hint": "made-up"}, "invalid_request"),
    ],
    ids=str,
)
def test_refuses_a_wrong_authentication_request(client: FlaskClient, changes: dict[str, str], error: str) -> None:
    fields = answer(client, authentication_request(begin(client), REDIRECT_URI, **changes))
    assert fields["error"] == error
    assert "id_token" not in fields
    assert fields.get("state", "") == changes.get("state", "state-1")


@pytest.mark.parametrize("changes", [{"client_id": "someone-else"}, {"redirect_uri": f"{REDIRECT_URI}?x=1"}], ids=str)
def test_posts_nothing_to_a_tool_it_does_not_know(client: FlaskClient, changes: dict[str, str]) -> None:
    request = authentication_request(begin(client), REDIRECT_URI) | changes
    response = client.get("/lti/auth", query_string=request)
    assert response.status_code == 400
    assert 'method="post" action="https:' not in response.text


def test_refuses_a_parameter_that_comes_twice(client: FlaskClient) -> None:
    request = authentication_request(begin(client), REDIRECT_URI)
    response = client.post("/lti/auth", query_string={"nonce": "other"}, data=request)
    assert response.status_code == 400


def test_uses_a_message_hint_once(client: FlaskClient) -> None:
    request = authentication_request(begin(client), REDIRECT_URI)
    assert "id_token" in answer(client, request)
    assert answer(client, request)["error"] == "invalid_request"


def test_uses_up_the_message_hint_of_a_refused_request(client: FlaskClient) -> None:
    request = authentication_request(begin(client), REDIRECT_URI)
    assert "error" in answer(client, request | {"scope": "email"})
    assert "error" in answer(client, request)


def test_a_message_hint_grows_old(client: FlaskClient, clock: Clock) -> None:
    request = authentication_request(begin(client), REDIRECT_URI)
    clock.advance(601)
    assert answer(client, request)["error"] == "invalid_request"


def test_refuses_the_message_hint_of_another_person(app: Flask) -> None:
    first, second = client_of(app), client_of(app)
    stolen = begin(first, "learner-1")["lti_message_hint"]
    login = {**begin(second, "learner-2"), "lti_message_hint": stolen}
    assert answer(second, authentication_request(login, REDIRECT_URI))["error"] == "access_denied"


def test_asks_itself_again_when_the_frame_brings_no_cookie(app: Flask, client: FlaskClient) -> None:
    request = authentication_request(begin(client), REDIRECT_URI)
    stranger = client_of(app)
    action, fields = form_of(stranger.get("/lti/auth", query_string=request))
    assert (action, fields) == ("/lti/auth", {**request, "repost": "1"})
    assert "id_token" in form_of(client.post("/lti/auth", data=fields))[1]


def test_says_login_required_when_nobody_is_signed_in(client: FlaskClient) -> None:
    request = authentication_request(begin(client), REDIRECT_URI, repost="1")
    client.post("/sign-out")
    assert form_of(client.post("/lti/auth", data=request))[1]["error"] == "login_required"


def test_does_not_begin_a_launch_in_a_course_of_others(make_moodle: Callable[..., Flask]) -> None:
    from tests.practice_lms.recordings import Names

    client = client_of(make_moodle(Names()))
    assert client.get("/placements/1/launch").status_code == 404


def test_escapes_what_a_tool_sends(client: FlaskClient) -> None:
    hostile = '"><script>alert(1)</script>'
    response = client.get(
        "/lti/auth", query_string=authentication_request(begin(client), REDIRECT_URI, state=hostile, scope=hostile)
    )
    assert "<script>alert" not in response.text
    assert form_of(response)[1]["state"] == hostile


def test_the_key_set_may_be_kept_for_a_while_and_holds_no_private_parts(client: FlaskClient) -> None:
    response = client.get("/lti/jwks")
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert client.get("/lti/jwks", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    (key,) = response.json["keys"]
    assert key.keys() == {"kty", "n", "e", "kid", "alg", "use", "key_ops"}


def test_keeps_old_keys_in_the_key_set_after_a_change(client: FlaskClient, lms: PracticeLms) -> None:
    old = lms.signing_key.kid
    new = lms.rotate_key().kid
    assert [key["kid"] for key in client.get("/lti/jwks").json["keys"]] == [old, new]
    assert launch(client, lms, "learner-1", 1)[0]["kid"] == new


def test_people_keys_and_launches_survive_a_restart(make_lms: Callable[..., Flask]) -> None:
    first = make_lms()
    client = client_of(first)
    request = authentication_request(begin(client), REDIRECT_URI)
    kid = practice_lms_of(first).signing_key.kid
    second = make_lms()
    cookie = client.get_cookie("practice_lms_8001", domain="127.0.0.1")
    assert cookie is not None
    again = client_of(second)
    again.set_cookie(cookie.key, cookie.value, domain="127.0.0.1")
    fields = form_of(again.get(urlsplit("/lti/auth").path, query_string=request))[1]
    assert decode(again, practice_lms_of(second), fields["id_token"])[0]["kid"] == kid


def test_lets_a_test_tamper_with_an_id_token(make_lms: Callable[..., Flask]) -> None:
    faults = Faults()
    app = make_lms(faults=faults)

    def tamper(header: dict[str, Any], claims: dict[str, Any]) -> None:
        del claims[f"{LTI}deployment_id"]
        claims["aud"] = ["someone-else"]

    faults.tamper = tamper
    _, claims = launch(client_of(app), practice_lms_of(app), "learner-1", 1)
    assert f"{LTI}deployment_id" not in claims
    assert claims["aud"] == ["someone-else"]
