"""Who runs the tool: accounts, their sign-ins, failed tries, and the log of what they changed."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.extensions import Model


class Role(enum.StrEnum):
    """What an account may do in the admin pages."""

    OWNER = "owner"
    AUDITOR = "auditor"
    """Reads everything and changes nothing but their own password."""


class Account(Model):
    """Somebody who may open the admin pages; the command line makes them."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    """In lower case; often an e-mail address."""
    password_hash: Mapped[str] = mapped_column(String(300))
    role: Mapped[Role] = mapped_column(
        Enum(Role, native_enum=False, length=20, values_callable=lambda roles: [role.value for role in roles])
    )
    encrypted_totp_secret: Mapped[bytes | None]
    """Set where signing in needs a code of an app, too."""
    totp_last_step: Mapped[int | None]
    """Of the last code that was taken: each works once."""
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """Name the account for Flask-Login."""
        return str(self.id)

    @property
    def is_owner(self) -> bool:
        """Whether the account may change things."""
        return self.role is Role.OWNER


class SignIn(Model):
    """One browser in which an account is signed in."""

    __tablename__ = "sign_in"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """The latest end, however busy it is."""

    account: Mapped[Account] = relationship()


class FailedTries(Model):
    """How often signing in failed lately for one account, address or browser."""

    __tablename__ = "failed_tries"

    subject_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of ``account:…``, ``address:…`` or ``browser:…``, so that nothing typed is kept."""
    tries: Mapped[int]
    last_at: Mapped[datetime]


class AuditEntry(Model):
    """One change: who, when, what, and how it was before and after. Never a secret."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(200))
    """An account's name; empty for the command line."""
    action: Mapped[str] = mapped_column(String(50))
    """Short and stable, such as ``platform-changed``; the views have the words."""
    subject: Mapped[str] = mapped_column(String(300))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
