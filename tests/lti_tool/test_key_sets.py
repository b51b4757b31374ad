"""Platforms' keys: fetched rarely, again for an unknown id, and never in a transaction."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.errors import LaunchError, PlatformError
from lti_tool.extensions import db
from lti_tool.lti import key_sets
from lti_tool.lti.egress import Egress
from lti_tool.lti.key_sets import KeySets
from lti_tool.models import KeySet
from tests.lti_tool.signing_platform import begin_login, launch_through, post_launch, public_jwk, signing_platform

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
LIFETIME, COOLDOWN = timedelta(hours=1), timedelta(seconds=30)


@pytest.fixture
def platform(app):
    with signing_platform() as platform:
        platform.register(app)
        yield platform


class Process:
    """One process of the tool, as far as key sets go; its network may be watched."""

    def __init__(self, app, platform) -> None:
        self.app = app
        self.platform = platform
        self.open_transactions = 0
        self.egress = Egress(("127.0.0.1",), 2, 100_000)
        self.key_sets = KeySets(self, self.transaction, LIFETIME, COOLDOWN)
        self.before_fetch = lambda: None

    @contextmanager
    def transaction(self):
        with self.app.app_context(), Session(db.engine) as session, session.begin():
            self.open_transactions += 1
            yield session
            self.open_transactions -= 1

    def request(self, *arguments, **options):
        assert self.open_transactions == 0
        self.before_fetch()
        return self.egress.request(*arguments, **options)

    def find(self, kid: str, after: timedelta = timedelta(0)) -> int:
        """Find a key; gives its modulus."""
        key = self.key_sets.find(1, self.platform.key_set_url, kid, START + after)
        return key.public_numbers().n


@pytest.fixture
def process(app, platform):
    process = Process(app, platform)
    yield process
    process.egress.close()


def test_fetches_once_for_many_launches(process, platform):
    assert process.find("key-1") == process.find("key-1", LIFETIME - timedelta(seconds=1))
    assert platform.fetches == 1


def test_another_process_uses_what_the_first_one_fetched(app, process, platform):
    process.find("key-1")
    Process(app, platform).find("key-1", timedelta(minutes=5))
    assert platform.fetches == 1


def test_fetches_again_after_the_lifetime(process, platform):
    process.find("key-1")
    process.find("key-1", LIFETIME)
    assert platform.fetches == 2
    process.find("key-1", LIFETIME + timedelta(minutes=1))
    assert platform.fetches == 2


def test_a_rotated_key_is_found_at_once_after_the_cooldown(process, platform):
    process.find("key-1")
    platform.keys = [public_jwk("key-2"), public_jwk("key-1")]
    with pytest.raises(LaunchError) as caught:
        process.find("key-2", COOLDOWN - timedelta(seconds=1))
    assert caught.value.code == "key-unknown"
    assert platform.fetches == 1
    process.find("key-2", COOLDOWN)
    assert platform.fetches == 2


def test_made_up_key_ids_cause_one_fetch_per_cooldown(app, process, platform):
    process.find("key-1")
    other = Process(app, platform)
    for each in (process, other):
        for number in range(10):
            with pytest.raises(LaunchError):
                each.find(f"made-up-{number}", COOLDOWN + timedelta(seconds=number))
    assert platform.fetches == 2
    other.egress.close()


def test_a_withdrawn_key_is_not_taken_after_the_lifetime(process, platform):
    process.find("key-1")
    platform.keys = [public_jwk("key-2")]
    with pytest.raises(LaunchError) as caught:
        process.find("key-1", LIFETIME)
    assert caught.value.code == "key-unknown"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", "500 Internal Server Error"),
        (b"", "302 Found"),
        (b"not JSON", "200 OK"),
        (b"[" * 90_000, "200 OK"),
        (b"[]", "200 OK"),
        (b'{"keys": {}}', "200 OK"),
        (b'{"keys": "x"}', "200 OK"),
        (b'{"keys": [{"kty": "RSA", "kid": "key-1", "n": "x', "200 OK"),
        (b"<!doctype html><h1>Maintenance</h1>", "200 OK"),
        (b"", "429 Too Many Requests"),
        (b"", "403 Forbidden"),
        (b"x" * 200_000, "200 OK"),
    ],
)
def test_the_old_set_serves_while_the_platform_is_broken(process, platform, body, status):
    process.find("key-1")
    platform.body, platform.status = body, status
    process.find("key-1", LIFETIME)
    assert platform.fetches == 2
    process.find("key-1", LIFETIME + timedelta(seconds=10))
    assert platform.fetches == 2
    with pytest.raises(PlatformError):
        process.find("key-9", LIFETIME + COOLDOWN)
    platform.body, platform.status = None, "200 OK"
    process.find("key-1", LIFETIME + 2 * COOLDOWN)
    assert platform.fetches == 4


def test_a_platform_that_never_answered_is_asked_again_after_the_cooldown(app, process, platform):
    platform.status = "503 Service Unavailable"
    for after in (timedelta(0), timedelta(seconds=5)):
        with pytest.raises(PlatformError):
            process.find("key-1", after)
    assert platform.fetches == 1
    platform.status = "200 OK"
    process.find("key-1", COOLDOWN)
    assert platform.fetches == 2


def test_another_address_makes_the_kept_set_void(app, process, platform):
    process.find("key-1")
    with signing_platform(keys=[public_jwk("key-2", kid="key-1")]) as moved:
        key = process.key_sets.find(1, moved.key_set_url, "key-1", START)
        assert key.public_numbers().n != process.find("key-1")


def test_equal_key_ids_of_two_registrations_are_two_keys(app, process, platform):
    with signing_platform(client_id="client-2", keys=[public_jwk("key-2", kid="key-1")]) as other:
        number = other.register(app)
        theirs = process.key_sets.find(number, other.key_set_url, "key-1", START).public_numbers().n
    assert theirs != process.find("key-1")


def small_key(bits: int) -> dict:
    jwk = json.loads(RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, bits).public_key()))
    return {"kty": "RSA", "n": jwk["n"], "e": jwk["e"], "kid": "key-1"}


@pytest.mark.parametrize(
    "jwk",
    [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "key-1", "alg": "HS256"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "key-1"},
        public_jwk("key-1", use="enc"),
        public_jwk("key-1", alg="RS512"),
        public_jwk("key-1", kid=""),
        public_jwk("key-1", kid=7),
        public_jwk("key-1", n=7),
        public_jwk("key-1", n="%%%"),
        public_jwk("key-1", n="AQAB"),
        public_jwk("key-1", e="AA"),
        public_jwk("key-1", e="_" * 200 + "8"),
        public_jwk("key-1", n="_" * 4000),
        small_key(1024),
        "text",
        None,
        [],
    ],
)
def test_uses_no_key_that_is_not_a_sound_rsa_key_for_signatures(process, platform, jwk):
    platform.keys = [jwk]
    with pytest.raises(PlatformError):
        process.find("key-1")
    platform.keys = [jwk, public_jwk("key-1")]
    process.find("key-1", COOLDOWN)


def test_a_key_needs_neither_use_nor_algorithm(process, platform):
    jwk = public_jwk("key-1")
    platform.keys = [{name: jwk[name] for name in ("kty", "n", "e", "kid")}]
    process.find("key-1")


def test_a_private_key_that_a_platform_publishes_is_not_kept(app, process, platform):
    platform.keys = [public_jwk("key-1", d="c2VjcmV0", p="AA")]
    process.find("key-1")
    with app.app_context():
        (kept,) = db.session.scalars(select(KeySet)).one().body["keys"]
        assert set(kept) == {"kty", "n", "e", "kid", "alg", "use"}


def test_one_thread_fetches_while_the_others_use_the_old_set(process, platform):
    process.find("key-1")
    is_fetching, may_go_on = threading.Event(), threading.Event()

    def wait() -> None:
        is_fetching.set()
        assert may_go_on.wait(5)

    process.before_fetch = wait
    fetching = threading.Thread(target=process.find, args=("key-1", LIFETIME))
    fetching.start()
    assert is_fetching.wait(5)
    process.find("key-1", LIFETIME)
    may_go_on.set()
    fetching.join(5)
    assert platform.fetches == 2


def test_threads_that_lack_the_key_share_one_fetch(process, platform):
    barrier = threading.Barrier(4)
    found: list[int] = []

    def find() -> None:
        barrier.wait(5)
        found.append(process.find("key-1"))

    threads = [threading.Thread(target=find) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(found) == 4
    assert platform.fetches == 1


def test_who_waits_for_a_fetch_does_not_wait_for_the_database_to_keep_it(app, process, platform):
    """One thread of four still writes the keys down where the others use them already."""
    with app.app_context():
        engine, is_sqlite = db.engine, db.engine.dialect.name == "sqlite"
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(process.find("key-1"))) for _ in range(4)]
    with engine.connect() as other:
        other.exec_driver_sql("SELECT 1" if is_sqlite else "LOCK TABLE key_set IN SHARE ROW EXCLUSIVE MODE")
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 10
        while len(found) < 3:
            assert time.monotonic() < deadline, found
            time.sleep(0.01)
        assert platform.fetches == 1
        other.rollback()
    for thread in threads:
        thread.join(20)
    assert len(found) == 4
    with app.app_context():
        assert db.session.scalars(select(KeySet)).one().fetched_at == START


def test_a_platform_that_hangs_holds_two_threads_and_no_more(process, monkeypatch):
    """Of eight launches at once two are held, the others hear at once, and another platform's are as fast as ever."""
    monkeypatch.setattr(key_sets, "SLOW_AFTER_S", 0.2)
    is_hanging, may_go_on = threading.Event(), threading.Event()

    def hang(*_arguments, **_options):
        is_hanging.set()
        assert may_go_on.wait(20)
        raise PlatformError("The platform did not answer in time.")

    monkeypatch.setattr(process.egress, "request", hang)
    refused: list[str] = []

    def launch() -> None:
        try:
            process.key_sets.find(1, "https://hangs.test/keys", "key-1", START)
        except PlatformError as error:
            refused.append(error.detail)

    threads = [threading.Thread(target=launch) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert is_hanging.wait(10)
    deadline = time.monotonic() + 20
    while len(refused) < 8 - key_sets.MOST_SLOW:
        assert time.monotonic() < deadline, refused
        time.sleep(0.01)
    assert set(refused) == {"platforms are slow; enough threads wait"}
    # Nobody waits anew, and a platform whose keys are known is not asked meanwhile.
    launch()
    assert len(refused) == 9 - key_sets.MOST_SLOW
    may_go_on.set()
    for thread in threads:
        thread.join(20)
    assert len(refused) == 9


def test_known_keys_serve_while_other_platforms_hang(app, process, platform, monkeypatch):
    process.find("key-1")
    monkeypatch.setattr(key_sets, "MOST_SLOW", 0)
    # Older than their lifetime: they would be fetched anew, if threads were free for that.
    process.find("key-1", LIFETIME)
    assert platform.fetches == 1
    with pytest.raises(PlatformError, match="could not be read"):
        process.find("key-2", LIFETIME)
    monkeypatch.undo()
    process.find("key-1", LIFETIME)
    assert platform.fetches == 2


def test_a_launch_survives_a_key_rotation(make_app):
    app = make_app(key_set_cooldown_s=0)
    with signing_platform() as platform:
        platform.register(app)
        client = app.test_client()
        assert launch_through(client, platform).status_code == 303
        platform.keys = [public_jwk("key-2")]
        asked = begin_login(client, platform)
        token = platform.sign(platform.claims(asked["nonce"]), kid="key-2", key="key-2")
        assert post_launch(client, asked["state"], token).status_code == 303
        assert platform.fetches == 2


def test_a_launch_says_that_the_platform_cannot_be_reached(app, client, platform):
    platform.status = "500 Internal Server Error"
    response = launch_through(client, platform)
    assert response.status_code == 502
    assert "could not be asked" in response.text
