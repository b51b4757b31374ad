"""What administrators learn of launches: how those of a platform failed, and what those brought that they watch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import g
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lti_tool.extensions import db
from lti_tool.logs import get_logger
from lti_tool.services import platform_health, test_launches

log = get_logger()


def begin(number: int, *, is_watched: bool = False) -> None:
    """Remember through which registration this request launches."""
    g.launching, g.is_watched, g.verified_claims = number, is_watched, {}


def verified(claims: dict[str, Any]) -> dict[str, Any]:
    """Remember the claims of a token that is the platform's own."""
    g.verified_claims = claims
    return claims


def arrived(session: Session, at: datetime, *, keeps_cookie: bool) -> None:
    """Keep what a launch brought, if somebody watches."""
    if g.get("is_watched"):
        test_launches.record(session, g.launching, _claims(), at, keeps_cookie=keeps_cookie)


def failed(code: str, detail: str) -> None:
    """Count a launch that failed, where it is known whose it was; its own transaction, which may fail quietly."""
    number: int | None = g.get("launching")
    if number is None:
        return
    session, at = db.session(), datetime.now(UTC)
    try:
        session.rollback()
        platform_health.note_problem(session, number, code, detail, at)
        if g.is_watched:
            test_launches.record(session, number, _claims(), at, keeps_cookie=None, problem=code)
        session.commit()
    except SQLAlchemyError:
        session.rollback()
        log.exception("launch-problem-not-kept", code=code)


def _claims() -> Mapping[str, Any]:
    claims: Mapping[str, Any] = g.get("verified_claims", {})
    return claims
