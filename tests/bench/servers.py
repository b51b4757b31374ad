"""Servers to measure: our tool on either database, its peers, and the least that the same server can do."""

from __future__ import annotations

import atexit
import functools
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from lti_tool.demo import prepare
from lti_tool.demo.stack import Addresses, free_port
from tests.bench import lti_peers
from tests.bench.conversations import KEY_ID, Platform, Tool
from tests.bench.generator import ROOT
from tests.bench.processes import family, share_mb
from tests.conftest import POSTGRES_URL

WORKERS, THREADS = 2, 2
DEPLOYMENT = "practice-deployment"
MODULE = "m1-readiness"
_START_LIMIT_S = 60.0


@dataclass(slots=True)
class Server:
    """A process that listens at a port of its own."""

    name: str
    command: Sequence[str]
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    tool: Tool | None = None
    folder: Path = ROOT
    log: Path = Path(os.devnull)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its process id while it runs."""
        assert self._process
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it takes connections and answers.

        Raises:
            SystemExit: with the end of its log, if it does not.
        """
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_LIMIT_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                said = self.log.read_text(errors="replace")[-2000:] if self.log.is_file() else ""
                raise SystemExit(f"{self.name} did not start.\n{said}")
            time.sleep(0.1)

    def stop(self) -> None:
        """End it in order; kill it where it does not end in time."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/lti/keys", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True


@contextmanager
def running(*servers: Server) -> Iterator[None]:
    """Run servers side by side."""
    try:
        for server in servers:
            server.start()
        yield
    finally:
        for server in servers:
            server.stop()


class BenchPlatform:
    """The platform of a bench: its keys, and the process that serves them and counts.

    Args:
        folder: for its files.
        people: who launch, all in all.
    """

    def __init__(self, folder: Path, people: int = 1000) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        jwk = json.loads(RSAAlgorithm.to_jwk(key.public_key())) | {"kid": KEY_ID, "alg": "RS256", "use": "sig"}
        file = folder / "key-set.json"
        file.write_text(json.dumps({"keys": [jwk]}))
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        port = free_port()
        self.key = key
        self.address = f"http://127.0.0.1:{port}"
        self.signer = Platform(
            issuer=self.address,
            client_id=prepare.CLIENT_ID,
            deployment_id=DEPLOYMENT,
            private_key=pem.decode(),
            people=people,
        )
        command = [sys.executable, "-m", "tests.bench.platform", str(port), str(file)]
        self.server = Server("the platform", command, port, log=folder / "platform.log")

    def ask(self, method: str, path: str) -> Any:
        """Ask the process something, such as its counts."""
        request = urllib.request.Request(self.address + path, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    @property
    def parameters(self) -> dict[str, Any]:
        """What the load generator has to know of it."""
        names = ("issuer", "client_id", "deployment_id", "private_key", "people", "activities")
        return {name: getattr(self.signer, name) for name in names}


@contextmanager
def new_database() -> Iterator[str | None]:
    """Give the address of an empty PostgreSQL database, or nothing where there is no server."""
    try:
        server = psycopg.connect(POSTGRES_URL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield None
        return
    name = f"hybrid_bench_{uuid.uuid4().hex[:12]}"
    with server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield POSTGRES_URL.rsplit("/", 1)[0] + f"/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@functools.cache
def packages() -> list[Path]:
    """Build the course once for all measurements of this process."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    return prepare.build_course(Path(folder.name) / "packages")


