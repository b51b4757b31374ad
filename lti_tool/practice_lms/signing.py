"""The LMS's own keys: signing id_tokens and the key set it publishes."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from lti_tool.practice_lms.database import transaction


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An RSA key and its id."""

    kid: str
    private: rsa.RSAPrivateKey

    def sign(self, claims: Mapping[str, Any], header: Mapping[str, Any] | None = None) -> str:
        """Make a JWT; ``header`` adds to or replaces ``kid`` and, for tests, what else a header holds."""
        return jwt.encode(dict(claims), self.private, algorithm="RS256", headers={"kid": self.kid, **(header or {})})

    def public_jwk(self) -> dict[str, Any]:
        """The public half, for the key set."""
        return {
            **json.loads(RSAAlgorithm.to_jwk(self.private.public_key())),
            "kid": self.kid,
            "alg": "RS256",
            "use": "sig",
            "key_ops": ["verify"],
        }


def make_key(connection: sqlite3.Connection, at: datetime) -> SigningKey:
    """Add a key, which signs from now on; the older ones stay in the key set."""
    key = _with_kid(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    pem = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with transaction(connection):
        connection.execute("INSERT INTO signing_keys VALUES (?, ?, ?)", (key.kid, pem.decode(), at.timestamp()))
    return key


def forget_keys(connection: sqlite3.Connection) -> None:
    """Take all keys away."""
    with transaction(connection):
        connection.execute("DELETE FROM signing_keys")


def keys(connection: sqlite3.Connection) -> list[SigningKey]:
    """All keys, oldest first; the last one signs."""
    found = []
    for row in connection.execute("SELECT private_pem FROM signing_keys ORDER BY rowid"):
        # The key is our own, so checking its numbers again would only cost time.
        private = serialization.load_pem_private_key(
            row["private_pem"].encode(), None, unsafe_skip_rsa_key_validation=True
        )
        assert isinstance(private, rsa.RSAPrivateKey)  # noqa: S101
        found.append(_with_kid(private))
    return found


def _with_kid(private: rsa.RSAPrivateKey) -> SigningKey:
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return SigningKey(hashlib.sha256(public).hexdigest()[:20], private)
