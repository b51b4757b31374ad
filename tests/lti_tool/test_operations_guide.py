"""What docs/operations.md tells people to do, done: nginx in front, systemd's units, backup and restore, alerts."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import click
import psycopg
import pytest
from sqlalchemy import func, select

from lti_tool import create_app
from lti_tool.cli import main
from lti_tool.commands.serve import command as serve
from lti_tool.demo.stack import ToolProcess, free_port
from lti_tool.extensions import db
from lti_tool.lti import keys
from lti_tool.lti.vault import Vault, new_master_key
from lti_tool.models import Launch, Person
from lti_tool.services import health
from tests.conftest import skip_unless_in_ci
from tests.lti_tool.conftest import MASTER_KEY, make_settings
from tests.lti_tool.launching import launch
from tests.lti_tool.servers import make_certificate
from tests.lti_tool.signing_platform import SigningPlatform, signing_platform

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "operations"


def program(name: str) -> str:
    """Give a program's path, or skip where it is not installed; CI has to have it."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        skip_unless_in_ci(f"{name} is not installed")
        raise AssertionError
    return found


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, **options)
    assert done.returncode == 0, f"{arguments}\n{done.stdout}{done.stderr}"
    return done


def test_nginx_lets_through_what_the_tool_takes(tmp_path: Path) -> None:
    [megabytes] = re.findall(r"client_max_body_size (\d+)m;", (GUIDE / "nginx.conf").read_text(encoding="utf-8"))
    settings = make_settings(tmp_path)
    assert int(megabytes) * 1_000_000 > max(settings.max_upload_bytes, settings.max_body_bytes)


@contextmanager
def nginx(folder: Path, port: int, plain_port: int, tool_port: int) -> Iterator[ssl.SSLContext]:
    """Run nginx with the guide's file, but for its ports, its folders and its name."""
    _server, trusting = make_certificate(folder, "localhost")
    text = (GUIDE / "nginx.conf").read_text()
    certificate = next(iter(folder.glob("*.pem")))
    for old, new in {
        r"listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        r"listen \[::\]:443 ssl": f"listen 127.0.0.2:{port} ssl",
        r"listen 80;": f"listen 127.0.0.1:{plain_port};",
        r"listen \[::\]:80;": f"listen 127.0.0.2:{plain_port};",
        r"training\.example\.org;": "localhost;",
        r"/etc/ssl/training\.example\.org\.pem": str(certificate),
        r"/etc/ssl/private/training\.example\.org\.key": str(certificate),
        r"127\.0\.0\.1:8000": f"127.0.0.1:{tool_port}",
        r"/var/log/nginx": str(folder),
    }.items():
        text, count = re.subn(old, new, text)
        assert count, old
    (folder / "site.conf").write_text(text)
    main_file = folder / "nginx.conf"
    paths = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main_file.write_text(
        f"daemon off;\nworker_processes 1;\npid {folder}/nginx.pid;\nerror_log {folder}/main.log;\n"
        f"events {{ worker_connections 256; }}\nhttp {{ {paths} include {folder}/site.conf; }}\n"
    )
    run(program("nginx"), "-t", "-c", str(main_file))
    process = subprocess.Popen([program("nginx"), "-c", str(main_file)])
    try:
        deadline = time.monotonic() + 20
        while not answers(port):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield trusting
    finally:
        process.terminate()
        process.wait(20)


def answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def test_serves_behind_nginx_as_the_guide_says(tmp_path: Path):
    """A launch over TLS; what browsers claim of themselves is not believed; no secret reaches nginx's log."""
    program("nginx")
    port, plain_port, tool_port, log = free_port(), free_port(), free_port(), tmp_path / "tool.log"
    public = f"https://localhost:{port}"
    environment = {
        **os.environ,
        "LTI_TOOL_ENV": "production",
        "PUBLIC_URL": public,
        "DATA_DIR": str(tmp_path / "tool"),
        "DATABASE_URL": "",
        "SECRET_KEY": "k" * 40,
        "MASTER_KEYS": new_master_key(),
        "METRICS_TOKEN": "m" * 40,
        "EGRESS_ALLOW": "127.0.0.1",
        "PROXIES": "1",
    }
    folder = tmp_path / "nginx"
    folder.mkdir()
    with signing_platform() as platform:
        for arguments in (
            ("upgrade",),
            ("platforms", "add", "--issuer", platform.issuer, "--client-id", platform.client_id, "--auth-url",
             f"{platform.issuer}/auth", "--token-url", f"{platform.issuer}/token",
             "--key-set-url", platform.key_set_url),
        ):  # fmt: skip
            run(sys.executable, "-m", "lti_tool.cli", *arguments, env=environment)
        tool = ToolProcess(port=tool_port, environment=environment, log=log)
        tool.start()
        try:
            with nginx(folder, port, plain_port, tool_port) as trusting:
                walk_through(public, port, plain_port, trusting, platform)
        finally:
            tool.stop()
    written = (folder / "lti-tool.log").read_text()
    assert re.search(r"127\.0\.0\.1 \[.*\] POST /lti/launch 303 ", written)
    assert "GET /l/-/" in written
    assert not re.search(r"/l/[\w-]{16}", written)
    assert "S3cret" not in written
    failed = next(line for line in log.read_text().splitlines() if "sign-in-failed" in line)
    assert '"address": "127.0.0.1"' in failed


