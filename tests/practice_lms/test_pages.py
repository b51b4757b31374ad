"""The pages for people, and what protects them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lti_tool.practice_lms import LmsConfigError, PracticeLms, Seed, gradebook, practice_lms_of
from lti_tool.practice_lms.database import DatabaseVersionError, transaction
from lti_tool.practice_lms.html_page import PageParser
from lti_tool.practice_lms.model import Score
from tests.practice_lms.conftest import LMS_URL, client_of
from tests.practice_lms.tool import sign_in


def parsed(text: str) -> PageParser:
    parser = PageParser(LMS_URL)
    parser.feed(text)
    return parser


def words(text: str) -> str:
    return " ".join(" ".join(parsed(text).words).split())


def give(lms: PracticeLms, sub: str, points: float, comment: str = "", progress: str = "FullyGraded") -> None:
    at = datetime(2026, 11, 21, 18, 59, 5, tzinfo=UTC)
    with lms.connect() as connection, transaction(connection):
        gradebook.store_score(
            connection,
            Score(
                line_item_id=1,
                sub=sub,
                given=points,
                maximum=8,
                timestamp=at,
                activity_progress="Completed",
                grading_progress=progress,
                comment=comment,
                received_at=at,
            ),
        )


@pytest.mark.parametrize(("role", "sub"), [("learner", "learner-1"), ("trainer", "trainer-1")])
def test_a_newcomer_is_in_the_activity_one_click_later(client: FlaskClient, role: str, sub: str) -> None:
    start = client.get("/").text
    assert f"Continue as {role}" in start
    (form,) = [form for form in parsed(start).forms if ("sub", sub) in form.fields()]
    page = client.post(form.action, data=dict(form.fields()), follow_redirects=True)
    assert page.request.path == "/courses/1/placements/1"
    assert parsed(page.text).frames == ["/placements/1/launch"]


def test_the_start_page_offers_everyone(client: FlaskClient) -> None:
    text = words(client.get("/").text)
    for name in ("Learner One", "Learner Two", "Person learner-3 (no name)", "Trainer One"):
        assert name in text


def test_a_frame_has_a_title_and_may_fill_the_screen(client: FlaskClient) -> None:
    sign_in(client, "learner-1")
    text = client.get("/courses/1/placements/1").text
    assert '<iframe src="/placements/1/launch" title="Readiness"' in text
    assert 'allow="fullscreen"' in text


def test_an_activity_may_open_in_a_window_of_its_own(client: FlaskClient) -> None:
    sign_in(client, "learner-1")
    page = parsed(client.get("/courses/1/placements/2").text)
    assert page.frames == []
    assert ("/placements/2/launch", "Open in a new window") in page.links


def test_a_form_that_a_script_sends_has_a_button_for_people_without_scripts(client: FlaskClient) -> None:
    sign_in(client, "learner-1")
    (form,) = parsed(client.get("/placements/1/launch").text).forms
    assert form.is_sent_by_script
    assert any(control.kind == "submit" and control.is_in_noscript for control in form.controls)


def test_the_gradebook_shows_everyone_to_a_trainer(client: FlaskClient, lms: PracticeLms) -> None:
    give(lms, "learner-1", 6.5, comment="<b>Good</b>")
    give(lms, "learner-2", 3, progress="PendingManual")
    sign_in(client, "trainer-1")
    response = client.get("/courses/1/gradebook")
    assert response.headers["Cache-Control"] == "no-store"
    text = words(response.text)
    assert "Learner One 6.5 of 8 21 Nov 2026, 18:59:05 UTC Completed · FullyGraded <b>Good</b>" in text
    assert "Learner Two no grade yet" in text
    assert "Person learner-3 (no name)" in text


def test_the_gradebook_shows_learners_their_own_row_only(client: FlaskClient, lms: PracticeLms) -> None:
    give(lms, "learner-1", 6)
    give(lms, "learner-2", 3)
    sign_in(client, "learner-2")
    text = words(client.get("/courses/1/gradebook").text)
    assert "3 of 8" in text
    assert "Learner One" not in text


def test_switching_person_forgets_the_first_one(client: FlaskClient) -> None:
    sign_in(client, "learner-1")
    cookie = client.get_cookie("practice_lms_8001", domain="127.0.0.1")
    assert cookie is not None
    client.post("/sign-out")
    assert client.get("/courses/1").status_code == 303
    client.set_cookie(cookie.key, cookie.value, domain="127.0.0.1")
    assert client.get("/courses/1").status_code == 303


def test_the_cookie_is_hidden_from_scripts_and_from_other_sites(client: FlaskClient) -> None:
    header = sign_in(client, "learner-1").headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


def test_the_cookie_is_secure_over_https(make_lms: Callable[..., Flask]) -> None:
    client = client_of(make_lms(base_url="https://lms.example.org"))
    assert "Secure" in sign_in(client, "learner-1").headers["Set-Cookie"]


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://localhost:8000"}], ids=str)
def test_another_site_cannot_sign_people_in_or_out(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/sign-in", data={"sub": "trainer-1"}, headers=headers).status_code == 403
    assert client.post("/sign-out", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "path", ["/courses/2", "/courses/2/gradebook", "/courses/1/placements/9", f"/courses/{10**30}"]
)
def test_pages_that_are_not_there_lead_back(client: FlaskClient, path: str) -> None:
    sign_in(client, "learner-1")
    response = client.get(path)
    assert response.status_code == 404
    assert ("/", "Go to the start page") in parsed(response.text).links


def test_shows_what_the_tool_said_when_people_come_back(client: FlaskClient) -> None:
    sign_in(client, "learner-1")
    page = client.get("/courses/1/placements/1/returned", query_string={"lti_msg": "<i>Done</i>"})
    assert "The activity says: <i>Done</i>" in words(page.text)
    assert "<i>Done</i>" not in page.text


def test_takes_people_back_under_moodles_address(make_lms: Callable[..., Flask]) -> None:
    client = client_of(make_lms(profile="moodle"))
    sign_in(client, "learner-1")
    page = client.get("/mod/lti/return.php?course=1&launch_container=3&instanceid=1&sesskey=x")
    assert "You are back in the course" in page.text
    assert client.get("/mod/lti/return.php?course=x").status_code == 404


def test_pages_load_post_and_frame_only_what_is_ours_or_the_tools(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-src 'self' https://tool.example.org" in policy
    assert "form-action 'self' https://tool.example.org" in policy
    assert "unsafe" not in policy


def test_serves_its_own_host_only(client: FlaskClient) -> None:
    assert client.get("/", base_url="http://evil.example.org").status_code == 400


def test_serves_its_own_machine_only(client: FlaskClient) -> None:
    response = client.get("/", environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
    assert response.status_code == 403


def test_does_not_start_in_production(make_lms: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LTI_TOOL_ENV", "production")
    with pytest.raises(LmsConfigError, match="production"):
        make_lms()


@pytest.mark.parametrize("url", ["127.0.0.1:8001", "ftp://x", "http://x/path", "http://x/?q", ""])
def test_wants_a_base_url_that_is_an_origin(make_lms: Callable[..., Flask], url: str) -> None:
    with pytest.raises(LmsConfigError, match="base_url"):
        make_lms(base_url=url)


def test_says_when_the_database_is_of_another_version(make_lms: Callable[..., Flask], tmp_path: Path) -> None:
    make_lms()
    with sqlite3.connect(tmp_path / "lms.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(DatabaseVersionError, match="Delete it"):
        make_lms()


def test_a_tool_may_come_back_on_another_port(make_lms: Callable[..., Flask], seed: Seed) -> None:
    give(practice_lms_of(make_lms()), "learner-1", 6)
    (tool,) = seed.registrations
    moved = replace(seed, registrations=(replace(tool, login_url="http://localhost:9999/login"),))
    app = make_lms(seed=moved)
    client = client_of(app)
    sign_in(client, "learner-1")
    assert 'action="http://localhost:9999/login"' in client.get("/placements/1/launch").text
    assert "6 of 8" in words(client.get("/courses/1/gradebook").text)
