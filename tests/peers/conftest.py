"""The tool as an administrator sets it up, with platforms written by others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from lti_tool.cli import main
from lti_tool.demo import prepare
from lti_tool.demo.answers import AnswerKey, read_answers
from lti_tool.demo.stack import ToolProcess, free_port
from lti_tool.lti.vault import new_master_key

STOP_LIMIT_S = 10


@dataclass(frozen=True)
class Peer:
    """A running platform, and what it tells whoever registers a tool with it."""

    facts: dict[str, str]

    @property
    def base_url(self) -> str:
        return self.facts["base_url"]


@contextmanager
def _started(module: str, tool_url: str, folder: Path, *options: str) -> Iterator[Peer]:
    """Start a platform with the tool in its course; ``options`` as its module has them."""
    # Its packages warn about each other; that is their affair, in their process.
    command = [sys.executable, "-W", "ignore", "-m", module]
    arguments = ["--tool", tool_url, "--data", str(folder), *options]
    log_path = folder / "platform.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen([*command, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        assert process.stdin is not None
        assert process.stdout is not None
        with process:
            try:
                line = process.stdout.readline()
                if not line:
                    pytest.fail(f"{module} did not start:\n{log_path.read_text()[-2000:]}")
                yield Peer(json.loads(line))
            finally:
                # It ends by itself when nobody can tell it anything any more.
                process.stdin.close()
                process.wait(STOP_LIMIT_S)


@dataclass(frozen=True)
class Tool:
    """The tool: one process that serves and one that delivers scores, on a migrated database with a module in it."""

    environment: Mapping[str, str]
    answers: AnswerKey

    @property
    def url(self) -> str:
        return self.environment["PUBLIC_URL"]

    def run(self, *arguments: str) -> str:
        """Run an ``lti-tool`` command as an administrator would."""
        done = CliRunner().invoke(main, arguments, env=dict(self.environment), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output


@contextmanager
def _worker(environment: Mapping[str, str], log_path: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "lti_tool.cli", "worker"]
    with log_path.open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.terminate()
            assert process.wait(STOP_LIMIT_S) == 0, log_path.read_text()[-2000:]


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course's module, built."""
    [path] = prepare.build_course(tmp_path_factory.mktemp("packages"))
    return path


@pytest.fixture
def tool(database_url: str, package: Path, tmp_path: Path) -> Iterator[Tool]:
    """Set the tool up by its own commands and start it, on each kind of database."""
    port = free_port()
    environment = {
        "LTI_TOOL_ENV": "development",
        "PUBLIC_URL": f"http://localhost:{port}",
        "DATABASE_URL": database_url,
        "DATA_DIR": str(tmp_path / "data"),
        "SECRET_KEY": "tests-" + "s" * 32,
        "MASTER_KEYS": new_master_key(),
        "EGRESS_ALLOW": "127.0.0.1",
        "SCORE_POLL_S": "0.2",
        "RUNS_WORKER": "no",
    }
    running = Tool(environment, read_answers(package))
    running.run("upgrade")
    running.run("modules", "publish", str(package))
    served = ToolProcess(port=port, environment={**os.environ, **environment}, log=tmp_path / "tool.log")
    served.start()
    try:
        with _worker(environment, tmp_path / "worker.log"):
            yield running
    finally:
        served.stop()


@contextmanager
def _registered(module: str, product: str, tool: Tool, folder: Path, *options: str) -> Iterator[Peer]:
    """Start a platform, and register it with the tool."""
    with _started(module, tool.url, folder, *options) as platform:
        names = ("issuer", "client_id", "auth_url", "token_url", "key_set_url")
        given = [part for name in names for part in (f"--{name.replace('_', '-')}", platform.facts[name])]
        tool.run("platforms", "add", *given, "--title", product, "--product", product)
        yield platform


@pytest.fixture
def openedx(tool: Tool, tmp_path: Path) -> Iterator[Peer]:
    """Start Open edX, whose block has a column of its own."""
    with _registered("tests.peers.openedx_platform", "openedx", tool, tmp_path) as platform:
        yield platform


@pytest.fixture
def openedx_without_column(tool: Tool, tmp_path: Path) -> Iterator[Peer]:
    """Start Open edX, where tools make the columns."""
    with _registered(
        "tests.peers.openedx_platform", "openedx", tool, tmp_path, "--grading", "programmatic"
    ) as platform:
        yield platform


@pytest.fixture
def small_platform(tool: Tool, tmp_path: Path) -> Iterator[Peer]:
    """Start the platform that is made with lti1p3platform."""
    with _registered("tests.peers.small_platform", "generic", tool, tmp_path) as platform:
        yield platform
