"""Whatever comes in, from browsers and from platforms: an answer in words, never a surprise of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.message import Message as Headers
from fractions import Fraction
from pathlib import Path
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from itsdangerous import Signer
from werkzeug.test import TestResponse

from lti_tool.errors import LaunchError, PlatformError, RegistrationError
from lti_tool.extensions import db
from lti_tool.lti import keys
from lti_tool.lti.bearer import BearerCalls
from lti_tool.lti.claims import read_launch
from lti_tool.lti.deep_linking import DL
from lti_tool.lti.egress import Answer, Egress
from lti_tool.lti.grades import SCORE_SCOPE, GradeService
from lti_tool.lti.key_sets import fetch_key_set, usable_keys
from lti_tool.lti.line_items import LineItemService, Wanted
from lti_tool.lti.memberships import MembershipService
from lti_tool.lti.registration import fetch_platform, register
from lti_tool.lti.retry_after import retry_after_s
from lti_tool.lti.text import is_identifier, label, origin, web_address
from lti_tool.lti.tokens import Client, Token, request_token
from lti_tool.lti.vault import Vault
from lti_tool.models import Message
from lti_tool.platforms import PRODUCTS, differences_of
from lti_tool.platforms.installing import TOOL_CONFIGURATION
from lti_tool.platforms.installing.offer import PLATFORM_CONFIGURATION
from lti_tool.services import library
from tests.lti_tool.admin.browser import PASSWORD, Visitor, add_account
from tests.lti_tool.conftest import MASTER_KEY, PUBLIC_URL
from tests.lti_tool.launching import add_placement, launch
from tests.lti_tool.learn.town import build_town
from tests.lti_tool.signing_platform import (
    LTI,
    MEMBERSHIP,
    SigningPlatform,
    begin_login,
    private_key,
    public_jwk,
    signing_platform,
)

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
bounded = settings(
    max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
"""The same examples in each run, so that a failure of a colleague's change is a failure of theirs."""

ODD_TEXTS = [
    "", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "x" * 256, "x" * 5000, "‮abc", "\u2028", "javascript:alert(1)",
    "https://", "https://[", "https://[::1", "https://lms.test:99999/", "https://\u2100.test/", "https://lms.tést/",
    "https://tool.test/?module=%00", "https://tool.test/?module=%ED%A0%80", "//evil.test", "../../etc/passwd", "$Var",
    "{}", "[", "NaN", "1e400", "-0", "<script>", "' OR 1=1 --", "%s%n", "\r\nX: 1", "LtiDeepLinkingRequest", "é",
    "0001-01-01T00:00", "9999-12-31T23:59", "Etc/GMT+12", "Pacific/Kiritimati", "../UTC", "1/0", "0.0.1", "²",
]  # fmt: skip
texts = st.sampled_from(ODD_TEXTS) | st.text(max_size=40)
sendable = texts.map(lambda text: text.encode("utf-8", "replace").decode())
"""What a form can carry; half characters come as their replacement."""
scalars = (
    st.none()
    | st.booleans()
    | st.sampled_from([0, -1, 2**63, 10**400, 1e308, float("inf"), float("nan")])
    | st.integers()
    | texts
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=8
)


def assert_in_words(answer: TestResponse, *, allowed: range = range(200, 500)) -> None:
    """Not a surprise of ours, and where it is an error, one with words and a reference."""
    assert answer.status_code in allowed, answer.text[:2000]
    assert "Traceback" not in answer.text
    assert "Something went wrong on our side" not in answer.text
    if answer.status_code >= 400:
        is_json = answer.mimetype == "application/json"
        assert answer.json["reference"] if is_json else "Reference" in answer.text or 'class="problem' in answer.text


@pytest.fixture
def platform(app: Flask) -> Iterator[SigningPlatform]:
    with app.app_context():
        keys.ensure_key(db.session(), Vault((MASTER_KEY,)), datetime.now(UTC))
        db.session.commit()
    with signing_platform() as platform:
        platform.register(app)
        yield platform


LOGIN_FIELDS = [
    "iss", "client_id", "lti_deployment_id", "deployment_id", "target_link_uri", "login_hint", "lti_message_hint",
    "lti_storage_target",
]  # fmt: skip


