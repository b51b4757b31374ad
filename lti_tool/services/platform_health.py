"""How a platform is doing: checks that somebody asked for, and what the database knows of launches and grades."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lti_tool.errors import NotFoundError
from lti_tool.logs import masked
from lti_tool.lti.egress import Egress
from lti_tool.lti.probing import Finding, probe
from lti_tool.lti.text import label
from lti_tool.lti.tokens import Client
from lti_tool.lti.vault import Vault
from lti_tool.models import Deployment, Launch, LaunchProblem, Message, PlatformCheck, Registration, Score, ScoreState
from lti_tool.platforms.installing.tool import SCOPES
from lti_tool.services.clients import open_client
from lti_tool.upsert import put

LAST_LAUNCHES, LAST_PROBLEMS = 10, 20


@dataclass(frozen=True, slots=True)
class Examined:
    """What a check needs once the transaction is over."""

    registration_id: int
    key_set_url: str
    client: Client


@dataclass(frozen=True, slots=True)
class LastLaunch:
    """A launch, without who it was."""

    at: datetime
    message: Message
    is_trainer: bool
    is_learner: bool
    keeps_cookie: bool
    document_target: str | None


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Scores that wait or failed for one reason."""

    state: ScoreState
    reason: str | None
    scores: int


def begin_check(session: Session, vault: Vault, number: int, at: datetime) -> Examined:
    """Read what a check needs.

    Raises:
        NotFoundError: if there is no such platform.
        SettingsError: if there is no key to sign with.
    """
    registration = session.get(Registration, number)
    if registration is None:
        raise NotFoundError(f"There is no platform {number}; `lti-tool platforms list` shows those there are.")
    granted = (registration.granted or {}).get("scopes")
    # A platform may refuse a token altogether where it grants less than is asked for.
    scopes = tuple(scope for scope in SCOPES if granted is None or scope in granted) or SCOPES
    client, _kept = open_client(session, vault, registration, scopes, at)
    return Examined(registration.id, registration.key_set_url, client)


def check(examined: Examined, egress: Egress, leeway: timedelta, clock: Callable[[], datetime]) -> list[Finding]:
    """Ask the platform; no transaction may be open, and it takes three calls' deadlines at most."""
    found = probe(egress, examined.key_set_url, examined.client, leeway, clock)
    return [
        Finding(subject=each.subject, state=each.state, code=each.code, said=masked(label(each.said, 500) or ""))
        for each in found
    ]


def keep(session: Session, number: int, findings: list[Finding], at: datetime) -> None:
    """Keep what a check found, for the page."""
    values = {"checked_at": at, "findings": {"findings": [asdict(finding) for finding in findings]}}
    put(session, PlatformCheck, {"registration_id": number}, values)


def last_check(session: Session, number: int) -> tuple[datetime, list[Finding]] | None:
    """Give what the last check found, and when."""
    kept = session.get(PlatformCheck, number)
    if kept is None:
        return None
    return kept.checked_at, [Finding(**finding) for finding in kept.findings["findings"]]


def last_launches(session: Session, number: int) -> list[LastLaunch]:
    """List the last launches through a registration, the newest first."""
    wanted = (
        select(
            Launch.created_at,
            Launch.message,
            Launch.is_trainer,
            Launch.is_learner,
            Launch.browser_hash.is_not(None),
            Launch.document_target,
        )
        .join(Deployment, Deployment.id == Launch.deployment_id)
        .where(Deployment.registration_id == number, Launch.proof_ticket_hash.is_(None))
        .order_by(Launch.id.desc())
        .limit(LAST_LAUNCHES)
    )
    return [LastLaunch(*row) for row in session.execute(wanted)]


def note_problem(session: Session, number: int, code: str, detail: str, at: datetime) -> None:
    """Count a launch that failed; one row for each way to fail, so that nobody can fill a table."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    said = masked(label(detail, 500) or "")[:500]
    row = insert(LaunchProblem).values(registration_id=number, code=code[:50], times=1, last_at=at, detail=said)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["registration_id", "code"],
            set_={"times": LaunchProblem.times + 1, "last_at": at, "detail": said},
        )
    )


def last_problems(session: Session, number: int) -> list[LaunchProblem]:
    """List what went wrong at launches, the newest first."""
    wanted = select(LaunchProblem).where(LaunchProblem.registration_id == number)
    return list(session.scalars(wanted.order_by(LaunchProblem.last_at.desc()).limit(LAST_PROBLEMS)))


def undelivered(session: Session, number: int) -> list[Undelivered]:
    """Count the scores that wait after a try, or failed, by their reason."""
    wanted = (
        select(Score.state, Score.reason, func.count())
        .where(
            Score.registration_id == number,
            Score.state.in_([ScoreState.WAITING, ScoreState.FAILED]),
            Score.reason.is_not(None),
        )
        .group_by(Score.state, Score.reason)
        .order_by(Score.state, Score.reason)
    )
    return [Undelivered(*row) for row in session.execute(wanted)]
