"""Encryption at rest for private keys and access tokens.

Columns that hold what it made have names that begin with ``encrypted``: a change of the master key finds them by that.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from lti_tool.errors import SettingsError


class Vault:
    """Encrypts with the first master key and decrypts with any of them.

    Raises:
        SettingsError: if a key is not one that ``lti-tool keys master`` prints.
    """

    def __init__(self, master_keys: Sequence[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in master_keys])
        except (ValueError, TypeError):
            raise SettingsError(
                ["MASTER_KEYS holds a key that is damaged; `lti-tool keys master` prints a good one"]
            ) from None

    def encrypt(self, secret: bytes) -> bytes:
        """Encrypt a secret for storage."""
        return self._fernet.encrypt(secret)

    def decrypt(self, stored: bytes) -> bytes:
        """Decrypt what was stored.

        Raises:
            SettingsError: if none of the master keys fits.
        """
        try:
            return self._fernet.decrypt(stored)
        except InvalidToken:
            raise _no_key_fits() from None

    def renew(self, stored: bytes) -> bytes:
        """Encrypt what was stored anew, with the first master key.

        Raises:
            SettingsError: if none of the master keys fits.
        """
        try:
            return self._fernet.rotate(stored)
        except InvalidToken:
            raise _no_key_fits() from None


def _no_key_fits() -> SettingsError:
    return SettingsError(["MASTER_KEYS holds no key that fits what is stored; add the earlier key at its end"])


def new_master_key() -> str:
    """Make a master key."""
    return Fernet.generate_key().decode()
