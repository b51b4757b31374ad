"""No secret is ever logged: not in whole runs, and not where a platform repeats what it was sent."""

from __future__ import annotations

import base64
import http.client
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from lti_tool.demo import check, prepare
from lti_tool.demo.answers import read_answers
from lti_tool.demo.stack import Addresses, Stack, ToolProcess, free_port
from lti_tool.logs import masked
from lti_tool.lti.deep_linking import DL
from lti_tool.lti.vault import new_master_key
from lti_tool.practice_lms import Fault, grants
from lti_tool.practice_lms.browser import Browser
from tests.lti_tool.learn.town import build_town
from tests.lti_tool.signing_platform import MEMBERSHIP, SigningPlatform, signing_platform

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n-----END PRIVATE KEY-----\n"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "text",
    [
        f"POST with id_token={JWT}&state=S3cretS3cret",
        f"it said {JWT}",
        '{"access_token": "S3cretS3cret", "expires_in": 3600}',
        "{'accessToken': 'S3cretS3cret'}",
        "Authorization: Bearer S3cretS3cret",
        "Authorization: Basic S3cretS3cret",
        "grant_type=x&client_assertion=S3cretS3cret&scope=y",
        "postgresql://user:S3cretS3cret@host/training",
        "https://tool.test/l/S3cretS3cretS3cretS3cr/pages/1",
        "/lti/window/S3cretS3cretS3cretS3cr",
        "/lti/register/S3cretS3cretS3cretS3cr?openid_configuration=https://lms.test&registration_token=S3cretS3cret",
        "password=S3cretS3cret",
        f"could not read {KEY.replace('MIIEvQ', 'S3cretS3cret')}",
    ],
)
def test_takes_secrets_out_of_any_text(text):
    assert "S3cret" not in masked(text)
    assert "c2lnbmF0dXJl" not in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        'token: HTTP 400: {"error": "invalid_client", "error_description": "The assertion has expired."}',
        "https://lms.example.org:8443/mod/lti/services.php/2/lineitems?type_id=3",
        "The token names a key that the platform does not publish.",
    ],
)
def test_leaves_what_an_administrator_needs(text):
    assert masked(text) == text


