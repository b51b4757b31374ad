"""Problems with pages and questions: reported by whoever meets them, and seen by the trainers of the activity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from lti_tool.errors import InputError, NotFoundError, TooManyError
from lti_tool.models import ProblemKind, ProblemReport
from lti_tool.services.records import Participant

LONGEST_TEXT = 4000
"""Characters."""
MOST_IN_AN_HOUR = 10
"""Reports of one person at one activity."""
MOST_SHOWN = 100
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Where:
    """What a problem is with, and in which version and language it was met."""

    release_digest: str
    language: str
    page_id: str | None = None
    question_id: str | None = None


def report(
    session: Session, who: Participant, where: Where, kind: ProblemKind, text: str, at: datetime
) -> ProblemReport:
    """Keep a problem for the trainers of the activity.

    Args:
        session: of the database.
        who: reports it.
        where: it was met.
        kind: what it is about.
        text: in the person's words.
        at: now.

    Raises:
        InputError: if the text is empty or too long.
        TooManyError: if this person has reported much in the last hour; a broken script or somebody in a rage does so.
    """
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise InputError("A report needs a text that is not too long.")
    recent = session.scalars(
        select(ProblemReport.reported_at)
        .where(
            ProblemReport.placement_id == who.placement_id,
            ProblemReport.person_id == who.person_id,
            ProblemReport.reported_at > at - _HOUR,
        )
        .order_by(ProblemReport.reported_at)
    ).all()
    if len(recent) >= MOST_IN_AN_HOUR:
        raise TooManyError("There are many reports already.", retry_after=recent[0] + _HOUR - at)
    made = ProblemReport(
        placement_id=who.placement_id,
        person_id=who.person_id,
        release_digest=where.release_digest,
        language=where.language,
        page_id=where.page_id,
        question_id=where.question_id,
        kind=kind,
        text=text.strip(),
        reported_at=at,
    )
    session.add(made)
    session.flush()
    return made


def own_reports(session: Session, who: Participant) -> list[ProblemReport]:
    """List what a person reported at an activity, the newest first."""
    wanted = select(ProblemReport).where(
        ProblemReport.placement_id == who.placement_id, ProblemReport.person_id == who.person_id
    )
    return list(session.scalars(wanted.order_by(ProblemReport.id.desc()).limit(MOST_SHOWN)))


def reports_at(session: Session, placement_id: int, *, is_done: bool) -> list[ProblemReport]:
    """List what was reported at an activity and is open, or is done: at most :data:`MOST_SHOWN`, the newest first."""
    state = ProblemReport.done_at.is_not(None) if is_done else ProblemReport.done_at.is_(None)
    wanted = (
        select(ProblemReport)
        .where(ProblemReport.placement_id == placement_id, state)
        .options(joinedload(ProblemReport.person), joinedload(ProblemReport.release))
    )
    return list(session.scalars(wanted.order_by(ProblemReport.id.desc()).limit(MOST_SHOWN)))


def count_reports(session: Session, placement_id: int) -> tuple[int, int]:
    """Count what was reported at an activity: what is open, and what is done."""
    wanted = select(func.count(), func.count(ProblemReport.done_at)).where(ProblemReport.placement_id == placement_id)
    total, done = session.execute(wanted).one()
    return total - done, done


def settle(session: Session, placement_id: int, report_id: int, at: datetime, *, is_done: bool) -> None:
    """Keep that a report of an activity is done, or is open again.

    Raises:
        NotFoundError: if there is none such at this activity.
    """
    wanted = select(ProblemReport).where(ProblemReport.id == report_id, ProblemReport.placement_id == placement_id)
    found = session.scalar(wanted)
    if found is None:
        raise NotFoundError("There is no such report.")
    if bool(found.done_at) is not is_done:
        found.done_at = at if is_done else None
    session.flush()
