"""The tool's side of the protocol, as small as the tests of the practice LMS need it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from flask.testing import FlaskClient
from jwt.algorithms import RSAAlgorithm
from werkzeug.test import TestResponse

from lti_tool.practice_lms import PracticeLms
from lti_tool.practice_lms.html_page import PageParser
from lti_tool.practice_lms.vocabulary import ASSERTION_TYPE, GRANT_TYPE

TOOL_URL = "https://tool.example.org"


@dataclass
class Tool:
    """A tool with a key of its own; it can misbehave where a test asks for it."""

    kid: str = "tool-key-1"
    private: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    fetches: int = 0

    def key_set(self, _url: str) -> bytes:
        """What the LMS fetches."""
        self.fetches += 1
        public = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        return json.dumps({"keys": [{**public, "kid": self.kid, "alg": "RS256", "use": "sig"}]}).encode()

    def claims(self, client_id: str, audience: str, at: datetime) -> dict[str, Any]:
        """The claims of a good assertion."""
        now = int(at.timestamp())
        return {
            "iss": client_id,
            "sub": client_id,
            "aud": audience,
            "iat": now,
            "exp": now + 60,
            "jti": uuid.uuid4().hex,
        }

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        return jwt.encode(claims, self.private, algorithm="RS256", headers={"kid": self.kid, **header})

    def sign_without_kid(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.private, algorithm="RS256")


def token_form(assertion: str, *scopes: str, **changes: str) -> dict[str, str]:
    """The form of a token request."""
    return {
        "grant_type": GRANT_TYPE,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
        "scope": " ".join(scopes),
        **changes,
    }


def take_token(client: FlaskClient, lms: PracticeLms, tool: Tool, client_id: str, *scopes: str) -> str:
    """Get an access token as a good tool does."""
    assertion = tool.sign(tool.claims(client_id, lms.token_audience, lms.now()))
    response = client.post(urlsplit(lms.token_url).path, data=token_form(assertion, *scopes))
    assert response.status_code == 200, response.text
    return str(json.loads(response.text)["access_token"])


def form_of(response: TestResponse) -> tuple[str, dict[str, str]]:
    """Action and fields of the one form of a page that sends itself on."""
    parser = PageParser("")
    parser.feed(response.text)
    (form,) = parser.forms
    assert form.is_sent_by_script
    return form.action, dict(form.fields())


def sign_in(client: FlaskClient, sub: str) -> TestResponse:
    return client.post("/sign-in", data={"sub": sub})


def authentication_request(login: dict[str, str], redirect_uri: str, **changes: str) -> dict[str, str]:
    """What a good tool sends to the authentication endpoint after a login request."""
    return {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": login["client_id"],
        "redirect_uri": redirect_uri,
        "login_hint": login["login_hint"],
        "lti_message_hint": login["lti_message_hint"],
        "state": "state-1",
        "nonce": "nonce-1",
        **changes,
    }


def launch(
    client: FlaskClient, lms: PracticeLms, sub: str, placement_id: int, redirect_uri: str = f"{TOOL_URL}/launch"
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Sign in, launch a placement, and give back header and claims of the id_token."""
    sign_in(client, sub)
    _, login = form_of(client.get(f"/placements/{placement_id}/launch"))
    answer = client.get(urlsplit(lms.auth_url).path, query_string=authentication_request(login, redirect_uri))
    action, fields = form_of(answer)
    assert action == redirect_uri
    assert "error" not in fields, fields
    return decode(client, lms, fields["id_token"])


def decode(client: FlaskClient, lms: PracticeLms, id_token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of an id_token, its signature checked against the published key set."""
    header = jwt.get_unverified_header(id_token)
    keys = {key["kid"]: jwt.PyJWK(key) for key in client.get(urlsplit(lms.jwks_url).path).json["keys"]}
    claims = jwt.decode(
        id_token,
        keys[header["kid"]],
        algorithms=["RS256"],
        options={"verify_exp": False, "verify_aud": False, "verify_iat": False, "verify_nbf": False},
    )
    return header, claims