def test_a_whole_run_logs_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Login, launch, quiz and grade, with a platform that fails and repeats the request in its error."""
    granted: list[str] = []
    browsers: list[Browser] = []
    issue, begin = grants.issue, Browser.__init__

    def watched_issue(*arguments: Any) -> str:
        granted.append(issue(*arguments))
        return granted[-1]

    def watched_begin(self: Browser, *arguments: Any, **options: Any) -> None:
        begin(self, *arguments, **options)
        browsers.append(self)

    monkeypatch.setattr(grants, "issue", watched_issue)
    monkeypatch.setattr(Browser, "__init__", watched_begin)
    addresses = Addresses(tool_port=free_port(), lms_port=free_port())
    environment = prepare.environment_for(tmp_path, addresses)
    packages = prepare.build_course(tmp_path / "packages")
    prepare.prepare_database(environment, packages, addresses)
    answers = read_answers(packages[0])
    with Stack(addresses, tmp_path, environment, module_id=answers.module_id, module_title="M") as stack:
        faults = stack.lms.config.faults
        faults.add(Fault(operation="token", status=500, body=f"cannot serve client_assertion={JWT}"))
        faults.add(Fault(operation="scores", status=503, body="Authorization: Bearer S3cretS3cret"))
        grade = check.walk(stack, answers, lambda _title: nullcontext())
        assert grade.startswith("100 of 100")
        # Errors of launches are logged, too.
        browsers[0].open(
            f"{addresses.tool}/lti/login?iss=nobody&login_hint=S3cretS3cret&target_link_uri={addresses.tool}/"
        )
    log = (tmp_path / "tool.log").read_text()
    assert "HTTP 503" in log
    assert "platform-unknown" in log
    secrets = {
        *granted,
        *(cookie.value or "-" for browser in browsers for cookie in browser.cookies),
        environment["SECRET_KEY"],
        environment["MASTER_KEYS"],
        "S3cret",
        "eyJ",
        "PRIVATE KEY",
        *stored_secrets(tmp_path / "tool" / "lti-tool.db"),
    }
    assert len(secrets) > 8
    assert [secret for secret in secrets if secret in log] == []
    assert not re.search(r"/l/[\w-]{16,}", log)


def stored_secrets(database: Path) -> set[str]:
    """Give what the database holds of nonces and encrypted keys and tokens: not even these belong into a log."""
    with sqlite3.connect(database) as connection:
        nonces = {row[0] for row in connection.execute("SELECT nonce FROM login")}
        stored = {base64.b64encode(row[0]).decode() for row in connection.execute("SELECT encrypted FROM access_token")}
    connection.close()
    assert nonces
    assert stored
    return nonces | stored


@dataclass
class Wire:
    """A browser at a server in production behind a proxy: it keeps every cookie, and follows nothing by itself."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def send(self, path: str, form: dict[str, Any] | None = None) -> tuple[int, str, str]:
        """Give status, where it leads, and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {
            "Host": "tool.test",
            "Sec-Fetch-Dest": "document",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(form, doseq=True) if form is not None else None
        connection.request("POST" if form is not None else "GET", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        location = (answer.headers["Location"] or "").removeprefix("https://tool.test")
        connection.close()
        return answer.status, location, text


def test_deep_linking_admin_pages_and_new_keys_in_production_log_no_secret(tmp_path: Path):
    """The rest of what handles secrets, in production with its JSON lines; keys change and errors are provoked."""
    port, log = free_port(), tmp_path / "tool.log"
    new_master, old_master, password = new_master_key(), new_master_key(), "a quiet green bicycle 4711"
    environment = {
        **os.environ,
        "LTI_TOOL_ENV": "production",
        "PUBLIC_URL": "https://tool.test",
        "DATA_DIR": str(tmp_path / "tool"),
        "DATABASE_URL": "",
        "SECRET_KEY": "production-secret-" + "k" * 32,
        "MASTER_KEYS": f"{new_master},{old_master}",
        "METRICS_TOKEN": "metrics-token-" + "m" * 32,
        "EGRESS_ALLOW": "127.0.0.1",
    }

    def command(*arguments: str, stdin: str = "") -> None:
        with log.open("ab") as file:
            done = subprocess.run(
                [sys.executable, "-m", "lti_tool.cli", *arguments],
                env=environment, input=stdin.encode(), stdout=file, stderr=subprocess.STDOUT, timeout=60,
            )  # fmt: skip
        assert done.returncode == 0, log.read_text()[-2000:]

    command("upgrade")
    command("admins", "add", "owner@town.test", stdin=f"{password}\n{password}\n")
    command("modules", "publish", str(build_town(tmp_path / "town")))
    tool = ToolProcess(port=port, environment=environment, log=log)
    secrets: set[str] = {password, new_master, old_master, environment["SECRET_KEY"], environment["METRICS_TOKEN"]}
    with signing_platform() as platform:
        command(
            "platforms", "add", "--issuer", platform.issuer, "--client-id", platform.client_id,
            "--auth-url", f"{platform.issuer}/auth", "--token-url", f"{platform.issuer}/token",
            "--key-set-url", platform.key_set_url,
        )  # fmt: skip
        tool.start()
        try:
            trainer, answer_token, sent = deep_link(Wire(port), platform)
            command("keys", "rotate")
            command("keys", "reencrypt")
            command("keys", "rotate", "--at-once")
            again, another_answer, more = deep_link(Wire(port), platform)
            secrets |= {answer_token, another_answer, *sent, *more}
            admin = Wire(port)
            _status, _where, page = admin.send("/admin/sign-in")
            token = re.search(r'name="form_token" value="([^"]+)"', page)[1]
            form = {"form_token": token, "name": "owner@town.test", "password": password}
            wrong = {**form, "password": "S3cret-guess"}
            assert admin.send("/admin/sign-in", wrong)[0] == 403
            assert admin.send("/admin/sign-in", form)[0] == 303
            assert admin.send("/admin/account")[0] == 200
            # What goes wrong is logged with its address and detail.
            wire = Wire(port)
            state = begin(wire, platform)["state"]
            hostile = platform.sign({"iss": "S3cret"}, jku="https://evil.test/S3cret")
            assert wire.send("/lti/launch", {"state": state, "id_token": hostile})[0] == 400
            refused = {"state": state, "error": "access_denied", "error_description": f"id_token={hostile}"}
            assert wire.send("/lti/launch", refused)[0] == 400
            assert wire.send("/lti/proof", {"ticket": "S3cretS3cretS3cretS3cr", "secret": "S3cret"})[0] == 400
            assert wire.send("/lti/window/S3cretS3cretS3cretS3cr")[0] == 400
            assert wire.send("/lti/register/S3cretS3cretS3cretS3cr?registration_token=S3cretS3cret")[0] == 400
            assert wire.send("/l/S3cretS3cretS3cretS3cr/pages/1")[0] == 401
            secrets |= {state, token, hostile, *admin.cookies.values(), *wire.cookies.values()}
            secrets |= {*trainer.cookies.values(), *again.cookies.values()}
        finally:
            tool.stop()
    written = log.read_text()
    assert "token-malformed" in written or "issuer-wrong" in written
    assert "sign-in-failed" in written
    assert "window-ticket-used" in written
    secrets = {secret for secret in secrets if len(secret) >= 8} | {"S3cret", "eyJ", "PRIVATE KEY"}
    assert len(secrets) > 15
    assert [secret for secret in secrets if secret in written] == []
    assert not re.search(r"/l/[\w-]{16,}", written)


def begin(wire: Wire, platform: SigningPlatform) -> dict[str, str]:
    status, where, _page = wire.send("/lti/login", platform.login_form())
    assert status == 302
    return dict(parse_qsl(urlsplit(where).query))


def deep_link(wire: Wire, platform: SigningPlatform) -> tuple[Wire, str, set[str]]:
    """Pick a module for a course; give the browser, the signed answer, and what was secret on the way."""
    asked = begin(wire, platform)
    claims = platform.claims(
        asked["nonce"], message_type="LtiDeepLinkingRequest", resource_link=None, roles=[f"{MEMBERSHIP}Instructor"],
        **{f"{DL}deep_linking_settings": {
            "deep_link_return_url": "https://lms.test/return", "accept_types": ["ltiResourceLink"], "data": "opaque",
        }},
    )  # fmt: skip
    token = platform.sign(claims)
    status, where, page = wire.send("/lti/launch", {"state": asked["state"], "id_token": token})
    assert status == 303, page
    handle = where.split("/")[2]
    _status, _where, page = wire.send(where)
    form_token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    form = {"csrf_token": form_token, "module": "town", "whole": "1"}
    assert wire.send(f"/l/{handle}/pick/items", form)[0] == 303
    status, _where, page = wire.send(f"/l/{handle}/pick/items/change", {"csrf_token": form_token, "do": "send"})
    answer = re.search(r'name="JWT" value="([^"]+)"', page)[1]
    return wire, answer, {token, handle, form_token, asked["state"], asked["nonce"]}
