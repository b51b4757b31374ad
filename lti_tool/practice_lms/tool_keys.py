"""The key sets of tools: fetched with a limit in time and size, kept, and fetched again for an unknown key."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http import HTTPStatus

import jwt
import urllib3

FETCH_TIMEOUT_S = 5.0
MAX_KEY_SET_BYTES = 64 * 1024

_pool = urllib3.PoolManager(num_pools=4, retries=False)


class KeySetError(Exception):
    """A tool's key cannot be had; the message says why."""


def fetch_key_set(url: str) -> bytes:
    """Read a tool's key set.

    Raises:
        OSError: if the tool does not answer with one in time.
    """
    timeout = urllib3.Timeout(total=FETCH_TIMEOUT_S)
    try:
        response = _pool.request(
            "GET", url, timeout=timeout, redirect=False, preload_content=False, headers={"Accept": "application/json"}
        )
        try:
            body = _read(response, time.monotonic() + FETCH_TIMEOUT_S)
        finally:
            response.close()
    except urllib3.exceptions.HTTPError as error:
        raise OSError(f"{url} did not answer: {error}") from error
    if response.status != HTTPStatus.OK:
        raise OSError(f"{url} answered with status {response.status}")
    return body


def _read(response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    """Read a body that is neither too long nor sent drop by drop."""
    body = b""
    while chunk := response.read1(8192):
        body += chunk
        if len(body) > MAX_KEY_SET_BYTES:
            raise OSError(f"the answer is longer than {MAX_KEY_SET_BYTES} bytes")
        if time.monotonic() > deadline:
            raise OSError(f"the answer took longer than {FETCH_TIMEOUT_S:g} s")
    return body


class ToolKeys:
    """The keys of tools by the URL of their key set; safe to use from several threads."""

    def __init__(self, fetch: Callable[[str], bytes]) -> None:
        self._fetch = fetch
        self._known: dict[str, dict[str, jwt.PyJWK]] = {}
        self._lock = threading.Lock()

    def key(self, url: str, kid: str) -> jwt.PyJWK:
        """The key of an id, fetched when it is not known yet.

        Raises:
            KeySetError: if the tool cannot be reached, or its key set does not hold the key.
        """
        known = self._known.get(url, {})
        if kid not in known:
            try:
                known = parse_key_set(self._fetch(url))
            except OSError as error:
                raise KeySetError(f"The tool's key set could not be read: {error}.") from error
            with self._lock:
                self._known[url] = known
        try:
            return known[kid]
        except KeyError:
            raise KeySetError(f"The tool's key set at {url} holds no RSA key with kid {kid!r}.") from None


def parse_key_set(body: bytes) -> dict[str, jwt.PyJWK]:
    """The RSA keys for signatures in a key set, by their ids.

    Raises:
        KeySetError: if it is not a key set.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise KeySetError(f"The tool's key set is not JSON: {error}.") from error
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise KeySetError("The tool's key set has no list named keys.")
    found = {}
    for entry in entries:
        if not isinstance(entry, dict) or entry.get("kty") != "RSA" or not isinstance(entry.get("kid"), str):
            continue
        try:
            found[entry["kid"]] = jwt.PyJWK(entry, algorithm="RS256")
        except jwt.PyJWTError:
            continue  # A key we cannot use is as good as none; the caller says which kid was missing.
    return found