@bounded
@given(
    changes=st.dictionaries(st.sampled_from(LOGIN_FIELDS), sendable, max_size=4),
    without=st.sets(st.sampled_from(LOGIN_FIELDS), max_size=2),
    method=st.sampled_from(["GET", "POST"]),
    destination=st.sampled_from(["document", "iframe", "", "é"]),
)
def test_logins(client, platform, changes, without, method, destination):
    form = {name: text for name, text in (platform.login_form() | changes).items() if name not in without}
    sent = {"query_string": form} if method == "GET" else {"data": form}
    headers = {"Sec-Fetch-Dest": destination}
    assert_in_words(client.open("/lti/login", method=method, base_url=PUBLIC_URL, headers=headers, **sent))


@bounded
@given(
    body=st.binary(max_size=200),
    kind=st.sampled_from(
        [
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json",
            "text/plain",
            "é",
            "",
        ]
    ),
)
@example(body=b"iss=%FF%FE&login_hint=%00", kind="application/x-www-form-urlencoded")
@example(body=b'--x\r\nContent-Disposition: form-data; name="iss"\r\n\r\n', kind="multipart/form-data; boundary=x")
def test_bodies_that_are_no_forms(client, platform, body, kind):
    for address in ("/lti/login", "/lti/launch", "/lti/proof"):
        assert_in_words(client.post(address, data=body, base_url=PUBLIC_URL, content_type=kind))


@bounded
@given(path=texts.map(lambda text: "/" + text.encode("utf-8", "replace").decode().lstrip("/")), cookie=sendable)
@example(path="/lti/window/\0", cookie="")
@example(path="/lti/configurations/../canvas.json", cookie="")
@example(path="/packages/" + "0" * 64 + "/../../etc/passwd", cookie="")
@example(path="/static/" + "0" * 64 + "/accent/\0.css", cookie="")
@example(path="/lti/cookie/" + "x" * 3000, cookie="")
@example(path="/admin/platforms/99999999999999999999", cookie="")
def test_addresses_and_cookies(client, path, cookie):
    client.set_cookie("__Host-browser", "".join(filter(str.isprintable, cookie)), domain="tool.test", secure=True)
    assert_in_words(client.get(path, base_url=PUBLIC_URL), allowed=range(200, 500))


def paths_in(value: Any, prefix: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield prefix
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from paths_in(inner, (*prefix, key))


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Give a copy with another value at one place; an ellipsis takes the place away."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    inner = replaced(copy[path[0]], path[1:], new)
    if inner is ...:
        del copy[path[0]]
    else:
        copy[path[0]] = inner
    return copy


SETTINGS = {
    "deep_link_return_url": "https://lms.test/return",
    "accept_types": ["ltiResourceLink"],
    "accept_multiple": True,
    "accept_lineitem": True,
    "data": "x",
}


def message_claims(platform: SigningPlatform, nonce: str, message: Message) -> dict[str, Any]:
    changes: dict[str, Any] = {"message_type": message.value, LTI + "custom": {"module": "m", "page": "p"}}
    if message is Message.DEEP_LINKING:
        changes |= {
            "resource_link": None,
            "roles": [MEMBERSHIP + "Instructor"],
            f"{DL}deep_linking_settings": SETTINGS,
        }
    return platform.claims(nonce, **changes)


@settings(bounded, max_examples=120)
@given(data=st.data(), message=st.sampled_from(Message))
def test_claims_of_wrong_types_and_values(client, platform, data, message):
    asked = begin_login(client, platform)
    claims = message_claims(platform, asked["nonce"], message)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([path for path in paths_in(claims) if path]))
        claims = replaced(claims, path, data.draw(values | st.just(...)))
        if not claims:
            break
    answer = client.post(
        "/lti/launch", data={"state": asked["state"], "id_token": platform.sign(claims)}, base_url=PUBLIC_URL
    )
    assert_in_words(answer)
    if answer.status_code == 303:
        # What such a launch leads to is a page, too.
        assert_in_words(client.get(answer.headers["Location"], base_url=PUBLIC_URL))


HEADER_NAMES = ["alg", "kid", "typ", "crit", "jku", "jwk", "x5c", "x5u", "b64", "zip", "cty", "enc"]


