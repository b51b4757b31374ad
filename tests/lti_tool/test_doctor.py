"""``lti-tool doctor`` says what is wrong and what to do, step by step, as an administrator sets the tool up."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from lti_tool.cli import main
from lti_tool.lti.vault import new_master_key
from tests.lti_tool.signing_platform import signing_platform


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str):
    environment = {
        "PUBLIC_URL": "https://training.example.org",
        "SECRET_KEY": "s" * 40,
        "MASTER_KEYS": new_master_key(),
        "DATABASE_URL": database_url,
        "DATA_DIR": str(tmp_path),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def invoke(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return invoke


def test_leads_from_nothing_to_a_working_installation(run, monkeypatch):
    code, text = run("doctor")
    assert code == 1
    assert "lti-tool upgrade" in text
    assert run("keys", "list")[0] == 2

    assert run("upgrade")[0] == 0
    code, text = run("doctor", "--format", "json")
    assert code == 0, text
    findings = {finding["subject"]: finding for finding in json.loads(text)}
    assert findings["migrations"]["is_ok"]
    assert findings["signing key"]["is_ok"]
    assert findings["library"]["mend"] == "lti-tool modules publish FILE"

    monkeypatch.setenv("MASTER_KEYS", new_master_key())
    code, text = run("doctor")
    assert code == 1
    assert "earlier key" in text


def test_says_that_a_database_cannot_be_reached(run, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    code, text = run("doctor")
    assert code == 1
    assert "DATABASE_URL" in text


def test_names_missing_settings(run, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    code, text = run("doctor")
    assert code == 1
    assert "SECRET_KEY" in text


def test_a_new_key_is_published_and_the_old_one_signs_until_tomorrow(run):
    run("upgrade")
    assert run("keys", "rotate")[0] == 0
    _code, text = run("keys", "list")
    assert "signs from" in text
    assert "signs until" in text
    assert run("keys", "reencrypt")[0] == 0
    assert run("keys", "rotate", "--at-once")[0] == 0
    assert run("keys", "list")[1].count("\n") == 1


def test_many_upgrades_at_once_do_the_work_once(run, tmp_path):
    command = [sys.executable, "-m", "lti_tool.cli", "upgrade"]
    upgrades = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(3)
    ]
    said = [upgrade.communicate(timeout=120)[0] for upgrade in upgrades]
    assert [upgrade.returncode for upgrade in upgrades] == [0, 0, 0], said
    assert "".join(said).count("Made the first signing key") == 1
    assert run("keys", "list")[1].count("\n") == 1


def test_upgrade_twice_changes_nothing(run):
    assert "Made the first signing key" in run("upgrade")[1]
    assert "Made the first signing key" not in run("upgrade")[1]


def test_asks_a_platform_and_says_what_its_page_says(run):
    with signing_platform() as platform:
        run("upgrade")
        key_set_url = f"http://127.0.0.1:{platform.port}/keys"
        addresses = ("--auth-url", "https://lms.test/auth", "--token-url", f"http://127.0.0.1:{platform.port}/token")
        added = ("--issuer", "https://lms.test", "--client-id", "client-1", "--key-set-url", key_set_url)
        assert run("platforms", "add", *addresses, *added)[0] == 0
        code, text = run("doctor", "1")
        assert code == 1
        assert "The LMS's public keys cannot be reached" in text
        assert "EGRESS_ALLOW" in text
        assert platform.fetches == 0

    code, text = run("doctor", "99")
    assert code == 2
    assert "There is no platform 99" in text


def test_finds_nothing_wrong_with_the_keys_of_a_platform_that_answers(run, monkeypatch):
    with signing_platform() as platform:
        monkeypatch.setenv("EGRESS_ALLOW", "127.0.0.1")
        run("upgrade")
        url = f"http://127.0.0.1:{platform.port}/keys"
        addresses = ("--auth-url", "https://lms.test/auth", "--token-url", url, "--key-set-url", url)
        assert run("platforms", "add", "--issuer", "https://lms.test", "--client-id", "client-1", *addresses)[0] == 0
        code, text = run("doctor", "1", "--format", "json")
        findings = {finding["subject"]: finding for finding in json.loads(text)}
        assert findings["Its public keys"]["is_ok"]
        # Its address for tokens gives no token: it is the one of its keys.
        assert not findings["Access tokens"]["is_ok"]
        assert code == 1
