"""No secret is ever logged: not in a whole run, and not where a platform repeats what it was sent."""

from __future__ import annotations

import base64
import re
import sqlite3
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from lti_tool.demo import check, prepare
from lti_tool.demo.answers import read_answers
from lti_tool.demo.stack import Addresses, Stack, free_port
from lti_tool.logs import masked
from lti_tool.practice_lms import Fault, grants
from lti_tool.practice_lms.browser import Browser

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
