"""Platforms' public keys: kept in memory and in the database, fetched when they are old or a key is not among them."""

from __future__ import annotations

import json
import threading
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
from lti_tool.lti.egress import Egress
from lti_tool.models import KeySet
from lti_tool.upsert import put

MAX_KEYS = 100
MIN_KEY_BITS, MAX_KEY_BITS = 2048, 8192
MAX_EXPONENT_BITS = 64
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
        if not lock.acquire(blocking=old is None or kid not in old.keys):
            assert old is not None  # noqa: S101 - else the lock would have been waited for
            return old
        try:
            kept = self._newest(registration_id, url)
            is_due = kept is None or at - kept.attempted_at >= self._cooldown
            if kept is None or (is_due and not self._serves(kept, kid, at)):
                kept = self._fetch(registration_id, url, kid, at, kept)
            self._kept[registration_id] = kept
            return kept
        finally:
            lock.release()

    def _newest(self, registration_id: int, url: str) -> _Kept | None:
        with self._transaction() as session:
            row = session.get(KeySet, registration_id)
            if row is None or row.url != url:
                return None
            return _Kept(url, row.body, usable_keys(row.body), row.fetched_at, row.attempted_at)

    def _fetch(self, registration_id: int, url: str, kid: str, at: datetime, old: _Kept | None) -> _Kept:
        failure: PlatformError | None = None
        try:
            body = fetch_key_set(self._egress, url)
            kept = _Kept(url, body, usable_keys(body), at, at)
        except PlatformError as error:
            failure = error
            kept = _Kept(url, old.body, old.keys, old.fetched_at, at) if old else _Kept(url, {"keys": []}, {}, at, at)
        values = {"url": url, "body": kept.body, "fetched_at": kept.fetched_at, "attempted_at": at}
        with self._transaction() as session:
            put(session, KeySet, {"registration_id": registration_id}, values)
        if failure is not None:
            log.warning("key-set-not-fetched", url=url, detail=failure.detail)
            if kid not in kept.keys:
                raise failure
        return kept


def fetch_key_set(egress: Egress, url: str) -> dict[str, Any]:
    """Fetch a key set, and keep of it what can be used.

    Raises:
        PlatformError: if there is none.
    """
    answer = egress.request("GET", url, {"Accept": "application/jwk-set+json, application/json"})
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
