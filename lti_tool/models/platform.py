"""A platform as LTI sees it: registration, deployments, keys and tokens."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import Enum, ForeignKey, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.extensions import Model


class RegistrationState(enum.StrEnum):
    """Whether people come in through a registration."""

    PENDING = "pending"
    """Registered by the platform itself; an administrator has still to approve it."""
    ACTIVE = "active"
    CLOSED = "closed"
    """Closed by an administrator; nothing is deleted."""


class Privacy(enum.StrEnum):
    """What is asked for and kept of the people of a registration."""

    NAME = "name"
    PSEUDONYM = "pseudonym"
    """No names, not even where the platform sends them."""


def _words(kind: type[enum.StrEnum]) -> Enum:
    return Enum(kind, native_enum=False, length=20, values_callable=lambda items: [item.value for item in items])


class Registration(Model):
    """An issuer and the client id it gave us; one platform may hold several."""

    __tablename__ = "registration"
    __table_args__ = (UniqueConstraint("issuer", "client_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(String(500))
    client_id: Mapped[str] = mapped_column(String(255))
    title: Mapped[str] = mapped_column(String(255))
    """What administrators call this platform."""
    product: Mapped[str] = mapped_column(String(50), default="generic")
    """Names the entry in ``platforms/`` that says where this LMS differs."""
    auth_url: Mapped[str] = mapped_column(String(1000))
    token_url: Mapped[str] = mapped_column(String(1000))
    key_set_url: Mapped[str] = mapped_column(String(1000))
    token_audience: Mapped[str | None] = mapped_column(String(1000))
    """``aud`` of our token requests where it is not the token endpoint."""
    allows_anonymous: Mapped[bool] = mapped_column(default=False)
    accepts_new_deployments: Mapped[bool] = mapped_column(default=True)
    state: Mapped[RegistrationState] = mapped_column(_words(RegistrationState), default=RegistrationState.ACTIVE)
    privacy: Mapped[Privacy] = mapped_column(_words(Privacy), default=Privacy.NAME)
    granted: Mapped[dict[str, Any] | None]
    """What the platform said when it was registered by itself: ``scopes``, ``messages``, ``claims`` and ``custom`` are
    lists of names, or ``None`` where it said nothing; ``version`` is its own."""
    proposal: Mapped[dict[str, Any] | None]
    """Values that the platform sent when it registered again; they count once an owner takes them over."""
    watched_until: Mapped[datetime | None]
    """Launches that come until then are shown to administrators (``services/test_launches.py``)."""
    created_at: Mapped[datetime]

    deployments: Mapped[list[Deployment]] = relationship(back_populates="registration")


class Deployment(Model):
    """One installation of a registration: a site, an account or a course."""

    __tablename__ = "deployment"
    __table_args__ = (UniqueConstraint("registration_id", "deployment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    deployment_id: Mapped[str] = mapped_column(String(255))
    is_approved: Mapped[bool] = mapped_column(default=True)
    frame_hosts: Mapped[list[str]] = mapped_column(default=list)
    """Origins that may frame our pages: entered by an administrator or learned from ``return_url``."""
    notices_url: Mapped[str | None] = mapped_column(String(2000))
    """Where the platform can be asked for notices of copied courses, as a launch said."""
    notices_handler: Mapped[str | None] = mapped_column(String(1000))
    """The address of ours that it sends them to."""
    notices_next_at: Mapped[datetime | None]
    """When it is asked again, after it refused."""
    notices_tries: Mapped[int] = mapped_column(default=0, server_default="0")
    notices_refusal: Mapped[str | None] = mapped_column(String(500))
    """What it said when it was asked last and refused."""
    notices_received_at: Mapped[datetime | None]
    """When the last notice came that was taken."""
    created_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship(back_populates="deployments")


class UsedNotice(Model):
    """A notice that was taken; it is good once, and kept until its token would be too old anyway."""

    __tablename__ = "used_notice"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    nonce_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class KeySet(Model):
    """A platform's public keys as last fetched."""

    __tablename__ = "key_set"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    url: Mapped[str] = mapped_column(String(1000))
    """Where it came from; another address makes the row stale."""
    body: Mapped[dict[str, Any]]
    fetched_at: Mapped[datetime]
    attempted_at: Mapped[datetime]
    """The last fetch, also a failed one: the cool-down counts from here."""


class AccessToken(Model):
    """A token for a platform's services, per registration and scopes."""

    __tablename__ = "access_token"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    scopes: Mapped[str] = mapped_column(String(1000), primary_key=True)
    """Sorted, separated by spaces."""
    encrypted: Mapped[bytes]
    expires_at: Mapped[datetime]


class SigningKey(Model):
    """A key pair of ours; the private half is encrypted with a master key."""

    __tablename__ = "signing_key"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_jwk: Mapped[dict[str, Any]]
    encrypted_private_key: Mapped[bytes]
    created_at: Mapped[datetime]
    signs_from: Mapped[datetime] = mapped_column(server_default=func.now())
    """Published before, so that platforms know it when the first message comes that it signed."""
    retired_at: Mapped[datetime | None]
    """From then on it does not sign; it is published for a day more."""
