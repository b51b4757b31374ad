"""What guards the pages of a launch."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Blueprint, render_template_string, url_for
from flask_login import current_user
from sqlalchemy import select, update

from lti_tool.extensions import db, writes_on_get
from lti_tool.models import Deployment, Launch, Registration, RegistrationState
from lti_tool.services.fingerprints import fingerprint
from lti_tool.services.launches import await_proof, prove_launch
from lti_tool.views.session import current_launch, guard, trainer_required
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.launching import add_placement, launch

PAGES = Blueprint("guarded", __name__, url_prefix="/l/<handle>/guarded")
guard(PAGES)


@PAGES.route("/", methods=["GET", "POST"])
def who():
    assert current_user == current_launch()
    return render_template_string(
        "{{ sub }} {{ csrf_token() }} {{ here }}", sub=current_launch().person.sub, here=url_for(".who")
    )


@PAGES.route("/teach")
@trainer_required
def teach():
    return "trainers only"


@PAGES.route("/visit")
@writes_on_get
def visit():
    current_launch().person.name = "Visited"
    db.session.commit()
    return "written"


@pytest.fixture
def app(make_app):
    app = make_app()
    app.register_blueprint(PAGES)
    return app


@pytest.fixture
def client(app):
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    client.environ_base["HTTP_HOST"] = "tool.test"
    return client


def test_a_launch_opens_its_pages_to_its_browser(app, client):
    home = launch(app, client, sub="learner-7")
    answer = client.get(home + "guarded/", base_url=PUBLIC_URL)
    assert answer.status_code == 200
    assert answer.text.startswith("learner-7 ")
    assert answer.text.endswith(f" {home}guarded/")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_another_browser_gets_nothing_from_an_address_that_leaked(app, client):
    home = launch(app, client)
    stranger = app.test_client()
    assert stranger.get(home + "guarded/", base_url=PUBLIC_URL).status_code == 401
    launch(app, stranger, sub="somebody-else")
    assert stranger.get(home + "guarded/", base_url=PUBLIC_URL).status_code == 401


def test_where_no_cookie_stuck_the_address_is_enough(app):
    home = launch(app, None)
    assert app.test_client().get(home + "guarded/", base_url=PUBLIC_URL).status_code == 200


def test_an_unknown_address_opens_nothing(app, client):
    launch(app, client)
    for handle in ("x", "A" * 22, "é" * 22, "%00", "%ff"):
        assert client.get(f"/l/{handle}/guarded/", base_url=PUBLIC_URL).status_code == 401


def test_two_launches_in_one_browser_keep_apart(app, client):
    first = launch(app, client, sub="learner-1")
    second = launch(app, client, sub="learner-1", is_trainer=True, link="link-2")
    assert client.get(first + "guarded/teach", base_url=PUBLIC_URL).status_code == 403
    assert client.get(second + "guarded/teach", base_url=PUBLIC_URL).status_code == 200
    assert client.get(first + "guarded/teach", base_url=PUBLIC_URL).status_code == 403


def test_a_launch_ends_after_its_idle_time(app, client):
    home = launch(app, client, at=datetime.now(UTC) - timedelta(hours=2))
    answer = client.get(home + "guarded/", base_url=PUBLIC_URL, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json["code"] == "SessionEndedError"


@pytest.mark.parametrize("page", ["", "visit"])
def test_a_launch_in_use_goes_on(app, client, page):
    home = launch(app, client, at=datetime.now(UTC) - timedelta(minutes=50))
    assert client.get(home + "guarded/" + page, base_url=PUBLIC_URL).status_code == 200
    with app.app_context():
        renewed = db.session.scalars(select(Launch)).one()
        assert renewed.expires_at > datetime.now(UTC) + timedelta(minutes=200)


def test_a_launch_that_was_just_used_is_not_written_again(app, client):
    home = launch(app, client)
    with app.app_context():
        before = db.session.scalars(select(Launch.last_seen_at)).one()
    client.get(home + "guarded/", base_url=PUBLIC_URL)
    with app.app_context():
        assert db.session.scalars(select(Launch.last_seen_at)).one() == before


def token_of(client, home: str) -> str:
    return client.get(home + "guarded/", base_url=PUBLIC_URL).text.split(" ")[1]


def test_changes_need_the_form_token_of_this_launch(app, client):
    home, other = launch(app, client), launch(app, client, link="link-2")
    token = token_of(client, home)

    def post(**options) -> int:
        return client.post(home + "guarded/", base_url=PUBLIC_URL, **options).status_code

    assert post() == 403
    assert post(data={"csrf_token": token_of(client, other)}) == 403
    assert post(data={"csrf_token": token[:-1]}) == 403
    assert post(headers={"X-CSRF-Token": "é\x80"}) == 403
    assert post(data={"csrf_token": token}) == 200
    assert post(headers={"X-CSRF-Token": token}, json={}) == 200


def frame_ancestors(answer) -> str:
    return re.search(r"frame-ancestors ([^;]*)", answer.headers["Content-Security-Policy"])[1]


def test_only_the_platform_frames_a_launch(app, client):
    home = launch(app, client)
    assert frame_ancestors(client.get(home + "guarded/", base_url=PUBLIC_URL)) == "https://lms.test"
    with app.app_context():
        db.session.scalars(select(Deployment)).one().frame_hosts = ["https://school.test"]
        db.session.commit()
    assert frame_ancestors(client.get(home + "guarded/", base_url=PUBLIC_URL)) == "https://school.test"


def test_pages_speak_the_language_of_the_launch(app, client):
    home = launch(app, client)
    with app.app_context():
        db.session.scalars(select(Launch)).one().locale = "fi-FI"
        db.session.commit()
    answer = client.get(home + "guarded/teach", base_url=PUBLIC_URL, headers={"Accept-Language": "sv"})
    assert '<html lang="fi"' in answer.text


def unproved_launch(app) -> str:
    """Start a launch whose browser has yet to prove itself; gives the ticket."""
    with app.app_context():
        home = launch(app, None)
        ticket = await_proof(
            db.session(), home.split("/")[2], fingerprint("binding"), datetime.now(UTC), timedelta(minutes=10)
        )
        db.session.commit()
        assert app.test_client().get(home + "guarded/", base_url=PUBLIC_URL).status_code == 401
        return ticket


def test_a_proof_opens_a_launch_under_a_new_address(app):
    ticket = unproved_launch(app)
    with app.app_context():
        handle = prove_launch(db.session(), ticket, "binding", datetime.now(UTC), timedelta(minutes=60))
        db.session.commit()
    assert app.test_client().get(f"/l/{handle}/guarded/", base_url=PUBLIC_URL).status_code == 200


@pytest.mark.parametrize(
    ("closing", "words"),
    [
        ({"state": RegistrationState.CLOSED}, "This learning platform was closed here."),
        ({"state": RegistrationState.PENDING}, "This learning platform is not approved here yet."),
        ({"is_approved": False}, "This course is not approved here yet."),
    ],
    ids=["closed", "waiting again", "approval taken back"],
)
def test_whoever_is_inside_is_out_once_their_platform_closes_and_in_again_when_it_opens(app, client, closing, words):
    """With the next click: nothing is deleted, and what is open in the browser can still be saved later."""
    model = Registration if "state" in closing else Deployment
    with app.app_context():
        home, before = launch(app, client), db.session.scalars(select(model)).one()
        opened = {name: getattr(before, name) for name in closing}
        db.session.execute(update(model).values(closing))
        db.session.commit()
    page = client.get(home + "guarded/", base_url=PUBLIC_URL)
    assert (page.status_code, words in page.text) == (401, True)
    saved = client.post(home + "guarded/", base_url=PUBLIC_URL, headers={"Accept": "application/json"})
    assert (saved.status_code, words in saved.json["error"]) == (401, True)
    stranger = app.test_client().get(home + "guarded/", base_url=PUBLIC_URL)
    assert words not in stranger.text, "another browser learns nothing of it"
    with app.app_context():
        db.session.execute(update(model).values(opened))
        db.session.commit()
    assert client.get(home + "guarded/", base_url=PUBLIC_URL).status_code == 200


def test_other_platforms_of_the_tool_stay_open(app, client):
    with app.app_context():
        home = launch(app, None)
        other = add_placement(issuer="https://other.test")
        other.deployment.registration.state = RegistrationState.CLOSED
        add_placement(deployment="2").deployment.is_approved = False
        db.session.commit()
    assert client.get(home + "guarded/").status_code == 200