@bounded
@given(
    header=st.dictionaries(st.sampled_from(HEADER_NAMES), values, max_size=4),
    payload=st.binary(max_size=40) | values.map(lambda value: json.dumps(value).encode()),
    cut=st.integers(0, 3),
)
def test_headers_and_payloads_of_tokens(client, platform, header, payload, cut):
    asked = begin_login(client, platform)

    def encoded(part: bytes) -> str:
        return jwt.utils.base64url_encode(part).decode()

    head = json.dumps({"alg": "RS256", "kid": "key-1"} | header).encode()
    signed = f"{encoded(head)}.{encoded(payload)}"
    signature = private_key("key-1").sign(signed.encode(), *_pkcs1())
    for token in (f"{signed}.{encoded(signature)}", f"{signed}."[: len(signed) - cut], f"..{encoded(signature)}"):
        answer = client.post("/lti/launch", data={"state": asked["state"], "id_token": token}, base_url=PUBLIC_URL)
        assert_in_words(answer, allowed=range(400, 500))


def _pkcs1() -> tuple[Any, Any]:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    return padding.PKCS1v15(), hashes.SHA256()


@settings(bounded, max_examples=300)
@given(data=st.data(), message=st.sampled_from(Message))
def test_claims_are_read_or_refused(data, message):
    """The same without a web server, so that many more can be tried; nothing but a refusal comes out."""
    claims = message_claims(SigningPlatform(), "nonce", message)
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from([path for path in paths_in(claims) if path]))
        if path[0] in {LTI + "message_type", LTI + "target_link_uri"}:
            continue  # verify() has seen to these two.
        claims = replaced(claims, path, data.draw(values | st.just(...)))
    with suppress(LaunchError):
        read = read_launch(claims)
        assert is_identifier(read.deployment_id, 255)
        for address in (read.return_url, read.grades.line_item_url, read.grades.line_items_url):
            assert address is None or re.match(r"https?://", address, re.IGNORECASE)
        assert read.name is None or (0 < len(read.name) <= 500 and "\0" not in read.name)


@given(text=texts)
def test_texts_from_outside_are_made_safe_or_refused(text):
    shown = label(text, 100)
    assert shown is None or (0 < len(shown) <= 100 and not re.search(r"[\0-\x1f\ud800-\udfff]", shown))
    address = web_address(text)
    assert address is None or address == text
    site = origin(text)
    assert site is None or re.fullmatch(r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d+)?", site)


# What a platform answers ---------------------------------------------------------------------------------------------


class Answering(Egress):
    """A way out at whose end somebody answers anything."""

    def __init__(self, answer: Answer) -> None:
        self._given = answer

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        return self._given

    def __del__(self) -> None:
        pass


def header_mapping(headers: dict[str, str]) -> Headers:
    """Names in any case, as the real answers have them."""
    made = Headers()
    for name, value in headers.items():
        made[name] = value
    return made


bodies = st.binary(max_size=60) | values.map(lambda value: json.dumps(value).encode()) | st.just(b"[" * 5_000)
answers = st.builds(
    Answer,
    st.sampled_from([100, 200, 201, 202, 204, 301, 400, 401, 403, 404, 409, 422, 429, 500, 503, 599]),
    st.dictionaries(
        st.sampled_from(["Retry-After", "Date", "Content-Type", "X-Rate-Limit-Remaining", "Link"]),
        st.sampled_from(["", "0", "-1", "²", "1e9", "9" * 400, "Sun, 99 Nov 2026 99:99:99 GMT", "text/html", "nan"])
        | st.from_regex(r"[ -~]{0,30}", fullmatch=True),
        max_size=3,
    ).map(header_mapping),
    bodies,
)
TOKEN_MEMBERS = ["access_token", "expires_in", "token_type", "scope", "error"]


def client_of(sign: Callable[[dict[str, Any]], str] = json.dumps) -> Client:
    return Client(1, "client-1", "https://lms.test/token", "https://lms.test/token", (SCORE_SCOPE,), sign)


@settings(bounded, max_examples=300)
@given(answer=answers)
def test_answers_of_token_endpoints(answer):
    with suppress(PlatformError):
        token = request_token(Answering(answer), client_of(), NOW)
        assert token.value.isascii()
        assert token.expires_at >= NOW


