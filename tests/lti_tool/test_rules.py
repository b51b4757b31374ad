"""The rules of ``lti/`` by themselves, at their exact limits: no server, no database, no clock.

They say the same as the tests that launch, a hundred times faster, which is what ``tests/mutation.py`` needs.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from lti_tool.errors import LaunchError, PlatformError
from lti_tool.lti.addresses import AllowList, parse_address, parse_url
from lti_tool.lti.claims import LaunchClaims, read_launch
from lti_tool.lti.content import Content, read_content
from lti_tool.lti.deep_linking import DL, column_names, read_settings, response_claims
from lti_tool.lti.egress import Answer
from lti_tool.lti.key_sets import usable_keys
from lti_tool.lti.launch import MAX_TOKEN_CHARACTERS, Expected, Moment, key_id, verify
from lti_tool.lti.login import HINT_LENGTH, MAX_AUTH_REQUEST, LoginRequest, authentication_request, read_login
from lti_tool.lti.retry_after import retry_after_s
from lti_tool.lti.roles import context_roles, is_learner, is_trainer
from lti_tool.lti.text import is_identifier, label, origin, web_address
from lti_tool.lti.tokens import BACKDATED, LIFETIME, Client, request_token
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.signing_platform import GRADES, LTI, SigningPlatform, private_key, public_jwk
from tests.lti_tool.test_certification import BAD
from tests.lti_tool.test_fuzz import Answering, header_mapping
from tests.lti_tool.test_hostile_tokens import CLAIMS

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
NOW = AT.timestamp()
PLATFORM = SigningPlatform()
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
MOMENT = Moment(at=AT, leeway=timedelta(seconds=10), max_age=timedelta(minutes=10))
TARGET = f"{PUBLIC_URL}/lti/open"


def expected(**changes: Any) -> Expected:
    values = {
        "issuer": "https://lms.test",
        "client_id": "client-1",
        "nonce": "N" * 22,
        "target_link_uri": TARGET,
        "deployment_id": "1",
        "allows_anonymous": False,
    }
    return Expected(**(values | changes))


def claims(**changes: Any) -> dict[str, Any]:
    return PLATFORM.claims("N" * 22, **({"iat": NOW, "exp": NOW + 60} | changes))


def judge(token: str, login: Expected | None = None, moment: Moment = MOMENT) -> LaunchClaims:
    key_id(token)
    return read_launch(verify(token, private_key("key-1").public_key(), login or expected(), moment))


def code_of(token: str, login: Expected | None = None) -> str | None:
    try:
        judge(token, login)
    except LaunchError as error:
        return error.code
    return None


def code_with(login: Expected | None = None, **changes: Any) -> str | None:
    return code_of(PLATFORM.sign(claims(**changes)), login)


@pytest.mark.parametrize(("changes", "code"), [case[1:] for case in CLAIMS], ids=[case[0] for case in CLAIMS])
def test_claims_that_break_a_rule(changes, code):
    assert code_with(**changes) == code


@pytest.mark.parametrize(("forge", "code"), BAD.values(), ids=BAD)
def test_known_bad_payloads(forge, code):
    token = forge(PLATFORM, PLATFORM.claims("N" * 22))
    moment = Moment(at=datetime.now(UTC), leeway=timedelta(seconds=10), max_age=timedelta(minutes=10))
    if code == "key-unknown":
        assert key_id(token) == "imstester_66067"
        return
    with pytest.raises(LaunchError) as refused:
        judge(token, moment=moment)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("times", "code"),
    [
        ({"exp": NOW - 9.9}, None),
        ({"exp": NOW - 10}, "expired"),
        ({"iat": NOW + 10}, None),
        ({"iat": NOW + 10.1}, "iat-future"),
        ({"iat": NOW - 609.9}, None),
        ({"iat": NOW - 610}, "iat-old"),
        ({"nbf": NOW + 10}, None),
        ({"nbf": NOW + 10.1}, "nbf-future"),
        ({"nbf": NOW - 10_000}, None),
        ({"nbf": True}, "nbf-missing"),
        ({"exp": 1e11}, None),
        ({"exp": 1.1e11}, "exp-missing"),
        ({"iat": -1e11 - 1}, "iat-missing"),
        ({"iat": -1e11}, "iat-old"),
    ],
)
def test_times_at_their_limits(times, code):
    assert code_with(**times) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"aud": ["client-1"]}, None),
        ({"aud": ["client-1"], "azp": "client-1"}, None),
        ({"aud": ["client-0", "client-1"], "azp": "client-1"}, None),
        ({"aud": ["client-0", "client-1"]}, "azp-wrong"),
        ({"aud": ["client-1"], "azp": "client-0"}, "azp-wrong"),
        ({"aud": "client-1", "azp": ""}, "azp-wrong"),
        ({"aud": {"client-1": 1}}, "audience-wrong"),
    ],
)
def test_audiences(changes, code):
    assert code_with(**changes) == code


def test_signatures():
    assert code_of(PLATFORM.sign(claims(), key="key-2")) == "signature-wrong"
    assert code_of(PLATFORM.sign(claims()).rpartition(".")[0] + ".") == "signature-wrong"
    assert code_of("a.b.c") == "token-malformed"
    assert code_of(jwt.PyJWS().encode(b"[]", private_key("key-1"), "RS256", {"kid": "k"})) == "token-malformed"
    for algorithm in ("RS512", "PS256"):
        other = jwt.PyJWS().encode(b"{}", private_key("key-1"), algorithm, {"kid": "k"})
        assert code_of(other) == "algorithm-wrong"


def test_the_deployment_of_the_login_counts_where_it_named_one():
    assert code_with(expected(deployment_id=None), deployment_id="2") is None
    assert code_with(expected(deployment_id="2"), deployment_id="2") is None
    assert code_with(expected(deployment_id="2")) == "deployment-wrong"
    assert code_with(deployment_id="x" * 256) == "deployment-missing"
    assert code_with(expected(deployment_id=None), deployment_id="x" * 255) is None


@pytest.mark.parametrize(
    ("sub", "allowed", "code"),
    [
        (None, False, "sub-missing"), ("", False, "sub-missing"), (None, True, None), ("", True, None),
        (3, True, "sub-missing"), ("x" * 255, False, None), ("x" * 256, True, "sub-missing"), ("a", True, None),
    ],
)  # fmt: skip
def test_who_has_to_be_named(sub, allowed, code):
    login = expected(allows_anonymous=allowed)
    assert code_with(login, sub=sub) == code
    if code is None:
        assert judge(PLATFORM.sign(claims(sub=sub)), login).sub == (sub or None)


def test_tokens_of_a_length_and_kids_of_a_length():
    fits = MAX_TOKEN_CHARACTERS - len(PLATFORM.sign(claims(), x="")) - 200
    assert code_of(PLATFORM.sign(claims(**{"x:y": "x" * (fits * 3 // 4)}))) is None
    assert code_of(PLATFORM.sign(claims(**{"x:y": "x" * MAX_TOKEN_CHARACTERS}))) == "token-malformed"
    assert code_of("a." * (MAX_TOKEN_CHARACTERS // 2) + "a") == "token-malformed"
    assert key_id(PLATFORM.sign(claims(), kid="k" * 255)) == "k" * 255
    assert code_of(PLATFORM.sign(claims(), kid="k" * 256)) == "kid-missing"


def test_what_is_read_of_a_launch():
    read = judge(PLATFORM.sign(claims(
        roles=[f"{MEMBERSHIP}#Instructor", 7, None],
        custom={"module": "town", "page": "reading", "quiz": "final", "version": "1.2.0"},
        launch_presentation={"locale": "et-EE", "return_url": "https://lms.test/r", "document_target": "window"},
        **{GRADES: {"scope": ["a", 7, "b\0"], "lineitem": "https://lms.test/1", "lineitems": "javascript:x"}},
    )))  # fmt: skip
    assert (read.is_trainer, read.is_learner, read.sub, read.name) == (True, False, "learner-1", "Ana Álvarez")
    assert read.context is not None
    assert (read.context.id, read.context.title, read.context.label) == ("course-1", "Course one", "C1")
    assert (read.resource_link_id, read.resource_link_title) == ("link-1", "An activity")
    assert read.content == Content(module_id="town", page_id="reading", quiz_id="final", version="1.2.0")
    assert (read.locale, read.return_url, read.document_target) == ("et-EE", "https://lms.test/r", "window")
    assert (read.grades.line_item_url, read.grades.line_items_url) == ("https://lms.test/1", None)
    assert read.grades.scopes == ("a",)
    assert read.deep_linking is None


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"name": None, "given_name": "Ana", "family_name": "Álvarez"}, "Ana Álvarez"),
        ({"name": None, "given_name": "Ana"}, "Ana"),
        ({"name": " ", "family_name": "Álvarez"}, "Álvarez"),
        ({"name": None}, None),
        ({"name": None, "given_name": "x" * 500, "family_name": "y"}, "x" * 500),
    ],
)
def test_names_in_parts(changes, name):
    assert judge(PLATFORM.sign(claims(**changes))).name == name


def test_a_course_without_an_id_is_none():
    for context in ({}, {"title": "A course"}, {"id": ""}, None, []):
        assert judge(PLATFORM.sign(claims(context=context))).context is None


def test_more_roles_and_scopes_than_are_read():
    roles = ["x"] * 99 + [f"{MEMBERSHIP}#Instructor"]
    assert judge(PLATFORM.sign(claims(roles=roles))).is_trainer
    assert not judge(PLATFORM.sign(claims(roles=["x", *roles]))).is_trainer
    scopes = [str(number) for number in range(30)]
    assert len(judge(PLATFORM.sign(claims(**{GRADES: {"scope": scopes}}))).grades.scopes) == 20


@pytest.mark.parametrize(
    ("locale", "read"), [("x" * 50, "x" * 50), ("x" * 51, None), ("é", None), (7, None), ("", None), (None, None)]
)
def test_locales(locale, read):
    assert judge(PLATFORM.sign(claims(launch_presentation={"locale": locale}))).locale == read


@pytest.mark.parametrize(
    ("target", "read"), [("iframe", "iframe"), ("frame", "frame"), ("popup", None), (["iframe"], None), (None, None)]
)
def test_document_targets(target, read):
    assert judge(PLATFORM.sign(claims(launch_presentation={"document_target": target}))).document_target == read


@pytest.mark.parametrize(
    ("roles", "expected_roles", "trains", "learns"),
    [
        ([f"{MEMBERSHIP}#Instructor"], {"Instructor"}, True, False),
        ([f"{MEMBERSHIP}/Instructor#Grader"], {"Instructor"}, True, False),
        ([f"{MEMBERSHIP}#Learner"], {"Learner"}, False, True),
        ([f"{MEMBERSHIP}#Administrator"], {"Administrator"}, True, False),
        (["TeachingAssistant"], {"TeachingAssistant"}, True, False),
        (["Learner"], {"Learner"}, False, True),
        (["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"], set(), False, False),
        (["http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"], set(), False, False),
        ([f"{MEMBERSHIP}#Mentor", f"{MEMBERSHIP}x#Instructor", "", "urn:x"], {"Mentor"}, False, False),
    ],
)
def test_roles(roles, expected_roles, trains, learns):
    assert context_roles(roles) == expected_roles
    assert (is_trainer(roles), is_learner(roles)) == (trains, learns)


LOGIN = {"iss": "https://lms.test", "login_hint": "h", "target_link_uri": TARGET}


def refusal_of_login(**changes: str | None) -> str | None:
    form = {name: value for name, value in (LOGIN | changes).items() if value is not None}
    try:
        read_login(form, PUBLIC_URL)
    except LaunchError as error:
        return error.code
    return None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None), ({"iss": None}, "login-malformed"), ({"login_hint": ""}, "login-malformed"),
        ({"target_link_uri": None}, "login-malformed"), ({"iss": "x" * 500}, None),
        ({"iss": "x" * 501}, "login-malformed"),
        ({"login_hint": "x" * HINT_LENGTH}, None), ({"login_hint": "x" * (HINT_LENGTH + 1)}, "login-malformed"),
        ({"client_id": "x" * 255}, None), ({"client_id": "x" * 256}, "login-malformed"), ({"client_id": ""}, None),
        ({"lti_deployment_id": "x" * 256}, "login-malformed"), ({"lti_message_hint": "\0"}, "login-malformed"),
        ({"lti_storage_target": "x" * 256}, "login-malformed"),
        ({"target_link_uri": "https://evil.test/"}, "target-elsewhere"),
        ({"target_link_uri": "http://tool.test/"}, "target-elsewhere"),
        ({"target_link_uri": "https://tool.test:8443/"}, "target-elsewhere"),
        ({"target_link_uri": "https://tool.test:443/x"}, None), ({"target_link_uri": "/lti/open"}, "target-elsewhere"),
        ({"target_link_uri": f"{PUBLIC_URL}/{'x' * 2000}"}, "login-malformed"),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_logins(changes, code):
    assert refusal_of_login(**changes) == code


def test_what_is_read_of_a_login():
    more = {"client_id": "c", "deployment_id": "2", "lti_message_hint": "m", "lti_storage_target": "_parent"}
    read = read_login(LOGIN | more, PUBLIC_URL)
    assert (read.client_id, read.deployment_id, read.message_hint, read.storage_target) == ("c", "2", "m", "_parent")
    assert read_login(LOGIN | more | {"lti_deployment_id": "1"}, PUBLIC_URL).deployment_id == "1"
    bare = read_login(LOGIN, PUBLIC_URL)
    assert (bare.client_id, bare.deployment_id, bare.message_hint, bare.storage_target) == (None,) * 4


def ask(auth_url: str, hint: str, message_hint: str | None = None) -> str:
    request = LoginRequest(
        issuer="i", client_id=None, deployment_id=None, target_link_uri=TARGET, login_hint=hint,
        message_hint=message_hint, storage_target=None,
    )  # fmt: skip
    return authentication_request(auth_url, request, client_id="c", redirect_uri="r", state="s", nonce="n")


def test_authentication_requests():
    fixed = "scope=openid&response_type=id_token&response_mode=form_post&prompt=none"
    plain = f"{fixed}&client_id=c&redirect_uri=r&login_hint=h"
    assert ask("https://lms.test/a", "h") == f"https://lms.test/a?{plain}&state=s&nonce=n"
    assert ask("https://lms.test/a?b=1", "h", "") == f"https://lms.test/a?b=1&{plain}&state=s&nonce=n&lti_message_hint="
    left = MAX_AUTH_REQUEST - len(ask("https://lms.test/a", ""))
    assert len(ask("https://lms.test/a", "x" * left)) == MAX_AUTH_REQUEST
    with pytest.raises(LaunchError):
        ask("https://lms.test/a", "x" * (left + 1))


@pytest.mark.parametrize(
    ("custom", "query", "read"),
    [
        ({"module": "m"}, "", Content(module_id="m")),
        ({}, "?module=m&page=p&version=2", Content(module_id="m", page_id="p", version="2")),
        ({"module": "$ResourceLink.x"}, "?module=m", Content(module_id="m")),
        ({"module": "m", "page": "$p", "quiz": 7, "version": "x"}, "?page=q", Content(module_id="m")),
        ({"module": "x" * 100}, "", Content(module_id="x" * 100)),
        ({"module": "x" * 101}, "", None),
        ({}, "", None),
        ({"module": "m", "version": "1.2"}, "", Content(module_id="m")),
        ({"module": "m", "version": "1.2.3"}, "", Content(module_id="m", version="1.2.3")),
        ({"module": "m", "version": "1234567890"}, "", Content(module_id="m")),
    ],
)
def test_what_a_link_names(custom, query, read):
    assert read_content(custom, TARGET + query) == read
    if read is not None:
        assert read.is_version_fixed is ("." in (read.version or ""))
        assert read_content(read.parameters(), TARGET) == read
        assert read_content({}, read.address(TARGET + "?other=1")) == read


@pytest.mark.parametrize(
    ("user", "code"),
    [
        ({"user_id": "learner-2"}, None), ({}, "for-user-missing"), (None, "for-user-missing"),
        ("x", "claim-malformed"),
        ({"user_id": 7}, "claim-malformed"), ({"user_id": "x" * 256}, "claim-malformed"),
    ],
)  # fmt: skip
def test_whom_a_review_is_about(user, code):
    changes = {"message_type": "LtiSubmissionReviewRequest", "for_user": user}
    assert code_with(**changes) == code
    if code is None:
        assert judge(PLATFORM.sign(claims(**changes))).for_user == "learner-2"
    assert judge(PLATFORM.sign(claims())).for_user is None
    assert code_with(**(changes | {"resource_link": None, "for_user": {"user_id": "x"}})) == "resource-link-missing"


SETTINGS = {"deep_link_return_url": "https://lms.test/r", "accept_types": ["ltiResourceLink"]}


def settings_code(**changes: Any) -> str | None:
    found = {name: value for name, value in (SETTINGS | changes).items() if value is not None}
    return code_with(message_type="LtiDeepLinkingRequest", resource_link=None, **{f"{DL}deep_linking_settings": found})


def test_settings_of_deep_linking():
    assert settings_code() is None
    assert settings_code(deep_link_return_url=None) == "deep-linking-settings-missing"
    assert settings_code(deep_link_return_url="javascript:x") == "deep-linking-settings-missing"
    assert settings_code(data="x" * 20_000) is None
    assert settings_code(data="x" * 20_001) == "claim-malformed"
    assert settings_code(data=7) == "claim-malformed"

    def read(**changes: Any) -> Any:
        return read_settings({f"{DL}deep_linking_settings": SETTINGS | changes})

    assert (read().takes_links, read().takes_several, read().takes_columns, read().data) == (True, False, True, None)
    assert not read(accept_types=["file"]).takes_links
    assert not read(accept_types="ltiResourceLink").takes_links
    assert read(accept_multiple=True).takes_several
    assert not read(accept_multiple="true").takes_several
    assert not read(accept_lineitem=False).takes_columns
    assert read(accept_lineitem=None).takes_columns


def test_answers_of_deep_linking():
    settings = read_settings({f"{DL}deep_linking_settings": SETTINGS})
    facts = {"issuer": "i", "client_id": "c", "deployment_id": "1", "items": [], "at": AT}
    made = response_claims(settings, message="", **facts)
    assert (made["iss"], made["aud"], made["iat"], made["exp"]) == ("c", ["i"], int(NOW) - 5, int(NOW) + 300)
    assert made[f"{DL}content_items"] == []
    assert not {f"{DL}msg", f"{DL}data"} & made.keys()
    empty = read_settings({f"{DL}deep_linking_settings": SETTINGS | {"data": ""}})
    said = response_claims(empty, message="m", **facts)
    assert (said[f"{DL}msg"], said[f"{DL}data"]) == ("m", "")
    assert said["nonce"] != made["nonce"]


def test_columns_are_found_again_by_name():
    assert column_names(Content(module_id="m")) == ("m", "module")
    assert column_names(Content(module_id="m", page_id="p")) == ("m/p", "page")
    assert column_names(Content(module_id="m", page_id="p", quiz_id="q")) == ("m/q", "quiz")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("a", True),
        ("", False),
        ("xxxxx", True),
        ("xxxxxx", False),
        ("a\0", False),
        ("\ud800", False),
        (7, False),
        ("é", True),
    ],
)
def test_identifiers(value, read):
    assert is_identifier(value, 5) is read


def test_labels():
    assert label("  a\0 b  ", 5) == "a b"
    assert label("abcdefg", 5) == "abcde"
    assert label(" ", 5) is None
    assert label(7, 5) is None
    assert label("\0" * 9 + "a", 5) == "a"
    assert label("\0" * 10 + "a", 5) is None


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("https://LMS.test:443/x", "https://lms.test"), ("http://lms.test:80", "http://lms.test"),
        ("http://lms.test:443", "http://lms.test:443"), ("https://[::1]:8443", "https://[::1]:8443"),
        ("https://lms.tést/", "https://lms.xn--tst-bma"), ("ftp://lms.test", None), ("https://", None),
        ("https://lms.test:x", None), ("https://a b/", None), ("https://[", None), ("https://*.test", None),
    ],
)  # fmt: skip
def test_origins(value, read):
    assert origin(value) == read


def test_addresses_of_the_web():
    assert web_address("https://lms.test/") == "https://lms.test/"
    assert web_address("http://lms.test/") == "http://lms.test/"
    for odd in ("ftp://lms.test/", "https://", "https://[", "x" * 2001, "https://a/\0", 7, None):
        assert web_address(odd) is None
    assert web_address("https://a/" + "x" * 1990) is not None
    assert web_address("https://a/" + "x" * 1991) is None


def test_what_the_allow_list_allows():
    target, inside = parse_url("http://lms.test:81/x?y#z"), parse_address("10.0.0.1")
    assert inside is not None
    assert (target.path, target.host_header) == ("/x?y", "lms.test:81")
    assert parse_url("https://lms.test").path == "/"
    assert parse_address("lms.test") is None
    assert not AllowList([]).allows(target, inside)
    for entry in ("lms.test", "lms.test:81", "10.0.0.0/8", "10.0.0.1", " LMS.TEST "):
        assert AllowList([entry]).allows(target, inside), entry
    for entry in ("lms.test:80", "test", "10.0.0.2", "11.0.0.0/8"):
        assert not AllowList([entry]).allows(target, inside), entry
    public = parse_address("9.9.9.9")
    assert public is not None
    assert AllowList([]).allows(parse_url("https://lms.test/"), public)
    assert not AllowList([]).allows(target, public)


def jwk_of(key: rsa.RSAPrivateKey, **members: Any) -> dict[str, Any]:
    return json.loads(RSAAlgorithm.to_jwk(key.public_key())) | {"kid": "k"} | members


def test_keys_that_may_sign():
    good = public_jwk("key-1")
    assert set(usable_keys({"keys": [good]})) == {"key-1"}
    for members in (
        {"kty": "EC"}, {"use": "enc"}, {"alg": "RS512"}, {"alg": "HS256"}, {"kid": ""}, {"kid": 7}, {"n": 7},
        {"e": None}, {"n": "!"}, {"e": "AA"}, {"n": "AQAB"},
    ):  # fmt: skip
        assert usable_keys({"keys": [good | members]}) == {}, members
    bare = {name: good[name] for name in ("kty", "kid", "n", "e")}
    assert set(usable_keys({"keys": [bare]})) == {"key-1"}
    first, second = usable_keys({"keys": [good]})["key-1"], public_jwk("key-2", kid="key-1")
    assert usable_keys({"keys": [good, second]})["key-1"].public_numbers() == first.public_numbers()
    assert usable_keys({"keys": [jwk_of(rsa.generate_private_key(65537, 1024))]}) == {}
    curve = json.loads(ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key()))
    assert usable_keys({"keys": [curve | {"kid": "k"}]}) == {}


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None), ({"Retry-After": "7"}, 7.0), ({"Retry-After": " 7 "}, 7.0), ({"Retry-After": "-7"}, None),
        ({"Retry-After": "²"}, None), ({"Retry-After": "x"}, None),
        ({"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT", "Date": "Sun, 06 Nov 1994 08:49:07 GMT"}, 30.0),
        ({"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"}, None),
    ],
)  # fmt: skip
def test_waits(headers, wait):
    assert retry_after_s(Answer(429, header_mapping(headers), b"")) == wait


def token_of(status: int, **members: Any) -> Any:
    seen: list[dict[str, Any]] = []

    def sign(made: dict[str, Any]) -> str:
        seen.append(made)
        return "assertion"

    client = Client(1, "client-1", "https://lms.test/token", "https://lms.test/aud", ("b", "a"), sign)
    body = json.dumps(members).encode()
    token = request_token(Answering(Answer(status, header_mapping({"Retry-After": "9"}), body)), client, AT)
    return token, seen[0]


@pytest.mark.parametrize(
    ("expires_in", "seconds"),
    [
        (60, 60), ("60", 60), (None, 3600), ("soon", 3600), (-5, 0), (86_400, 86_400), (86_401, 86_400),
        (10**400, 3600), (float("inf"), 3600), ([], 3600),
    ],
)  # fmt: skip
def test_expiries_of_tokens(expires_in, seconds):
    token, asserted = token_of(200, access_token="x", expires_in=expires_in)
    assert token.expires_at == AT + timedelta(seconds=seconds)
    assert (asserted["iss"], asserted["sub"], asserted["aud"]) == ("client-1", "client-1", "https://lms.test/aud")
    assert asserted["iat"] == int((AT - BACKDATED).timestamp())
    assert asserted["exp"] == int((AT + LIFETIME).timestamp())
    assert len(asserted["jti"]) >= 16


@pytest.mark.parametrize(
    ("status", "members"),
    [
        (400, {"access_token": "x"}), (201, {"access_token": "x"}), (200, {}), (200, {"access_token": 7}),
        (200, {"access_token": "x\r\ny"}), (200, {"access_token": "é"}),
    ],
)  # fmt: skip
def test_tokens_that_are_none(status, members):
    with pytest.raises(PlatformError) as refused:
        token_of(status, **members)
    assert (refused.value.http_status, refused.value.retry_after_s) == (status, 9.0)


def test_an_unknown_message_and_a_wrong_version_are_told_apart():
    assert code_with(message_type="x" * 256) == "message-missing"
    assert code_with(message_type="x" * 255) == "message-unsupported"
    assert code_with(version="1.3") == "version-wrong"
    assert code_with(**{LTI + "target_link_uri": TARGET + "?"}) == "target-wrong"
