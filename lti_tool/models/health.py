"""How a platform is doing: the last checks, what went wrong at launches, and launches that an administrator watches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.extensions import Model


class PlatformCheck(Model):
    """What the last check of a platform found."""

    __tablename__ = "platform_check"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    checked_at: Mapped[datetime]
    findings: Mapped[dict[str, Any]]
    """``findings``: a list of objects with ``subject``, ``state``, ``code`` and ``said``."""


class LaunchProblem(Model):
    """One way in which launches of a platform failed, and how often."""

    __tablename__ = "launch_problem"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(50), primary_key=True)
    """Of a :class:`lti_tool.errors.LaunchError`; the views have the words."""
    times: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    detail: Mapped[str] = mapped_column(String(500))
    """Of the last time, without secrets."""


class TestLaunch(Model):
    """A launch that came while an administrator watched: what it brought, without what is personal."""

    __tablename__ = "test_launch"
    __test__ = False
    """It is no test, whatever pytest thinks."""

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    keeps_cookie: Mapped[bool | None]
    """Whether the browser kept the tool's cookie; ``None`` where the launch failed before that was known."""
    problem: Mapped[str | None] = mapped_column(String(50))
    """The code of what went wrong."""
    claims: Mapped[dict[str, Any]]
    """Masked (``lti/masking.py``)."""
