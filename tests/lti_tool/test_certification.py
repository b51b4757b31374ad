"""The payloads that 1EdTech's certification of LTI 1.3 sends: the bad ones are refused, the valid ones open.

Source: LTI 1.3 certification suite for tools, "Known bad payloads" and "Valid launches", as the functional tests of
https://github.com/hypothesis/lms name them (``tests/functional/lti_certification/v13``).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lti_tool.extensions import db
from lti_tool.models import Launch, Person
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.signing_platform import LTI, SigningPlatform, begin_login, launch_through, signing_platform

SHORT = {"instructor": "Instructor", "student": "Learner"}
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
Claims = dict[str, Any]
Forge = Callable[[SigningPlatform, Claims], str]


@pytest.fixture
def platform(app: Flask):
    with signing_platform() as platform:
        platform.register(app, accepts_new_deployments=True)
        yield platform


def without(name: str) -> Forge:
    def forge(platform: SigningPlatform, claims: Claims) -> str:
        return platform.sign({key: value for key, value in claims.items() if key != name})

    return forge


def with_claims(**changes: Any) -> Forge:
    return lambda platform, claims: platform.sign(claims | changes)


BAD: dict[str, tuple[Forge, str]] = {
    "no KID sent in the JWT header": (lambda platform, claims: platform.sign(claims, kid=None), "kid-missing"),
    "incorrect KID in the JWT header": (
        lambda platform, claims: platform.sign(claims, kid="imstester_66067"),
        "key-unknown",
    ),
    "wrong LTI version": (with_claims(**{LTI + "version": "11.3"}), "version-wrong"),
    "no LTI version": (without(LTI + "version"), "version-wrong"),
    "invalid LTI message": (lambda platform, claims: platform.sign({"name": "badltilaunch"}), "issuer-wrong"),
    "missing LTI claims": (
        lambda platform, claims: platform.sign({name: claims[name] for name in ("iss", "aud", "sub", "iat", "exp")}),
        "nonce-wrong",
    ),
    "timestamps incorrect": (with_claims(iat=11111, exp=22222), "expired"),
    "expired an hour ago": (
        lambda platform, claims: platform.sign(claims | {"iat": time.time() - 7200, "exp": time.time() - 3600}),
        "expired",
    ),
    "issued in the future": (
        lambda platform, claims: platform.sign(claims | {"iat": time.time() + 3600, "exp": time.time() + 7200}),
        "iat-future",
    ),
    "exp claim missing": (without("exp"), "exp-missing"),
    "iat claim missing": (without("iat"), "iat-missing"),
    "nonce claim missing": (without("nonce"), "nonce-wrong"),
    "iss claim missing": (without("iss"), "issuer-wrong"),
    "aud claim missing": (without("aud"), "audience-wrong"),
    "message_type claim missing": (without(LTI + "message_type"), "message-missing"),
    "role claim missing": (without(LTI + "roles"), "roles-missing"),
    "deployment_id claim missing": (without(LTI + "deployment_id"), "deployment-missing"),
    "resource_link_id claim missing": (with_claims(**{LTI + "resource_link": {}}), "resource-link-missing"),
    "resource_link claim missing": (without(LTI + "resource_link"), "resource-link-missing"),
    "target_link_uri claim missing": (without(LTI + "target_link_uri"), "target-wrong"),
    "user claim missing": (without("sub"), "sub-missing"),
}


@pytest.mark.parametrize(("forge", "code"), BAD.values(), ids=BAD)
def test_a_known_bad_payload_is_refused(app, client, platform, forge, code):
    asked = begin_login(client, platform)
    token = forge(platform, platform.claims(asked["nonce"]))
    answer = client.post(
        "/lti/launch",
        data={"state": asked["state"], "id_token": token},
        base_url=PUBLIC_URL,
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, answer.json["code"]) == (400, code)
    assert answer.json["error"]
    assert answer.json["next"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Launch)) == 0


NAMES = {"name": "Ana Álvarez", "given_name": "Ana", "family_name": "Álvarez"}
NO_PERSON = dict.fromkeys((*NAMES, "email"))
VALID: dict[str, Claims] = {
    "launch": {},
    "launch with several roles": {"roles": [MEMBERSHIP + "{role}", INSTITUTION + "Faculty", INSTITUTION + "Student"]},
    "short role": {"roles": ["{role}"]},
    "unknown role": {"roles": ["http://purl.imsglobal.org/vocab/lis/v2/uknownrole/unknown#Helper"]},
    "no role": {"roles": []},
    "e-mail only": NO_PERSON | {"email": "ana@town.test"},
    "names only": NAMES | {"email": None},
    "no personal data": NO_PERSON,
    "e-mail without context": NO_PERSON | {"email": "ana@town.test", "context": None},
    "no context": {"context": None},
    "no names and no context": NO_PERSON | {"context": None},
    "no grade service": {"https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": None},
    "no launch presentation": {"launch_presentation": None},
    "context without title": {"context": {"id": "course-1"}},
    "unknown claims": {"https://example.org/claim/unknown": {"any": ["thing"]}, "picture": "https://lms.test/ana.png"},
    "audience as a list": {"aud": ["client-1"]},
    "audience as a list with azp": {"aud": ["client-1"], "azp": "client-1"},
}


def with_role(claims: Claims, role: str) -> Claims:
    roles = claims.get("roles", [MEMBERSHIP + "{role}"])
    return claims | {"roles": [each.replace("{role}", role) for each in roles]}


def open_launch(client: FlaskClient, platform: SigningPlatform, claims: Claims) -> TestResponse:
    """Launch as a browser does, follow to the first page, and give it."""
    opened = launch_through(client, platform, **claims)
    assert opened.status_code == 303, opened.text
    return client.get(opened.headers["Location"], base_url=PUBLIC_URL, follow_redirects=True)


@pytest.mark.parametrize("who", SHORT)
@pytest.mark.parametrize("claims", VALID.values(), ids=VALID)
def test_a_valid_launch_opens(app, client, platform, claims, who):
    page = open_launch(client, platform, with_role(claims, SHORT[who]))
    assert page.status_code == 200
    with app.app_context():
        launch = db.session.scalars(select(Launch)).one()
        has_role = "{role}" in str(claims.get("roles", ["{role}"]))
        assert launch.is_trainer is (has_role and who == "instructor")
        assert launch.is_learner is (has_role and who == "student")
        assert db.session.scalars(select(Person)).one().sub == "learner-1"


def test_a_launch_with_one_role_only_by_institution_gives_no_power(app, client, platform):
    page = open_launch(client, platform, {"roles": [INSTITUTION + "Instructor", INSTITUTION + "Administrator"]})
    assert page.status_code == 200
    with app.app_context():
        assert db.session.scalars(select(Launch.is_trainer)).one() is False
