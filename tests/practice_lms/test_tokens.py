"""The strict token endpoint."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient

from lti_tool.practice_lms import PracticeLms
from lti_tool.practice_lms.vocabulary import MEMBERSHIPS_READ, RESULT_READ, SCORE
from tests.practice_lms.clock import Clock
from tests.practice_lms.conftest import LMS_URL, client_of
from tests.practice_lms.tool import Tool, token_form

CLIENT_ID = "practice-client"
TOKEN_URL = f"{LMS_URL}/lti/token"


@pytest.fixture
def claims(tool: Tool, clock: Clock) -> dict[str, Any]:
    return tool.claims(CLIENT_ID, TOKEN_URL, clock())


def ask(client: FlaskClient, assertion: str, *scopes: str, **changes: str) -> tuple[int, dict[str, Any]]:
    response = client.post("/lti/token", data=token_form(assertion, *(scopes or (SCORE,)), **changes))
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    return response.status_code, response.json


def test_gives_a_token_for_a_good_assertion(client: FlaskClient, tool: Tool, claims: dict[str, Any]) -> None:
    status, answer = ask(client, tool.sign(claims), SCORE)
    assert status == 200
    assert answer == {
        "access_token": answer["access_token"],
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": SCORE,
    }


def test_grants_the_scopes_it_has_of_those_asked_for(client: FlaskClient, tool: Tool, claims: dict[str, Any]) -> None:
    _, answer = ask(client, tool.sign(claims), RESULT_READ, MEMBERSHIPS_READ, SCORE, SCORE, "openid")
    assert answer["scope"] == f"{RESULT_READ} {MEMBERSHIPS_READ} {SCORE}"


def test_refuses_when_it_has_none_of_the_scopes(client: FlaskClient, tool: Tool, claims: dict[str, Any]) -> None:
    assert ask(client, tool.sign(claims), "openid")[1]["error"] == "invalid_scope"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "someone-else"},
        {"sub": "someone-else"},
        {"iss": "someone-else", "sub": "someone-else"},
        {"iss": "\ud800", "sub": "\ud800"},
        {"aud": LMS_URL},
        {"aud": [LMS_URL]},
        {"aud": None},
        {"jti": None},
        {"jti": ""},
        {"jti": "j" * 256},
        {"jti": "\ud800"},
        {"iat": None},
        {"exp": None},
        {"iat": "yesterday"},
        {"exp": float("nan")},
        {"iat": float("nan")},
        {"exp": 10**400},
        {"iat+": 1},
        {"exp+": -60},
        {"iat+": -3600},
        {"exp+": 3600},
    ],
    ids=str,
)
def test_refuses_a_wrong_claim(client: FlaskClient, tool: Tool, claims: dict[str, Any], change: dict[str, Any]) -> None:
    for name, value in change.items():
        claims[name.rstrip("+")] = claims[name[:-1]] + value if name.endswith("+") else value
    present = {name: value for name, value in claims.items() if value is not None}
    status, answer = ask(client, sign_anything(tool, present))
    assert (status, answer["error"]) == (401, "invalid_client"), answer


def sign_anything(tool: Tool, claims: dict[str, Any]) -> str:
    """Sign claims that a library would not sign."""
    return jwt.api_jws.encode(
        json.dumps(claims).encode(), tool.private, "RS256", headers={"kid": tool.kid, "typ": "JWT"}
    )


def test_takes_an_audience_list_that_holds_the_token_url(
    client: FlaskClient, tool: Tool, claims: dict[str, Any]
) -> None:
    assert ask(client, tool.sign({**claims, "aud": ["https://elsewhere.example.org", TOKEN_URL]}))[0] == 200


def test_takes_an_assertion_id_once(client: FlaskClient, tool: Tool, claims: dict[str, Any]) -> None:
    assertion = tool.sign(claims)
    assert ask(client, assertion)[0] == 200
    assert ask(client, assertion)[1]["error"] == "invalid_client"
    assert ask(client, tool.sign({**claims, "iat": claims["iat"] - 1}))[1]["error"] == "invalid_client"


@pytest.mark.parametrize(
    "assertion",
    ["", "not.a.jwt", "a.b", "e30." + base64.urlsafe_b64encode(b"[" * 30_000).decode() + ".e30"],
    ids=["empty", "not-base64", "two-parts", "deeply-nested"],
)
def test_refuses_what_is_no_jwt(client: FlaskClient, assertion: str) -> None:
    assert ask(client, assertion)[1]["error"] == "invalid_request"


def test_refuses_an_assertion_without_kid(client: FlaskClient, tool: Tool, claims: dict[str, Any]) -> None:
    assert "kid" in ask(client, tool.sign_without_kid(claims))[1]["error_description"]


def test_refuses_an_unknown_kid(client: FlaskClient, tool: Tool, claims: dict[str, Any]) -> None:
    assert ask(client, tool.sign(claims, kid="other"))[1]["error"] == "invalid_client"


def test_refuses_another_key_under_a_known_kid(client: FlaskClient, tool: Tool, claims: dict[str, Any]) -> None:
    assert ask(client, Tool().sign(claims, kid=tool.kid))[1]["error"] == "invalid_client"


def test_refuses_other_algorithms(client: FlaskClient, tool: Tool, claims: dict[str, Any]) -> None:
    secret = "s" * 64
    for assertion in (
        jwt.encode(claims, secret, algorithm="HS256", headers={"kid": tool.kid}),
        jwt.encode(claims, None, algorithm="none", headers={"kid": tool.kid}),
        jwt.encode(claims, tool.private, algorithm="RS512", headers={"kid": tool.kid}),
    ):
        assert ask(client, assertion)[1]["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"client_assertion_type": "other"}, "invalid_request"),
    ],
)
def test_refuses_a_wrong_form(
    client: FlaskClient, tool: Tool, claims: dict[str, Any], changes: dict[str, str], error: str
) -> None:
    status, answer = ask(client, tool.sign(claims), **changes)
    assert (status, answer["error"]) == (400, error)


def test_takes_forms_only(client: FlaskClient, tool: Tool, claims: dict[str, Any]) -> None:
    response = client.post("/lti/token", json=token_form(tool.sign(claims), SCORE))
    assert (response.status_code, response.json["error"]) == (400, "invalid_request")


def test_refuses_a_body_that_is_too_large(client: FlaskClient) -> None:
    assert client.post("/lti/token", data={"client_assertion": "x" * 70_000}).status_code == 413


def test_fetches_the_key_set_again_for_a_new_kid_only(make_lms: Callable[..., Flask], clock: Clock) -> None:
    tool = Tool()
    client = client_of(make_lms(fetch_key_set=tool.key_set))
    for _ in range(3):
        assert ask(client, tool.sign(tool.claims(CLIENT_ID, TOKEN_URL, clock())))[0] == 200
    assert tool.fetches == 1
    tool.kid = "tool-key-2"
    assert ask(client, tool.sign(tool.claims(CLIENT_ID, TOKEN_URL, clock())))[0] == 200
    assert tool.fetches == 2


@pytest.mark.parametrize(
    "key_set",
    [
        b"",
        b"[]",
        b'{"keys": 1}',
        b'{"keys": [{"kty": "RSA", "kid": "tool-key-1", "n": "!", "e": "AQAB"}]}',
        b"[" * 60_000,
    ],
)
def test_says_when_the_tools_key_set_is_useless(
    make_lms: Callable[..., Flask], tool: Tool, claims: dict[str, Any], key_set: bytes
) -> None:
    client = client_of(make_lms(fetch_key_set=lambda _url: key_set))
    assert ask(client, tool.sign(claims))[1]["error"] == "invalid_client"


def test_says_when_the_tool_cannot_be_reached(
    make_lms: Callable[..., Flask], tool: Tool, claims: dict[str, Any]
) -> None:
    def unreachable(url: str) -> bytes:
        raise OSError(f"{url} did not answer")

    client = client_of(make_lms(fetch_key_set=unreachable))
    assert "did not answer" in ask(client, tool.sign(claims))[1]["error_description"]


def test_a_token_expires(
    client: FlaskClient, lms: PracticeLms, tool: Tool, claims: dict[str, Any], clock: Clock
) -> None:
    token = ask(client, tool.sign(claims), RESULT_READ)[1]["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/lti/courses/1/line-items/1/results", headers=headers).status_code == 200
    clock.advance(3600)
    assert client.get("/lti/courses/1/line-items/1/results", headers=headers).status_code == 401
