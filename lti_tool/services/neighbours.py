"""The other activities of a course that a person may look into from one of them."""

from __future__ import annotations

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lti_tool.models import Participation, Placement
from lti_tool.services.records import Participant

MOST = 20


def neighbours_of(session: Session, placement: Placement, who: Participant, *, is_trainer: bool) -> list[Placement]:
    """List the other activities of the course that show a module, at most :data:`MOST`.

    Learners get those that they have opened: an LMS may keep an activity from them, and does not say which.
    """
    if placement.context_id is None:
        return []
    wanted = select(Placement).where(
        Placement.context_id == placement.context_id,
        Placement.id != placement.id,
        Placement.release_digest.is_not(None),
    )
    if not is_trainer:
        was_here = and_(Participation.placement_id == Placement.id, Participation.person_id == who.person_id)
        wanted = wanted.join(Participation, was_here)
    return list(session.scalars(wanted.order_by(Placement.id).limit(MOST)))
