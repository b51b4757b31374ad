"""Secrets that only their bearer keeps: the database holds their fingerprints."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_secret() -> str:
    """Make 128 random bits, in 22 characters that may stand in addresses and cookies."""
    return secrets.token_urlsafe(16)


def fingerprint(secret: str) -> str:
    """Give the SHA-256 of a secret, in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def fits(secret: str | None, stored: str) -> bool:
    """Whether a secret is the one whose fingerprint was stored."""
    return secret is not None and hmac.compare_digest(fingerprint(secret), stored)
