"""Strict Assignment and Grade Services."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.practice_lms import PracticeLms, Seed, gradebook, practice_lms_of
from lti_tool.practice_lms.model import Column, Course, Enrolment, Placement
from lti_tool.practice_lms.vocabulary import (
    GRADE_SCOPES,
    LINE_ITEM,
    LINE_ITEM_READ,
    LINE_ITEM_TYPE,
    LINE_ITEMS_TYPE,
    RESULT_READ,
    RESULTS_TYPE,
    SCORE,
    SCORE_TYPE,
)
from tests.practice_lms.clock import Clock
from tests.practice_lms.conftest import LMS_URL, client_of
from tests.practice_lms.tool import Tool, take_token

ITEMS = "/lti/courses/1/line-items"
ITEM = f"{ITEMS}/1"
GOOD_SCORE = {
    "userId": "learner-1",
    "scoreGiven": 5,
    "scoreMaximum": 10,
    "timestamp": "2026-11-21T18:59:00.000Z",
    "activityProgress": "Completed",
    "gradingProgress": "FullyGraded",
    "comment": "Well done <b>x</b>",
}


class Service:
    """Calls the services as a tool with certain scopes."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self.headers = client, {"Authorization": f"Bearer {token}"}

    def get(self, path: str, accept: str | None = None) -> TestResponse:
        return self.client.get(path, headers={**self.headers, **({"Accept": accept} if accept else {})})

    def send(self, method: str, path: str, body: Any, media_type: str) -> TestResponse:
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.client.open(path, method=method, headers=self.headers, data=data, content_type=media_type)

    def score(self, path: str = ITEM, media_type: str = SCORE_TYPE, **changes: Any) -> TestResponse:
        body = {name: value for name, value in {**GOOD_SCORE, **changes}.items() if value is not None}
        return self.send("POST", f"{path}/scores", body, media_type)


@pytest.fixture
def service(client: FlaskClient, lms: PracticeLms, tool: Tool) -> Service:
    return Service(client, take_token(client, lms, tool, "practice-client", *GRADE_SCOPES))


def test_reads_a_line_item(service: Service) -> None:
    response = service.get(ITEM, LINE_ITEM_TYPE)
    assert response.headers["Content-Type"] == LINE_ITEM_TYPE
    assert json.loads(response.text) == {
        "id": LMS_URL + ITEM,
        "label": "Readiness",
        "scoreMaximum": 8,
        "resourceLinkId": "1",
    }


def test_adds_changes_and_removes_a_line_item(service: Service) -> None:
    made = {
        "label": "Extra",
        "scoreMaximum": 2.5,
        "resourceId": "r",
        "tag": "t",
        "resourceLinkId": "1",
        "startDateTime": "2026-01-01T00:00:00Z",
        "endDateTime": "2027-01-01T00:00:00+02:00",
    }
    created = service.send("POST", ITEMS, made, LINE_ITEM_TYPE)
    url = created.headers["Location"]
    assert created.status_code == 201
    assert json.loads(created.text) == {**made, "id": url}
    path = url.removeprefix(LMS_URL)
    changed = service.send("PUT", path, {"label": "Renamed", "scoreMaximum": 4}, LINE_ITEM_TYPE)
    assert json.loads(changed.text) == {"id": url, "label": "Renamed", "scoreMaximum": 4, "resourceLinkId": "1"}
    assert json.loads(service.get(path).text) == json.loads(changed.text)
    assert service.client.delete(path, headers=service.headers).status_code == 204
    assert service.get(path).status_code == 404