def walk_through(public: str, port: int, plain_port: int, trusting: ssl.SSLContext, platform: SigningPlatform) -> None:
    cookies: dict[str, str] = {}
    forged = {"X-Forwarded-For": "192.0.2.99", "X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "http"}

    def send(path: str, form: dict[str, str] | None = None, **more: str) -> tuple[int, http.client.HTTPMessage, str]:
        connection = http.client.HTTPSConnection("localhost", port, context=trusting, timeout=20)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Dest": "document",
            **forged,
            **more,
        }
        connection.request("POST" if form is not None else "GET", path, urlencode(form or {}), headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            assert "Secure" in cookie
            name, _equals, rest = cookie.partition("=")
            cookies[name] = rest.partition(";")[0]
        connection.close()
        return answer.status, answer.headers, body

    assert send("/healthz")[0] == 200
    status, headers, _body = send("/lti/login", platform.login_form(target_link_uri=f"{public}/lti/launch"))
    assert status == 302
    asked = dict(parse_qsl(urlsplit(headers["Location"]).query))
    assert asked["redirect_uri"] == f"{public}/lti/launch"
    claims = platform.claims(asked["nonce"], target_link_uri=f"{public}/lti/launch")
    status, headers, body = send("/lti/launch", {"state": asked["state"], "id_token": platform.sign(claims)})
    assert status == 303, body
    assert headers["Strict-Transport-Security"]
    where = headers["Location"].removeprefix(public)
    assert where.startswith("/l/")
    assert send(where)[0] == 200
    send("/lti/window/S3cretS3cretS3cretS3cr")
    send("/lti/register/S3cretS3cretS3cretS3cr?registration_token=S3cret")
    _status, _headers, page = send("/admin/sign-in")
    token = re.search(r'name="form_token" value="([^"]+)"', page)[1]
    assert send("/admin/sign-in", {"form_token": token, "name": "nobody", "password": "wrong"})[0] == 403
    assert send("/metrics")[0] == 404
    assert send("/metrics", Authorization=f"Bearer {'m' * 40}")[0] == 200
    plain = http.client.HTTPConnection("127.0.0.1", plain_port, timeout=20)
    plain.request("GET", "/lti/keys", headers={"Host": "localhost"})
    assert plain.getresponse().headers["Location"] == "https://localhost/lti/keys"
    plain.close()


@pytest.mark.parametrize("unit", ["lti-tool.service", "lti-tool-worker.service"])
def test_systemd_takes_the_units(tmp_path: Path, unit: str):
    analyze = program("systemd-analyze")
    text = (GUIDE / unit).read_text()
    command = re.search(r"^ExecStart=/opt/lti-tool/bin/lti-tool (\S+)", text, re.MULTILINE)
    assert command[1] in main.list_commands(click.Context(main))
    # The unit names where the guide installs to; here the program is elsewhere.
    (tmp_path / unit).write_text(text.replace("/opt/lti-tool/bin/lti-tool", str(ROOT / ".venv/bin/lti-tool")))
    done = subprocess.run([analyze, "verify", str(tmp_path / unit)], capture_output=True, text=True, timeout=60)
    said = [line for line in (done.stdout + done.stderr).splitlines() if unit in line]
    assert said == []


def test_the_guide_and_the_help_name_each_other():
    assert "docs/operations.md" in serve.help
    text = (ROOT / "docs" / "operations.md").read_text()
    for file in GUIDE.iterdir():
        name = "lti-tool*.service" if file.suffix == ".service" else file.name
        assert name in text


def test_settings_of_the_example_are_ones_that_there_are():
    known = {name.upper() for name in make_settings(Path("var")).__dataclass_fields__}
    named = re.findall(r"^([A-Z_]+)=", (GUIDE / "lti-tool.env").read_text(), re.MULTILINE)
    assert set(named) <= known
    assert {"PUBLIC_URL", "SECRET_KEY", "MASTER_KEYS", "PROXIES"} <= set(named)


def test_alerts_and_the_guide_name_metrics_that_there_are(app):
    """A metric that was renamed would silence its alert."""
    with app.app_context():
        gauges = {f"lti_tool_{name}" for name in health.gauges(db.session(), datetime.now(UTC))}
    source = (ROOT / "lti_tool" / "metrics.py").read_text()
    counted = {f"lti_tool_{name}" for name in re.findall(r'^        \("(\w+)", "', source, re.MULTILINE)}
    assert len(counted) >= 5
    for file in ("operations/alerts.yml", "operations.md"):
        for name in set(re.findall(r"lti_tool_[a-z_]+", (ROOT / "docs" / file).read_text())):
            assert name in gauges or re.sub(r"_(total|seconds|seconds_bucket)$", "", name) in counted, name


def fill(app: Any) -> None:
    with app.app_context():
        keys.ensure_key(db.session(), Vault((MASTER_KEY,)), datetime.now(UTC))
        db.session.commit()
    launch(app, app.test_client(), sub="before")


def count(app: Any) -> tuple[int, int]:
    with app.app_context():
        people = db.session.scalar(select(func.count()).select_from(Person)) or 0
        return people, db.session.scalar(select(func.count()).select_from(Launch)) or 0


def assert_restored(settings: Any) -> None:
    """What was there at the backup is there, the key signs, and nothing that came later."""
    app = create_app(settings)
    assert count(app) == (1, 1)
    with app.app_context():
        key = keys.current_key(db.session(), datetime.now(UTC))
        assert key is not None
        assert keys.sign(key, Vault((MASTER_KEY,)), {"iss": "x"})
        db.session.remove()
        db.engine.dispose()


def test_a_sqlite_backup_of_a_running_tool_is_restored(tmp_path: Path, migrated_sqlite: Path):
    sqlite = program("sqlite3")
    here = tmp_path / "lti-tool.db"
    shutil.copy(migrated_sqlite, here)
    app = create_app(make_settings(tmp_path))
    fill(app)
    # Connections are open and the newest rows stand in the log beside the file, as they do while the tool runs.
    assert here.with_name("lti-tool.db-wal").stat().st_size > 0
    run(sqlite, str(here), f".backup '{tmp_path}/backup.db'")
    launch(app, app.test_client(), sub="after")
    assert count(app) == (2, 2)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    shutil.copy(tmp_path / "backup.db", here)
    for leftover in ("lti-tool.db-wal", "lti-tool.db-shm"):
        here.with_name(leftover).unlink(missing_ok=True)
    assert_restored(make_settings(tmp_path))


@pytest.mark.parametrize("make_app", ["postgresql"], indirect=True)
def test_a_dump_of_postgresql_is_restored(tmp_path: Path, migrated_postgres: str, make_app: Any):
    app = make_app()
    fill(app)
    run(program("pg_dump"), "--format=custom", f"--file={tmp_path}/backup.dump", migrated_postgres)
    launch(app, app.test_client(), sub="after")
    base, name = migrated_postgres.rsplit("/", 1)
    restored = f"{base}/{name}_restored"
    with psycopg.connect(migrated_postgres, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}_restored"')
        try:
            run(program("pg_restore"), "--no-owner", f"--dbname={restored}", f"{tmp_path}/backup.dump")
            assert_restored(make_settings(tmp_path / "restored", database_url=restored))
        finally:
            server.execute(f'DROP DATABASE "{name}_restored" WITH (FORCE)')
    assert count(app) == (2, 2)