@settings(bounded, max_examples=300)
@given(members=st.dictionaries(st.sampled_from(TOKEN_MEMBERS), values, max_size=4))
@example(members={"access_token": "x\r\nX: 1"})
@example(members={"access_token": "x", "expires_in": 10**400})
@example(members={"access_token": "x", "expires_in": "1e400"})
@example(members={"access_token": "x", "expires_in": [1]})
def test_tokens_of_wrong_types_and_values(members):
    answer = Answer(200, header_mapping({}), json.dumps(members).encode())
    with suppress(PlatformError):
        token = request_token(Answering(answer), client_of(), NOW)
        assert token.value.isprintable()
        assert 0 <= (token.expires_at - NOW).total_seconds() <= 86_400


@settings(bounded, max_examples=300)
@given(answer=answers, keys_sent=st.lists(values, max_size=4))
def test_answers_that_should_be_key_sets(answer, keys_sent):
    forged = Answer(200, header_mapping({}), json.dumps({"keys": keys_sent}).encode())
    for each in (answer, forged):
        with suppress(PlatformError):
            body = fetch_key_set(Answering(each), "https://lms.test/keys")
            json.dumps(body)
            usable_keys(body)


@settings(bounded, max_examples=200)
@given(data=st.data())
def test_keys_of_wrong_types_and_values(data):
    jwk = public_jwk("key-1")
    for _ in range(2):
        jwk[data.draw(st.sampled_from(["kty", "kid", "n", "e", "alg", "use", "d"]))] = data.draw(values)
    answer = Answer(200, header_mapping({}), json.dumps({"keys": [jwk]}).encode())
    body = fetch_key_set(Answering(answer), "https://lms.test/keys")
    assert all("d" not in key for key in body["keys"])
    assert all(key.key_size >= 2048 for key in usable_keys(body).values())


@settings(bounded, max_examples=300)
@given(answer=answers, product=st.sampled_from(sorted(PRODUCTS)))
def test_answers_to_scores_and_results(answer, product):
    service = GradeService(
        Answering(answer), "https://lms.test/items/1?type_id=1", client=client_of(),
        token=Token("x", NOW.replace(year=2027)), differences=differences_of(product), clock=lambda: NOW,
    )  # fmt: skip
    for call in (lambda: service.publish("{}", NOW), lambda: service.result("learner-1")):
        with suppress(PlatformError):
            result = call()
            assert result is None or result.maximum > 0
    with suppress(PlatformError):
        assert all(each.result is None or each.result.maximum > 0 for each in service.results(None).results)


@settings(bounded, max_examples=200)
@given(
    results=st.lists(st.dictionaries(st.sampled_from(["userId", "resultScore", "resultMaximum"]), values), max_size=3)
)
@example(results=[{"userId": "learner-1", "resultScore": 10**400, "resultMaximum": 1}])
@example(results=[{"userId": "learner-1", "resultScore": True, "resultMaximum": True}])
def test_results_of_wrong_types_and_values(results):
    answer = Answer(200, header_mapping({}), json.dumps(results).encode())
    service = GradeService(
        Answering(answer), "https://lms.test/items/1", client=client_of(), token=Token("x", NOW.replace(year=2027)),
        differences=differences_of("generic"), clock=lambda: NOW,
    )  # fmt: skip
    found = service.result("learner-1")
    assert found is None or found.maximum > 0


MEMBER = {
    "status": "Active",
    "user_id": "learner-1",
    "name": "Ana",
    "roles": ["Learner"],
    "group_enrollments": [{"group_id": "1"}],
}
LISTS = {
    "members": [MEMBER, MEMBER | {"user_id": "learner-2"}],
    "groups": [{"id": "1", "name": "A", "set_id": "2"}],
    "sets": [{"id": "2", "name": "B"}],
}
ITEM = {
    "id": "https://lms.test/items/1",
    "label": "A quiz",
    "scoreMaximum": 10,
    "resourceLinkId": "link-1",
    "resourceId": "town/final",
    "tag": "quiz",
}
links = st.sampled_from(
    [
        "",
        "<>",
        '<https://lms.test/2>; rel="next"',
        "<//evil.test>; rel=next",
        "<https://[>; rel=next",
        "next",
        '<x>; rel="',
        "<\0>",
    ]
) | st.text(alphabet='<>;,="rel nxt/:', max_size=40)


