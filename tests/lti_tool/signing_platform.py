"""A tiny platform for tests: it serves its key set over real HTTP and signs whatever it is told to."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.extensions import db
from lti_tool.models import Registration
from lti_tool.services.platforms import add_registration
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.servers import answer, raw_server, read_request

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
GRADES = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
TARGET = f"{PUBLIC_URL}/lti/open"


@cache
def private_key(kid: str) -> rsa.RSAPrivateKey:
    """Make a key once for all tests: it takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(kid: str, /, **members: Any) -> dict[str, Any]:
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private_key(kid).public_key()))
    return {"kty": "RSA", "n": jwk["n"], "e": jwk["e"], "kid": kid, "alg": "RS256", "use": "sig"} | members


@dataclass
class SigningPlatform:
    """What it publishes may be changed at any time."""

    issuer: str = "https://lms.test"
    client_id: str = "client-1"
    keys: list[dict[str, Any]] = field(default_factory=lambda: [public_jwk("key-1")])
    body: bytes | None = None
    status: str = "200 OK"
    fetches: int = 0
    port: int = 0

    def converse(self, connection: socket.socket) -> None:
        while read_request(connection):
            self.fetches += 1
            body = json.dumps({"keys": self.keys}).encode() if self.body is None else self.body
            connection.sendall(answer(body, self.status))

    @property
    def key_set_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/keys"

    def register(self, app: Flask, **more: Any) -> int:
        """Register the platform with the tool; gives the registration's id."""
        values = {"issuer": self.issuer, "client_id": self.client_id, "title": "Test LMS", "product": "generic"}
        addresses = {
            "auth_url": f"{self.issuer}/auth",
            "token_url": f"{self.issuer}/token",
            "key_set_url": self.key_set_url,
        }
        with app.app_context():
            registration: Registration = add_registration(
                db.session(), **(values | addresses | {"at": datetime.now(UTC)} | more)
            )
            db.session.commit()
            return registration.id

    def login_form(self, **changes: Any) -> dict[str, str]:
        form = {
            "iss": self.issuer,
            "client_id": self.client_id,
            "lti_deployment_id": "1",
            "target_link_uri": TARGET,
            "login_hint": "learner-1",
            "lti_message_hint": '{"cmid":2,"launchid":"a&b=c"}',
        } | changes
        return {name: value for name, value in form.items() if value is not None}

    def claims(self, nonce: str, /, **changes: Any) -> dict[str, Any]:
        """Give the claims of a valid launch; a change to ``None`` takes a claim away.

        A name without a colon stands for the claim of LTI with that name, unless it is one of OpenID Connect.
        """
        now = int(datetime.now(UTC).timestamp())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": "learner-1",
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            "name": "Ana Álvarez",
            LTI + "message_type": "LtiResourceLinkRequest",
            LTI + "version": "1.3.0",
            LTI + "deployment_id": "1",
            LTI + "target_link_uri": TARGET,
            LTI + "roles": [MEMBERSHIP + "Learner"],
            LTI + "context": {"id": "course-1", "label": "C1", "title": "Course one"},
            LTI + "resource_link": {"id": "link-1", "title": "An activity"},
            LTI + "launch_presentation": {
                "locale": "en",
                "return_url": f"{self.issuer}/course",
                "document_target": "iframe",
            },
            GRADES: {
                "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
                "lineitems": f"{self.issuer}/items",
                "lineitem": f"{self.issuer}/items/1",
            },
        }
        openid = {"iss", "aud", "azp", "sub", "iat", "exp", "nbf", "nonce", "name", "given_name", "family_name"}
        for name, value in changes.items():
            claims[name if name in openid or ":" in name else LTI + name] = value
        return {name: value for name, value in claims.items() if value is not None}

    def sign(self, claims: dict[str, Any], *, kid: str | None = "key-1", key: str = "key-1", **header: Any) -> str:
        headers = ({"kid": kid} if kid is not None else {}) | header
        # Not jwt.encode, which refuses to make some of the tokens that hostile platforms make.
        return jwt.PyJWS().encode(json.dumps(claims).encode(), private_key(key), algorithm="RS256", headers=headers)


@contextmanager
def signing_platform(**values: Any) -> Iterator[SigningPlatform]:
    """Run a platform on a free port."""
    platform = SigningPlatform(**values)
    with raw_server(platform.converse) as port:
        platform.port = port
        yield platform


def begin_login(
    client: FlaskClient, platform: SigningPlatform, *, framed: bool = False, **changes: Any
) -> dict[str, str]:
    """Send a login; gives the parameters of the authentication request."""
    response = client.post(
        "/lti/login",
        data=platform.login_form(**changes),
        base_url=PUBLIC_URL,
        headers={"Sec-Fetch-Dest": "iframe" if framed else "document"},
    )
    assert response.status_code == (200 if framed else 302), response.text
    address = next_address(response)
    assert address.startswith(f"{platform.issuer}/auth?")
    return dict(parse_qsl(urlsplit(address).query))


def next_address(response: TestResponse) -> str:
    """Give where a login goes on to: by redirect, or by the page in a frame."""
    if response.status_code == 302:
        return response.headers["Location"]
    found = re.search(r'data-next="([^"]*)"', response.text)
    assert found
    return found[1].replace("&amp;", "&").replace("&#38;", "&")


def post_launch(client: FlaskClient, state: str, token: str | None, **form: str) -> TestResponse:
    """Send a launch as the platform's page does."""
    data = {"state": state, **form} | ({"id_token": token} if token is not None else {})
    return client.post("/lti/launch", data=data, base_url=PUBLIC_URL)


def launch_through(
    client: FlaskClient, platform: SigningPlatform, *, framed: bool = False, **changes: Any
) -> TestResponse:
    """Go through a whole launch."""
    login = {name: changes[name] for name in ("target_link_uri",) if name in changes}
    if "deployment_id" in changes:
        login["lti_deployment_id"] = changes["deployment_id"]
    asked = begin_login(client, platform, framed=framed, **login)
    return post_launch(client, asked["state"], platform.sign(platform.claims(asked["nonce"], **changes)))
