"""``lti-tool platforms`` as an administrator types it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from lti_tool.cli import main
from lti_tool.extensions import db
from lti_tool.models import AuditEntry, Deployment, Registration
from tests.lti_tool.conftest import MASTER_KEY, PUBLIC_URL
from tests.lti_tool.launching import add_placement

GOOD = {
    "--issuer": "https://lms.test",
    "--client-id": "client-1",
    "--auth-url": "https://lms.test/auth",
    "--token-url": "https://lms.test/token",
    "--key-set-url": "https://lms.test/keys",
}


@pytest.fixture
def run(app, tmp_path, monkeypatch):
    """Run the command against the app's database."""
    environment = {
        "LTI_TOOL_ENV": "development",
        "PUBLIC_URL": PUBLIC_URL,
        "SECRET_KEY": "s" * 40,
        "MASTER_KEYS": MASTER_KEY,
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": app.config["SETTINGS"].database_url,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str):
        return CliRunner().invoke(main, ["platforms", *arguments])

    return run


def flat(options: dict[str, str]) -> list[str]:
    return [part for option in options.items() for part in option]


def test_adds_a_platform_and_says_what_to_enter_there(app, run):
    result = run("add", *flat(GOOD), "--title", "Our Moodle", "--product", "moodle")
    assert result.exit_code == 0, result.output
    for expected in ("Our Moodle", f"{PUBLIC_URL}/lti/login", f"{PUBLIC_URL}/lti/launch", f"{PUBLIC_URL}/lti/keys"):
        assert expected in result.output
    with app.app_context():
        registration = db.session.scalars(select(Registration)).one()
        assert (registration.issuer, registration.product) == ("https://lms.test", "moodle")
        assert registration.accepts_new_deployments
        assert not registration.allows_anonymous


def test_lists_and_shows_platforms(run):
    assert "No platform" in run("list").output
    run("add", *flat(GOOD))
    assert "https://lms.test  client-1" in run("list").output
    shown = run("show", "1").output
    assert "https://lms.test/keys" in shown
    assert f"{PUBLIC_URL}/lti/login" in shown


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"--key-set-url": "lms.test/keys"}, "does not begin with https://"),
        ({"--auth-url": "ftp://lms.test/"}, "does not begin with https://"),
        ({"--token-url": "https://user:pw@lms.test/"}, "user name"),
        ({"--token-url": "https://lms.test/a b"}, "characters"),
        ({"--auth-url": "https://"}, "names no host"),
        ({"--auth-url": "https://lms.test/" + "x" * 1000}, "1000 characters"),
        ({"--auth-url": "https://lms.test/#x"}, "no #"),
        ({"--auth-url": "https://lms.test:x/"}, "auth-url"),
        ({"--issuer": ""}, "issuer"),
        ({"--client-id": "x" * 256}, "client id"),
        ({"--token-audience": ""}, "token-audience"),
    ],
)
def test_refuses_what_cannot_work_in_a_sentence(app, run, change, words):
    result = run("add", *flat(GOOD | change))
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output
    with app.app_context():
        assert db.session.scalars(select(Registration)).all() == []


def test_refuses_the_same_registration_twice(run):
    run("add", *flat(GOOD))
    result = run("add", *flat(GOOD))
    assert result.exit_code == 2
    assert "registered already" in result.output
    assert run("add", *flat(GOOD | {"--client-id": "client-2"})).exit_code == 0


def test_says_that_a_number_is_unknown(run):
    for arguments in (("show", "7"), ("approve", "7", "1")):
        result = run(*arguments)
        assert result.exit_code == 2
        assert "7" in result.output


def test_approves_a_deployment_that_waits(app, run):
    with app.app_context():
        add_placement().deployment.is_approved = False
        db.session.commit()
    assert "waits for approval" in run("show", "1").output
    assert run("approve", "1", "1").exit_code == 0
    with app.app_context():
        assert db.session.scalars(select(Deployment.is_approved)).one()
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.actor, entry.action, entry.after) == ("", "deployment-changed", {"is_approved": True})
