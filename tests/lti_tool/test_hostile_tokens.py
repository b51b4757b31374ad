"""Tokens that break one rule each, made from a valid one; none of them opens or writes anything."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from sqlalchemy import func, select, update

from lti_tool.extensions import db
from lti_tool.models import Context, Deployment, Launch, Login, Person, Placement
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.signing_platform import (
    LTI,
    SigningPlatform,
    begin_login,
    post_launch,
    private_key,
    public_jwk,
    signing_platform,
)


@pytest.fixture
def platform(app):
    with signing_platform() as platform:
        platform.register(app)
        yield platform


def refuse(client, state: str, token: str | None, **form: str) -> str:
    """Post a launch that has to be refused; gives the code of the rule that it broke."""
    data = {"state": state, **form} | ({"id_token": token} if token is not None else {})
    response = client.post("/lti/launch", data=data, base_url=PUBLIC_URL, headers={"Accept": "application/json"})
    assert response.status_code == 400, response.text
    assert response.json["reference"]
    assert "Location" not in response.headers
    return response.json["code"]


def assert_nothing_is_written(app) -> None:
    with app.app_context():
        for model in (Launch, Person, Placement, Context, Deployment):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0, model


def seconds(offset: float) -> float:
    return datetime.now(UTC).timestamp() + offset


CLAIMS: list[tuple[str, dict[str, Any], str]] = [
    ("no issuer", {"iss": None}, "issuer-wrong"),
    ("another issuer", {"iss": "https://evil.test"}, "issuer-wrong"),
    ("the issuer with a slash", {"iss": "https://lms.test/"}, "issuer-wrong"),
    ("a list of issuers", {"iss": ["https://lms.test"]}, "issuer-wrong"),
    ("no audience", {"aud": None}, "audience-wrong"),
    ("another audience", {"aud": "client-2"}, "audience-wrong"),
    ("an empty list of audiences", {"aud": []}, "audience-wrong"),
    ("other audiences", {"aud": ["client-2", "client-3"], "azp": "client-1"}, "audience-wrong"),
    ("an audience that is no text", {"aud": {"client-1": 1}}, "audience-wrong"),
    ("two audiences and no azp", {"aud": ["client-1", "client-2"]}, "azp-wrong"),
    ("two audiences and another azp", {"aud": ["client-1", "client-2"], "azp": "client-2"}, "azp-wrong"),
    ("another azp", {"azp": "client-2"}, "azp-wrong"),
    ("no exp", {"exp": None}, "exp-missing"),
    ("an exp that is text", {"exp": "1999999999"}, "exp-missing"),
    ("an exp that is true", {"exp": True}, "exp-missing"),
    ("an exp that is no number", {"exp": float("nan")}, "exp-missing"),
    ("an exp without end", {"exp": float("inf")}, "exp-missing"),
    ("an exp beyond all clocks", {"exp": 10**400}, "exp-missing"),
    ("no iat", {"iat": None}, "iat-missing"),
    ("an iat that is text", {"iat": "1"}, "iat-missing"),
    ("an nbf that is text", {"nbf": "1"}, "nbf-missing"),
    ("no nonce", {"nonce": None}, "nonce-wrong"),
    ("another nonce", {"nonce": "A" * 22}, "nonce-wrong"),
    ("a nonce that is a list", {"nonce": ["A"]}, "nonce-wrong"),
    ("a nonce of half a character", {"nonce": "\ud800"}, "nonce-wrong"),
    ("no sub", {"sub": None}, "sub-missing"),
    ("an empty sub", {"sub": ""}, "sub-missing"),
    ("a sub that is a number", {"sub": 3}, "sub-missing"),
    ("a sub that is too long", {"sub": "x" * 256}, "sub-missing"),
    ("a sub with a NUL", {"sub": "a\0b"}, "sub-missing"),
    ("a sub with half a character", {"sub": "a\ud800"}, "sub-missing"),
    ("no version", {"version": None}, "version-wrong"),
    ("version 1.1", {"version": "LTI-1p0"}, "version-wrong"),
    ("no message type", {"message_type": None}, "message-missing"),
    ("an unknown message type", {"message_type": "LtiSomethingRequest"}, "message-unsupported"),
    ("deep linking without settings", {"message_type": "LtiDeepLinkingRequest"}, "deep-linking-settings-missing"),
    ("no deployment", {"deployment_id": None}, "deployment-missing"),
    ("a deployment that is a number", {"deployment_id": 1}, "deployment-missing"),
    ("a deployment that is too long", {"deployment_id": "1" * 256}, "deployment-missing"),
    ("another deployment than the login's", {"deployment_id": "2"}, "deployment-wrong"),
    ("no target", {"target_link_uri": None}, "target-wrong"),
    ("another target", {"target_link_uri": f"{PUBLIC_URL}/other"}, "target-wrong"),
    ("a target elsewhere", {"target_link_uri": "https://evil.test/"}, "target-wrong"),
    ("no roles", {"roles": None}, "roles-missing"),
    ("roles that are one text", {"roles": "Learner"}, "roles-missing"),
    ("no resource link", {"resource_link": None}, "resource-link-missing"),
    ("a resource link without id", {"resource_link": {"title": "x"}}, "resource-link-missing"),
    ("a resource link that is text", {"resource_link": "link-1"}, "claim-malformed"),
    ("a resource link id that is a number", {"resource_link": {"id": 7}}, "claim-malformed"),
    ("a resource link id that is too long", {"resource_link": {"id": "x" * 256}}, "claim-malformed"),
    ("a context that is text", {"context": "course-1"}, "claim-malformed"),
    ("a context id with a NUL", {"context": {"id": "a\0"}}, "claim-malformed"),
    ("custom parameters that are text", {"custom": "module=m1"}, "claim-malformed"),
]


@pytest.mark.parametrize(("changes", "code"), [case[1:] for case in CLAIMS], ids=[case[0] for case in CLAIMS])
def test_refuses_claims_that_break_a_rule(app, client, platform, changes, code):
    asked = begin_login(client, platform)
    assert refuse(client, asked["state"], platform.sign(platform.claims(asked["nonce"], **changes))) == code
    assert_nothing_is_written(app)


@pytest.mark.parametrize(
    ("iat", "exp", "code"),
    [
        (-60, -15, "expired"),
        (-60, -8, None),
        (15, 75, "iat-future"),
        (8, 68, None),
        (-620, 60, "iat-old"),
        (-600, 60, None),
        (0, -1e9, "expired"),
    ],
)
def test_clocks_may_differ_by_ten_seconds(client, platform, iat, exp, code):
    asked = begin_login(client, platform)
    token = platform.sign(platform.claims(asked["nonce"], iat=seconds(iat), exp=seconds(exp)))
    if code is None:
        assert post_launch(client, asked["state"], token).status_code == 303
    else:
        assert refuse(client, asked["state"], token) == code


def test_refuses_a_token_that_is_not_valid_yet(client, platform):
    asked = begin_login(client, platform)
    assert (
        refuse(client, asked["state"], platform.sign(platform.claims(asked["nonce"], nbf=seconds(30)))) == "nbf-future"
    )


@pytest.mark.parametrize("audience", [["client-1"], "client-1", ["client-2", "client-1"]])
def test_takes_each_form_of_audience_that_names_us(client, platform, audience):
    asked = begin_login(client, platform)
    token = platform.sign(platform.claims(asked["nonce"], aud=audience, azp="client-1"))
    assert post_launch(client, asked["state"], token).status_code == 303


def encode(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed_with_secret(header: dict[str, Any], claims: dict[str, Any], secret: bytes, digest: Any) -> str:
    message = f"{encode(header)}.{encode(claims)}"
    return f"{message}.{encode(hmac.new(secret, message.encode(), digest).digest())}"


def public_pem() -> bytes:
    return (
        private_key("key-1")
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def none(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return f"{encode({'alg': 'none', 'kid': 'key-1'})}.{encode(claims)}."


def none_in_capitals(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return f"{encode({'alg': 'NONE', 'kid': 'key-1'})}.{encode(claims)}."


def no_algorithm(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return f"{encode({'kid': 'key-1'})}.{encode(claims)}.AAAA"


def hs256_with_public_key(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return signed_with_secret({"alg": "HS256", "kid": "key-1"}, claims, public_pem(), hashlib.sha256)


def hs256_with_key_set(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    secret = json.dumps(public_jwk("key-1")).encode()
    return signed_with_secret({"alg": "HS256", "kid": "key-1"}, claims, secret, hashlib.sha256)


def hmac_called_rs256(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return signed_with_secret({"alg": "RS256", "kid": "key-1"}, claims, public_pem(), hashlib.sha256)


def rs512(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, private_key("key-1"), algorithm="RS512", headers={"kid": "key-1"})


def another_key(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return platform.sign(claims, key="key-2")


def no_signature(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return platform.sign(claims).rpartition(".")[0] + "."


def other_claims(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    header, _, signature = platform.sign(claims).split(".")
    return f"{header}.{encode(claims | {'sub': 'trainer-1'})}.{signature}"


def no_kid(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return platform.sign(claims, kid=None)


def empty_kid(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return platform.sign(claims, kid="")


def kid_as_number(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    _, body, signature = platform.sign(claims).split(".")
    return f"{encode({'alg': 'RS256', 'kid': 1})}.{body}.{signature}"


def unknown_kid(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return platform.sign(claims, kid="key-9")


def key_in_header(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return platform.sign(claims, key="key-2", kid="key-2", jwk=public_jwk("key-2"))


def key_by_address(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return platform.sign(claims, key="key-2", kid="key-2", jku=f"http://127.0.0.1:{platform.port}/evil")


def unknown_critical_header(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return platform.sign(claims, crit=["exp-of-mine"], **{"exp-of-mine": 1})


def deep_header(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return f"{encode(b'[' * 30_000)}.{encode(claims)}.AAAA"


def header_that_is_a_list(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return f"{encode([])}.{encode(claims)}.AAAA"


def five_parts(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return platform.sign(claims) + ".a.b"


def too_long(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return platform.sign(claims | {"x": "x" * 100_000})


def words(platform: SigningPlatform, claims: dict[str, Any]) -> str:
    return "not a token \0 \ud7ff ‮"


@pytest.mark.parametrize(
    ("forge", "code"),
    [
        (none, "algorithm-wrong"),
        (none_in_capitals, "algorithm-wrong"),
        (no_algorithm, "algorithm-wrong"),
        (hs256_with_public_key, "algorithm-wrong"),
        (hs256_with_key_set, "algorithm-wrong"),
        (hmac_called_rs256, "signature-wrong"),
        (rs512, "algorithm-wrong"),
        (another_key, "signature-wrong"),
        (no_signature, "signature-wrong"),
        (other_claims, "signature-wrong"),
        (no_kid, "kid-missing"),
        (empty_kid, "kid-missing"),
        (kid_as_number, "token-malformed"),
        (unknown_kid, "key-unknown"),
        (key_in_header, "key-unknown"),
        (key_by_address, "key-unknown"),
        (unknown_critical_header, "token-malformed"),
        (deep_header, "token-malformed"),
        (header_that_is_a_list, "token-malformed"),
        (five_parts, "token-malformed"),
        (too_long, "token-malformed"),
        (words, "token-malformed"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_refuses_tokens_that_are_not_the_platforms(
    app, client, platform, forge: Callable[[SigningPlatform, dict[str, Any]], str], code
):
    asked = begin_login(client, platform)
    assert refuse(client, asked["state"], forge(platform, platform.claims(asked["nonce"]))) == code
    assert_nothing_is_written(app)


def test_a_payload_that_is_deeply_nested_or_no_object_is_refused(client, platform):
    asked = begin_login(client, platform)
    for payload in (b"[" * 30_000, b"[]", b'"text"', b"\xff", b""):
        token = jwt.PyJWS().encode(payload, private_key("key-1"), algorithm="RS256", headers={"kid": "key-1"})
        assert refuse(client, asked["state"], token) == "token-malformed"


def test_a_refused_token_does_not_use_the_login_up(client, platform):
    asked = begin_login(client, platform)
    refuse(client, asked["state"], none(platform, platform.claims(asked["nonce"])))
    assert post_launch(client, asked["state"], platform.sign(platform.claims(asked["nonce"]))).status_code == 303


def test_refuses_a_reused_state_and_token(client, platform):
    asked = begin_login(client, platform)
    token = platform.sign(platform.claims(asked["nonce"]))
    assert post_launch(client, asked["state"], token).status_code == 303
    assert refuse(client, asked["state"], token) == "state-used"
    fresh = platform.sign(platform.claims(asked["nonce"]))
    assert refuse(client, asked["state"], fresh) == "state-used"


def test_refuses_a_token_under_another_logins_state(client, platform):
    first, second = begin_login(client, platform), begin_login(client, platform)
    assert refuse(client, second["state"], platform.sign(platform.claims(first["nonce"]))) == "nonce-wrong"


@pytest.mark.parametrize("state", ["", "A" * 22, "é\0", "x" * 100_000])
def test_refuses_a_state_that_is_not_ours(client, platform, state):
    asked = begin_login(client, platform)
    assert refuse(client, state, platform.sign(platform.claims(asked["nonce"]))) == "state-unknown"


def test_refuses_a_launch_without_state_or_token(client, platform):
    assert refuse(client, "", None) == "state-unknown"
    assert refuse(client, begin_login(client, platform)["state"], None) == "platform-refused"


def test_refuses_a_token_of_one_registration_under_the_state_of_another(app, client, platform):
    with signing_platform(client_id="client-2") as same_issuer, signing_platform(issuer="https://two.test") as other:
        same_issuer.register(app)
        other.register(app)
        for stranger, code in ((same_issuer, "audience-wrong"), (other, "issuer-wrong")):
            asked = begin_login(client, platform)
            assert refuse(client, asked["state"], stranger.sign(stranger.claims(asked["nonce"]))) == code
        # A key of the same id that is another platform's is not the platform's.
        other.keys = [public_jwk("key-2", kid="key-1")]
        asked = begin_login(client, other)
        assert refuse(client, asked["state"], platform.sign(other.claims(asked["nonce"]))) == "signature-wrong"
    assert_nothing_is_written(app)


def test_refuses_mixed_up_deployments(app, client, platform):
    for hint, claimed in (("1", "2"), ("2", "1"), ("1", "1 ")):
        asked = begin_login(client, platform, lti_deployment_id=hint)
        token = platform.sign(platform.claims(asked["nonce"], deployment_id=claimed))
        assert refuse(client, asked["state"], token) == "deployment-wrong"
    assert_nothing_is_written(app)


def test_takes_the_deployment_of_the_token_where_the_login_named_none(client, platform):
    asked = begin_login(client, platform, lti_deployment_id=None)
    token = platform.sign(platform.claims(asked["nonce"], deployment_id="7"))
    assert post_launch(client, asked["state"], token).status_code == 303


def test_refuses_a_launch_after_its_login_has_ended(app, client, platform):
    asked = begin_login(client, platform)
    with app.app_context():
        db.session.execute(update(Login).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
        db.session.commit()
    assert refuse(client, asked["state"], platform.sign(platform.claims(asked["nonce"]))) == "state-expired"


def test_titles_and_names_are_cut_and_cleaned(app, client, platform):
    asked = begin_login(client, platform)
    changes = {
        "name": "A\0n\ud800a " + "x" * 1000,
        "context": {"id": "course-1", "title": "<b>\x07" + "y" * 2000, "label": ["no text"]},
        "resource_link": {"id": "link-1", "title": 7},
        "launch_presentation": {"locale": "../../x\0", "return_url": "x" * 3000, "document_target": ["iframe"]},
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
            "scope": "all",
            "lineitem": 1,
            "lineitems": "ftp://x",
        },
    }
    token = platform.sign(platform.claims(asked["nonce"], **changes))
    assert post_launch(client, asked["state"], token).status_code == 303
    with app.app_context():
        assert len(db.session.scalars(select(Person.name)).one()) == 500
        assert db.session.scalars(select(Person.name)).one().startswith("A n a xxx")
        assert db.session.scalars(select(Context.title)).one().startswith("<b> yyy")
        launch = db.session.scalars(select(Launch)).one()
        assert (launch.locale, launch.return_url, launch.document_target, launch.line_item_url) == (None,) * 4


def test_thousands_of_roles_and_claims_are_not_kept(client, platform):
    asked = begin_login(client, platform)
    claims = platform.claims(asked["nonce"], roles=["x"] * 5000, **{LTI + "custom": {str(n): "v" for n in range(2000)}})
    assert post_launch(client, asked["state"], platform.sign(claims)).status_code == 303


def test_a_launch_is_no_get(client):
    assert client.get("/lti/launch", base_url=PUBLIC_URL).status_code == 405
