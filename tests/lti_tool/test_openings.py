"""What leads nowhere is bounded for one address and platform; what opens something never is, however much of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker
from werkzeug.test import TestResponse

from lti_tool.errors import TooManyError
from lti_tool.extensions import db
from lti_tool.models import FailedTries, Login
from lti_tool.services.openings import BLOCK, WINDOW, Openings
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.signing_platform import SigningPlatform, next_address, post_launch, signing_platform

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
HALL, ELSEWHERE = "192.0.2.1", "198.51.100.1"


@pytest.fixture
def process(app: Flask) -> Callable[..., Openings]:
    """Make what one process counts; all share the database."""
    with app.app_context():
        engine = db.engine

    def make(limit: int) -> Openings:
        return Openings(sessionmaker(engine).begin, limit)

    return make


def begin(openings: Openings, address: str = HALL, *, registration: int = 1, at: datetime = AT) -> bool:
    """Begin a login; say whether it was let in."""
    try:
        openings.check(registration, address, at)
    except TooManyError:
        return False
    openings.begun(registration, address, at)
    return True


def test_a_town_hall_behind_one_address_never_meets_the_limit(process):
    openings = process(3000)
    for number in range(20_000):
        assert begin(openings)
        # One in ten never comes back: people close windows, and browsers lose things.
        if number % 10:
            openings.answered(1, HALL, AT)


def test_launches_are_taken_back_whichever_process_they_come_to(process):
    processes = [process(300) for _ in range(3)]
    for number in range(6000):
        assert begin(processes[number % 3])
        processes[(number + 1) % 3].answered(1, HALL, AT)


def test_what_leads_nowhere_is_bounded_over_all_processes_together(process):
    limit, processes = 300, [process(300) for _ in range(4)]
    let_in = sum(begin(processes[number % 4]) for number in range(4000))
    assert limit <= let_in <= limit + 4 * BLOCK
    assert not any(begin(each) for each in processes)


def test_launches_that_break_a_rule_count(process):
    openings = process(300)
    for _ in range(300):
        openings.failed(1, HALL, AT)
    assert not begin(openings)


def test_another_address_another_platform_and_the_next_window_are_not_held_up(process):
    openings = process(100)
    for _ in range(200):
        begin(openings)
    assert not begin(openings)
    assert begin(openings, ELSEWHERE)
    assert begin(openings, registration=2)
    assert not begin(openings, at=AT + WINDOW - timedelta(seconds=1))
    assert begin(openings, at=AT + WINDOW)


def test_one_network_of_ipv6_is_one_address(process):
    openings = process(100)
    for number in range(200):
        begin(openings, f"2001:db8:1:2::{number:x}")
    assert not begin(openings, "2001:db8:1:2:ffff::1")
    assert begin(openings, "2001:db8:1:3::1")


def test_no_limit_counts_nothing(app, process):
    openings = process(0)
    assert all(begin(openings) for _ in range(500))
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FailedTries)) == 0


def test_the_database_is_told_in_blocks_and_keeps_no_address(app, process):
    openings = process(100_000)
    for _ in range(BLOCK * 4 + 1):
        begin(openings)
    with app.app_context():
        row = db.session.scalars(select(FailedTries)).one()
        assert row.tries == BLOCK * 4
        assert HALL not in row.subject_hash


def test_threads_lose_no_count(app, process):
    openings = process(1_000_000)
    threads = [threading.Thread(target=lambda: [begin(openings) for _ in range(BLOCK * 10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert db.session.scalars(select(FailedTries.tries)).one() == BLOCK * 40


def test_a_flood_from_many_addresses_does_not_fill_the_memory(process):
    openings = process(1000)
    for number in range(30_000):
        begin(openings, f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(openings._counts) <= 10_000


def send_login(client: FlaskClient, platform: SigningPlatform, address: str) -> TestResponse:
    return client.post(
        "/lti/login",
        data=platform.login_form(),
        base_url=PUBLIC_URL,
        headers={"Sec-Fetch-Dest": "document"},
        environ_overrides={"REMOTE_ADDR": address},
    )


def test_says_in_words_and_numbers_how_long_to_wait(make_app):
    app = make_app(failed_openings=20)
    with signing_platform() as platform:
        platform.register(app)
        client = app.test_client()
        waiting = [send_login(client, platform, HALL) for _ in range(40)]
        assert {answer.status_code for answer in waiting[:20]} == {302}
        refused = waiting[-1]
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["Retry-After"]) <= WINDOW.total_seconds()
        assert "not opened. Wait" in refused.text
        assert "frame-ancestors *" in refused.headers["Content-Security-Policy"]
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(Login)) == sum(
                answer.status_code == 302 for answer in waiting
            )
        # Whoever began in time still gets in, and others do, too.
        asked = dict(pair.split("=", 1) for pair in next_address(waiting[3]).partition("?")[2].split("&"))
        token = platform.sign(platform.claims(asked["nonce"]))
        assert post_launch(client, asked["state"], token).status_code in {200, 303}
        assert send_login(app.test_client(), platform, ELSEWHERE).status_code == 302


def test_thousands_of_launches_from_one_address_open(make_app):
    """Far more real launches than the limit, which only those that lead nowhere fill."""
    app = make_app(failed_openings=20)
    with signing_platform() as platform:
        platform.register(app)
        for _ in range(120):
            client = app.test_client()
            answer = send_login(client, platform, HALL)
            assert answer.status_code == 302
            asked = dict(pair.split("=", 1) for pair in next_address(answer).partition("?")[2].split("&"))
            token = platform.sign(platform.claims(asked["nonce"]))
            opened = client.post(
                "/lti/launch",
                data={"state": asked["state"], "id_token": token},
                base_url=PUBLIC_URL,
                environ_overrides={"REMOTE_ADDR": HALL},
            )
            assert opened.status_code == 303


def test_hostile_tokens_count_against_their_address(make_app):
    app = make_app(failed_openings=20)
    with signing_platform() as platform:
        platform.register(app)
        client = app.test_client()
        asked = dict(
            pair.split("=", 1) for pair in next_address(send_login(client, platform, HALL)).partition("?")[2].split("&")
        )
        for _ in range(30):
            refused = client.post(
                "/lti/launch",
                data={"state": asked["state"], "id_token": "none"},
                base_url=PUBLIC_URL,
                environ_overrides={"REMOTE_ADDR": HALL},
            )
            assert refused.status_code == 400
        assert send_login(client, platform, HALL).status_code == 429
