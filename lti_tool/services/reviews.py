"""A gradebook that asks to see what somebody handed in (submission review)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.errors import NotAllowedError, NotFoundError
from lti_tool.lti.claims import LaunchClaims
from lti_tool.models import SELF_CHECK, Answer, Attempt, LateAnswer, Launch, Participation, Person
from lti_tool.services.records import Participant


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A submitted attempt with its answers, by question id."""

    attempt: Attempt
    answers: dict[str, Answer]
    late: dict[str, LateAnswer]
    """What came after the end and counts for nothing."""


def request_of(claims: LaunchClaims) -> dict[str, Any] | None:
    """Give what has to be kept of a request for a review: whom it is about."""
    return {"for_user": claims.for_user} if claims.for_user is not None else None


def subject_of(session: Session, launch: Launch) -> Person:
    """Find whom a review is about: somebody who was at this placement; trainers see everybody, others themselves.

    Raises:
        NotFoundError: if nobody of that name was here.
        NotAllowedError: if the launch is another learner's.
    """
    sub = (launch.request or {}).get("for_user")
    person = session.scalar(
        select(Person)
        .join(Participation, Participation.person_id == Person.id)
        .where(
            Person.registration_id == launch.deployment.registration_id,
            Person.sub == sub,
            Participation.placement_id == launch.placement_id,
        )
    )
    if not launch.is_trainer and sub != launch.person.sub:
        raise NotAllowedError("Only trainers see what other people handed in.")
    if person is None:
        raise NotFoundError("This person has not been here.")
    return person


def participant_of(session: Session, placement_id: int, person_id: int) -> Person:
    """Find somebody who was at a placement, by their row.

    Raises:
        NotFoundError: if they were not.
    """
    was_there = (Participation.placement_id == placement_id, Participation.person_id == person_id)
    person = session.scalar(select(Person).join(Participation, Participation.person_id == Person.id).where(*was_there))
    if person is None:
        raise NotFoundError("This person has not been here.")
    return person


def count_waiting(session: Session, placement_id: int, person_ids: Collection[int]) -> dict[int, int]:
    """Count the answers of some people that wait for a trainer, by person."""
    counted = (
        select(Attempt.person_id, func.count())
        .join(Answer, Answer.attempt_id == Attempt.id)
        .where(Attempt.placement_id == placement_id, Attempt.person_id.in_(person_ids))
        .where(Attempt.quiz_id != SELF_CHECK, Answer.state == "waiting", Attempt.submitted_at.is_not(None))
        .group_by(Attempt.person_id)
    )
    return {person_id: number for person_id, number in session.execute(counted)}  # noqa: C416  (rows are no pairs)


def list_handed_in(session: Session, participant: Participant) -> dict[str, list[Attempt]]:
    """List a person's submitted attempts at a placement, by quiz, the newest first."""
    found: dict[str, list[Attempt]] = {}
    query = select(Attempt).where(
        Attempt.placement_id == participant.placement_id,
        Attempt.person_id == participant.person_id,
        Attempt.submitted_at.is_not(None),
    )
    for attempt in session.scalars(query.order_by(Attempt.number.desc())):
        found.setdefault(attempt.quiz_id, []).append(attempt)
    return found


def read_handed_in(session: Session, participant: Participant, quiz_id: str, number: int) -> HandedIn:
    """Read a submitted attempt.

    Raises:
        NotFoundError: if the person submitted none with this number.
    """
    attempt = session.scalar(
        select(Attempt).where(
            Attempt.placement_id == participant.placement_id,
            Attempt.person_id == participant.person_id,
            Attempt.quiz_id == quiz_id,
            Attempt.number == number,
            Attempt.submitted_at.is_not(None),
        )
    )
    if attempt is None:
        raise NotFoundError("There is no such attempt.")
    answers = session.scalars(select(Answer).where(Answer.attempt_id == attempt.id))
    late = session.scalars(select(LateAnswer).where(LateAnswer.attempt_id == attempt.id))
    return HandedIn(
        attempt,
        {answer.question_id: answer for answer in answers},
        {answer.question_id: answer for answer in late},
    )