def test_keeps_the_line_item_of_a_placement(service: Service) -> None:
    assert service.client.delete(ITEM, headers=service.headers).status_code == 403
    assert (
        service.send("PUT", ITEM, {"label": "x", "scoreMaximum": 1, "resourceLinkId": "2"}, LINE_ITEM_TYPE).status_code
        == 400
    )


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"label": None}, 400),
        ({"label": " "}, 400),
        ({"label": "x" * 5000}, 400),
        ({"label": "\x00"}, 400),
        ({"label": "\ud800"}, 400),
        ({"scoreMaximum": None}, 400),
        ({"scoreMaximum": 0}, 400),
        ({"scoreMaximum": -1}, 400),
        ({"scoreMaximum": "8"}, 400),
        ({"scoreMaximum": True}, 400),
        ({"scoreMaximum": 10**400}, 400),
        ({"scoreMaximum": float("inf")}, 400),
        ({"startDateTime": "2026-01-01"}, 400),
        ({"resourceLinkId": "99"}, 404),
        ({"resourceLinkId": 1}, 400),
    ],
    ids=repr,
)
def test_refuses_a_wrong_line_item(service: Service, change: dict[str, Any], status: int) -> None:
    response = service.send("POST", ITEMS, {"label": "x", "scoreMaximum": 1, **change}, LINE_ITEM_TYPE)
    assert (response.status_code, response.json["status"]) == (status, status)


@pytest.mark.parametrize("body", ["", "[]", "null", "{", "[" * 60_000, '{"label": NaN}', b"\xff"], ids=repr)
def test_refuses_what_is_no_json_object(service: Service, body: Any) -> None:
    assert service.send("POST", ITEMS, body, LINE_ITEM_TYPE).status_code == 400


def test_refuses_other_media_types(service: Service) -> None:
    assert service.send("POST", ITEMS, {"label": "x", "scoreMaximum": 1}, "application/json").status_code == 415
    assert service.score(media_type="application/json").status_code == 415
    assert service.get(ITEMS, "application/json").status_code == 406
    assert service.get(f"{ITEM}/results", LINE_ITEMS_TYPE).status_code == 406
    assert service.get(ITEMS, f"{LINE_ITEMS_TYPE}, application/json;q=0.5").status_code == 200
    assert service.score(media_type=f"{SCORE_TYPE}; charset=utf-8").status_code == 204


