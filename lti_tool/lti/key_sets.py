"""Platforms' public keys: kept in memory and in the database, fetched when they are old or a key is not among them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from jwt.exceptions import InvalidKeyError
from sqlalchemy.orm import Session

from lti_tool.errors import LaunchError, PlatformError
from lti_tool.logs import get_logger
from lti_tool.lti.egress import Answer, Egress
from lti_tool.models import KeySet
from lti_tool.upsert import put

MAX_KEYS = 100
KEY_SET_TYPES = "application/jwk-set+json, application/json"
MIN_KEY_BITS, MAX_KEY_BITS = 2048, 8192
MAX_EXPONENT_BITS = 64
SLOW_AFTER_S = 1.0
"""A platform that takes longer to answer is one that may hang."""
MOST_SLOW = 2
"""Threads of a process that fetch from such platforms, or wait for one that does: the others' launches go on."""
log = get_logger()


@dataclass(frozen=True, slots=True)
class _Kept:
    url: str
    body: dict[str, Any]
    keys: Mapping[str, RSAPublicKey]
    fetched_at: datetime
    attempted_at: datetime


class KeySets:
    """The key sets of all platforms, as one process sees them.

    Args:
        egress: to fetch with.
        transaction: opens a short database transaction; none is open during a fetch.
        lifetime: a set is used this long without asking again; where asking fails, longer.
        cooldown: between two fetches of one set, so that made-up key ids cannot make us flood a platform.
    """

    def __init__(
        self,
        egress: Egress,
        transaction: Callable[[], AbstractContextManager[Session]],
        lifetime: timedelta,
        cooldown: timedelta,
    ) -> None:
        self._egress = egress
        self._transaction = transaction
        self._lifetime = lifetime
        self._cooldown = cooldown
        self._kept: dict[int, _Kept] = {}
        self._locks: dict[int, threading.Lock] = {}
        self._began: dict[int, float] = {}
        """When the fetches began that are under way."""
        self._waiting = 0
        self._guard = threading.Lock()

    def find(self, registration_id: int, url: str, kid: str, at: datetime) -> RSAPublicKey:
        """Give the key of a platform that has an id.

        Args:
            registration_id: of the platform.
            url: where its key set is.
            kid: the key's id.
            at: now.

        Raises:
            LaunchError: if the platform has no such key.
            PlatformError: if its keys cannot be fetched and none are known.
        """
        kept = self._in_memory(registration_id, url)
        if kept is None or not self._serves(kept, kid, at):
            kept = self._refresh(registration_id, url, kid, at, kept)
        if key := kept.keys.get(kid):
            return key
        if not kept.keys:
            raise PlatformError("The platform's keys could not be read.", detail=f"no usable key at {url}")
        raise LaunchError("key-unknown", "The token names a key that the platform does not publish.")

    def _in_memory(self, registration_id: int, url: str) -> _Kept | None:
        kept = self._kept.get(registration_id)
        return kept if kept and kept.url == url else None

    def _serves(self, kept: _Kept, kid: str, at: datetime) -> bool:
        return kid in kept.keys and at - kept.fetched_at < self._lifetime

    def _refresh(self, registration_id: int, url: str, kid: str, at: datetime, old: _Kept | None) -> _Kept:
        """Look again: in the database, where another process may have been faster, then at the platform."""
        lock = self._locks.setdefault(registration_id, threading.Lock())
        # Whoever has the key goes on with the old set while somebody else fetches; who lacks it waits.
        if not lock.acquire(blocking=False):
            if old is not None and kid in old.keys:
                return old
            self._wait(lock, registration_id)
        failure = None
        is_fetched = False
        try:
            kept = self._newest(registration_id, url)
            is_due = kept is None or at - kept.attempted_at >= self._cooldown
            if kept is None or (is_due and not self._serves(kept, kid, at)):
                if self._are_enough_slow() and kept is not None and kid in kept.keys:
                    return kept
                kept, failure = self._fetch(registration_id, url, at, kept)
                is_fetched = True
            self._kept[registration_id] = kept
        finally:
            lock.release()
        if is_fetched:
            # Not before the others go on: they waited for the platform, and need not wait for the database, too.
            self._store(registration_id, kept)
        if failure is not None:
            log.warning("key-set-not-fetched", url=url, detail=failure.detail)
            if kid not in kept.keys:
                raise failure
        return kept

    def _wait(self, lock: threading.Lock, registration_id: int) -> None:
        """Wait for whoever fetches a platform's keys; where that takes long, few do, and the others hear so at once.

        Raises:
            PlatformError: if enough threads wait already.
        """
        began = self._began.get(registration_id, time.monotonic())
        if lock.acquire(timeout=max(0.0, began + SLOW_AFTER_S - time.monotonic())):
            return
        with self._guard:
            self._refuse_more(registration_id)
            self._waiting += 1
        try:
            lock.acquire()
        finally:
            with self._guard:
                self._waiting -= 1

    def _are_enough_slow(self, waited_for: int | None = None) -> bool:
        """Whether as many threads are held up by platforms as may be; who was waited for too long is one of them."""
        slow_since = time.monotonic() - SLOW_AFTER_S
        slow = {each for each, began in tuple(self._began.items()) if began <= slow_since}
        if waited_for is not None:
            # By its own clock it may be a moment younger than those who wait for it.
            slow.add(waited_for)
        return self._waiting + len(slow) >= MOST_SLOW

    def _refuse_more(self, waited_for: int | None = None) -> None:
        if self._are_enough_slow(waited_for):
            raise PlatformError(
                "The platform's keys could not be read.", detail="platforms are slow; enough threads wait"
            )

    def _newest(self, registration_id: int, url: str) -> _Kept | None:
        """Give what this process or another one fetched last."""
        in_memory, stored = self._in_memory(registration_id, url), self._stored(registration_id, url)
        if in_memory is None or stored is None:
            return in_memory or stored
        return max(in_memory, stored, key=lambda kept: kept.attempted_at)

    def _stored(self, registration_id: int, url: str) -> _Kept | None:
        with self._transaction() as session:
            session.connection(execution_options={"only_reads": True})
            row = session.get(KeySet, registration_id)
            if row is None or row.url != url:
                return None
            return _Kept(url, row.body, usable_keys(row.body), row.fetched_at, row.attempted_at)

    def _fetch(
        self, registration_id: int, url: str, at: datetime, old: _Kept | None
    ) -> tuple[_Kept, PlatformError | None]:
        """Ask the platform; where that fails, what is known goes on, and the failure is given beside it."""
        self._refuse_more()
        self._began[registration_id] = time.monotonic()
        try:
            body = fetch_key_set(self._egress, url)
        except PlatformError as error:
            return (_Kept(url, old.body, old.keys, old.fetched_at, at) if old else _nothing(url, at)), error
        finally:
            del self._began[registration_id]
        return _Kept(url, body, usable_keys(body), at, at), None

    def _store(self, registration_id: int, kept: _Kept) -> None:
        values = {
            "url": kept.url,
            "body": kept.body,
            "fetched_at": kept.fetched_at,
            "attempted_at": kept.attempted_at,
        }
        with self._transaction() as session:
            put(session, KeySet, {"registration_id": registration_id}, values)


