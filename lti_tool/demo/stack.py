"""The tool as a process and the practice LMS beside it, on two different sites.

Browsers count ``localhost`` and ``127.0.0.1`` as different sites, whatever the ports: the frame of the demo is as
cross-site as one in a real LMS.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from lti_tool.errors import ToolError
from lti_tool.practice_lms import LmsConfig, PracticeLms, create_lms, demo_seed, practice_lms_of
from lti_tool.practice_lms.config import ProfileName
from lti_tool.practice_lms.serving import listen, serving

TOOL_HOST = "localhost"
LMS_HOST = "127.0.0.1"
START_LIMIT_S = 30.0
STOP_LIMIT_S = 10.0


class DemoError(ToolError):
    """The demo cannot start; the message says why and what to do."""


def is_free(port: int) -> bool:
    """Whether a port can be listened at on this machine's loopback addresses."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError:
            # A machine without IPv6 says so in the same way; only IPv4 has to be free.
            if family == socket.AF_INET:
                return False
    return True


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the two are reached."""

    tool_port: int
    lms_port: int

    @property
    def tool(self) -> str:
        """The tool's public address."""
        return f"http://{TOOL_HOST}:{self.tool_port}"

    @property
    def lms(self) -> str:
        """The practice LMS's address; it is its issuer, too."""
        return f"http://{LMS_HOST}:{self.lms_port}"


@dataclass(slots=True, kw_only=True)
class ToolProcess:
    """The tool on its production server, as a process of its own."""

    port: int
    environment: Mapping[str, str]
    log: Path
    command: tuple[str, ...] = ("serve",)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            DemoError: with the end of its log, if it ends or does not answer in time.
        """
        arguments = [sys.executable, "-m", "lti_tool.cli", *self.command, "--host", LMS_HOST, "--port", str(self.port)]
        with self.log.open("ab") as log:
            # In a session of its own: Ctrl-C reaches the demo first, which then stops it in order.
            self._process = subprocess.Popen(  # noqa: S603  (the arguments are ours)
                arguments, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        deadline = time.monotonic() + START_LIMIT_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                end = "\n  ".join(self.log.read_text(errors="replace").splitlines()[-8:])
                raise DemoError(f"The tool did not start. Its log ({self.log}) ends with:\n  {end}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{LMS_HOST}:{self.port}/lti/keys", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def stop(self) -> None:
        """End it in order; kill it where it does not end in time."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                # With its workers, which would else go on without it.
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._process = None


class LmsServer:
    """The practice LMS in a thread of this process.

    Raises:
        DemoError: if its port is taken.
    """

    def __init__(self, config: LmsConfig, port: int) -> None:
        app = create_lms(config)
        self.lms: PracticeLms = practice_lms_of(app)
        try:
            self._serving = serving(app, listen(port))
        except OSError as error:
            raise DemoError(f"Port {port} is taken. Choose another with --lms-port.") from error

    def start(self) -> None:
        """Begin to answer."""
        self._serving.__enter__()

    def stop(self) -> None:
        """Stop answering and close the port."""
        self._serving.__exit__(None, None, None)


class Stack:
    """Both, started together and stopped together.

    Args:
        addresses: where they are reached.
        data_dir: holds the LMS's database and the tool's log.
        environment: the tool's settings.
        module_id: what the placements open.
        module_title: what the placements are called.
        profile: how the practice LMS behaves.
        has_remote_faults: whether tests may break it over HTTP.
    """

    def __init__(
        self,
        addresses: Addresses,
        data_dir: Path,
        environment: Mapping[str, str],
        *,
        module_id: str,
        module_title: str,
        profile: ProfileName = "strict",
    ) -> None:
        self.addresses = addresses
        self.tool = ToolProcess(
            port=addresses.tool_port, environment={**os.environ, **environment}, log=data_dir / "tool.log"
        )
        seed = demo_seed(
            login_url=f"{addresses.tool}/lti/login",
            redirect_uris=[f"{addresses.tool}/lti/launch"],
            jwks_url=f"{addresses.tool}/lti/keys",
            target_link_uri=f"{addresses.tool}/lti/launch?module={module_id}",
            content_url=f"{addresses.tool}/lti/launch",
            module_title=module_title,
        )
        config = LmsConfig(
            database=data_dir / "practice-lms.db",
            base_url=addresses.lms,
            seed=seed,
            profile=profile,
        )
        self.lms_server = LmsServer(config, addresses.lms_port)

    @property
    def lms(self) -> PracticeLms:
        """The practice LMS itself: its gradebook, its faults."""
        return self.lms_server.lms

    def __enter__(self) -> Stack:
        """Start both."""
        self.lms_server.start()
        try:
            self.tool.start()
        except BaseException:
            self.lms_server.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop both, the tool first: it may still have a grade to deliver."""
        self.tool.stop()
        self.lms_server.stop()
