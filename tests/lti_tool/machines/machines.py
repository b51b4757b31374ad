"""What runs on the machines: PostgreSQL, nginx, web and worker processes of the tool, and an LMS."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.lti_tool.machines.network import Network

PORT = 8000
_START_S = 40.0
_NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log crit;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    upstream lti_tool {{ {servers} }}
    server {{
        listen {address}:80;
        location / {{
            proxy_pass http://lti_tool;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            proxy_connect_timeout 1s;
            proxy_read_timeout 5s;
            add_header X-Machine $upstream_addr always;
        }}
    }}
}}
"""


def program(name: str) -> str | None:
    """Give a server program's path; Debian keeps PostgreSQL's out of the way."""
    places = [*os.environ["PATH"].split(":"), "/usr/sbin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
    return shutil.which(name, path=":".join(places))


@dataclass(slots=True)
class Running:
    """A process on a machine that can be killed and started again."""

    network: Network
    machine: str
    arguments: tuple[str, ...]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, in a process group of its own."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.network.command(self.machine, *self.arguments),
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def is_running(self) -> bool:
        """Whether its main process is there."""
        return self._process is not None and self._process.poll() is None

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal to all its processes and wait until the main one is gone."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, how)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        # A main process that ended by itself may have left others.
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process = None

    def children(self) -> list[int]:
        """The processes that its main one has started."""
        assert self._process is not None
        text = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        return [int(number) for number in text.split()]


def tool(network: Network, machine: str, environment: Mapping[str, str], log: Path, *command: str) -> Running:
    """Give a process of the tool, such as ``serve`` or ``worker``."""
    return Running(network, machine, (sys.executable, "-m", "lti_tool.cli", *command), log, environment)


def web(network: Network, machine: str, environment: Mapping[str, str], folder: Path, port: int = PORT) -> Running:
    """Give a web server of the tool with two processes, which listens at the machine's address."""
    where = ("--host", network.addresses[machine], "--port", str(port))
    log = folder / f"{machine}-{port}.log"
    return tool(network, machine, environment, log, "serve", *where, "--workers", "2", "--threads", "2")


def wait_for(what: str, is_so: Callable[[], object], seconds: float = _START_S) -> None:
    """Wait until something is so; fail with its name."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not in {seconds:.0f} s: {what}"
        time.sleep(0.05)


@contextmanager
def postgresql(network: Network, machine: str, folder: Path) -> Iterator[str]:
    """Run a PostgreSQL server of its own on a machine; gives the address of its database."""
    address = network.addresses[machine]
    # Not in the test's folder, which nobody but root may enter: the server refuses to run as root.
    data = Path(tempfile.mkdtemp(prefix="hybrid-postgresql-"))
    shutil.chown(data, "postgres")
    as_postgres = ("runuser", "-u", "postgres", "--")
    initdb, postgres = program("initdb"), program("postgres")
    assert initdb
    assert postgres
    initialise = [*as_postgres, initdb, "-D", str(data), "-A", "trust", "-N", "--locale=C.UTF-8"]
    subprocess.run(initialise, check=True, capture_output=True, cwd="/")
    with (data / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {network.range} trust\n")
    settings = ("listen_addresses=" + address, "unix_socket_directories=", "max_connections=200")
    options = [part for setting in settings for part in ("-c", setting)]
    server = Running(network, machine, (*as_postgres, postgres, "-D", str(data), *options), folder / "postgresql.log")
    server.start()
    url = f"postgresql://postgres@{address}/postgres"

    def answers() -> bool:
        try:
            with network.inside(machine), psycopg.connect(url, connect_timeout=2):
                return True
        except psycopg.OperationalError:
            assert server.is_running, server.log.read_text()
            return False

    try:
        wait_for("PostgreSQL answers", answers)
        yield url
    finally:
        # SIGINT: PostgreSQL's fast shutdown.
        server.end(signal.SIGINT)
        shutil.rmtree(data)


@contextmanager
def nginx(network: Network, machine: str, servers: list[str], folder: Path) -> Iterator[None]:
    """Run nginx at a machine's address in front of several servers."""
    place = folder / "nginx"
    place.mkdir()
    upstream = " ".join(f"server {server} max_fails=1 fail_timeout=2s;" for server in servers)
    text = _NGINX.format(folder=place, address=network.addresses[machine], servers=upstream)
    (place / "nginx.conf").write_text(text)
    binary = program("nginx")
    assert binary
    arguments = (binary, "-c", str(place / "nginx.conf"), "-e", str(place / "error.log"))
    running = Running(network, machine, arguments, folder / "nginx.log")
    running.start()
    try:
        yield
    finally:
        running.end()
