"""Where no cookie came back: the browser proves from its storage that it began the login."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from lti_tool.extensions import db
from lti_tool.models import Launch
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.signing_platform import MEMBERSHIP, next_address, post_launch, signing_platform


@pytest.fixture
def platform(app):
    with signing_platform() as platform:
        platform.register(app)
        yield platform


def launch_without_cookies(app, platform, storage: str | None = None, **changes) -> tuple[str, str, str]:
    """Launch in a browser that keeps no cookie; gives the ticket, the secret that its storage holds, and the page."""
    login = app.test_client(use_cookies=False).post(
        "/lti/login",
        data=platform.login_form(lti_storage_target=storage),
        base_url=PUBLIC_URL,
        headers={"Sec-Fetch-Dest": "iframe"},
    )
    secret = re.search(r'data-secret="([^"]+)"', login.text)[1]
    state, nonce = (re.search(rf"[?&]{name}=([\w-]+)", next_address(login))[1] for name in ("state", "nonce"))
    token = platform.sign(platform.claims(nonce, **changes))
    page = post_launch(app.test_client(use_cookies=False), state, token)
    assert page.status_code == 200
    return re.search(r'name="ticket" value="([^"]+)"', page.text)[1], secret, page.text


def prove(app, ticket: str, secret: str, **form: str):
    return app.test_client(use_cookies=False).post(
        "/lti/proof",
        data={"ticket": ticket, "secret": secret, **form},
        base_url=PUBLIC_URL,
        headers={"Accept": "application/json"},
    )


def test_a_proof_opens_the_launch_in_its_path(app, platform):
    ticket, secret, _ = launch_without_cookies(app, platform)
    response = prove(app, ticket, secret)
    assert response.status_code == 303
    assert re.fullmatch(r"/l/[\w-]{22}/", response.headers["Location"])
    assert "Set-Cookie" not in response.headers
    with app.app_context():
        launch = db.session.scalars(select(Launch)).one()
        assert launch.browser_hash is None
        assert launch.proof_ticket_hash is None
        assert launch.expires_at < datetime.now(UTC) + timedelta(minutes=61)


def test_the_page_announces_what_it_does_and_works_in_frames(app, platform):
    _, secret, page = launch_without_cookies(app, platform)
    assert 'role="status"' in page
    assert "<noscript>" in page
    assert secret not in page


@pytest.mark.parametrize(("storage", "shown"), [("a_frame", "a_frame"), (None, "")])
def test_the_page_asks_the_storage_that_the_login_named(app, platform, storage, shown):
    _, _, page = launch_without_cookies(app, platform, storage)
    assert f'data-storage="{shown}" data-platform="https://lms.test"' in page


@pytest.mark.parametrize(
    ("presentation", "address"),
    [({"return_url": "https://lms.test/course"}, "https://lms.test/course"), ({}, "https://lms.test")],
)
def test_the_page_leads_back_to_the_course_where_no_proof_is_found(app, platform, presentation, address):
    _, _, page = launch_without_cookies(app, platform, launch_presentation=presentation)
    assert page.count(f'href="{address}" target="_top"') == 2


def test_a_ticket_is_good_once(app, platform):
    ticket, secret, _ = launch_without_cookies(app, platform)
    assert prove(app, ticket, secret).status_code == 303
    again = prove(app, ticket, secret)
    assert (again.status_code, again.json["code"]) == (400, "proof-ticket-used")


@pytest.mark.parametrize("guess", ["", "A" * 22, "é\0", "x" * 10_000])
def test_a_wrong_secret_closes_the_launch_for_good(app, platform, guess):
    ticket, secret, _ = launch_without_cookies(app, platform)
    wrong = prove(app, ticket, guess)
    assert (wrong.status_code, wrong.json["code"]) == (400, "not-this-browser")
    assert "Location" not in wrong.headers
    right = prove(app, ticket, secret)
    assert (right.status_code, right.json["code"]) == (400, "proof-ticket-used")


def test_the_secret_of_another_launch_proves_nothing(app, platform):
    mine, _, _ = launch_without_cookies(app, platform)
    _, other_secret, _ = launch_without_cookies(app, platform, sub="somebody-else")
    assert prove(app, mine, other_secret).json["code"] == "not-this-browser"


@pytest.mark.parametrize("ticket", ["", "A" * 22, "é\0"])
def test_an_unknown_ticket_opens_nothing(app, platform, ticket):
    _, secret, _ = launch_without_cookies(app, platform)
    assert prove(app, ticket, secret).json["code"] == "proof-ticket-used"


def test_a_ticket_ends(app, platform):
    ticket, secret, _ = launch_without_cookies(app, platform)
    with app.app_context():
        db.session.execute(update(Launch).values(expires_at=datetime.now(UTC)))
        db.session.commit()
    assert prove(app, ticket, secret).json["code"] == "proof-ticket-used"


def test_the_cookie_of_another_login_is_no_proof(app, client, platform):
    login = client.post(
        "/lti/login", data=platform.login_form(), base_url=PUBLIC_URL, headers={"Sec-Fetch-Dest": "iframe"}
    )
    cookie = next(iter(client._cookies.values()))
    stolen = app.test_client()
    other = stolen.post(
        "/lti/login", data=platform.login_form(), base_url=PUBLIC_URL, headers={"Sec-Fetch-Dest": "iframe"}
    )
    assert login.status_code == 200
    state, nonce = (re.search(rf"[?&]{name}=([\w-]+)", next_address(other))[1] for name in ("state", "nonce"))
    key = re.search(r'data-login="(\w+)"', other.text)[1]
    attacker = app.test_client()
    attacker.set_cookie(f"__Host-login-{key}", cookie.value, domain="tool.test", secure=True)
    response = post_launch(attacker, state, platform.sign(platform.claims(nonce)))
    assert response.status_code == 200
    assert "data-proof" in response.text


def test_a_trainer_chooses_after_the_proof_and_hears_what_is_missing(app, platform):
    ticket, secret, page = launch_without_cookies(
        app, platform, roles=[MEMBERSHIP + "Instructor"], custom={"module": 'm9"><b>'}
    )
    assert 'value="m9&#34;&gt;&lt;b&gt;"' in page
    response = prove(app, ticket, secret, missing='m9"><b>')
    assert response.headers["Location"].endswith("/pick/?missing=m9%22%3E%3Cb%3E")


def test_nothing_is_open_before_the_proof(app, platform):
    launch_without_cookies(app, platform)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Launch)) == 1
        assert db.session.scalars(select(Launch.proof_ticket_hash)).one() is not None


def test_a_login_that_a_new_window_took_over_is_the_windows(app, platform):
    login = app.test_client(use_cookies=False).post(
        "/lti/login", data=platform.login_form(), base_url=PUBLIC_URL, headers={"Sec-Fetch-Dest": "iframe"}
    )
    old_secret = re.search(r'data-secret="([^"]+)"', login.text)[1]
    ticket_address = re.search(r'href="([^"]+/window/[^"]+)"', login.text)[1]
    window = app.test_client()
    address = next_address(window.get(ticket_address, base_url=PUBLIC_URL))
    state, nonce = (re.search(rf"[?&]{name}=([\w-]+)", address)[1] for name in ("state", "nonce"))
    token = platform.sign(platform.claims(nonce))
    assert post_launch(window, state, token).status_code == 303
    assert old_secret not in {cookie.value for cookie in window._cookies.values()}


def test_the_frames_secret_is_void_once_a_window_took_over(app, platform):
    login = app.test_client(use_cookies=False).post(
        "/lti/login", data=platform.login_form(), base_url=PUBLIC_URL, headers={"Sec-Fetch-Dest": "iframe"}
    )
    old_secret = re.search(r'data-secret="([^"]+)"', login.text)[1]
    app.test_client().get(re.search(r'href="([^"]+/window/[^"]+)"', login.text)[1], base_url=PUBLIC_URL)
    state, nonce = (re.search(rf"[?&]{name}=([\w-]+)", next_address(login))[1] for name in ("state", "nonce"))
    page = post_launch(app.test_client(use_cookies=False), state, platform.sign(platform.claims(nonce)))
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)[1]
    assert prove(app, ticket, old_secret).json["code"] == "not-this-browser"
