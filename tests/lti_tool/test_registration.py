"""An LMS registers by the address of an invitation: what it is asked for, what is kept, and what is refused."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import jwt
import pytest
from sqlalchemy import func, select, update

from lti_tool.extensions import db
from lti_tool.lti import keys
from lti_tool.lti.vault import Vault
from lti_tool.models import AuditEntry, Deployment, Invitation, Privacy, Registration, RegistrationState, Role
from lti_tool.services import invitations
from lti_tool.services.fingerprints import fingerprint
from tests.lti_tool.admin.browser import signed_in
from tests.lti_tool.conftest import MASTER_KEY, PUBLIC_URL
from tests.lti_tool.registering_lms import AGS, PLATFORM, TOOL, confirm, invite, registering_lms, shown_in
from tests.lti_tool.servers import answer

CANVAS = "https://canvas.instructure.com/lti/"
AUDIENCE = "https://api.brightspace.com/auth/token"


@pytest.fixture
def lms():
    with registering_lms() as running:
        yield running


def count(app, model=Registration) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def one(app) -> Registration:
    return db.session.scalars(select(Registration)).one()


def test_an_lms_registers_and_waits_for_approval(app, lms):
    owner = signed_in(app)
    invitation = invite(app, owner, title="Our LMS")
    client = app.test_client()
    page = lms.open(client, invitation)
    assert page.status_code == 200
    assert lms.url in page.text
    assert not lms.sent
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers

    done = confirm(client, invitation, page)
    assert done.status_code == 200, done.text
    assert "an owner of this training tool approves it" in done.text
    assert b"Authorization: Bearer reg-token" in lms.requests[-1]
    (sent,) = lms.sent
    assert sent["redirect_uris"] == [f"{PUBLIC_URL}/lti/launch"]
    assert sent["initiate_login_uri"] == f"{PUBLIC_URL}/lti/login"
    assert sent["jwks_uri"] == f"{PUBLIC_URL}/lti/keys"
    assert sent["scope"].split() == [AGS + "lineitem", AGS + "score"]
    assert sent[TOOL]["domain"] == "tool.test"
    assert sent[TOOL]["claims"] == ["iss", "sub", "name"]
    assert sent[TOOL]["custom_parameters"] == {"context_history": "$Context.id.history"}
    assert [message["type"] for message in sent[TOOL]["messages"]] == [
        "LtiDeepLinkingRequest",
        "LtiResourceLinkRequest",
    ]
    with app.app_context():
        registration = one(app)
        assert registration.state is RegistrationState.PENDING
        assert (registration.title, registration.client_id) == ("Our LMS", "client-1")
        assert registration.token_url == f"{lms.url}/token"
        assert registration.granted["scopes"] == [AGS + "lineitem", AGS + "score"]
        deployment = db.session.scalars(select(Deployment)).one()
        assert (deployment.deployment_id, deployment.is_approved) == ("7", True)
        used = db.session.scalars(select(Invitation)).one()
        assert used.registration_id == registration.id
        number = registration.id
        actions = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
        assert actions[-2:] == ["invitation-made", "platform-registered"]
    assert "1 platform waits for your approval" in owner.get("/admin/").text
    shown = owner.get(f"/admin/platforms/{number}")
    assert "missing" in shown.text
    owner.send(f"/admin/platforms/{number}", f"/admin/platforms/{number}/state", state="active")
    with app.app_context():
        assert one(app).state is RegistrationState.ACTIVE
    again = lms.open(app.test_client(), invitation)
    assert again.status_code == 400
    assert "used already" in again.text


def test_without_a_configuration_the_page_says_how_to_use_it(app):
    page = app.test_client().get(invite(app), base_url=PUBLIC_URL)
    assert page.status_code == 200
    assert "Moodle" in page.text


@pytest.mark.parametrize("chosen", ["by the invitation", "on the page"])
def test_names_are_asked_for_only_where_both_agree(app, lms, chosen):
    invitation = invite(app, privacy="pseudonym" if chosen == "by the invitation" else "name")
    client = app.test_client()
    confirm(client, invitation, lms.open(client, invitation), names=chosen == "by the invitation")
    assert lms.sent[0][TOOL]["claims"] == ["iss", "sub"]
    with app.app_context():
        assert one(app).privacy is Privacy.PSEUDONYM


def test_each_lms_gets_what_it_reads(app, lms):
    lms.lti = {
        "product_family_code": "canvas",
        "messages_supported": [
            {"type": "LtiResourceLinkRequest", "placements": ["course_navigation"]},
            {"type": "LtiDeepLinkingRequest", "placements": ["assignment_selection", "editor_button"]},
        ],
        CANVAS + "account_name": "Town of Genoa",
    }
    lms.deployment_id = None
    client = app.test_client()
    invitation = invite(app, product="canvas")
    confirm(client, invitation, lms.open(client, invitation))
    (sent,) = lms.sent
    assert sent[TOOL][CANVAS + "privacy_level"] == "name_only"
    (message,) = sent[TOOL]["messages"]
    assert message["placements"] == ["assignment_selection"]
    with app.app_context():
        registered = one(app)
        assert (registered.product, registered.title) == ("canvas", "Town of Genoa")
        assert db.session.scalar(select(Deployment)) is None

    reviewed = [{"type": "LtiResourceLinkRequest"}, {"type": "LtiSubmissionReviewRequest"}]
    lms.client_id, lms.lti = "client-3", {"messages_supported": reviewed}
    invitation = invite(app)
    confirm(client, invitation, lms.open(client, invitation))
    assert [message["type"] for message in lms.sent[-1][TOOL]["messages"]] == [each["type"] for each in reviewed]

    lms.client_id, lms.lti = "client-2", {"product_family_code": "sakailms.org", "variables": ["User.id"]}
    invitation = invite(app)
    confirm(client, invitation, lms.open(client, invitation))
    custom = lms.sent[-1][TOOL]["custom_parameters"]
    assert set(custom) == {"context_history", "link_history"}
    assert lms.sent[-1][TOOL]["messages"][0]["type"] == "LtiDeepLinkingRequest"


def test_an_lms_that_lists_nothing_is_asked_for_everything(app, lms):
    lms.changes = {"scopes_supported": None, "claims_supported": None, PLATFORM: None}
    lms.granted = {"scope": None, TOOL: None}
    client = app.test_client()
    invitation = invite(app)
    done = confirm(client, invitation, lms.open(client, invitation))
    assert "not said" in done.text
    assert len(lms.sent[0]["scope"].split()) == 5
    with app.app_context():
        assert one(app).granted["scopes"] is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"issuer": "https://elsewhere.example.org"}, "speaks for another one"),
        ({"issuer": None}, "issuer"),
        ({"issuer": "x"}, "issuer"),
        ({"issuer": ["https://lms.test"]}, "issuer"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "authorization_endpoint"),
        ({"authorization_endpoint": "https://user:pass@lms.test/"}, "authorization_endpoint"),
        ({"token_endpoint": None}, "token_endpoint"),
        ({"token_endpoint": "http://10.0.0.1/token"}, "token_endpoint: https://"),
        ({"jwks_uri": "https://lms.test/keys#x"}, "jwks_uri"),
        ({"jwks_uri": 7}, "jwks_uri"),
        ({"authorization_server": 7}, "authorization_server"),
        ({"authorization_server": "x" * 1001}, "authorization_server"),
        ({"authorization_server": "https://lms.test/\x00"}, "authorization_server"),
        ({"jwks_uri": "https://lms.test/" + "x" * 1000}, "jwks_uri"),
        ({"registration_endpoint": "http://127.0.0.1:1/"}, "registration_endpoint"),
        ({"id_token_signing_alg_values_supported": ["HS256"]}, "RS256"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_refused_and_says_why(make_app, lms, changes, words):
    app = make_app()
    invitation = invite(app)
    lms.changes = changes
    page = lms.open(app.test_client(), invitation)
    assert page.status_code == 400
    assert words in page.text
    assert count(app) == 0
    lms.changes = {}
    assert lms.open(app.test_client(), invitation).status_code == 200


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        (answer(b"<h1>Maintenance</h1>", "200 OK", "Content-Type: text/html"), "did not describe itself"),
        (answer(b"", "302 Found", "Location: http://127.0.0.1:5432/"), "HTTP 302"),
        (answer(b"{}", "500 Oops"), "HTTP 500"),
        (answer(b"[]"), "no JSON object"),
        (answer(b"[" * 100_000), "did not describe itself"),
        (answer(b'{"x": "' + b"y" * 1_100_000 + b'"}'), "could not be reached"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "could not be reached"),
    ],
)
def test_what_is_no_configuration_is_refused(make_app, lms, whole, words):
    app = make_app(egress_timeout_s=2.0)
    lms.configuration_answer = whole
    page = lms.open(app.test_client(), invite(app))
    assert page.status_code == 400
    assert words in page.text


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:5432/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "https://10.1.2.3/x",
        "file:///etc/passwd",
        "ftp://lms.test/",
        "https://a b/",
        "x" * 5000,
    ],
)
def test_the_address_of_a_configuration_leads_nowhere_inside(make_app, lms, url):
    app = make_app(egress_allow=())
    page = lms.open(app.test_client(), invite(app), url=url)
    assert page.status_code == 400
    assert "could not be reached" in page.text
    assert "127.0.0.1" not in page.text
    assert "10.1.2.3" not in page.text


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        (answer(b"token_already_used", "401 Unauthorized"), "registration token"),
        (
            answer(b'{"error": "invalid_client_metadata", "error_description": "<b>no</b>"}', "400 Bad Request"),
            "invalid_client_metadata – &lt;b&gt;no&lt;/b&gt;",
        ),
        (answer(b"<html>", "503 Busy"), "a problem of its own"),
        (answer(b"<html>"), "it is not known whether"),
        (answer(b'{"client_id": ""}'), "it is not known whether"),
        (answer(b'{"client_id": 5}'), "it is not known whether"),
        (answer(b'{"client_id": "a\\u0000b"}'), "it is not known whether"),
        (answer(b"", "307 Temporary Redirect", "Location: http://127.0.0.1:5432/"), "a problem of its own"),
        (b"", "it is not known whether"),
    ],
)
def test_a_registration_that_fails_keeps_nothing_and_leaves_the_invitation(make_app, lms, whole, words):
    app = make_app(egress_timeout_s=2.0)
    invitation, client = invite(app), app.test_client()
    page = lms.open(client, invitation)
    lms.registration_answer = whole
    failed = confirm(client, invitation, page)
    assert failed.status_code == 400
    assert words in failed.text
    assert count(app) == count(app, Deployment) == 0
    lms.registration_answer = None
    assert confirm(client, invitation, lms.open(client, invitation)).status_code == 200
    assert count(app) == 1


def test_invitations_end(app, lms):
    owner = signed_in(app)
    client = app.test_client()
    assert "not the address of an invitation" in lms.open(client, "/lti/register/" + "x" * 22).text

    invitation = invite(app, owner)
    page = lms.open(client, invitation)
    owner.send("/admin/invitations", "/admin/invitations/1/revoke")
    assert "withdrawn" in confirm(client, invitation, page).text
    assert owner.post("/admin/invitations/1/revoke").status_code == 403

    invitation = invite(app, owner)
    page = lms.open(client, invitation)
    with app.app_context():
        db.session.execute(update(Invitation).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
        db.session.commit()
    assert "has expired" in lms.open(client, invitation).text
    assert "has expired" in confirm(client, invitation, page).text
    assert not lms.sent


def test_what_was_shown_belongs_to_its_invitation_and_cannot_be_changed(app, lms):
    first, second = invite(app), invite(app)
    client = app.test_client()
    page = lms.open(client, first)
    assert "open for too long" in confirm(client, second, page).text
    for shown in ("", "x", shown_in(page)[:-2] + "xx"):
        assert client.post(first, data={"shown": shown}, base_url=PUBLIC_URL).status_code == 400
    assert not lms.sent


def test_the_secret_of_an_invitation_is_kept_nowhere(app, lms, capsys):
    invitation = invite(app)
    secret = invitation.rpartition("/")[2]
    lms.changes = {"issuer": "https://elsewhere.example.org"}
    lms.open(app.test_client(), invitation)
    with app.app_context():
        kept = db.session.scalars(select(Invitation)).one()
        assert kept.secret_hash == fingerprint(secret)
        entry = db.session.scalars(select(AuditEntry).filter_by(action="invitation-made")).one()
        assert secret not in json.dumps(entry.after)
    output = capsys.readouterr()
    assert "issuer-elsewhere" in output.err + output.out
    assert secret not in output.err + output.out


def test_two_at_once_give_one_registration(make_app, lms):
    app, other = make_app(), make_app()
    invitation = invite(app)
    pages = [lms.open(each.test_client(), invitation) for each in (app, other)]
    arrived = threading.Event()
    second: list[str] = []

    def meanwhile() -> None:
        # The first registration is at the LMS when the second one is confirmed.
        if not arrived.is_set():
            arrived.set()
            second.append(confirm(other.test_client(), invitation, pages[1]).text)

    lms.before_answer = meanwhile
    done = confirm(app.test_client(), invitation, pages[0])
    assert done.status_code == 200
    assert "under way already" in second[0]
    assert len(lms.sent) == 1
    assert count(app) == 1


def test_of_many_at_the_same_moment_one_registers(make_app, lms):
    apps = [make_app() for _process in range(4)]
    invitation = invite(apps[0])
    page = lms.open(apps[0].test_client(), invitation)
    together = threading.Barrier(len(apps))
    statuses: list[int] = []

    def press(app) -> None:
        together.wait()
        statuses.append(confirm(app.test_client(), invitation, page).status_code)

    threads = [threading.Thread(target=press, args=(app,)) for app in apps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 400, 400, 400]
    assert len(lms.sent) == 1
    assert count(apps[0]) == 1


def test_one_that_waits_makes_no_login_of_the_approved_one_ambiguous(app, lms):
    client = app.test_client()
    login = {"iss": lms.url, "target_link_uri": f"{PUBLIC_URL}/lti/launch", "login_hint": "1"}
    answers = []
    for client_id in ("client-1", "client-2"):
        lms.client_id, invitation = client_id, invite(app)
        confirm(client, invitation, lms.open(client, invitation))
        if client_id == "client-1":
            with app.app_context():
                one(app).state = RegistrationState.ACTIVE
                db.session.commit()
        answers.append(client.post("/lti/login", data=login, base_url=PUBLIC_URL))
    assert [each.status_code for each in answers] == [200, 200]
    assert "client_id=client-1" in answers[1].text
    named = client.post("/lti/login", data=login | {"client_id": "client-2"}, base_url=PUBLIC_URL)
    assert "not approved here yet" in named.text


def test_a_registration_whose_process_died_holds_the_invitation_for_a_moment_only(app, lms):
    invitation, client = invite(app), app.test_client()
    page = lms.open(client, invitation)
    for until, status in ((timedelta(seconds=20), 400), (timedelta(0), 200)):
        with app.app_context():
            db.session.execute(update(Invitation).values(claimed_until=datetime.now(UTC) + until))
            db.session.commit()
        assert confirm(client, invitation, page).status_code == status
    assert len(lms.sent) == 1


def test_an_invitation_makes_no_scanner(app, lms, monkeypatch):
    monkeypatch.setattr(invitations, "LOOKS_PER_HOUR", 3)
    invitation, client = invite(app), app.test_client()
    looks = [lms.open(client, invitation).status_code for _look in range(5)]
    assert looks == [200, 200, 200, 400, 400]
    assert len(lms.requests) == 3
    assert client.get(invitation, base_url=PUBLIC_URL).status_code == 200


def test_an_invitation_that_is_withdrawn_at_the_last_moment_registers_nothing(make_app, lms):
    app, other = make_app(), make_app()
    owner = signed_in(other)
    invitation = invite(other, owner)
    client = app.test_client()
    page = lms.open(client, invitation)
    lms.before_answer = lambda: owner.send("/admin/invitations", "/admin/invitations/1/revoke")
    failed = confirm(client, invitation, page)
    assert failed.status_code == 400
    assert "Delete the tool in your LMS" in failed.text
    assert count(app) == 0


def test_a_registration_that_comes_again_changes_nothing_before_an_owner_agrees(app, lms):
    owner, client = signed_in(app), app.test_client()
    for _time in range(2):
        invitation = invite(app, owner)
        confirm(client, invitation, lms.open(client, invitation))
        lms.changes = {"authorization_endpoint": "https://evil.example.org/auth"}
        lms.deployment_id = "9"
    with app.app_context():
        registration = one(app)
        number = registration.id
        assert registration.auth_url == f"{lms.url}/auth"
        assert [each.deployment_id for each in registration.deployments] == ["7"]
    page = f"/admin/platforms/{number}"
    assert "https://evil.example.org/auth" in owner.get(page).text
    owner.send(page, f"{page}/proposal", do="discard")
    with app.app_context():
        assert one(app).auth_url == f"{lms.url}/auth"
        assert one(app).proposal is None
    invitation = invite(app, owner)
    confirm(client, invitation, lms.open(client, invitation))
    owner.send(page, f"{page}/proposal", do="take")
    with app.app_context():
        assert one(app).auth_url == "https://evil.example.org/auth"
        assert db.session.scalar(select(AuditEntry).filter_by(action="platform-changed")) is not None


def test_tokens_are_asked_for_with_the_audience_that_the_lms_names(app, lms):
    owner, client = signed_in(app), app.test_client()
    with app.app_context():
        keys.ensure_key(db.session(), Vault((MASTER_KEY,)), datetime.now(UTC))
        db.session.commit()
    lms.changes = {"authorization_server": AUDIENCE}
    invitation = invite(app, owner)
    confirm(client, invitation, lms.open(client, invitation))
    with app.app_context():
        number = one(app).id
        assert one(app).token_audience == AUDIENCE
    shown = owner.get(f"/admin/platforms/{number}").text
    assert AUDIENCE in shown
    assert "<code>api.brightspace.com</code>" in shown

    lms.registration_answer = answer(b'{"error": "invalid_grant"}', "400 Bad Request")
    page = f"/admin/platforms/{number}/health"
    owner.send(page, page)
    token_request = lms.requests[-1]
    assert token_request.startswith(b"POST /token ")
    assertion = parse_qs(token_request.partition(b"\r\n\r\n")[2].decode())["client_assertion"][0]
    assert jwt.decode(assertion, options={"verify_signature": False})["aud"] == AUDIENCE
    assert f"It has to expect {AUDIENCE} as the audience" in owner.get(page).text


@pytest.mark.parametrize("named", [None, "", "the token address"])
def test_an_lms_that_names_no_other_audience_means_its_token_address(app, lms, named):
    lms.changes = {"authorization_server": f"{lms.url}/token" if named == "the token address" else named}
    invitation, client = invite(app), app.test_client()
    confirm(client, invitation, lms.open(client, invitation))
    with app.app_context():
        assert one(app).token_audience is None


def test_an_lms_with_one_audience_for_all_customers_need_not_name_it(app, lms):
    lms.lti = {"product_family_code": "desire2learn"}
    lms.changes = {"token_endpoint": "https://auth.brightspace.com/core/connect/token"}
    invitation, client = invite(app), app.test_client()
    confirm(client, invitation, lms.open(client, invitation))
    with app.app_context():
        assert one(app).token_audience == AUDIENCE


VICTIM = {
    "issuer": "https://other.example.org",
    "client_id": "client-1",
    "title": "Another LMS",
    "auth_url": "https://other.example.org/auth",
    "token_url": "https://other.example.org/token",
    "key_set_url": "https://other.example.org/keys",
}


def add_victim(app, **values) -> None:
    with app.app_context():
        db.session.add(Registration(**(VICTIM | values), created_at=datetime.now(UTC)))
        db.session.commit()


@pytest.mark.parametrize("has_audience", [True, False], ids=["its audience", "its token address"])
def test_nobody_gets_token_requests_that_are_meant_for_another_platform(app, lms, has_audience):
    # Whoever had them could ask that platform for tokens in the tool's name, with its client id as its own.
    wanted = AUDIENCE if has_audience else VICTIM["token_url"]
    add_victim(app, token_audience=AUDIENCE if has_audience else None)
    lms.changes = {"authorization_server": wanted}
    invitation = invite(app)
    refused = lms.open(app.test_client(), invitation)
    assert refused.status_code == 400
    assert "meant for another platform here" in refused.text
    assert wanted in refused.text
    assert not lms.sent
    assert count(app) == 1
    # The invitation is still good.
    lms.changes = {}
    assert lms.open(app.test_client(), invitation).status_code == 200


def test_an_audience_that_became_anothers_meanwhile_registers_nothing(app, lms):
    client, invitation = app.test_client(), invite(app)
    lms.changes = {"authorization_server": AUDIENCE}
    page = lms.open(client, invitation)
    add_victim(app, token_audience=AUDIENCE)
    assert confirm(client, invitation, page).status_code == 400
    assert not lms.sent
    assert count(app) == 1


def test_customers_of_one_token_service_share_its_audience(app, lms):
    add_victim(app, token_url="https://auth.brightspace.com/core/connect/token", token_audience=AUDIENCE)
    lms.changes = {
        "token_endpoint": "https://auth.brightspace.com/core/connect/token",
        "authorization_server": AUDIENCE,
    }
    client, invitation = app.test_client(), invite(app)
    assert confirm(client, invitation, lms.open(client, invitation)).status_code == 200
    assert count(app) == 2


def test_an_lms_may_move_its_token_address_and_keep_its_audience(app, lms):
    client = app.test_client()
    for path in ("token", "moved"):
        lms.changes = {"token_endpoint": f"{lms.url}/{path}", "authorization_server": AUDIENCE}
        invitation = invite(app)
        assert confirm(client, invitation, lms.open(client, invitation)).status_code == 200
    with app.app_context():
        assert one(app).proposal["token_url"] == f"{lms.url}/moved"


def test_another_audience_waits_for_an_owner(app, lms):
    owner, client = signed_in(app), app.test_client()
    for audience in (AUDIENCE, None):
        lms.changes = {"authorization_server": audience}
        invitation = invite(app, owner)
        confirm(client, invitation, lms.open(client, invitation))
    with app.app_context():
        number = one(app).id
        assert one(app).token_audience == AUDIENCE
    page = f"/admin/platforms/{number}"
    assert f"<del>{AUDIENCE}</del> <ins>the access token address</ins>" in owner.get(page).text
    owner.send(page, f"{page}/proposal", do="take")
    with app.app_context():
        assert one(app).token_audience is None


def test_a_proposal_from_before_audiences_were_read_leaves_the_audience(app, lms):
    owner, client = signed_in(app), app.test_client()
    lms.changes = {"authorization_server": AUDIENCE}
    for _time in range(2):
        invitation = invite(app, owner)
        confirm(client, invitation, lms.open(client, invitation))
    with app.app_context():
        registration = one(app)
        number = registration.id
        registration.proposal = {n: v for n, v in registration.proposal.items() if n != "token_audience"}
        db.session.commit()
    page = f"/admin/platforms/{number}"
    assert owner.send(page, f"{page}/proposal", do="take").status_code == 303
    with app.app_context():
        assert one(app).token_audience == AUDIENCE


def test_an_invitation_for_one_lms_registers_no_other(app, lms):
    page = lms.open(app.test_client(), invite(app, product="moodle"))
    assert page.status_code == 400
    assert "another kind of LMS" in page.text


def test_an_auditor_sees_invitations_and_makes_none(app):
    invite(app, title="Our LMS")
    auditor = signed_in(app, Role.AUDITOR)
    page = auditor.get("/admin/invitations")
    assert "Our LMS" in page.text
    assert "<form" not in page.text.split("<main")[1]


def test_a_token_cannot_smuggle_a_header(app, lms):
    page = lms.open(app.test_client(), invite(app), token="x%0d%0aX-Evil:%201")
    assert page.status_code == 400
    assert not lms.requests


def test_removing_a_platform_leaves_its_invitation(app, lms):
    owner, client = signed_in(app), app.test_client()
    invitation = invite(app, owner)
    confirm(client, invitation, lms.open(client, invitation))
    with app.app_context():
        number = one(app).id
    owner.send(f"/admin/platforms/{number}", f"/admin/platforms/{number}/remove", sure="yes")
    assert count(app) == 0
    assert count(app, Invitation) == 1