@settings(bounded, max_examples=100)
@given(data=st.data(), answer=answers, link=links)
def test_answers_of_rosters_and_of_lists_of_columns(data, answer, link):
    for whole in (LISTS, [ITEM], ITEM):
        path = data.draw(st.sampled_from([path for path in paths_in(whole) if path]))
        body = json.dumps(replaced(whole, path, data.draw(values | st.just(...)))).encode()
        for given_answer in (answer, Answer(200, header_mapping({"Link": link.replace("\0", "")}), body)):
            token = Token("x", NOW.replace(year=2027))
            calls = BearerCalls(Answering(given_answer), client_of(), token, lambda: NOW)
            roster, columns = MembershipService(calls, "https://lms.test/members"), LineItemService(calls, ITEM["id"])
            wanted = Wanted(
                resource_link_id="link-1", resource_id="town/final", tag="quiz", label="Another", maximum=Fraction(5)
            )
            for call in (
                lambda roster=roster: roster.page("https://lms.test/members"),
                lambda roster=roster: roster.groups("https://lms.test/groups", "https://lms.test/sets"),
                lambda columns=columns, wanted=wanted: columns.find_or_make(wanted),
                lambda columns=columns, wanted=wanted: columns.bring_in_step(ITEM["id"], wanted),
            ):
                with suppress(PlatformError):
                    call()


CONFIGURATION = {
    "issuer": "https://lms.test",
    "authorization_endpoint": "https://lms.test/auth",
    "token_endpoint": "https://lms.test/token",
    "jwks_uri": "https://lms.test/keys",
    "registration_endpoint": "https://lms.test/register",
    "scopes_supported": ["openid", SCORE_SCOPE],
    "claims_supported": ["sub", "name"],
    "id_token_signing_alg_values_supported": ["RS256"],
    PLATFORM_CONFIGURATION: {
        "product_family_code": "moodle",
        "version": "4.5",
        "messages_supported": [{"type": "LtiResourceLinkRequest", "placements": ["x"]}],
        "variables": ["CourseSection.label"],
    },
}
REGISTERED = {
    "client_id": "client-1",
    "scope": f"openid {SCORE_SCOPE}",
    TOOL_CONFIGURATION: {
        "deployment_id": "1",
        "claims": ["sub"],
        "messages": [{"type": "LtiResourceLinkRequest"}],
        "custom_parameters": {"a": "b"},
    },
}


@settings(bounded, max_examples=300)
@given(data=st.data(), answer=answers)
def test_answers_of_platforms_that_register(data, answer):
    address = "https://lms.test/.well-known/openid-configuration"
    platform = fetch_platform(answering_json(CONFIGURATION), address, None)
    for _ in range(data.draw(st.integers(1, 3))):
        for whole, read in (
            (CONFIGURATION, lambda egress: fetch_platform(egress, address, None)),
            (REGISTERED, lambda egress: register(egress, platform, None, {})),
        ):
            path = data.draw(st.sampled_from([path for path in paths_in(whole) if path]))
            changed = replaced(whole, path, data.draw(values | st.just(...)))
            for egress in (answering_json(changed), Answering(answer)):
                with suppress(RegistrationError):
                    read(egress)


def answering_json(value: Any) -> Answering:
    return Answering(Answer(200, header_mapping({}), json.dumps(value).encode()))


@given(value=st.sampled_from(["", "-1", "1" * 500, "²", "Sun, 06 Nov 1994 08:49:37 GMT"]) | st.text(max_size=30))
def test_waits_that_platforms_ask_for(value):
    wait = retry_after_s(Answer(429, {"Retry-After": value, "Date": "Sun, 06 Nov 1994 08:49:07 GMT"}, b""))
    assert wait is None or isinstance(wait, float)


# Forms of people -----------------------------------------------------------------------------------------------------

FIELD_NAMES = [
    "csrf_token", "attempt", "page", "done", "module", "whole", "quiz", "do", "zone", "title-0", "points-0", "opens-0",
    "due-0", "column-0", "version-0", "r-q-single", "q-single", "r-q-loose", "missing", "q",
]  # fmt: skip
forms = st.dictionaries(st.sampled_from(FIELD_NAMES), sendable, max_size=6)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def town(app: Flask, package: Path) -> None:
    from lti_tool.lti.content import Content

    with app.app_context():
        library.publish(db.session(), package, datetime.now(UTC))
        library.place(db.session(), add_placement(), Content(module_id="town"))
        add_placement(link="empty")
        db.session.commit()