def _nothing(url: str, at: datetime) -> _Kept:
    return _Kept(url, {"keys": []}, {}, at, at)


def fetch_key_set(egress: Egress, url: str) -> dict[str, Any]:
    """Fetch a key set, and keep of it what can be used.

    Raises:
        PlatformError: if there is none.
    """
    return read_key_set(url, egress.request("GET", url, {"Accept": KEY_SET_TYPES}))


def read_key_set(url: str, answer: Answer) -> dict[str, Any]:
    """Keep of a key set that came from an address what can be used.

    Raises:
        PlatformError: if it is none.
    """
    if answer.status != 200:
        raise PlatformError(
            "The platform's keys could not be read.",
            detail=f"{url} answered {answer.status}",
            http_status=answer.status,
        )
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise PlatformError("The platform's keys could not be read.", detail=f"{url}: no JSON") from error
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, list):
        raise PlatformError("The platform's keys could not be read.", detail=f"{url}: no key set")
    members = ("kty", "kid", "n", "e", "alg", "use")
    public = ({name: key[name] for name in members if name in key} for key in keys[:MAX_KEYS] if isinstance(key, dict))
    return {"keys": [key for key in public if _usable_key(key) is not None]}


def usable_keys(body: Mapping[str, Any]) -> dict[str, RSAPublicKey]:
    """Give the keys of a set by their ids; of two with the same id the first."""
    keys: dict[str, RSAPublicKey] = {}
    for jwk in body["keys"]:
        if key := _usable_key(jwk):
            keys.setdefault(jwk["kid"], key)
    return keys


def _usable_key(jwk: Mapping[str, Any]) -> RSAPublicKey | None:
    """Read a key that may sign tokens with RS256, or nothing."""
    kid = jwk.get("kid")
    is_meant = jwk.get("kty") == "RSA" and jwk.get("use", "sig") == "sig" and jwk.get("alg", "RS256") == "RS256"
    if not is_meant or not isinstance(kid, str) or not kid or not all(isinstance(jwk.get(part), str) for part in "ne"):
        return None
    try:
        key = RSAAlgorithm.from_jwk({"kty": "RSA", "n": jwk["n"], "e": jwk["e"]})
    except (InvalidKeyError, ValueError):
        return None
    if not isinstance(key, RSAPublicKey):
        return None
    is_sound = MIN_KEY_BITS <= key.key_size <= MAX_KEY_BITS
    return key if is_sound and key.public_numbers().e.bit_length() <= MAX_EXPONENT_BITS else None
