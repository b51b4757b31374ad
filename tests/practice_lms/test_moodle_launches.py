"""The Moodle profile begins and signs launches with the recorded claims, and so it does under other names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lti_tool.practice_lms import practice_lms_of
from lti_tool.practice_lms.database import transaction
from lti_tool.practice_lms.gradebook import add_line_item
from lti_tool.practice_lms.vocabulary import DEEP_LINKING, LTI
from tests.practice_lms.conftest import client_of
from tests.practice_lms.moodle_seed import other_names, picked_item_1
from tests.practice_lms.recordings import FOLDER, Names, blank, recorded, renamed_claims
from tests.practice_lms.tool import TOOL_URL, authentication_request, decode, form_of, launch, sign_in

# Who opened which placement for each recorded launch.
LAUNCHES = {
    "resource-link-admin-iframe": ("2", "1"),
    "resource-link-instructor-iframe": ("3", "1"),
    "resource-link-instructor-window": ("3", "2"),
    "resource-link-instructor-iframe-without-pii-no-ags": ("3", "8"),
    "resource-link-learner-iframe": ("4", "1"),
    "resource-link-learner-iframe-no-lineitem": ("4", "1"),
    "resource-link-learner-window": ("4", "2"),
}
# Which tool a trainer asked for content for each recorded request.
CONTENT = {
    "deep-linking-instructor-no-lineitem": ("3", "1"),
    "deep-linking-instructor-without-pii-no-ags": ("3", "4"),
}
# Who looked at whose work for each recorded review.
REVIEWS = {"submission-review-instructor-iframe-no-lineitem": ("3", "1", "4")}
EVERY_NAME = [Names(), other_names(3)]


def test_every_recording_is_either_answered_or_put_off_with_a_reason() -> None:
    others = {"login-request", "services-transcript", "dynamic-registration"}
    assert {path.stem for path in FOLDER.glob("*.json")} == LAUNCHES.keys() | CONTENT.keys() | REVIEWS.keys() | others


@pytest.mark.parametrize("names", EVERY_NAME, ids=lambda names: names.host)
@pytest.mark.parametrize("name", LAUNCHES)
def test_signs_the_recorded_claims(name: str, names: Names, make_moodle: Callable[[Names], Flask]) -> None:
    app = make_moodle(names)
    lms = practice_lms_of(app)
    lms.add_placement(picked_item_1("8", "4", names, column=None, keeps_blocks=True))
    if "no-lineitem" in name:
        add_second_line_item(app, names)
    sub, placement = LAUNCHES[name]
    header, claims = launch(client_of(app), lms, names.person(sub), int(names.placement(placement)))
    expected = recorded(f"{name}.json")

    assert header.keys() == expected["jwt_header"].keys()
    assert (header["typ"], header["alg"]) == ("JWT", "RS256")
    assert re.fullmatch("[0-9a-f]{20}", header["kid"])
    assert claims["iat"] == int(lms.now().timestamp())
    assert claims["exp"] - claims["iat"] == expected["claims"]["exp"] - expected["claims"]["iat"]
    assert settled(claims) == settled(renamed_claims(expected["claims"], names))


@pytest.mark.parametrize("names", EVERY_NAME, ids=lambda names: names.host)
@pytest.mark.parametrize("name", REVIEWS)
def test_signs_the_recorded_requests_for_a_review(
    name: str, names: Names, make_moodle: Callable[[Names], Flask]
) -> None:
    app = make_moodle(names)
    add_second_line_item(app, names)
    client = client_of(app)
    sub, placement, of = REVIEWS[name]
    sign_in(client, names.person(sub))
    path = f"/placements/{names.placement(placement)}/review?of={names.person(of)}"
    claims = claims_after(client, app, path)
    assert settled(claims) == settled(renamed_claims(recorded(f"{name}.json")["claims"], names))


def claims_after(client: FlaskClient, app: Flask, path: str) -> dict[str, Any]:
    """The claims that the LMS sends after its login request at an address."""
    _, login = form_of(client.get(path))
    asked = authentication_request(login, f"{TOOL_URL}/launch")
    _, fields = form_of(client.get("/mod/lti/auth.php", query_string=asked))
    return decode(client, practice_lms_of(app), fields["id_token"])[1]


@pytest.mark.parametrize("names", EVERY_NAME, ids=lambda names: names.host)
@pytest.mark.parametrize("name", CONTENT)
def test_signs_the_recorded_requests_for_content(
    name: str, names: Names, make_moodle: Callable[[Names], Flask]
) -> None:
    app = make_moodle(names)
    client = client_of(app)
    sub, tool = CONTENT[name]
    sign_in(client, names.person(sub))
    claims = claims_after(client, app, f"/courses/{names.course('2')}/tools/{names.tool(tool)}/content")
    # The address of the answer names course and tool.
    expected = renamed_claims(recorded(f"{name}.json")["claims"], names)
    settings = expected[f"{DEEP_LINKING}deep_linking_settings"]
    url = re.sub(r"([?&]id=)\d+", rf"\g<1>{names.tool(tool)}", settings["deep_link_return_url"])
    expected[f"{DEEP_LINKING}deep_linking_settings"] = settings | {"deep_link_return_url": url}
    assert settled(claims) == settled(expected)


def add_second_line_item(app: Flask, names: Names) -> None:
    """What a tool may do: add a line item to a resource link that has one."""
    lms = practice_lms_of(app)
    with lms.connect() as connection, transaction(connection):
        values = {"course_id": names.course("2"), "registration_id": names.tool("1"), "label": "x", "maximum": 60}
        add_line_item(connection, {**values, "placement_id": names.placement("1")})


def settled(claims: dict[str, Any]) -> dict[str, Any]:
    """Claims without what is drawn at random or depends on the clock."""
    text = re.sub(r"sesskey=\w+", "sesskey=…", blank(json.dumps(claims)))
    return {name: value for name, value in json.loads(text).items() if name not in ("nonce", "iat", "exp")}


def test_the_claims_follow_the_seed(make_moodle: Callable[[Names], Flask]) -> None:
    app = make_moodle(other_names(5))
    names = other_names(5)
    _, claims = launch(client_of(app), practice_lms_of(app), names.person("4"), int(names.placement("1")))
    assert claims["family_name"] == "Aaltonen"
    assert claims[f"{LTI}custom"]["uname"] == "officer5a"
    assert claims[f"{LTI}tool_platform"]["guid"] == "lms-5.example.net"


@pytest.mark.parametrize("names", EVERY_NAME, ids=lambda names: names.host)
def test_sends_the_recorded_login_request(names: Names, make_moodle: Callable[[Names], Flask]) -> None:
    client = client_of(make_moodle(names))
    sign_in(client, names.person("3"))
    action, form = form_of(client.get(f"/placements/{names.placement('1')}/launch"))
    expected = recorded("login-request.json")["form"]

    hint, expected_hint = (json.loads(each.pop("lti_message_hint")) for each in (form, expected))
    assert action == "https://tool.example.org/login"
    assert form == {
        **expected,
        "iss": f"https://{names.host}",
        "login_hint": names.person(expected["login_hint"]),
        "client_id": names.words.get(expected["client_id"], expected["client_id"]),
        "lti_deployment_id": names.tool(expected["lti_deployment_id"]),
    }
    assert hint.keys() == expected_hint.keys()
    assert hint["cmid"] == int(names.placement("1")) + 1
    assert re.fullmatch(rf"ltilaunch{names.placement('1')}_\d+", hint["launchid"])
