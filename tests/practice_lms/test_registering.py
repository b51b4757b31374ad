"""Tools register themselves: as each LMS describes itself, takes and answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.practice_lms import Fault, Faults, practice_lms_of
from lti_tool.practice_lms.html_page import PageParser
from lti_tool.practice_lms.registrars import REGISTRARS, TOOL_CONFIGURATION
from tests.practice_lms.clock import Clock
from tests.practice_lms.conftest import LMS_URL, client_of
from tests.practice_lms.tool import TOOL_URL, sign_in

RECORDED = json.loads((Path(__file__).parent / "recorded" / "dynamic-registration.json").read_text())
PROFILES = sorted(REGISTRARS)
CANVAS = "https://canvas.instructure.com/lti/"


def good(**changes: Any) -> dict[str, Any]:
    """A registration that every LMS takes."""
    sent = json.loads(json.dumps(RECORDED["sent"]).replace("https://tool.example.org", TOOL_URL))
    return {name: value for name, value in (sent | changes).items() if value is not None}


def begin(client: FlaskClient) -> tuple[str, str]:
    """Begin a registration as an administrator does; gives the configuration's address and the token."""
    sign_in(client, "administrator-1")
    page = client.post("/tools/registrations", data={"address": f"{TOOL_URL}/register/x"})
    assert page.status_code == 200
    parser = PageParser(LMS_URL)
    parser.feed(page.text)
    (frame,) = parser.frames
    assert frame.startswith(f"{TOOL_URL}/register/x?")
    assert f"frame-src 'self' {TOOL_URL}" in page.headers["Content-Security-Policy"]
    query = dict(parse_qsl(urlsplit(frame).query))
    return query["openid_configuration"], query["registration_token"]


