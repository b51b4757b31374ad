"""The security headers of every route there is: strict, and as wide as it has to be where a platform frames us."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.launching import launch

FRAMED_BY_ANYBODY = {"/lti/login", "/lti/launch", "/lti/proof", "/lti/window/<ticket>"}
"""Pages on the way in, and their errors: which platform frames them is not known yet."""
SHOWN_BY_PLATFORMS = {"/lti/icon.svg"}
"""What platforms put on pages of their own."""
VALUES = {
    "digest": "0" * 64,
    "member": "x.png",
    "name": "x.css",
    "key": "12345678",
    "ticket": "t",
    "page_id": "reading",
    "quiz_id": "final",
    "question_id": "q-single",
}
"""What stands for the parts of addresses; errors carry the same headers as pages."""


def addresses(app: Flask) -> list[tuple[str, str]]:
    """Give each rule that answers GET, and an address of it."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            values = {name: VALUES.get(name, "1") for name in rule.arguments}
            if "handle" in rule.arguments:
                values["handle"] = "HANDLE"
            found.append((rule.rule, app.url_map.bind("tool.test").build(rule.endpoint, values)))
    return found


def directives(policy: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (part.split() for part in policy.split(";"))}


def test_every_route_has_them(app):
    browser = app.test_client()
    home = launch(app, browser, is_trainer=True)
    for rule, address in addresses(app):
        answer = browser.get(address.replace("/l/HANDLE/", home), base_url=PUBLIC_URL)
        policy = directives(answer.headers["Content-Security-Policy"])
        assert policy["default-src"] == policy["base-uri"] == ["'none'"], rule
        assert not re.search(r"unsafe-(inline|eval|hashes)|data:.*script", " ".join(policy["script-src"])), rule
        assert "'unsafe-inline'" not in policy["style-src"], rule
        assert "*" not in policy["script-src"] + policy["connect-src"] + policy["form-action"], rule
        if rule not in FRAMED_BY_ANYBODY and answer.status_code < 400 and "HANDLE" in address:
            assert policy["frame-ancestors"] == ["https://lms.test"], rule
        assert answer.headers["X-Content-Type-Options"] == "nosniff", rule
        assert answer.headers["Referrer-Policy"] == "no-referrer", rule
        assert answer.headers["Strict-Transport-Security"].startswith("max-age="), rule
        shown_in = "cross-origin" if rule in SHOWN_BY_PLATFORMS else "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == shown_in, rule
        assert "camera=()" in answer.headers["Permissions-Policy"], rule
        assert "X-Frame-Options" not in answer.headers, rule
        assert "Server" not in answer.headers or "Werkzeug" not in answer.headers["Server"], rule
        is_public = "public" in answer.headers["Cache-Control"]
        assert is_public or answer.headers["Cache-Control"] == "private, no-store", rule
        if is_public:
            assert "Set-Cookie" not in answer.headers, rule
            assert "'nonce-" not in answer.headers["Content-Security-Policy"], rule
        for cookie in answer.headers.getlist("Set-Cookie"):
            assert {"Secure", "HttpOnly"} <= {part.strip() for part in cookie.split(";")}, rule


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics", "/lti/keys"])
def test_what_machines_read_is_framed_by_nobody(client, address):
    answer = client.get(address, base_url=PUBLIC_URL, headers={"Accept": "application/json"})
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_no_transport_security_over_plain_http(make_app):
    client = make_app(public_url="http://localhost:8000").test_client()
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