def test_lists_line_items_in_pages_and_by_filters(service: Service) -> None:
    for number in range(3):
        service.send("POST", ITEMS, {"label": f"x{number}", "scoreMaximum": 1, "tag": "mine"}, LINE_ITEM_TYPE)
    page = service.get(f"{ITEMS}?tag=mine&limit=2", LINE_ITEMS_TYPE)
    assert [item["label"] for item in json.loads(page.text)] == ["x0", "x1"]
    assert page.headers["Link"] == f'<{LMS_URL}{ITEMS}?tag=mine&limit=2&from=2>; rel="next"'
    last = service.get(f"{ITEMS}?tag=mine&limit=2&from=2")
    assert [item["label"] for item in json.loads(last.text)] == ["x2"]
    assert "Link" not in last.headers
    assert [item["resourceLinkId"] for item in json.loads(service.get(f"{ITEMS}?resource_link_id=2").text)] == ["2"]
    assert json.loads(service.get(f"{ITEMS}?resource_id=none").text) == []
    assert service.get(f"{ITEMS}?limit=0").status_code == 400


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        (LINE_ITEM, {"list", "read", "add"}),
        (LINE_ITEM_READ, {"list", "read"}),
        (RESULT_READ, {"results"}),
        (SCORE, {"score"}),
    ],
)
def test_each_scope_opens_its_own_calls_only(
    client: FlaskClient, lms: PracticeLms, tool: Tool, scope: str, allowed: set[str]
) -> None:
    service = Service(client, take_token(client, lms, tool, "practice-client", scope))
    calls: dict[str, Callable[[], TestResponse]] = {
        "list": lambda: service.get(ITEMS),
        "read": lambda: service.get(ITEM),
        "add": lambda: service.send("POST", ITEMS, {"label": "x", "scoreMaximum": 1}, LINE_ITEM_TYPE),
        "change": lambda: service.send("PUT", ITEM, {"label": "x", "scoreMaximum": 1}, LINE_ITEM_TYPE),
        "results": lambda: service.get(f"{ITEM}/results"),
        "score": service.score,
    }
    allowed = allowed | ({"change"} if "add" in allowed else set())
    for name, call in calls.items():
        response = call()
        assert (response.status_code == 403) == (name not in allowed), (name, response.text)


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Bearer made-up", "Basic x"])
def test_refuses_calls_without_a_token(client: FlaskClient, authorization: str) -> None:
    response = client.get(ITEM, headers={"Authorization": authorization})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_stores_a_score(service: Service, lms: PracticeLms) -> None:
    response = service.score()
    assert (response.status_code, response.text) == (204, "")
    with lms.connect() as connection:
        (stored,) = gradebook.scores(connection, 1)
    assert (stored.sub, stored.given, stored.maximum, stored.comment) == ("learner-1", 5, 10, "Well done <b>x</b>")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"userId": None}, 400),
        ({"userId": 4}, 400),
        ({"userId": "nobody"}, 422),
        ({"userId": "trainer-1"}, 422),
        ({"userId": "\ud800"}, 400),
        ({"timestamp": None}, 400),
        ({"timestamp": "2026-11-21T18:59:00"}, 400),
        ({"timestamp": "2026-11-21"}, 400),
        ({"timestamp": "1795287689"}, 400),
        ({"timestamp": 1795287689}, 400),
        ({"timestamp": "2026-13-21T18:59:00Z"}, 400),
        ({"timestamp": "0001-01-01T00:00:00+14:00"}, 400),
        ({"timestamp": "9999-12-31T23:59:59-14:00"}, 400),
        ({"timestamp": "2026-11-21T19:06:00Z"}, 400),
        ({"activityProgress": None}, 400),
        ({"activityProgress": "Bogus"}, 400),
        ({"gradingProgress": "fullygraded"}, 400),
        ({"gradingProgress": None}, 400),
        ({"scoreGiven": -1}, 400),
        ({"scoreGiven": "5"}, 400),
        ({"scoreMaximum": None}, 400),
        ({"scoreMaximum": 0}, 400),
        ({"comment": 5}, 400),
        ({"comment": "x" * 5000}, 400),
    ],
    ids=repr,
)
def test_refuses_a_wrong_score(service: Service, lms: PracticeLms, change: dict[str, Any], status: int) -> None:
    response = service.score(**change)
    assert (response.status_code, response.json["status"]) == (status, status)
    with lms.connect() as connection:
        assert gradebook.scores(connection, 1) == []


@pytest.mark.parametrize(
    "timestamp", ["2026-11-21T18:59:00Z", "2026-11-21T20:59:00.5+02:00", "2026-11-21T18:59:00.123456789Z"]
)
def test_takes_every_form_of_an_iso_time_with_a_zone(service: Service, timestamp: str) -> None:
    assert service.score(timestamp=timestamp).status_code == 204


def test_refuses_a_score_that_is_not_newer(service: Service, lms: PracticeLms) -> None:
    assert service.score(timestamp="2026-11-21T18:59:00.500Z").status_code == 204
    for timestamp in ("2026-11-21T18:59:00.500Z", "2026-11-21T18:59:00Z", "2026-11-21T19:58:59+01:00"):
        assert service.score(timestamp=timestamp, scoreGiven=1).status_code == 409
    assert service.score(userId="learner-2").status_code == 204
    assert service.score(timestamp="2026-11-21T18:59:00.501Z", scoreGiven=7).status_code == 204
    with lms.connect() as connection:
        assert [score.given for score in gradebook.scores(connection, 1, "learner-1")] == [5, 7]


def test_of_the_same_score_sent_many_times_at_once_one_is_stored(
    app: Flask, service: Service, lms: PracticeLms
) -> None:
    services = [Service(client_of(app), service.headers["Authorization"].removeprefix("Bearer ")) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(lambda each: each.score().status_code, services))
    assert statuses == [204] + [409] * 7
    with lms.connect() as connection:
        assert len(gradebook.scores(connection, 1)) == 1