def changes_of(app: Flask) -> list[tuple[str, str]]:
    """Give each method and address in a launch that changes something."""
    ids = {"page_id": "reading", "quiz_id": "final", "question_id": "q-single", "module_id": "town"}
    adapter = app.url_map.bind("tool.test")
    found = []
    for rule in app.url_map.iter_rules():
        if "handle" in rule.arguments:
            address = adapter.build(rule.endpoint, {name: ids.get(name, "1") for name in rule.arguments})
            found += [(method, address) for method in sorted({"POST", "PUT", "DELETE"} & (rule.methods or set()))]
    return found


@settings(bounded, max_examples=25)
@given(form=forms)
@example(form={"title-0": "x", "opens-0": "0001-01-01T00:00", "zone": "Etc/GMT+12", "do": "more"})
@example(form={"title-0": "x", "due-0": "9999-12-31T23:59", "zone": "Pacific/Kiritimati"})
def test_forms_of_a_launch(app, town, form):
    for link in ("link-1", "empty"):
        client = app.test_client()
        home = launch(app, client, is_trainer=True, link=link)
        handle = home.split("/")[2]
        token = Signer(app.config["SECRET_KEY"], salt="csrf").get_signature(handle).decode()
        picked = client.post(
            f"{home}pick/items", data={"csrf_token": token, "module": "town", "whole": "1"}, base_url=PUBLIC_URL
        )
        assert_in_words(picked)
        for method, address in changes_of(app):
            target = re.sub(r"^/l/[^/]*/", home, address)
            sent = {"json": form} if method == "PUT" else {"data": form}
            assert_in_words(
                client.open(target, method=method, base_url=PUBLIC_URL, headers={"X-CSRF-Token": token}, **sent)
            )
        for page in ("pick/items", "pick/", "start", "teach/"):
            assert_in_words(client.get(home + page, base_url=PUBLIC_URL, query_string=form))


ADMIN_FIELDS = [
    "title", "issuer", "client_id", "auth_url", "token_url", "key_set_url", "token_audience", "product", "privacy",
    "state", "sure", "deployment_id", "frame_hosts", "do", "next", "name", "password", "code", "site", "before", "new",
    "current", "secret",
]  # fmt: skip


@pytest.mark.usefixtures("quick_hashes")
@settings(bounded, max_examples=25)
@given(form=st.dictionaries(st.sampled_from(ADMIN_FIELDS), sendable, max_size=8))
@example(form={"issuer": "https://[", "auth_url": "https://[::1", "key_set_url": "https://lms.test:99999/"})
def test_forms_of_the_admin_pages(app, platform, owner, form):
    token = re.search(r'name="form_token" value="([^"]+)"', owner.get("/admin/account").text)[1]
    adapter = app.url_map.bind("tool.test")
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/admin") or rule.endpoint == "admin.sign_out":
            continue
        address = adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1))
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            sent = {"data": form | {"form_token": token}} if method == "POST" else {"query_string": form}
            answer = owner.client.open(address, method=method, base_url=PUBLIC_URL, **sent)
            assert answer.status_code < 500, (method, address, answer.text[:2000])
            assert "Something went wrong on our side" not in answer.text


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher

    from lti_tool.services import passwords

    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def owner(app: Flask, quick_hashes: None) -> Visitor:
    name = add_account(app)
    visitor = Visitor(app)
    assert visitor.sign_in(name, PASSWORD).status_code == 303
    return visitor


@bounded
@given(
    headers=st.dictionaries(
        st.sampled_from(["Accept", "Accept-Language", "Sec-Fetch-Dest", "User-Agent", "Referer", "Range", "Cookie",
                         "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "If-None-Match", "Authorization"]),
        st.from_regex(r"[ -~]{0,60}", fullmatch=True) | st.sampled_from(["*;q=²", "en;q=é".encode().decode("latin-1")]),
        max_size=4,
    )
)  # fmt: skip
def test_headers_of_browsers(make_app_behind_a_proxy, headers):
    client: FlaskClient = make_app_behind_a_proxy
    for address in ("/lti/login", "/lti/keys", "/l/" + "x" * 22 + "/", "/admin/", "/metrics", "/nothing"):
        assert_in_words(client.get(address, base_url=PUBLIC_URL, headers=headers))


@pytest.fixture
def make_app_behind_a_proxy(make_app: Callable[..., Flask]) -> FlaskClient:
    return make_app(proxies=1, metrics_token="t" * 40).test_client()