def our_environment(
    folder: Path, platform: BenchPlatform, port: int, database: str = "", **more: str
) -> dict[str, str]:
    """Give the settings of our tool with its data in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    addresses = Addresses(tool_port=port, lms_port=platform.server.port)
    return {**prepare.environment_for(folder, addresses), "SCORE_POLL_S": "1", "DATABASE_URL": database, **more}


def our_tool(name: str, folder: Path, platform: BenchPlatform, database: str = "", **more: str) -> Server:
    """Prepare our tool behind granian, with its course and the platform registered."""
    port = free_port()
    environment = our_environment(folder, platform, port, database, **more)
    prepare.prepare_database(environment, packages(), Addresses(tool_port=port, lms_port=platform.server.port))
    options = ("--workers", str(WORKERS), "--threads", str(THREADS), "--port", str(port))
    command = [sys.executable, "-m", "lti_tool.cli", "serve", *options]
    target = f"http://localhost:{port}/lti/launch?module={MODULE}"
    tool = Tool(
        host=f"localhost:{port}",
        login_path="/lti/login",
        launch_path="/lti/launch",
        target=target,
        launched=303,
        text="/l/",
    )
    return Server(name, command, port, environment, tool, log=folder / "tool.log")


def granian(
    name: str,
    module: str,
    folder: Path,
    *,
    python: str = sys.executable,
    launched: int = 303,
    text: str = "/l/",
    **environment: str,
) -> Server:
    """Prepare an application of ``lti_peers`` behind granian, with as many processes and threads as ours."""
    port = free_port()
    options = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws", "--log-level", "warning")
    sizes = ("--workers", str(WORKERS), "--blocking-threads", str(THREADS))
    tool = Tool(
        host=f"localhost:{port}",
        login_path="/lti/login",
        launch_path="/lti/launch",
        target=f"http://localhost:{port}/lti/launch",
        launched=launched,
        text=text,
    )
    command = [python, "-m", "granian", *options, *sizes, f"{module}:app"]
    return Server(name, command, port, environment, tool, lti_peers.HERE, folder / f"{module}-{port}.log")


def pylti1p3(name: str, folder: Path, platform: BenchPlatform, **environment: str) -> Server | None:
    """Prepare stock ``pylti1p3``; nothing where it cannot be had."""
    if not lti_peers.has_pylti1p3():
        return None
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    (folder / "private.key").write_bytes(pem)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / "public.key").write_bytes(public)
    said = {
        "default": True,
        "client_id": prepare.CLIENT_ID,
        "auth_login_url": f"{platform.address}/auth",
        "auth_token_url": f"{platform.address}/token",
        "auth_audience": None,
        "key_set_url": f"{platform.address}/keys/pylti1p3",
        "key_set": None,
        "private_key_file": "private.key",
        "public_key_file": "public.key",
        "deployment_ids": [DEPLOYMENT],
    }
    config = folder / "pylti1p3.json"
    config.write_text(json.dumps({platform.address: [said]}))
    shared = {"BENCH_CONFIG": str(config), "BENCH_CACHE": "redis", "BENCH_PREFIX": f"bench-{uuid.uuid4().hex[:8]}-"}
    return granian(
        name,
        "pylti1p3_app",
        folder,
        python=str(lti_peers.PYTHON),
        launched=200,
        text="lti1p3-launch-",
        **{**shared, **environment},
    )


def ltijs(name: str, folder: Path, platform: BenchPlatform, database: str) -> Server | None:
    """Prepare ``ltijs`` on PostgreSQL; nothing where it cannot be had."""
    if not lti_peers.has_ltijs():
        return None
    port = free_port()
    tool = Tool(
        host=f"localhost:{port}",
        login_path="/lti/login",
        launch_path="/lti/launch",
        target=f"http://localhost:{port}/lti/launch",
        launched=302,
        text="ltik=",
    )
    environment = {
        "BENCH_PACKAGES": str(lti_peers.NODE),
        "BENCH_PORT": str(port),
        "BENCH_DATABASE": database,
        "BENCH_ISSUER": platform.address,
        "BENCH_CLIENT": prepare.CLIENT_ID,
        "BENCH_WORKERS": str(WORKERS),
        "NODE_ENV": "production",
    }
    command = ["node", str(lti_peers.HERE / "ltijs_app.js")]
    return Server(name, command, port, environment, tool, log=folder / "ltijs.log")


def is_redis_there() -> bool:
    """Whether a Redis answers where the peers look for one."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", 6379), timeout=2):
        return True
    return False


def memory_mb(pid: int) -> float:
    """Add up the memory of a server's processes, what they share counted once."""
    return sum(share_mb(member) for member in family(pid))


def as_parameters(tool: Tool | None) -> dict[str, Any]:
    """Give what the load generator has to know of a tool."""
    assert tool
    return asdict(tool)