def read(client: FlaskClient, address: str, token: str) -> Any:
    parts = urlsplit(address)
    answer = client.get(f"{parts.path}?{parts.query}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    return answer.json


def post(client: FlaskClient, configuration: Any, token: str, sent: Any) -> TestResponse:
    path = urlsplit(configuration["registration_endpoint"]).path
    return client.post(path, json=sent, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture(params=PROFILES)
def registering(request: pytest.FixtureRequest, make_lms: Callable[..., Flask]) -> Flask:
    return make_lms(profile=request.param)


def test_a_tool_registers_once_and_is_placed_in_a_course(registering: Flask) -> None:
    client = client_of(registering)
    configuration, token = begin(client)
    found = read(client, configuration, token)
    assert found["issuer"] == LMS_URL
    assert found["authorization_endpoint"] == practice_lms_of(registering).auth_url
    answer = post(client, found, token, good())
    assert answer.status_code in {200, 201}, answer.text
    client_id = answer.json["client_id"]
    again = post(client, found, token, good())
    assert again.status_code == 401
    tools = client.get("/tools/")
    assert client_id in tools.text
    placed = client.post("/tools/1000/activities", data={"course_id": "1", "title": "Try it"})
    assert placed.status_code == 303
    assert "Try it" in client.get(placed.location).text
    assert TOOL_URL in client.get(placed.location).headers["Content-Security-Policy"]


def test_moodle_describes_itself_and_answers_as_recorded(make_lms: Callable[..., Flask]) -> None:
    client = client_of(make_lms(profile="moodle"))
    configuration, token = begin(client)
    found = read(client, configuration, token)
    recorded = json.loads(json.dumps(RECORDED["openid_configuration"]).replace("https://moodle.example.org", LMS_URL))
    assert found == recorded
    assert list(found) == list(recorded)
    answer = post(client, found, token, RECORDED["sent"])
    assert answer.status_code == RECORDED["status"]
    assert answer.headers["Content-Type"] == RECORDED["resp_headers"]["Content-Type"]
    # Hosts were renamed in the recording, and with them a scheme: the tool stood at http there.
    expected = json.loads(RECORDED["resp"].replace("http:\\/\\/tool", "https:\\/\\/tool"))
    expected["client_id"] = answer.json["client_id"]
    expected[TOOL_CONFIGURATION]["deployment_id"] = answer.json[TOOL_CONFIGURATION]["deployment_id"]
    assert answer.json == expected
    assert "\\/" in answer.text
    second = post(client, found, token, RECORDED["sent"])
    assert [second.status_code, second.text] == RECORDED["second_use"]


def test_canvas_guards_its_configuration_and_tells_no_deployment(make_lms: Callable[..., Flask]) -> None:
    client = client_of(make_lms(profile="canvas"))
    configuration, token = begin(client)
    parts = urlsplit(configuration)
    assert dict(parse_qsl(parts.query)) == {"registration_token": token}
    assert client.get(f"{parts.path}?{parts.query}").status_code == 401
    found = read(client, configuration, token)
    sent = good()
    sent[TOOL_CONFIGURATION][f"{CANVAS}privacy_level"] = "everything"
    assert post(client, found, token, sent).status_code == 400
    sent[TOOL_CONFIGURATION][f"{CANVAS}privacy_level"] = "name_only"
    sent[TOOL_CONFIGURATION]["messages"] = [{"type": "LtiDeepLinkingRequest", "placements": ["nowhere"]}]
    assert post(client, found, token, sent).status_code == 400
    answer = post(client, found, token, good())
    assert "deployment_id" not in answer.json[TOOL_CONFIGURATION]


@pytest.mark.parametrize(
    "changes",
    [
        {"client_name": None},
        {"jwks_uri": "ftp://tool/keys"},
        {"redirect_uris": []},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"response_types": ["code"]},
        {"token_endpoint_auth_method": "none"},
        {TOOL_CONFIGURATION: None},
        {TOOL_CONFIGURATION: {"domain": "other.example.org", "target_link_uri": f"{TOOL_URL}/x", "messages": []}},
        {TOOL_CONFIGURATION: {"domain": "tool.example.org", "target_link_uri": f"{TOOL_URL}/x", "messages": [{}]}},
        {"client_name": "a\x00b"},
    ],
)
def test_refuses_what_no_lms_takes(registering: Flask, changes: dict[str, Any]) -> None:
    client = client_of(registering)
    configuration, token = begin(client)
    found = read(client, configuration, token)
    assert post(client, found, token, good(**changes)).status_code == 400
    assert post(client, found, token, good()).status_code in {200, 201}


def test_a_token_is_wanted_known_and_young(registering: Flask, clock: Clock) -> None:
    client = client_of(registering)
    configuration, token = begin(client)
    found = read(client, configuration, token)
    path = urlsplit(found["registration_endpoint"]).path
    assert client.post(path, json=good()).status_code == 401
    assert post(client, found, "made-up", good()).status_code == 401
    clock.at += timedelta(hours=2)
    assert post(client, found, token, good()).status_code == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 10_000])
def test_takes_json_objects_only(registering: Flask, body: bytes) -> None:
    client = client_of(registering)
    configuration, token = begin(client)
    path = urlsplit(read(client, configuration, token)["registration_endpoint"]).path
    answer = client.post(path, data=body, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 400


def test_tools_are_for_administrators(client: FlaskClient) -> None:
    assert client.get("/tools/").status_code == 303
    sign_in(client, "trainer-1")
    assert client.get("/tools/").status_code == 404
    assert client.post("/tools/registrations", data={"address": f"{TOOL_URL}/x"}).status_code == 404
    sign_in(client, "administrator-1")
    assert client.get("/tools/").status_code == 200
    for address in ("", "javascript:alert(1)", "https://"):
        assert client.post("/tools/registrations", data={"address": address}).status_code == 400
    other = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/tools/registrations", data={"address": TOOL_URL}, headers=other).status_code == 403


def test_a_registration_may_be_lost_on_its_way_back(make_lms: Callable[..., Flask]) -> None:
    faults = Faults()
    client = client_of(make_lms(faults=faults))
    configuration, token = begin(client)
    found = read(client, configuration, token)
    faults.add(Fault(operation="register", when="after", status=502, body="<html>"))
    assert post(client, found, token, good()).status_code == 502
    assert "Dyn-registered throwaway" in client.get("/tools/").text
    faults.add(Fault(operation="openid_configuration", status=503))
    parts = urlsplit(configuration)
    assert client.get(f"{parts.path}?{parts.query}").status_code == 503
