"""Beginning to open an activity: from the platform to us and back to it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select, update

from lti_tool.extensions import db
from lti_tool.models import Login
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.signing_platform import SigningPlatform, begin_login, next_address

FRAME = {"Sec-Fetch-Dest": "iframe"}
WINDOW = {"Sec-Fetch-Dest": "document"}


@pytest.fixture
def platform(app):
    platform = SigningPlatform(port=1)
    platform.register(app)
    return platform


def send_login(client, platform, headers=None, **changes):
    return client.post("/lti/login", data=platform.login_form(**changes), base_url=PUBLIC_URL, headers=headers)


def test_asks_the_platform_for_a_launch(client, platform):
    asked = begin_login(client, platform)
    assert len(asked.pop("state")) == len(asked.pop("nonce")) == 22
    assert asked == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "client-1",
        "redirect_uri": f"{PUBLIC_URL}/lti/launch",
        "login_hint": "learner-1",
        "lti_message_hint": '{"cmid":2,"launchid":"a&b=c"}',
    }


def test_answers_get_as_well_as_post(client, platform):
    response = client.get(
        "/lti/login", query_string=platform.login_form(), base_url=PUBLIC_URL, headers={"Sec-Fetch-Dest": "document"}
    )
    assert response.status_code == 302
    assert response.headers["Location"].startswith("https://lms.test/auth?")


def test_keeps_the_query_of_the_platforms_address(app, client):
    other = SigningPlatform(issuer="https://query.test", port=1)
    other.register(app, auth_url="https://query.test/auth?tenant=7")
    address = next_address(send_login(client, other, WINDOW))
    assert address.startswith("https://query.test/auth?tenant=7&")


def test_the_login_cookie_belongs_to_a_partition_and_to_no_script(client, platform):
    header = send_login(client, platform, WINDOW).headers["Set-Cookie"]
    assert re.match(r"__Host-login-[0-9a-f]{8}=[\w-]{22};", header)
    for attribute in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/", "Max-Age=600"):
        assert attribute in header
    assert "Domain" not in header


def test_a_tool_on_plain_localhost_names_its_cookies_without_a_prefix(make_app):
    app = make_app(public_url="http://localhost:8000")
    platform = SigningPlatform(port=1)
    platform.register(app)
    response = app.test_client().post(
        "/lti/login",
        data=platform.login_form(target_link_uri="http://localhost:8000/"),
        base_url="http://localhost:8000",
        headers=WINDOW,
    )
    assert response.headers["Set-Cookie"].startswith("login-")


def test_each_login_has_a_cookie_of_its_own(client, platform):
    begin_login(client, platform)
    begin_login(client, platform)
    names = {cookie.key for cookie in client._cookies.values()}
    assert len(names) == 2


@pytest.mark.parametrize("headers", [FRAME, {}, {"Sec-Fetch-Dest": "embed"}], ids=["frame", "absent", "embed"])
def test_a_frame_first_finds_out_what_it_can_keep(client, platform, headers):
    response = send_login(client, platform, headers)
    assert response.status_code == 200
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "private, no-store"
    cookie = re.search(r"__Host-login-(\w{8})=([\w-]{22})", response.headers["Set-Cookie"])
    assert f'data-login="{cookie[1]}"' in response.text
    assert f'data-secret="{cookie[2]}"' in response.text
    assert 'role="status"' in response.text
    assert "<noscript>" in response.text
    assert next_address(response).startswith("https://lms.test/auth?")


@pytest.mark.parametrize(("sent", "shown"), [("_parent", "_parent"), ('"><b>', "&#34;&gt;&lt;b&gt;"), (None, "")])
def test_a_frame_learns_where_the_platform_may_keep_its_secret_and_whom_to_tell_it(client, platform, sent, shown):
    page = send_login(client, platform, FRAME, lti_storage_target=sent).text
    assert f'data-storage="{shown}" data-platform="https://lms.test"' in page


def test_tells_a_frame_whether_its_cookie_came_back(app, client, platform):
    check = re.search(r'data-check="([^"]+)"', send_login(client, platform, FRAME).text)[1]
    assert client.get(check, base_url=PUBLIC_URL).json == {"kept": True}
    assert app.test_client().get(check, base_url=PUBLIC_URL).json == {"kept": False}


def window_address(response) -> str:
    return re.search(r'href="([^"]+/window/[^"]+)"', response.text)[1]


def test_a_new_window_takes_the_login_over_once(app, client, platform):
    framed = send_login(client, platform, FRAME)
    address = window_address(framed)
    window = app.test_client()
    response = window.get(address, base_url=PUBLIC_URL)
    assert response.status_code == 302
    assert response.headers["Location"] == next_address(framed)
    assert "__Host-login-" in response.headers["Set-Cookie"]
    assert framed.headers["Set-Cookie"].split(";")[0] != response.headers["Set-Cookie"].split(";")[0]
    again = window.get(address, base_url=PUBLIC_URL)
    assert again.status_code == 400
    assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize("change", [{"used_at": datetime.now(UTC)}, {"expires_at": datetime.now(UTC) - timedelta(1)}])
def test_a_login_that_is_over_is_not_taken_over(app, client, platform, change):
    address = window_address(send_login(client, platform, FRAME))
    with app.app_context():
        db.session.execute(update(Login).values(**change))
        db.session.commit()
    assert client.get(address, base_url=PUBLIC_URL).status_code == 400


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": None}, "login-malformed"),
        ({"login_hint": None}, "login-malformed"),
        ({"target_link_uri": None}, "login-malformed"),
        ({"login_hint": "x" * 5000}, "login-malformed"),
        ({"lti_message_hint": "é" * 3000}, "login-malformed"),
        ({"iss": "a\0b"}, "login-malformed"),
        ({"client_id": "a\0b"}, "login-malformed"),
        ({"lti_deployment_id": "\n"}, "login-malformed"),
        ({"lti_storage_target": "x" * 256}, "login-malformed"),
        ({"target_link_uri": "https://elsewhere.test/"}, "target-elsewhere"),
        ({"target_link_uri": "http://tool.test/"}, "target-elsewhere"),
        ({"target_link_uri": "https://tool.test.evil.test/"}, "target-elsewhere"),
        ({"target_link_uri": "https://tool.test@evil.test/"}, "target-elsewhere"),
        ({"target_link_uri": "https://tool.test:444/"}, "target-elsewhere"),
        ({"target_link_uri": "https://["}, "target-elsewhere"),
        ({"target_link_uri": "https://tool.test:x/"}, "target-elsewhere"),
        ({"target_link_uri": "/lti/open"}, "target-elsewhere"),
        ({"iss": "https://stranger.test"}, "platform-unknown"),
        ({"client_id": "client-2"}, "platform-unknown"),
    ],
)
def test_refuses_a_login_that_breaks_a_rule(app, client, platform, changes, code):
    response = client.post(
        "/lti/login", data=platform.login_form(**changes), base_url=PUBLIC_URL, headers={"Accept": "application/json"}
    )
    assert response.status_code == 400
    assert response.json["code"] == code
    assert response.json["reference"]
    with app.app_context():
        assert db.session.scalars(select(Login)).all() == []


def test_takes_our_own_address_with_its_usual_port_written_out(client, platform):
    assert send_login(client, platform, WINDOW, target_link_uri="https://TOOL.test:443/x").status_code == 302


def test_needs_no_client_id_while_the_issuer_has_one_registration(app, client, platform):
    assert begin_login(client, platform, client_id=None)["client_id"] == "client-1"
    SigningPlatform(client_id="client-2", port=1).register(app)
    response = send_login(client, platform, {"Accept": "application/json"}, client_id=None)
    assert response.json["code"] == "client-id-needed"
    assert begin_login(client, platform, client_id="client-2")["client_id"] == "client-2"


@pytest.mark.parametrize("name", ["lti_deployment_id", "deployment_id"])
def test_remembers_the_deployment_by_either_name(app, client, platform, name):
    begin_login(client, platform, **{"lti_deployment_id": None, name: "7"})
    with app.app_context():
        assert db.session.scalars(select(Login)).one().deployment_id == "7"


def test_stores_no_secret_of_a_login(app, client, platform):
    asked = begin_login(client, platform)
    secret = next(iter(client._cookies.values())).value
    with app.app_context():
        login = db.session.scalars(select(Login)).one()
        assert login.state_hash != asked["state"]
        assert secret not in {login.binding_hash, login.state_hash, login.window_ticket_hash}


def test_hints_are_escaped_in_the_page(client, platform):
    response = send_login(client, platform, FRAME, login_hint='"><script>alert(1)</script>')
    assert "<script>alert" not in response.text
    asked = dict(parse_qsl(urlsplit(next_address(response)).query))
    assert asked["login_hint"] == '"><script>alert(1)</script>'
