"""The health of a platform: checked at the press of a button, with what went wrong and what launches bring."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from sqlalchemy import func, select, update

from lti_tool.extensions import db
from lti_tool.lti import keys
from lti_tool.lti.masking import MAX_CHARACTERS, masked_claims
from lti_tool.lti.vault import Vault
from lti_tool.models import AuditEntry, LaunchProblem, PlatformCheck, Registration, Role, TestLaunch
from lti_tool.platforms.installing.abilities import Ability
from lti_tool.platforms.installing.tool import SCOPES
from lti_tool.services import retention, test_launches
from tests.lti_tool.admin.browser import signed_in
from tests.lti_tool.conftest import MASTER_KEY, PUBLIC_URL
from tests.lti_tool.servers import answer, raw_server, read_request
from tests.lti_tool.signing_platform import (
    LTI,
    begin_login,
    launch_through,
    post_launch,
    public_jwk,
    signing_platform,
)


@dataclass
class Platform:
    """Answers for its keys and for tokens as it is told to."""

    port: int = 0
    keys: bytes | None = None
    token: bytes | None = None
    ahead: timedelta = timedelta(0)
    scope: str | None = " ".join(SCOPES)
    requests: list[bytes] = field(default_factory=list)

    def converse(self, connection: socket.socket) -> None:
        while request := read_request(connection):
            self.requests.append(request)
            date = f"Date: {format_datetime(datetime.now(UTC) + self.ahead, usegmt=True)}"
            if request.startswith(b"GET "):
                whole = self.keys or answer(json.dumps({"keys": [public_jwk("key-1")]}).encode(), "200 OK", date)
            else:
                given = {"access_token": "secret-token", "expires_in": 3600, "scope": self.scope}
                whole = self.token or answer(json.dumps(given).encode(), "200 OK", date)
            connection.sendall(whole)


@contextmanager
def platform_of(app, **values: Any) -> Iterator[tuple[Platform, int]]:
    platform = Platform(**values)
    with raw_server(platform.converse) as port, app.app_context():
        platform.port = port
        registration = Registration(
            issuer="https://lms.test",
            client_id="client-1",
            title="LMS",
            auth_url="https://lms.test/auth",
            token_url=f"http://127.0.0.1:{port}/token",
            key_set_url=f"http://127.0.0.1:{port}/keys",
            created_at=datetime.now(UTC),
        )
        db.session.add(registration)
        keys.ensure_key(db.session(), Vault((MASTER_KEY,)), datetime.now(UTC))
        db.session.commit()
        number = registration.id
        db.session.remove()
        yield platform, number


def check(owner, number: int) -> str:
    page = f"/admin/platforms/{number}/health"
    assert owner.send(page, page).status_code == 303
    return owner.get(page).text


def test_a_platform_is_asked_when_somebody_presses_the_button_and_not_before(app):
    owner = signed_in(app)
    with platform_of(app) as (platform, number):
        assert "It was not looked at yet." in owner.get(f"/admin/platforms/{number}/health").text
        assert not platform.requests
        page = check(owner, number)
        assert len(platform.requests) == 2
        for words in ("keys can be read", "The clocks agree", "gives access tokens", "accepted our signature"):
            assert words in page
        assert "grants all services" in page
        # What the LMS's support is sent says what assertions are meant for.
        assert f"Token audience: http://127.0.0.1:{platform.port}/token" in page
        assert "does not work" not in page
        assert "secret-token" not in page
        owner.get(f"/admin/platforms/{number}/health")
        assert len(platform.requests) == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"keys": answer(b"", "404 Not Found")}, "keys cannot be used: "),
        ({"keys": answer(b"<h1>Hello</h1>", "200 OK", "Content-Type: text/html")}, "no JSON"),
        ({"keys": answer(b'{"keys": []}')}, "RS256: 0"),
        ({"keys": answer(b"", "302 Found", "Location: http://127.0.0.1:5432/")}, "answered 302"),
        ({"keys": answer(b"x" * 1_100_000)}, "larger than the tool reads"),
        ({"keys": b"nonsense\r\n\r\n"}, "keys cannot be reached"),
        ({"keys": answer(b'{"keys": []}', "200 OK", "Date: yesterday", "Age: x")}, "does not say what time"),
        ({"ahead": timedelta(minutes=5)}, "clock differs from ours: +"),
        ({"ahead": timedelta(minutes=-5)}, "clock differs from ours: -"),
        ({"token": answer(b'{"error": "invalid_client"}', "401 Unauthorized")}, "refuses access tokens: HTTP 401"),
        ({"token": answer(b"slow down", "403 Forbidden", "Retry-After: 60")}, "asked too often: HTTP 403"),
        ({"token": answer(b"", "429 Too Many Requests")}, "Grades that wait go out by themselves."),
        ({"token": answer(b"<b>x</b>", "500 Oops")}, "answers with an error: HTTP 500: &lt;b&gt;x"),
        ({"token": answer(b'{"error": "invalid_client"}', "400 Bad Request")}, "/lti/keys"),
        ({"scope": SCOPES[0]}, "does not grant: "),
        ({"scope": None}, "does not say which services"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(make_app, values, words):
    app = make_app(egress_timeout_s=2.0)
    owner = signed_in(app)
    with platform_of(app, **values) as (_platform, number):
        assert words in check(owner, number)


def test_a_platform_inside_is_named_and_nothing_of_the_token_shows(make_app, capsys):
    app = make_app(egress_allow=())
    owner = signed_in(app)
    with platform_of(app) as (platform, number):
        page = check(owner, number)
        assert "EGRESS_ALLOW" in page
        assert not platform.requests
    assert "eyJ" not in page


def test_an_auditor_reads_and_asks_nothing(app):
    owner, auditor = signed_in(app), signed_in(app, Role.AUDITOR)
    with platform_of(app) as (platform, number):
        page = auditor.get(f"/admin/platforms/{number}/health")
        assert page.status_code == 200
        assert "<form" not in page.text.split("<main")[1]
        token = owner.get(f"/admin/platforms/{number}").text.split('name="form_token" value="')[1].split('"')[0]
        for path in ("health", "test-launch"):
            assert auditor.post(f"/admin/platforms/{number}/{path}", {"form_token": token}).status_code == 403
        assert not platform.requests
    assert auditor.get("/admin/platforms/99/health").status_code == 404


def test_launches_that_fail_are_counted_with_what_helps(app):
    owner = signed_in(app)
    with signing_platform() as platform:
        number = platform.register(app)
        page = f"/admin/platforms/{number}/health"
        assert "Nothing that is known here." in owner.get(page).text
        past = int(datetime.now(UTC).timestamp()) - 1000
        for _time in range(2):
            assert launch_through(app.test_client(), platform, iat=past, exp=past + 60).status_code == 400
        launch_through(app.test_client(), platform, aud="somebody else")
        shown = owner.get(page).text
        assert "set their clocks by NTP" in shown
        assert "expired · times: 2" in shown
        assert "audience-wrong" in shown
        assert "eyJ" not in shown
        # Whoever knows no login of ours can fill nothing.
        assert post_launch(app.test_client(), "made-up", "token").status_code == 400
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(LaunchProblem)) == 2
            assert db.session.scalar(select(func.count()).select_from(TestLaunch)) == 0


def test_a_platform_whose_keys_are_gone_is_a_problem_of_its_own(app):
    owner = signed_in(app)
    with signing_platform(status="500 Oops") as platform:
        number = platform.register(app)
        assert launch_through(app.test_client(), platform).status_code == 502
        assert "Check the public key set address" in owner.get(f"/admin/platforms/{number}/health").text


def test_a_test_launch_shows_what_came_without_what_is_personal(app):
    owner = signed_in(app)
    custom = {"context_history": "$Context.id.history", "mail": "ana@town.test", "module": ""}
    with signing_platform() as platform:
        number = platform.register(app)
        page = f"/admin/platforms/{number}/health"
        launch_through(app.test_client(), platform)
        with app.app_context():
            assert db.session.scalar(select(TestLaunch)) is None
        owner.send(page, f"/admin/platforms/{number}/test-launch")
        assert "Launches are watched until" in owner.get(page).text
        sent = {"custom": custom, "https://town.test/own": {"mail": "ana@town.test"}}
        assert launch_through(app.test_client(), platform, **sent).status_code == 303
        launch_through(app.test_client(), platform, framed=True, sub="")
        shown = owner.get(page).text
        for personal in ("Ana", "learner-1", "ana@town.test"):
            assert personal not in shown
        assert "The browser kept the tool" in shown
        assert "$Context.id.history" in shown
        assert "did not say who you are" in shown
        assert "https://town.test/own" in shown
        with app.app_context():
            newest, first = db.session.scalars(select(TestLaunch).order_by(TestLaunch.id.desc())).all()
            assert (newest.problem, newest.claims) == ("sub-missing", {})
            assert first.claims[LTI + "context"]["title"] == "Course one"
            assert db.session.scalar(select(AuditEntry).filter_by(action="test-launch")) is not None


def test_of_many_watched_launches_the_newest_stay_and_watching_ends(app):
    owner = signed_in(app)
    with signing_platform() as platform:
        number = platform.register(app)
        owner.send(f"/admin/platforms/{number}/health", f"/admin/platforms/{number}/test-launch")
        for _launch in range(7):
            launch_through(app.test_client(), platform)
        with app.app_context():
            ids = list(db.session.scalars(select(TestLaunch.id)))
            assert len(ids) == 5
            db.session.execute(update(Registration).values(watched_until=datetime.now(UTC)))
            db.session.commit()
        launch_through(app.test_client(), platform)
        with app.app_context():
            assert list(db.session.scalars(select(TestLaunch.id))) == ids
            tomorrow = datetime.now(UTC) + timedelta(days=2)
            rules = retention.rules(app.config["SETTINGS"], tomorrow)
            (rule,) = (rule for rule in rules if rule.model is TestLaunch)
            assert retention.delete_some(db.session(), rule) == 5
            db.session.rollback()


def test_a_launch_that_waits_for_its_proof_is_shown_as_one_without_a_cookie(app):
    owner = signed_in(app)
    with signing_platform() as platform:
        number = platform.register(app)
        owner.send(f"/admin/platforms/{number}/health", f"/admin/platforms/{number}/test-launch")
        asked = begin_login(app.test_client(), platform, framed=True)
        token = platform.sign(platform.claims(asked["nonce"]))
        assert post_launch(app.test_client(), asked["state"], token).status_code == 200
        assert "The browser kept no cookie" in owner.get(f"/admin/platforms/{number}/health").text


def test_a_browser_that_keeps_nothing_is_a_problem_with_a_way_out(app):
    owner = signed_in(app)
    with signing_platform() as platform:
        number = platform.register(app)
        asked = begin_login(app.test_client(), platform, framed=True)
        client = app.test_client()
        page = post_launch(client, asked["state"], platform.sign(platform.claims(asked["nonce"])))
        ticket = page.text.split('name="ticket" value="')[1].split('"')[0]
        refused = client.post("/lti/proof", data={"ticket": ticket, "secret": "another"}, base_url=PUBLIC_URL)
        assert refused.status_code == 400
        assert "open in a new window" in owner.get(f"/admin/platforms/{number}/health").text


def test_a_platform_that_was_checked_can_be_removed(app):
    owner = signed_in(app)
    with platform_of(app) as (_platform, number):
        check(owner, number)
        owner.send(f"/admin/platforms/{number}", f"/admin/platforms/{number}/remove", sure="yes")
        with app.app_context():
            assert db.session.scalar(select(PlatformCheck)) is None
            assert db.session.scalar(select(Registration)) is None


@pytest.mark.parametrize(
    ("custom", "expected"),
    [
        ({}, False),
        ({"context_history": "$Context.id.history"}, False),
        ({"context_history": "", "link_history": "$ResourceLink.id.history"}, None),
        ({"context_history": "… (3)"}, True),
    ],
)
def test_a_course_that_is_no_copy_says_nothing_of_copies(custom, expected):
    assert test_launches.brought({LTI + "custom": custom})[Ability.COPIES] is expected


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ({"sub": "learner-1"}, {"sub": "… (9)"}),
        ({"name": "", "email": None, "n": 7}, {"name": "", "email": "…", "n": "…"}),
        ({"iss": "https://a.test/?session=1"}, {"iss": "https://a.test/?…"}),
        (
            {LTI + "launch_presentation": {"return_url": "https://a.test/r?sesskey=s", "locale": "fi"}},
            {LTI + "launch_presentation": {"return_url": "https://a.test/r?…", "locale": "fi"}},
        ),
        (
            {LTI + "custom": {"a": "$X", "b": "secret", "c": None}},
            {LTI + "custom": {"a": "$X", "b": "… (6)", "c": None}},
        ),
        ({LTI + "custom": ["secret"]}, {LTI + "custom": "[…] (1)"}),
        ({"aud": ["x\x00y"], "\x00z": "secret"}, {"aud": ["x y"], "z": "… (6)"}),
    ],
)
def test_claims_are_masked_unless_they_are_known_to_say_nothing_personal(claims, shown):
    assert masked_claims(claims) == shown


def test_claims_without_end_are_cut():
    found = masked_claims({"iss": "x", LTI + "context": {f"n{number}": "y" * 900 for number in range(1000)}})
    assert len(json.dumps(found)) < MAX_CHARACTERS
