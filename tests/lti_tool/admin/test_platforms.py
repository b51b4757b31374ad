"""Platforms in the admin pages: added by hand, changed, approved, closed and removed."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.models import AuditEntry, Deployment, Person, Registration, RegistrationState, Role
from lti_tool.platforms import PRODUCTS
from lti_tool.platforms.installing import guide_of
from tests.lti_tool.admin.browser import signed_in
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.launching import add_person, add_placement
from tests.lti_tool.signing_platform import launch_through, signing_platform

ADDRESSES = {
    "issuer": "https://lms.test",
    "client_id": "client-1",
    "auth_url": "https://lms.test/auth",
    "token_url": "https://lms.test/token",
    "key_set_url": "https://lms.test/keys",
}


def add(app, **more) -> int:
    with app.app_context():
        placement = add_placement(**more)
        db.session.commit()
        return placement.deployment.registration_id


def one(app) -> Registration:
    return db.session.scalars(select(Registration)).one()


def test_a_platform_is_added_with_what_its_lms_is_known_by(app):
    owner = signed_in(app)
    which = owner.get("/admin/platforms/new")
    assert "Moodle" in which.text
    form = owner.get("/admin/platforms/new?product=moodle&site=moodle.example.org/")
    assert "https://moodle.example.org/mod/lti/token.php" in form.text
    for ours in ("/lti/login", "/lti/launch", "/lti/keys"):
        assert PUBLIC_URL + ours in form.text
    added = owner.send_from(form, "/admin/platforms/new", client_id="AbC123", title="Our Moodle")
    assert added.status_code == 303
    page = owner.get(added.location)
    assert "Our Moodle" in page.text
    assert "The platform is registered" in page.text
    with app.app_context():
        registration = one(app)
        assert registration.issuer == "https://moodle.example.org"
        assert registration.product == "moodle"
        assert registration.accepts_new_deployments
        entry = db.session.scalars(select(AuditEntry).filter_by(action="platform-added")).one()
        assert entry.after["client_id"] == "AbC123"
    again = owner.send_from(form, "/admin/platforms/new", client_id="AbC123")
    assert "registered already" in again.text


@pytest.mark.parametrize("product", PRODUCTS)
def test_each_lms_has_its_form_and_the_values_to_paste(make_app, product):
    app = make_app()
    owner = signed_in(app)
    page = owner.get(f"/admin/platforms/new?product={product}&site=https://lms.example.org&client_id=id-1")
    assert page.status_code == 200
    assert f"{PUBLIC_URL}/lti/" in page.text
    filled = guide_of(product).addresses("https://lms.example.org", "id-1")
    for value in filled.values():
        assert "{" not in value
        assert not value or urlsplit(value).scheme == "https"


def test_what_cannot_be_taken_is_said_at_its_field_and_what_was_typed_stays(app):
    owner = signed_in(app)
    form = owner.get("/admin/platforms/new?product=generic")
    odd = {"auth_url": "javascript:alert(1)", "token_url": "http://[", "key_set_url": "https://x/#y", "title": "<b>"}
    answer = owner.send_from(form, "/admin/platforms/new", client_id="", issuer="x" * 501, **odd)
    assert answer.status_code == 400
    assert answer.text.count('aria-invalid="true"') == 5
    assert "&lt;b&gt;" in answer.text
    with app.app_context():
        assert db.session.scalar(select(Registration)) is None


def test_a_platform_is_changed_and_the_log_shows_what_was_before(app):
    number = add(app)
    owner = signed_in(app)
    page = owner.get(f"/admin/platforms/{number}/edit")
    done = owner.send_from(page, f"/admin/platforms/{number}/edit", title="Our Canvas", product="canvas")
    assert done.status_code == 303
    with app.app_context():
        assert one(app).product == "canvas"
        entry = db.session.scalars(select(AuditEntry).filter_by(action="platform-changed")).one()
        assert entry.before == {"title": "LMS", "product": "generic"}
        assert entry.after == {"title": "Our Canvas", "product": "canvas"}
    assert "platform changed" in owner.get("/admin/audit").text


def test_without_names_those_that_are_kept_are_forgotten_and_none_are_kept(app):
    with signing_platform() as platform:
        number = platform.register(app)
        launch_through(app.test_client(), platform)
        owner = signed_in(app)
        with app.app_context():
            assert db.session.scalars(select(Person)).one().name == "Ana Álvarez"
        page = owner.get(f"/admin/platforms/{number}/edit")
        owner.send_from(page, f"/admin/platforms/{number}/edit", privacy="pseudonym")
        for _launch in range(2):
            with app.app_context():
                assert db.session.scalars(select(Person)).one().name is None
            launch_through(app.test_client(), platform)


def test_a_pending_or_closed_platform_lets_nobody_in(app):
    with signing_platform() as platform:
        number = platform.register(app)
        owner = signed_in(app)
        for state, words in (("pending", "not approved here yet"), ("closed", "closed here")):
            with app.app_context():
                one(app).state = RegistrationState(state)
                db.session.commit()
            refused = app.test_client().post("/lti/login", data=platform.login_form(), base_url=PUBLIC_URL)
            assert refused.status_code == 400
            assert words in refused.text
            owner.send(f"/admin/platforms/{number}", f"/admin/platforms/{number}/state", state="active")
            assert launch_through(app.test_client(), platform).status_code == 303
        owner.send(f"/admin/platforms/{number}", f"/admin/platforms/{number}/state", state="closed")
        with app.app_context():
            assert one(app).state is RegistrationState.CLOSED


def test_a_platform_that_closes_between_login_and_launch_lets_nobody_in(app):
    from tests.lti_tool.signing_platform import begin_login, post_launch

    with signing_platform() as platform:
        platform.register(app)
        client = app.test_client()
        asked = begin_login(client, platform)
        with app.app_context():
            one(app).state = RegistrationState.CLOSED
            db.session.commit()
        refused = post_launch(client, asked["state"], platform.sign(platform.claims(asked["nonce"])))
        assert refused.status_code == 400


def test_deployments_are_approved_revoked_and_say_who_may_frame(app):
    number = add(app)
    owner = signed_in(app)
    page = f"/admin/platforms/{number}"
    with app.app_context():
        deployment = db.session.scalars(select(Deployment)).one().id
    action = f"{page}/deployments/{deployment}"
    owner.send(page, action, do="revoke", frame_hosts="school.example.org\nhttps://other.example.org:8443/x")
    with app.app_context():
        found = db.session.get(Deployment, deployment)
        assert not found.is_approved
        assert found.frame_hosts == ["https://school.example.org", "https://other.example.org:8443"]
    assert "a deployment waits for approval" in owner.get("/admin/platforms").text
    wrong = owner.send(page, action, do="save", frame_hosts="https://a.example.org; script-src *")
    assert wrong.status_code == 400
    owner.send(page, action, do="approve")
    with app.app_context():
        assert db.session.get(Deployment, deployment).is_approved
    owner.send(page, f"{page}/deployments", deployment_id="later")
    assert "later" in owner.get(page).text
    other = add(app, client_id="client-2", deployment="theirs")
    token = owner.get(page).text.split('name="form_token" value="')[1].split('"')[0]
    stray = owner.post(f"/admin/platforms/{other}/deployments/{deployment}", {"form_token": token, "do": "revoke"})
    assert stray.status_code == 404


def test_a_platform_that_people_came_through_is_closed_and_not_removed(app):
    owner = signed_in(app)
    used, unused = add(app), add(app, client_id="client-2", deployment="d2")
    with app.app_context():
        add_person(add_placement(), "learner-1")
        for placement in db.session.scalars(select(Registration).where(Registration.id == unused)).one().deployments:
            db.session.execute(db.text(f"DELETE FROM placement WHERE deployment_id = {placement.id}"))
            db.session.execute(db.text(f"DELETE FROM context WHERE deployment_id = {placement.id}"))
        db.session.commit()
    page = owner.get(f"/admin/platforms/{used}")
    assert f"/admin/platforms/{used}/remove" not in page.text
    token = page.text.split('name="form_token" value="')[1].split('"')[0]
    refused = owner.post(f"/admin/platforms/{used}/remove", {"form_token": token, "sure": "yes"})
    assert "close it instead" in refused.text
    unsure = owner.send(f"/admin/platforms/{unused}", f"/admin/platforms/{unused}/remove", sure=None)
    assert "Tick the box" in unsure.text
    assert owner.send(f"/admin/platforms/{unused}", f"/admin/platforms/{unused}/remove", sure="yes").status_code == 303
    with app.app_context():
        assert one(app).id == used


def test_an_auditor_sees_platforms_and_no_buttons(app):
    number = add(app)
    auditor = signed_in(app, Role.AUDITOR)
    page = auditor.get(f"/admin/platforms/{number}")
    assert page.status_code == 200
    assert "<form" not in page.text.split("<main")[1]
    for address in (f"/admin/platforms/{number + 99}", "/admin/platforms/99999999999999"):
        assert auditor.get(address).status_code == 404


def test_an_lms_that_reads_its_configuration_gets_it(make_app):
    client = make_app().test_client()
    answer = client.get("/lti/configurations/canvas.json", base_url=PUBLIC_URL)
    assert answer.status_code == 200
    found = answer.json
    assert found["target_link_uri"] == f"{PUBLIC_URL}/lti/launch"
    assert found["oidc_initiation_url"] == f"{PUBLIC_URL}/lti/login"
    assert found["public_jwk_url"] == f"{PUBLIC_URL}/lti/keys"
    (extension,) = found["extensions"]
    assert extension["privacy_level"] == "name_only"
    assert {each["message_type"] for each in extension["settings"]["placements"]} == {"LtiDeepLinkingRequest"}
    nameless = client.get("/lti/configurations/canvas.json?names=no", base_url=PUBLIC_URL).json
    assert nameless["extensions"][0]["privacy_level"] == "anonymous"
    notices = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
    assert notices in found["scopes"]
    older = client.get("/lti/configurations/canvas.json?notices=no", base_url=PUBLIC_URL).json
    assert set(found["scopes"]) - set(older["scopes"]) == {notices}
    assert found["custom_fields"]["high_contrast"] == "$Canvas.user.prefersHighContrast"
    assert client.get("/lti/configurations/moodle.json", base_url=PUBLIC_URL).status_code == 404
    assert client.get("/lti/icon.svg", base_url=PUBLIC_URL).mimetype == "image/svg+xml"


def test_the_time_stands_in_the_log(app):
    owner = signed_in(app)
    assert f"{datetime.now(UTC):%Y-%m-%d}" in owner.get("/admin/audit").text
