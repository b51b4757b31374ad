"""Accounts by the command line, which is also the way back in."""

from __future__ import annotations

from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner, Result

from lti_tool.cli import main
from tests.lti_tool.conftest import MASTER_KEY

PASSWORD = "a quiet green bicycle"


@pytest.fixture
def run(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "lti-tool.db").write_bytes(migrated_sqlite.read_bytes())
    values = {
        "LTI_TOOL_ENV": "development", "PUBLIC_URL": "https://tool.test", "SECRET_KEY": "s" * 40,
        "MASTER_KEYS": MASTER_KEY, "DATA_DIR": str(tmp_path), "DATABASE_URL": "",
    }  # fmt: skip
    for name, value in values.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, text: str = "") -> Result:
        return CliRunner().invoke(main, ["admins", *arguments], input=text)

    return run


def test_accounts_are_made_listed_and_kept_out(run):
    assert "There is no account yet" in run("list").output
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    made = run("add", "Owner@Town.test", text=typed)
    assert "Added owner owner@town.test" in made.output
    assert PASSWORD not in made.output
    assert run("add", "looker", "--role", "auditor", "--password", PASSWORD).exit_code == 0
    assert "looker  auditor  password" in run("list").output
    assert "may not sign in" in run("disable", "looker").output
    assert "looker  auditor  disabled" in run("list").output
    assert "may sign in again" in run("disable", "looker", "--undo").output
    assert "new password" in run("password", "looker", "--password", "another long password").output
    assert "password alone" in run("reset-totp", "looker").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "x", "--password", "short"), "12 to 200"),
        (("add", " ", "--password", PASSWORD), "1 to 200"),
        (("password", "nobody", "--password", PASSWORD), "There is no account nobody"),
        (("disable", "nobody"), "There is no account nobody"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run, arguments, said):
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_name_is_given_once(run):
    run("add", "owner", "--password", PASSWORD)
    assert "already" in run("add", "OWNER", "--password", PASSWORD).output


def test_codes_are_of_the_known_kind():
    # RFC 6238, appendix B, cut to six digits.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert pyotp.TOTP(secret).at(59) == "287082"
