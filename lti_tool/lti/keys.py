"""Our own key pairs: made, published as a JWK set, and used to sign."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.vault import Vault
from lti_tool.models import SigningKey

KEY_BITS = 2048


def create_key(session: Session, vault: Vault, at: datetime) -> SigningKey:
    """Make a key pair and add it to the session."""
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
        retired_at=None,
    )
    session.add(key)
    return key


def ensure_key(session: Session, vault: Vault, at: datetime) -> bool:
    """Make a key pair where there is none; say whether one was made."""
    if current_key(session) is not None:
        return False
    create_key(session, vault, at)
    return True


def key_set(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Give the JWK set that platforms fetch."""
    keys = session.scalars(select(SigningKey).order_by(SigningKey.created_at.desc()))
    return {"keys": [key.public_jwk for key in keys]}


def current_key(session: Session) -> SigningKey | None:
    """Give the newest key that signs, or nothing before ``lti-tool upgrade`` made the first."""
    newest = select(SigningKey).where(SigningKey.retired_at.is_(None)).order_by(SigningKey.created_at.desc()).limit(1)
    return session.scalar(newest)


def sign(key: SigningKey, vault: Vault, claims: dict[str, Any]) -> str:
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
