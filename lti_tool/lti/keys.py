"""Our own key pairs: made, published as a JWK set, used to sign, and replaced.

A rotation makes a key that begins to sign a day later, and says of the one before when it stops. Nothing has to happen
at those moments: what signs and what is published follows from the time alone, so a job that comes late breaks nothing.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.lti.vault import Vault
from lti_tool.models import SigningKey
from lti_tool.upsert import changed

KEY_BITS = 2048
OVERLAP = timedelta(days=1)
"""A key is published this long before it signs and after it stopped: platforms keep our key set for hours."""


def create_key(session: Session, vault: Vault, at: datetime, signs_from: datetime | None = None) -> SigningKey:
    """Make a key pair and add it to the session.

    Args:
        session: of the database.
        vault: encrypts the private half.
        at: now.
        signs_from: when it begins to sign, if not now.
    """
    private_key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    kid = secrets.token_hex(10)
    public_jwk = json.loads(RSAAlgorithm.to_jwk(private_key.public_key()))
    pem = private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = SigningKey(
        kid=kid,
        public_jwk={"kty": "RSA", "n": public_jwk["n"], "e": public_jwk["e"], "kid": kid, "alg": "RS256", "use": "sig"},
        encrypted_private_key=vault.encrypt(pem),
        created_at=at,
        signs_from=signs_from or at,
        retired_at=None,
    )
    session.add(key)
    return key


def ensure_key(session: Session, vault: Vault, at: datetime) -> bool:
    """Make a key pair where none signs; say whether one was made."""
    if current_key(session, at) is not None:
        return False
    create_key(session, vault, at)
    return True


def rotate(session: Session, vault: Vault, at: datetime) -> SigningKey:
    """Make the key that signs from tomorrow, when the one of today stops; where one waits already, give that."""
    _hold_keys(session)
    waiting = session.scalar(select(SigningKey).where(SigningKey.signs_from > at).limit(1))
    if waiting is not None:
        return waiting
    follows = current_key(session, at) is not None
    return _succeed(session, vault, at, at + OVERLAP if follows else at)


def rotate_if_old(session: Session, vault: Vault, at: datetime, lifetime: timedelta) -> SigningKey | None:
    """Make the next key in time for the one that signs to stop after its lifetime; nothing if that is later."""
    key = current_key(session, at)
    if key is not None and key.signs_from + lifetime > at + OVERLAP:
        return None
    return rotate(session, vault, at)


def replace_at_once(session: Session, vault: Vault, at: datetime) -> SigningKey:
    """Withdraw all keys, published no longer, and sign with a new one: for a key that somebody may have seen."""
    _hold_keys(session)
    session.execute(delete(SigningKey))
    return create_key(session, vault, at)


def forget_old(session: Session, at: datetime) -> int:
    """Delete the keys that are published no longer; says how many."""
    return changed(session, delete(SigningKey).where(SigningKey.retired_at <= at - OVERLAP))


def key_set(session: Session, at: datetime) -> dict[str, list[dict[str, Any]]]:
    """Give the JWK set that platforms fetch: what signs, what will, and what did until a day ago."""
    keys = session.scalars(select(SigningKey).where(_is_in_use(at - OVERLAP)).order_by(SigningKey.signs_from.desc()))
    return {"keys": [key.public_jwk for key in keys]}


def current_key(session: Session, at: datetime) -> SigningKey | None:
    """Give the key that signs, or nothing before ``lti-tool upgrade`` made the first."""
    signs = and_(SigningKey.signs_from <= at, _is_in_use(at))
    return session.scalar(select(SigningKey).where(signs).order_by(SigningKey.signs_from.desc()).limit(1))


def _is_in_use(at: datetime) -> ColumnElement[bool]:
    return or_(SigningKey.retired_at.is_(None), SigningKey.retired_at > at)


def _succeed(session: Session, vault: Vault, at: datetime, signs_from: datetime) -> SigningKey:
    session.execute(update(SigningKey).where(SigningKey.retired_at.is_(None)).values(retired_at=signs_from))
    return create_key(session, vault, at, signs_from)


def _hold_keys(session: Session) -> None:
    """Let nobody else change the keys until the transaction ends; SQLite lets only one write anyway."""
    session.execute(select(SigningKey.kid).with_for_update()).all()


class Signs(Protocol):
    """What signing needs of a :class:`SigningKey`: an object, or a row with these columns."""

    @property
    def kid(self) -> str:
        """Its name."""

    @property
    def encrypted_private_key(self) -> bytes:
        """Its private half, as the vault encrypted it."""


def sign(key: Signs, vault: Vault, claims: dict[str, Any]) -> str:
    """Make a signed JWT with ``kid`` in its header."""
    private_key = _load_private_key(vault.decrypt(key.encrypted_private_key))
    return jwt.encode(claims, private_key, algorithm="RS256", headers={"kid": key.kid})


@lru_cache(maxsize=4)
def _load_private_key(pem: bytes) -> rsa.RSAPrivateKey:
    """Parse a key once: checking an RSA key costs more than signing with it."""
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("a signing key is an RSA key")
    return key
