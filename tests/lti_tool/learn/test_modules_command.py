"""``lti-tool modules``."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from lti_tool.cli import main
from tests.lti_tool.conftest import MASTER_KEY, PUBLIC_URL


@pytest.fixture
def run(app, tmp_path):
    """Run a command on the test's database."""
    environment = {
        "LTI_TOOL_ENV": "development",
        "PUBLIC_URL": PUBLIC_URL,
        "SECRET_KEY": "tests-" + "s" * 32,
        "MASTER_KEYS": MASTER_KEY,
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": app.config["SETTINGS"].database_url,
    }

    def run_command(*arguments):
        done = CliRunner().invoke(main, ["modules", *map(str, arguments)], env=environment)
        return done.exit_code, done.output

    return run_command


def test_publishes_lists_and_shows_modules(run, town):
    assert "The library is empty." in run("list")[1]
    code, output = run("publish", town)
    assert code == 0
    assert "Published town 1.0.0" in output
    assert "town  1.0.0  The town" in run("list")[1]
    assert run("show", "town")[1].startswith("1.0.0  published ")


def test_a_file_that_is_no_package_is_refused_in_a_sentence(run, tmp_path, town):
    (tmp_path / "notes.zip").write_text("notes")
    code, output = run("publish", town, tmp_path / "notes.zip")
    assert code == 2
    assert "notes.zip was not published." in output
    assert "Traceback" not in output
    assert "The library is empty." in run("list")[1], "all of the files are published, or none"


def test_an_unknown_module_is_named(run):
    code, output = run("show", "nothing")
    assert code == 2
    assert "The library has no module nothing." in output
