"""Signing in to the admin pages: who gets in, for how long, and what guessing brings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
from sqlalchemy import select, update

from lti_tool.extensions import db
from lti_tool.lti.vault import Vault
from lti_tool.models import Account, AuditEntry, FailedTries, Role, SignIn
from lti_tool.services import accounts, throttle
from lti_tool.services.throttle import count_try, forgive, subjects
from tests.lti_tool.admin.browser import PASSWORD, Visitor, add_account, signed_in
from tests.lti_tool.conftest import MASTER_KEY, PUBLIC_URL

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_a_right_password_opens_the_pages_and_signing_out_closes_them(app):
    name = add_account(app)
    visitor = Visitor(app)
    asked = visitor.get("/admin/audit?before=9")
    assert asked.status_code == 303
    assert asked.location == "/admin/sign-in?next=%2Fadmin%2Faudit%3Fbefore%3D9"
    entered = visitor.sign_in(f"  {name.upper()} ", page=asked.location)
    assert entered.location == "/admin/audit?before=9"
    assert visitor.get("/admin/audit").status_code == 200
    assert visitor.send("/admin/", "/admin/sign-out").location == "/admin/sign-in"
    assert visitor.get("/admin/").status_code == 303


def test_leads_nowhere_else_after_signing_in(app):
    name = add_account(app)
    for wanted in ("https://evil.test/", "//evil.test/admin/", "/l/x/", "/admin/\\evil", "/adminx"):
        visitor = Visitor(app)
        page = visitor.get("/admin/sign-in")
        entered = visitor.send_from(page, "/admin/sign-in", name=name, password=PASSWORD, next=wanted)
        assert entered.location == "/admin/"


def test_a_wrong_name_or_password_says_the_same(app):
    add_account(app)
    typed = [("owner@town.test", "wrong"), ("nobody", PASSWORD), ("", ""), ("a\0b", PASSWORD), ("x" * 900, "y" * 9000)]
    for name, password in typed:
        answer = Visitor(app).sign_in(name, password)
        assert answer.status_code == 403
        assert "Name, password or code is not right." in answer.text


def test_the_cookie_goes_to_these_pages_only(app):
    name = add_account(app)
    answer = Visitor(app).sign_in(name)
    cookies = [value for key, value in answer.headers if key == "Set-Cookie" and value.startswith("__Secure-admin=")]
    assert len(cookies) == 1
    for part in ("Path=/admin", "HttpOnly", "Secure", "SameSite=Lax"):
        assert part in cookies[0]
    assert PASSWORD not in answer.text


def test_over_http_on_this_machine_the_cookie_has_another_name(make_app):
    app = make_app(public_url="http://localhost:8000")
    name = add_account(app)
    client = app.test_client()
    page = client.get("/admin/sign-in", base_url="http://localhost:8000")
    token = page.text.split('name="form_token" value="')[1].split('"')[0]
    form = {"form_token": token, "name": name, "password": PASSWORD}
    answer = client.post("/admin/sign-in", data=form, base_url="http://localhost:8000")
    assert answer.status_code == 303
    assert client.get("/admin/", base_url="http://localhost:8000").status_code == 200


def test_nobody_frames_these_pages_not_even_their_errors(app):
    visitor = signed_in(app)
    for answer in (visitor.get("/admin/"), visitor.post("/admin/account/password"), Visitor(app).get("/admin/sign-in")):
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_form_without_its_token_or_from_elsewhere_changes_nothing(app):
    name = add_account(app)
    visitor = Visitor(app)
    visitor.get("/admin/sign-in")
    assert visitor.post("/admin/sign-in", {"name": name, "password": PASSWORD}).status_code == 403
    stranger = Visitor(app)
    token = visitor.get("/admin/sign-in").text.split('name="form_token" value="')[1].split('"')[0]
    data = {"name": name, "password": PASSWORD, "form_token": token}
    assert stranger.post("/admin/sign-in", data).status_code == 403
    assert visitor.post("/admin/sign-in", data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert visitor.post("/admin/sign-in", data).status_code == 303


def test_a_sign_in_ends_when_idle_and_in_any_case(app):
    visitor = signed_in(app)
    with app.app_context():
        db.session.execute(update(SignIn).values(last_seen_at=datetime.now(UTC) - accounts.IDLE + timedelta(minutes=5)))
        db.session.commit()
    assert visitor.get("/admin/").status_code == 200
    with app.app_context():
        seen = db.session.scalars(select(SignIn.last_seen_at)).one()
        assert datetime.now(UTC) - seen < timedelta(minutes=1)
        db.session.execute(update(SignIn).values(ends_at=datetime.now(UTC)))
        db.session.commit()
    assert visitor.get("/admin/").status_code == 303
    other = signed_in(app)
    with app.app_context():
        db.session.execute(update(SignIn).values(last_seen_at=datetime.now(UTC) - accounts.IDLE))
        db.session.commit()
    assert other.get("/admin/").status_code == 303


def test_a_new_password_ends_other_sign_ins_and_keeps_this_one(app):
    name = add_account(app)
    here, there = Visitor(app), Visitor(app)
    here.sign_in(name)
    there.sign_in(name)
    wrong = here.send("/admin/account", "/admin/account/password", current="wrong", new="another long password")
    assert "This is not your password." in wrong.text
    weak = here.send("/admin/account", "/admin/account/password", current=PASSWORD, new="aaaaaaaaaaaaaaa")
    assert "several different ones" in weak.text
    done = here.send("/admin/account", "/admin/account/password", current=PASSWORD, new="another long password")
    assert done.location == "/admin/account?done=password"
    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/").status_code == 303
    assert Visitor(app).sign_in(name).status_code == 403
    assert Visitor(app).sign_in(name, "another long password").status_code == 303


def test_who_finds_a_browser_signed_in_may_not_guess_for_long(app):
    way = "/admin/account/password"
    name = add_account(app)
    visitor = Visitor(app)
    visitor.sign_in(name)
    for _ in range(5):
        assert "This is not your password." in visitor.send("/admin/account", way, current="a guess").text
    visitor.send("/admin/account", way, current="a guess")
    refused = visitor.send("/admin/account", way, current=PASSWORD, new="another long password")
    assert "too often. Try again in 1 minute" in refused.text
    with app.app_context():
        db.session.execute(update(FailedTries).values(last_at=datetime.now(UTC) - timedelta(minutes=20)))
        db.session.commit()
    done = visitor.send("/admin/account", way, current=PASSWORD, new="another long password")
    assert done.status_code == 303
    with app.app_context():
        assert db.session.scalars(select(FailedTries)).all() == []


def test_a_disabled_account_is_out_at_once(app):
    name = add_account(app)
    visitor = Visitor(app)
    visitor.sign_in(name)
    with app.app_context():
        account = accounts.find_account(db.session(), name)
        accounts.set_active(db.session(), account, is_active=False, at=datetime.now(UTC), actor="")
        db.session.commit()
    assert visitor.get("/admin/").status_code == 303
    assert Visitor(app).sign_in(name).status_code == 403


def test_codes_of_an_app_are_set_up_needed_used_once_and_removed(app):
    name = add_account(app)
    visitor = Visitor(app)
    visitor.sign_in(name)
    shown = visitor.send("/admin/account", "/admin/account/app")
    secret = shown.text.split("<code>")[1].split("<")[0]
    assert "data:image/svg+xml" in shown.text
    assert "not right" in visitor.send_from(shown, "/admin/account/app/confirm", code="000", current=PASSWORD).text
    made = pyotp.TOTP(secret)
    # The code of half a minute ago, so that the one of now is still unused.
    code = made.at(datetime.now(UTC) - timedelta(seconds=30))
    done = visitor.send_from(shown, "/admin/account/app/confirm", code=code, current=PASSWORD)
    assert done.location == "/admin/account?done=app"
    with app.app_context():
        account = accounts.find_account(db.session(), name)
        assert Vault((MASTER_KEY,)).decrypt(account.encrypted_totp_secret).decode() == secret
    assert Visitor(app).sign_in(name).status_code == 403
    code = made.at(datetime.now(UTC) + timedelta(seconds=30))
    assert Visitor(app).sign_in(name, code=f" {code[:3]} {code[3:]}").status_code == 303
    assert Visitor(app).sign_in(name, code=code).status_code == 403
    visitor.send("/admin/account", "/admin/account/app/remove", current=PASSWORD)
    assert Visitor(app).sign_in(name).status_code == 303


def test_an_app_that_is_set_up_in_one_account_fits_no_other(app):
    shown = signed_in(app).get("/admin/account")
    mine, theirs = signed_in(app), signed_in(app)
    shown = mine.send("/admin/account", "/admin/account/app")
    signed = shown.text.split('name="secret" value="')[1].split('"')[0]
    token = theirs.get("/admin/account").text.split('name="form_token" value="')[1].split('"')[0]
    refused = theirs.post("/admin/account/app/confirm", {"secret": signed, "form_token": token, "current": PASSWORD})
    assert refused.status_code == 400


def test_guessing_waits_and_the_owners_own_browser_does_not(app):
    name = add_account(app)
    owner, guesser, neighbour = Visitor(app, "192.0.2.7"), Visitor(app, "198.51.100.1"), Visitor(app, "198.51.100.1")
    assert owner.sign_in(name).status_code == 303
    answers = [guesser.sign_in(name, f"guess {number}").status_code for number in range(8)]
    assert answers[:5] == [403] * 5
    assert set(answers[5:]) == {429}
    waits = guesser.sign_in(name)
    assert waits.status_code == 429
    assert "Try again in" in waits.text
    assert 1 <= int(waits.headers["Retry-After"]) <= throttle.LONGEST_WAIT.total_seconds()
    assert Visitor(app, "203.0.113.5").sign_in(name).status_code == 429
    owner.send("/admin/", "/admin/sign-out")
    assert owner.sign_in(name).status_code == 303
    assert neighbour.sign_in(add_account(app, "neighbour@town.test")).status_code == 303


def test_a_town_hall_behind_one_address_is_not_slowed(app):
    with app.app_context():
        for number in range(40):
            who = subjects(f"colleague-{number}", "192.0.2.1", None)
            assert count_try(db.session(), who, NOW) is None
        for number in range(10):
            who = subjects(f"guessed-{number}", "192.0.2.1", None)
            assert count_try(db.session(), who, NOW) is None
        assert count_try(db.session(), subjects("guessed-99", "192.0.2.1", None), NOW) is not None
        assert count_try(db.session(), subjects("colleague-1", "192.0.2.1", "known"), NOW) is None
        db.session.rollback()


def test_the_wait_doubles_has_an_end_and_is_forgotten(app):
    who = subjects("somebody", "192.0.2.1", None)
    with app.app_context():
        at, waits = NOW, []
        for _ in range(20):
            wait = count_try(db.session(), who, at)
            if wait:
                waits.append(wait)
                at += wait
                assert count_try(db.session(), who, at) is None
        assert waits[:3] == [timedelta(seconds=1), timedelta(seconds=2), timedelta(seconds=4)]
        assert max(waits) == throttle.LONGEST_WAIT
        assert count_try(db.session(), who, at + throttle.FORGOTTEN_AFTER) is None
        assert count_try(db.session(), who, at + throttle.FORGOTTEN_AFTER) is None
        forgive(db.session(), who, at)
        db.session.rollback()


def test_who_signed_in_and_what_changed_can_be_read_and_holds_no_secret(app):
    visitor = signed_in(app)
    visitor.send("/admin/account", "/admin/account/password", current=PASSWORD, new="another long password")
    page = visitor.get("/admin/audit")
    for text in ("signed in", "password changed", "account added", "command line", "owner"):
        assert text in page.text
    with app.app_context():
        stored = " ".join(
            f"{entry.before} {entry.after} {entry.subject}" for entry in db.session.scalars(select(AuditEntry))
        )
    for secret in (PASSWORD, "another long password", "argon2"):
        assert secret not in stored


def test_the_log_goes_back_page_by_page(app):
    visitor = signed_in(app)
    with app.app_context():
        for number in range(120):
            db.session.add(AuditEntry(at=NOW, actor="x", action="tried", subject=f"number {number:03}"))
        db.session.commit()
    seen, page, address = [], visitor.get("/admin/audit"), None
    while True:
        seen += [number for number in range(120) if f"number {number:03}" in page.text]
        if "?before=" not in page.text:
            break
        address = "/admin/audit?before=" + page.text.split("?before=")[1].split('"')[0]
        page = visitor.get(address)
    assert sorted(seen) == list(range(120))
    for odd in ("-1", "x", "9" * 40):
        assert visitor.get(f"/admin/audit?before={odd}").status_code == 200


def admin_routes(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/admin"):
            values = dict.fromkeys(rule.arguments, 1)
            with app.test_request_context(base_url=PUBLIC_URL):
                address = app.url_map.bind("tool.test").build(rule.endpoint, values)
            for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
                yield method, address, rule.endpoint


def test_no_route_opens_without_a_sign_in(app):
    outside = [
        (method, address)
        for method, address, endpoint in admin_routes(app)
        if Visitor(app).client.open(address, method=method, base_url=PUBLIC_URL).status_code not in {303, 403}
    ]
    assert outside == [("GET", "/admin/sign-in")]


def test_an_auditor_changes_nothing(app):
    auditor = signed_in(app, Role.AUDITOR)
    page = auditor.get("/admin/account").text
    token = page.split('name="form_token" value="')[1].split('"')[0]
    tried = 0
    for method, address, endpoint in admin_routes(app):
        view = app.view_functions[endpoint]
        if method == "POST" and not hasattr(view, "is_open_to_auditors") and not hasattr(view, "is_open_to_all"):
            tried += 1
            assert auditor.post(address, {"form_token": token}).status_code == 403, address
    own = {
        address
        for method, address, endpoint in admin_routes(app)
        if hasattr(app.view_functions[endpoint], "is_open_to_auditors")
    }
    assert own == {
        "/admin/sign-out", "/admin/account/password", "/admin/account/app", "/admin/account/app/confirm",
        "/admin/account/app/remove",
    }  # fmt: skip


def test_an_owner_needs_the_token_on_every_change(app):
    owner = signed_in(app)
    for method, address, _endpoint in admin_routes(app):
        if method == "POST":
            assert owner.post(address, {"form_token": "x"}).status_code == 403, address


def test_a_launch_is_no_sign_in_and_a_sign_in_no_launch(app):
    with app.app_context():
        assert db.session.scalar(select(Account)) is None
    owner = signed_in(app)
    assert owner.get("/l/xxxxxxxxxxxxxxxxxxxxxx/").status_code == 401
