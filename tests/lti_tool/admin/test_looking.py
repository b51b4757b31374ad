"""Pages that change nothing: the library, the settings, how long data is kept; and what commands write down."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from lti_tool.cli import main
from lti_tool.config import Settings
from lti_tool.extensions import db
from lti_tool.jobs.delivery import open_outbox
from lti_tool.jobs.retention import delete_old
from lti_tool.lti.content import Content
from lti_tool.models import AuditEntry, Role, SignIn
from lti_tool.services import audit, chores, library, retention
from lti_tool.views.admin.audit import action_words
from tests.lti_tool.admin.browser import signed_in
from tests.lti_tool.conftest import MASTER_KEY, PUBLIC_URL
from tests.lti_tool.launching import add_placement
from tests.lti_tool.learn.town import build_town

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return build_town(tmp_path_factory.mktemp("town"))


def run(app, *arguments):
    settings = app.config["SETTINGS"]
    environment = {
        "LTI_TOOL_ENV": "development",
        "PUBLIC_URL": PUBLIC_URL,
        "SECRET_KEY": settings.secret_key,
        "MASTER_KEYS": MASTER_KEY,
        "DATABASE_URL": settings.sqlalchemy_url,
        "DATA_DIR": str(settings.data_dir),
    }
    result = CliRunner().invoke(main, arguments, env=environment)
    assert result.exit_code == 0, result.output


def entries(app):
    with app.app_context():
        found = db.session.scalars(select(AuditEntry).where(AuditEntry.actor == audit.COMMAND_LINE))
        return [(entry.action, entry.subject) for entry in found if not entry.action.startswith("account")]


def test_the_library_says_what_is_published_and_used(app, package):
    auditor = signed_in(app, Role.AUDITOR)
    assert "The library is empty." in auditor.get("/admin/modules").text
    with app.app_context():
        library.publish(db.session(), package, NOW)
        library.place(db.session(), add_placement(), Content(module_id="town"))
        db.session.commit()
    page = auditor.get("/admin/modules").text
    assert "The town" in page
    assert "1.0.0" in page
    assert '<td class="is-number">1</td>' in page


def test_publishing_and_keys_are_written_into_the_log(app, package):
    run(app, "modules", "publish", str(package))
    run(app, "modules", "publish", str(package))
    assert entries(app) == [("module-published", "town 1.0.0")], "the second time nothing changed"
    run(app, "keys", "rotate")
    run(app, "keys", "rotate", "--at-once")
    run(app, "keys", "reencrypt")
    found = [action for action, _subject in entries(app)]
    assert found == ["module-published", "key-made", "keys-withdrawn", "values-encrypted"]
    with app.test_request_context():
        assert set(found) <= action_words().keys()


def test_settings_are_shown_with_their_source_and_without_secrets(make_app, monkeypatch):
    app = make_app(metrics_token="a-token-for-metrics", egress_allow=("10.0.0.0/8",))
    monkeypatch.setenv("LOGIN_MINUTES", "10")
    page = signed_in(app, Role.AUDITOR).get("/admin/settings").text
    settings = app.config["SETTINGS"]
    for item in fields(Settings):
        assert item.name.upper() in page
    for secret in (settings.secret_key, *settings.master_keys, settings.metrics_token, settings.database_url):
        assert secret not in page
    assert "10.0.0.0/8" in page
    assert "environment" in page
    assert "given at the start" in page


def test_whatever_sounds_like_a_secret_is_one():
    for item in fields(Settings):
        if any(word in item.name for word in ("key", "token", "secret", "password", "database_url")):
            is_number = isinstance(item.default, int)
            assert item.metadata["is_secret"] or is_number, item.name


def test_each_kind_of_data_has_a_period_and_what_went_is_told(make_app):
    app = make_app(keep_audit_days=30)
    auditor = signed_in(app, Role.AUDITOR)
    with app.app_context():
        kinds = {rule.kind for rule in retention.rules(app.config["SETTINGS"], NOW)}
        with db.session.begin_nested():
            chores.begin_chore(db.session(), "retention", timedelta(days=1), NOW)
            chores.finish_chore(db.session(), "retention", dict.fromkeys(kinds, 4321), NOW)
        db.session.commit()
    page = auditor.get("/admin/retention").text
    assert page.count("4321") == len(kinds)
    assert "180 days" in page
    for kind in kinds - {"people"}:
        assert f'<th scope="row">{kind}</th>' not in page, f"{kind} has no words"


def test_old_entries_of_the_log_and_sign_ins_that_ended_go(make_app):
    app = make_app(keep_audit_days=30)
    owner = signed_in(app)
    with app.app_context():
        for days in (31, 29):
            at = NOW - timedelta(days=days)
            audit.record(db.session(), actor="owner", at=at, action="platform-added", subject=f"{days}")
        account = db.session.scalars(select(SignIn)).one().account_id
        old = NOW - timedelta(days=400)
        ended = SignIn(secret_hash="0" * 64, account_id=account, created_at=old, last_seen_at=old, ends_at=old)
        db.session.add(ended)
        db.session.commit()
        report = delete_old(open_outbox(db.engine, app.config["SETTINGS"], lambda: NOW))
        assert (report["audit"], report["sign-ins"]) == (1, 1)
    assert owner.get("/admin/audit").status_code == 200, "a sign-in in use stays"
