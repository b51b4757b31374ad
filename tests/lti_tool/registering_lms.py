"""A tiny LMS for tests that answers a dynamic registration over real HTTP, as it is told to."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.lti_tool.admin.browser import Visitor, signed_in
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.servers import answer, raw_server, read_request

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"


@dataclass
class RegisteringLms:
    """What it says may be changed at any time."""

    port: int = 0
    changes: dict[str, Any] = field(default_factory=dict)
    """To its openid configuration; ``None`` takes a member away."""
    lti: dict[str, Any] = field(default_factory=dict)
    """To the part of it that is about LTI."""
    configuration_answer: bytes | None = None
    """In place of the whole HTTP answer."""
    registration_answer: bytes | None = None
    before_answer: Callable[[], None] = lambda: None
    client_id: str = "client-1"
    deployment_id: Any = "7"
    granted: dict[str, Any] = field(default_factory=dict)
    """To what it answers; ``None`` takes a member away."""
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def configuration(self) -> dict[str, Any]:
        lti = {
            "product_family_code": "test-lms",
            "version": "1.0",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
            ],
            "variables": ["Context.id.history", "User.id"],
        } | self.lti
        found = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/auth",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "registration_endpoint": f"{self.url}/registrations",
            "scopes_supported": ["openid", AGS + "score", AGS + "lineitem"],
            "claims_supported": ["iss", "sub", "name"],
            "id_token_signing_alg_values_supported": ["RS256"],
            PLATFORM: lti,
        } | self.changes
        return {name: value for name, value in found.items() if value is not None}

    def converse(self, connection: socket.socket) -> None:
        while request := read_request(connection):
            self.requests.append(request)
            if request.startswith(b"GET "):
                whole = self.configuration_answer or answer(json.dumps(self.configuration).encode())
            else:
                self.before_answer()
                whole = self.registration_answer
                if whole is None:
                    whole = answer(json.dumps(self._registered(request)).encode())
            connection.sendall(whole)

    def _registered(self, request: bytes) -> dict[str, Any]:
        sent = json.loads(request.partition(b"\r\n\r\n")[2])
        tool = {**sent[TOOL], "deployment_id": self.deployment_id}
        found = {**sent, "client_id": self.client_id, TOOL: tool} | self.granted
        return {name: value for name, value in found.items() if value is not None}

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The registrations that came."""
        posts = [request for request in self.requests if request.startswith(b"POST ")]
        return [json.loads(request.partition(b"\r\n\r\n")[2]) for request in posts]

    def open(self, client: FlaskClient, invitation: str, token: str = "reg-token", url: str = "") -> TestResponse:
        """Open the invitation in its frame."""
        where = quote(url or f"{self.url}/configuration", safe="")
        return client.get(f"{invitation}?openid_configuration={where}&registration_token={token}", base_url=PUBLIC_URL)


@contextmanager
def registering_lms(**values: Any) -> Iterator[RegisteringLms]:
    lms = RegisteringLms(**values)
    with raw_server(lms.converse) as port:
        lms.port = port
        yield lms


def invite(app: Flask, owner: Visitor | None = None, **values: str) -> str:
    """Make an invitation in the admin pages; gives its path."""
    owner = owner or signed_in(app)
    shown = owner.send("/admin/invitations", "/admin/invitations", **values)
    assert shown.status_code == 200
    found = re.search(rf"{PUBLIC_URL}(/lti/register/[A-Za-z0-9_-]+)", shown.text)
    assert found
    return found[1]


def shown_in(page: TestResponse) -> str:
    found = re.search(r'name="shown" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def confirm(client: FlaskClient, invitation: str, page: TestResponse, *, names: bool = True) -> TestResponse:
    """Press the button of the page that :meth:`RegisteringLms.open` gave."""
    form = {"shown": shown_in(page)} | ({"names": "yes"} if names else {})
    return client.post(invitation, data=form, base_url=PUBLIC_URL)