def test_results_are_on_the_scale_of_the_line_item(service: Service) -> None:
    service.score(scoreGiven=1, scoreMaximum=3)
    service.score(userId="learner-2", comment=None)
    response = service.get(f"{ITEM}/results", RESULTS_TYPE)
    assert response.headers["Content-Type"] == RESULTS_TYPE
    url = LMS_URL + ITEM
    first = {"id": f"{url}/results/learner-1", "scoreOf": url, "userId": "learner-1", "comment": "Well done <b>x</b>"}
    second = {"id": f"{url}/results/learner-2", "scoreOf": url, "userId": "learner-2"}
    assert json.loads(response.text) == [
        {**first, "resultScore": 2.66667, "resultMaximum": 8},
        {**second, "resultScore": 4, "resultMaximum": 8},
    ]
    assert json.loads(service.get(f"{ITEM}/results?user_id=learner-2").text)[0]["userId"] == "learner-2"
    assert json.loads(service.get(f"{ITEM}/results?user_id=learner-3").text) == []
    assert 'rel="next"' in service.get(f"{ITEM}/results?limit=1").headers["Link"]


def test_a_score_that_is_not_graded_yet_keeps_the_grade(service: Service) -> None:
    service.score()
    service.score(timestamp="2026-11-21T18:59:30Z", gradingProgress="PendingManual", scoreGiven=9)
    (result,) = json.loads(service.get(f"{ITEM}/results").text)
    assert result["resultScore"] == 4


def test_a_score_without_points_makes_no_grade(service: Service) -> None:
    service.score(scoreGiven=None, scoreMaximum=None, gradingProgress="NotReady", activityProgress="Started")
    (result,) = json.loads(service.get(f"{ITEM}/results").text)
    assert "resultScore" not in result


def test_other_tools_and_courses_are_not_found(make_lms: Callable[..., Flask], seed: Seed, tool: Tool) -> None:
    other = replace(seed.registrations[0], id=2, client_id="other-client")
    placed = Placement(
        id=3,
        course_id=2,
        registration_id=2,
        title="Theirs",
        target_link_uri="https://tool.example.org/launch",
        column=Column(),
    )
    beside = replace(placed, id=4, course_id=1)
    app = make_lms(
        seed=replace(
            seed,
            registrations=(*seed.registrations, other),
            courses=(*seed.courses, Course(id=2, label="B", title="B")),
            enrolments=(*seed.enrolments, Enrolment(course_id=2, sub="learner-1", role="Learner")),
            placements=(*seed.placements, placed, beside),
        )
    )
    client = client_of(app)
    service = Service(client, take_token(client, practice_lms_of(app), tool, "practice-client", *GRADE_SCOPES))
    theirs = ("/lti/courses/2/line-items/3", "/lti/courses/1/line-items/4", "/lti/courses/1/line-items/3")
    for path in (*theirs, f"/lti/courses/1/line-items/{2**63 - 1}"):
        assert service.get(path).status_code == 404
        assert service.get(f"{path}/results").status_code == 404
        assert service.score(path).status_code == 404
        assert service.send("PUT", path, {"label": "x", "scoreMaximum": 1}, LINE_ITEM_TYPE).status_code == 404
        assert client.delete(path, headers=service.headers).status_code == 404
    assert service.get("/lti/courses/2/line-items").status_code == 404
    assert service.get(f"/lti/courses/{10**30}/line-items").status_code == 404
    assert [item["id"] for item in json.loads(service.get(ITEMS).text)] == [f"{LMS_URL}{ITEMS}/{n}" for n in (1, 2)]


def test_grades_survive_a_restart(make_lms: Callable[..., Flask], tool: Tool, clock: Clock) -> None:
    app = make_lms()
    service = Service(
        client_of(app), take_token(client_of(app), practice_lms_of(app), tool, "practice-client", *GRADE_SCOPES)
    )
    service.score()
    again = Service(client_of(make_lms()), service.headers["Authorization"].removeprefix("Bearer "))
    assert json.loads(again.get(f"{ITEM}/results").text)[0]["resultScore"] == 4
    assert again.score().status_code == 409
