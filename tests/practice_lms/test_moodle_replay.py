"""The Moodle profile answers every recorded service call as Moodle did, and so it does under other names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lti_tool.practice_lms import PracticeLms, practice_lms_of
from lti_tool.practice_lms.model import Column
from tests.practice_lms.clock import Clock
from tests.practice_lms.conftest import client_of
from tests.practice_lms.moodle_seed import CLIENT_IDS, other_names, picked_item_1
from tests.practice_lms.recordings import Names, blank, recorded
from tests.practice_lms.tool import Tool

CALLS = recorded("services-transcript.json")
# Where the recording jumps in time: the number of the call and Moodle's time at it.
TIMES = {0: "2026-11-21T19:01:29Z", 85: "2026-11-21T19:05:20Z", 95: "2026-11-21T19:09:07Z"}
# The tool whose assertion or token a call carries, where it is not the first one.
TOKEN_OF_LABEL = {"score-only token": "score only", "nrps score token": "score only"}


def assertion(label: str, tool: Tool, claims: dict[str, Any]) -> str:
    """The assertion a call carried, made anew from what its label says."""
    if label == "no kid":
        return tool.sign_without_kid(claims)
    if label == "kid unknown":
        return tool.sign(claims, kid="no-such-key")
    changes: dict[str, Any] = {
        "aud=issuer": {"aud": "https://" + urlsplit(claims["aud"]).netloc},
        "aud=garbage": {"aud": "garbage"},
        "no aud": {"aud": None},
        "aud list": {"aud": [claims["aud"], "https://elsewhere.example.org"]},
        "no jti": {"jti": None},
        "jti reuse 1": {"jti": "the-same"},
        "jti reuse 2": {"jti": "the-same"},
        "iss wrong": {"iss": "someone-else"},
        "expired": {"iat": claims["iat"] - 600, "exp": claims["iat"] - 300},
        "no exp": {"exp": None},
    }
    changed = {**claims, **changes.get(label, {})}
    if ahead := re.search(r"iat (?:future )?\+(\d+)", label):
        changed |= {"iat": claims["iat"] + int(ahead[1]), "exp": claims["exp"] + int(ahead[1])}
    return tool.sign({name: value for name, value in changed.items() if value is not None})


class Replay:
    """Sends the recorded calls, in order, to an LMS seeded under other names."""

    def __init__(self, client: FlaskClient, lms: PracticeLms, tool: Tool, clock: Clock, names: Names) -> None:
        self.client, self.lms, self.tool, self.clock, self.names = client, lms, tool, clock, names
        self.tokens: dict[str, str] = {}

    def send(self, number: int, call: dict[str, Any]) -> Any:
        if number in TIMES:
            self.clock.at = datetime.fromisoformat(TIMES[number]) + self.names.later
        if number == 95:
            self.place_more()
        url = urlsplit(self.names.rename(call["url"]))
        headers = dict(call["request_headers"])
        if "Authorization" in headers:
            headers["Authorization"] = f"Bearer {self.token_for(number, call['label'])}"
        body = self.body(number, call)
        response = self.client.open(
            f"{url.path}?{url.query}" if url.query else url.path, method=call["method"], headers=headers, data=body
        )
        if url.path.endswith("token.php") and response.status_code == 200:
            self.tokens[call["label"]] = json.loads(response.text)["access_token"]
        return response

    def body(self, number: int, call: dict[str, Any]) -> Any:
        if "token.php" not in call["url"]:
            return self.names.rename(call["request_body"] or "")
        client_id = CLIENT_IDS[{85: "2", 95: "6"}.get(number, "1")]
        client_id = self.names.words.get(client_id, client_id)
        claims = self.tool.claims(client_id, self.lms.token_url, self.clock())
        form = dict(parse_qsl(call["request_body"], keep_blank_values=True))
        return {**form, "client_assertion": assertion(call["label"], self.tool, claims)}

    def token_for(self, number: int, label: str) -> str:
        latest = "token" if number > 95 else "t2" if number > 85 else "all scopes"
        by_label = [taken for part, taken in TOKEN_OF_LABEL.items() if part in label]
        return self.tokens[by_label[0] if by_label else latest]

    def place_more(self) -> None:
        """What someone did in the LMS before the last calls and the transcript does not show: three more items."""
        for number, tool in (("7", "4"), ("8", "4"), ("9", "6")):
            self.lms.add_placement(picked_item_1(number, tool, self.names, column=Column(maximum=2)))


def check(response: Any, call: dict[str, Any], names: Names) -> None:
    expected = call["response_headers"]
    assert response.status_code == call["status"]
    assert response.headers["Content-Type"] == expected["Content-Type"]
    assert response.headers.get("Link") == (names.rename(expected["Link"]) if "Link" in expected else None)
    if call["label"] == "results limit":
        # The rest of the page is Moodle's theme.
        assert "<title>Error | testbed</title>" in call["response_body"]
        assert "<title>Error | testbed</title>" in response.text
    else:
        assert blank(response.text) == blank(names.rename(call["response_body"]))


@pytest.mark.parametrize("names", [Names(), other_names(1), other_names(2), other_names(9)], ids=lambda n: n.host)
def test_answers_the_recorded_calls_as_moodle_did(
    names: Names, make_moodle: Callable[[Names], Flask], tool: Tool, clock: Clock
) -> None:
    app = make_moodle(names)
    replay = Replay(client_of(app), practice_lms_of(app), tool, clock, names)
    assert len(CALLS) == 98
    for number, call in enumerate(CALLS):
        response = replay.send(number, call)
        try:
            check(response, call, names)
        except AssertionError as error:
            error.add_note(f"call {number}: {call['label']}; it answered {response.status_code} {response.text[:600]}")
            raise
