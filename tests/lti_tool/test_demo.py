"""The demo: one command, one address; ports, second starts and changed modules behave."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lti_tool.demo import prepare
from lti_tool.demo.stack import Addresses, free_port

START_LIMIT_S = 60


def demo_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "lti_tool.cli", "demo", *arguments]


@contextmanager
def running_demo(data_dir: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the demo as a person would, and end it with Ctrl-C."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = demo_command("--data-dir", str(data_dir), *arguments)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as demo:
        try:
            assert demo.stdout is not None
            said = ""
            deadline = time.monotonic() + START_LIMIT_S
            while "Ctrl-C" not in said:
                assert time.monotonic() < deadline, said
                line = demo.stdout.readline()
                assert line, said
                said += line
            yield demo, said
        finally:
            demo.send_signal(signal.SIGINT)
            assert demo.wait(20) == 0


def address_in(said: str) -> str:
    found = re.search(r"Open (http://\S+)", said)
    assert found, said
    return found[1]


def answers(address: str) -> bool:
    with urllib.request.urlopen(address, timeout=5) as page:
        return page.status == 200


def test_check_walks_the_whole_way_and_prints_the_grade():
    done = subprocess.run(demo_command("--check"), capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The grade arrived: 100 of 100" in done.stdout


def test_starts_stops_and_starts_again_with_its_data(tmp_path: Path):
    with running_demo(tmp_path, "--port", str(free_port()), "--lms-port", str(free_port())) as (_demo, said):
        first = address_in(said)
        assert answers(first)
    with pytest.raises(OSError, match="refused"):
        answers(first)
    secrets = (tmp_path / "secrets.json").read_text()
    with running_demo(tmp_path, "--port", str(free_port()), "--lms-port", str(free_port())) as (_demo, said):
        assert answers(address_in(said))
        assert "started anew" not in said
    assert (tmp_path / "secrets.json").read_text() == secrets


def test_a_second_demo_in_the_same_folder_is_sent_to_the_first(tmp_path: Path):
    with running_demo(tmp_path, "--port", str(free_port()), "--lms-port", str(free_port())) as (_demo, said):
        second = subprocess.run(
            demo_command("--data-dir", str(tmp_path)), capture_output=True, text=True, timeout=60, check=False
        )
        assert second.returncode == 2
        assert address_in(said) in second.stderr
        assert answers(address_in(said))


def test_says_that_a_chosen_port_is_taken(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = demo_command("--data-dir", str(tmp_path), "--port", str(port))
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert f"Port {port} is taken" in done.stderr
    assert "--port" in done.stderr


def test_begins_anew_when_a_module_changed_under_the_same_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    addresses = Addresses(tool_port=free_port(), lms_port=free_port())
    environment = prepare.environment_for(tmp_path, addresses)
    courses = tmp_path / "courses"
    shutil.copytree(prepare.COURSES, courses)
    monkeypatch.setattr(prepare, "COURSES", courses)
    packages = prepare.build_course(tmp_path / "packages")
    assert not prepare.prepare_database(environment, packages, addresses)
    assert not prepare.prepare_database(environment, packages, addresses)

    page = next(courses.rglob("why-cities-stall.md"))
    page.write_text(page.read_text(encoding="utf-8").replace("A good idea", "A very good idea"), encoding="utf-8")
    packages = prepare.build_course(tmp_path / "packages")
    assert prepare.prepare_database(environment, packages, addresses)
    assert not prepare.prepare_database(environment, packages, addresses)
