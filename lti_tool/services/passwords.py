"""Passwords: what is taken, and how they are kept."""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lti_tool.services.fingerprints import new_secret

SHORTEST, LONGEST = 12, 200
FEWEST_CHARACTERS = 5
"""Different ones; ``aaaaaaaaaaaa`` has one."""

_hasher = PasswordHasher()
# A hash takes 64 MiB while it is made: a flood of sign-ins must not take them all at once.
_few_at_once = threading.BoundedSemaphore(2)


def is_too_weak(password: str, account_name: str) -> bool:
    """Whether a password is too short, too long, too uniform, or the account's name."""
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < FEWEST_CHARACTERS:
        return True
    return password.lower() in {account_name, account_name.partition("@")[0]}


def hash_password(password: str) -> str:
    """Make what is stored: Argon2id with a salt of its own."""
    with _few_at_once:
        return _hasher.hash(password)


def is_password(password: str, stored: str) -> bool:
    """Whether a password is the one that was stored."""
    if len(password) > LONGEST:
        return False
    try:
        with _few_at_once:
            return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def nobodys_hash() -> str:
    """Give a hash to compare with where there is no account, so that the time does not tell."""
    return hash_password(new_secret())
