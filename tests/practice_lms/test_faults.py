"""Failing on purpose, in the process and over HTTP, and serving on a real port."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import urllib3
from flask import Flask

from lti_tool.practice_lms import Fault, Faults, gradebook, practice_lms_of
from lti_tool.practice_lms.serving import HOST, listen, port_of, serving
from lti_tool.practice_lms.tool_keys import fetch_key_set
from lti_tool.practice_lms.vocabulary import GRADE_SCOPES
from tests.practice_lms.clock import Clock
from tests.practice_lms.conftest import client_of
from tests.practice_lms.test_gradebook_services import GOOD_SCORE, ITEM, Service
from tests.practice_lms.tool import Tool, take_token


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def failing(make_lms: Callable[..., Flask], faults: Faults) -> Flask:
    return make_lms(faults=faults, has_remote_faults=True)


@pytest.fixture
def service(failing: Flask, tool: Tool) -> Service:
    client = client_of(failing)
    return Service(client, take_token(client, practice_lms_of(failing), tool, "practice-client", *GRADE_SCOPES))


def stored(app: Flask) -> int:
    with practice_lms_of(app).connect() as connection:
        return len(gradebook.scores(connection, 1))


def test_fails_as_often_as_asked_and_at_the_place_asked_for(failing: Flask, faults: Faults, service: Service) -> None:
    faults.add(Fault(operation="scores", status=503, headers={"Retry-After": "1"}, body="busy", times=2))
    for _ in range(2):
        response = service.score()
        assert (response.status_code, response.text, response.headers["Retry-After"]) == (503, "busy", "1")
    assert stored(failing) == 0
    assert service.get(f"{ITEM}/results").status_code == 200
    assert service.score().status_code == 204


def test_may_lose_the_answer_after_the_score_is_stored(failing: Flask, faults: Faults, service: Service) -> None:
    faults.add(Fault(operation="scores", when="after", status=500))
    assert service.score().status_code == 500
    assert stored(failing) == 1


def test_may_answer_late(faults: Faults, service: Service) -> None:
    faults.add(Fault(operation="scores", delay_s=0.2))
    began = time.monotonic()
    assert service.score().status_code == 204
    assert time.monotonic() - began >= 0.2


def test_faults_can_be_taken_away(faults: Faults, service: Service) -> None:
    faults.add(Fault(operation="scores", status=500, times=-1))
    assert [service.score().status_code for _ in range(3)] == [500] * 3
    faults.clear()
    assert service.score().status_code == 204


def test_faults_can_be_set_over_http(failing: Flask, service: Service) -> None:
    client = client_of(failing)
    assert client.post("/faults", json={"operation": "scores", "status": 429, "times": -1}).status_code == 201
    assert service.score().status_code == 429
    assert client.delete("/faults").status_code == 204
    assert service.score().status_code == 204


@pytest.mark.parametrize("fault", [{"operation": "nothing"}, {"operation": "scores", "when": "never"}, {"x": 1}, []])
def test_says_what_is_wrong_with_a_fault(failing: Flask, fault: Any) -> None:
    assert client_of(failing).post("/faults", json=fault).status_code == 400


def test_faults_cannot_be_set_over_http_where_nobody_allowed_it(make_lms: Callable[..., Flask]) -> None:
    assert client_of(make_lms()).post("/faults", json={"operation": "scores"}).status_code == 404


@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
def test_drops_the_connection(
    make_lms: Callable[..., Flask], faults: Faults, tool: Tool, when: Any, count: int
) -> None:
    listener = listen()
    app = make_lms(faults=faults, base_url=f"http://127.0.0.1:{port_of(listener)}")
    lms = practice_lms_of(app)
    token = take_token(client_of(app), lms, tool, "practice-client", *GRADE_SCOPES)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/vnd.ims.lis.v1.score+json"}
    faults.add(Fault(operation="scores", when=when, drops_connection=True))
    with serving(app, listener), urllib3.PoolManager(retries=False) as http:
        with pytest.raises(urllib3.exceptions.ProtocolError):
            http.request("POST", f"{lms.issuer}{ITEM}/scores", headers=headers, json=GOOD_SCORE)
        assert stored(app) == count
        again = {**GOOD_SCORE, "timestamp": "2026-11-21T18:59:09Z"}
        assert http.request("POST", f"{lms.issuer}{ITEM}/scores", headers=headers, json=again).status == 204


def test_breaks_an_answer_off_repeats_a_body_and_adds_headers(
    make_lms: Callable[..., Flask], faults: Faults, tool: Tool
) -> None:
    listener = listen()
    app = make_lms(faults=faults, base_url=f"http://127.0.0.1:{port_of(listener)}")
    lms = practice_lms_of(app)
    token = take_token(client_of(app), lms, tool, "practice-client", *GRADE_SCOPES)
    headers = {"Authorization": f"Bearer {token}"}
    with serving(app, listener), urllib3.PoolManager(retries=False) as http:
        whole = http.request("GET", f"{lms.issuer}{ITEM}", headers=headers)
        faults.add(Fault(operation="line_item", when="after", headers={"Link": '<x>; rel="next"'}))
        linked = http.request("GET", f"{lms.issuer}{ITEM}", headers=headers)
        assert (linked.data, linked.headers["Link"]) == (whole.data, '<x>; rel="next"')
        faults.add(Fault(operation="line_item", when="after", cuts_answer=True))
        with pytest.raises(urllib3.exceptions.ProtocolError, match="IncompleteRead"):
            http.request("GET", f"{lms.issuer}{ITEM}", headers=headers)
        faults.add(Fault(operation="line_item", status=200, body="ab", repeats=50_000))
        assert len(http.request("GET", f"{lms.issuer}{ITEM}", headers=headers).data) == 100_000


def test_says_the_time_of_its_own_clock(make_lms: Callable[..., Flask], clock: Clock) -> None:
    listener = listen()
    app = make_lms(base_url=f"http://127.0.0.1:{port_of(listener)}")
    with serving(app, listener), urllib3.PoolManager(retries=False) as http:
        told = http.request("GET", practice_lms_of(app).jwks_url).headers.getlist("Date")
    assert [parsedate_to_datetime(date) for date in told] == [clock().replace(microsecond=0)]


def test_keys_may_be_revoked(make_lms: Callable[..., Flask]) -> None:
    app = make_lms()
    lms, client = practice_lms_of(app), client_of(app)
    lms.rotate_key()
    assert len(client.get("/lti/jwks").json["keys"]) == 2
    stolen = lms.signing_key.kid
    lms.revoke_keys()
    (key,) = client.get("/lti/jwks").json["keys"]
    assert key["kid"] == lms.signing_key.kid != stolen
    assert [each.kid for each in practice_lms_of(make_lms()).signing_keys] == [lms.signing_key.kid]


def test_an_lms_that_was_stopped_is_gone(app: Flask) -> None:
    listener = listen()
    port = port_of(listener)
    with serving(app, listener), urllib3.PoolManager(retries=False) as http:
        assert http.request("GET", f"http://127.0.0.1:{port}/").status == 200
    with urllib3.PoolManager(retries=False) as http, pytest.raises(urllib3.exceptions.NewConnectionError):
        http.request("GET", f"http://127.0.0.1:{port}/")


def test_readers_that_go_away_leave_no_file_open(app: Flask) -> None:
    listener = listen()
    port = port_of(listener)
    with serving(app, listener):
        for _ in range(40):
            with socket.create_connection((HOST, port)) as reader:
                reader.sendall(f"GET /static/lms.js HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode())
                reader.recv(10)
                # Closed so, the server's next word to it is answered by a reset.
                reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_a_port_that_is_taken_is_an_error(app: Flask) -> None:
    with listen() as taken, pytest.raises(OSError, match="in use"):
        listen(port_of(taken))


def test_reads_a_key_set_over_http_within_limits(failing: Flask, faults: Faults) -> None:
    listener = listen()
    url = f"http://127.0.0.1:{port_of(listener)}"
    with serving(failing, listener):
        key_set = f"{url}/lti/jwks"
        assert fetch_key_set(key_set).startswith(b'{"keys"')
        faults.add(Fault(operation="key_set", status=302, headers={"Location": "/"}))
        with pytest.raises(OSError, match="302"):
            fetch_key_set(key_set)
        faults.add(Fault(operation="key_set", status=200, body="x" * 70_000))
        with pytest.raises(OSError, match="longer"):
            fetch_key_set(key_set)
    with pytest.raises(OSError, match="did not answer"):
        fetch_key_set(key_set)
