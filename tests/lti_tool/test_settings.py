"""Settings: read from the environment, refused in words, documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from lti_tool.commands.settings import settings_table
from lti_tool.config import Settings
from lti_tool.errors import SettingsError

ROOT = Path(__file__).parents[2]
COMPLETE = {"PUBLIC_URL": "https://training.example.org", "SECRET_KEY": "s" * 32, "MASTER_KEYS": "one,two"}


def test_reads_what_is_set_and_defaults_the_rest():
    settings = Settings.from_environment(COMPLETE | {"EGRESS_TIMEOUT_S": "2.5", "RUNS_WORKER": "no", "PROXIES": "1"})
    assert settings.is_production
    assert settings.master_keys == ("one", "two")
    assert (settings.egress_timeout_s, settings.runs_worker, settings.proxies) == (2.5, False, 1)
    assert settings.sqlalchemy_url.endswith("/var/lti-tool.db")


def test_names_every_missing_secret_at_once():
    with pytest.raises(SettingsError) as error:
        Settings.from_environment({})
    text = error.value.message
    assert all(name in text for name in ("PUBLIC_URL", "SECRET_KEY", "MASTER_KEYS"))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"PUBLIC_URL": "http://training.example.org"}, "https://"),
        ({"PUBLIC_URL": "https://training.example.org/tool"}, "without a path"),
        ({"PUBLIC_URL": "training.example.org"}, "PUBLIC_URL"),
        ({"SECRET_KEY": "short"}, "32 characters"),
        ({"LTI_TOOL_ENV": "staging"}, "production or development"),
        ({"EGRESS_TIMEOUT_S": "soon"}, "EGRESS_TIMEOUT_S must be a number"),
        ({"LOGIN_MINUTES": "-1"}, "must not be negative"),
        ({"RUNS_WORKER": "maybe"}, "must be true or false"),
    ],
)
def test_refuses_a_wrong_setting_by_name(change: dict[str, str], complaint: str):
    with pytest.raises(SettingsError, match=complaint):
        Settings.from_environment(COMPLETE | change)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_names_the_driver_of_postgresql(scheme: str):
    settings = Settings.from_environment(COMPLETE | {"DATABASE_URL": f"{scheme}://user@host/training"})
    assert settings.sqlalchemy_url == "postgresql+psycopg://user@host/training"
    assert not settings.is_sqlite


def test_documentation_names_every_setting_as_it_is():
    assert settings_table() in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
