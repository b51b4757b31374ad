"""Test launches: for a while, what each launch of a platform brings is kept, masked, for its administrator to see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.lti.masking import masked_claims
from lti_tool.lti.vocabulary import GRADES, LTI
from lti_tool.models import Registration, TestLaunch
from lti_tool.platforms.installing.abilities import Ability
from lti_tool.platforms.installing.tool import AGS, CUSTOM
from lti_tool.services import audit

WATCHED = timedelta(minutes=15)
KEPT = 5
_NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"


def watch(session: Session, registration: Registration, at: datetime, actor: str) -> None:
    """Watch the launches of the next minutes; what was seen before is forgotten."""
    session.execute(delete(TestLaunch).where(TestLaunch.registration_id == registration.id))
    registration.watched_until = at + WATCHED
    audit.record(session, actor=actor, at=at, action="test-launch", subject=registration.title)


def record(
    session: Session,
    number: int,
    claims: Mapping[str, Any],
    at: datetime,
    *,
    keeps_cookie: bool | None,
    problem: str | None = None,
) -> None:
    """Keep what a watched launch brought; of many the newest stay.

    Args:
        session: of the database.
        number: the registration's.
        claims: of its token, verified; empty where the token was not good.
        at: now.
        keeps_cookie: whether the browser kept the tool's cookie.
        problem: the code of what went wrong.
    """
    session.add(
        TestLaunch(
            registration_id=number, at=at, keeps_cookie=keeps_cookie, problem=problem, claims=masked_claims(claims)
        )
    )
    session.flush()
    ours = TestLaunch.registration_id == number
    newest = select(TestLaunch.id).where(ours).order_by(TestLaunch.id.desc()).limit(KEPT).scalar_subquery()
    session.execute(delete(TestLaunch).where(ours, TestLaunch.id.not_in(newest)))


def seen(session: Session, number: int) -> list[TestLaunch]:
    """List the launches that were watched, the newest first."""
    wanted = select(TestLaunch).where(TestLaunch.registration_id == number).order_by(TestLaunch.id.desc())
    return list(session.scalars(wanted))


def brought(claims: Mapping[str, Any]) -> dict[Ability, bool | None]:
    """Say of each ability whether a launch's masked claims allow it; choosing content is another message."""
    endpoint, custom = claims.get(GRADES), claims.get(f"{LTI}custom")
    scopes = endpoint.get("scope") if isinstance(endpoint, dict) else None
    scopes = scopes if isinstance(scopes, list) else []
    custom = custom if isinstance(custom, dict) else {}
    return {
        Ability.GRADES: AGS + "score" in scopes and bool(isinstance(endpoint, dict) and endpoint.get("lineitem")),
        Ability.COLUMNS: AGS + "lineitem" in scopes,
        Ability.RESULTS: AGS + "result.readonly" in scopes,
        Ability.ROSTER: _NRPS in claims,
        Ability.NAMES: any(claims.get(name) for name in ("name", "given_name", "family_name")),
        Ability.COPIES: _knows_copies([str(custom[name] or "") for name in CUSTOM if name in custom]),
    }


def _knows_copies(histories: list[str]) -> bool | None:
    """Judge the variables of course copies: a course that is none has an empty history, which says nothing."""
    filled = [history for history in histories if not history.startswith("$")]
    return None if filled and not any(filled) else any(filled)
