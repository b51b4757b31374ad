"""Scores that were earned before there was a column for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from course_builder.package import Manifest
from lti_tool.models import SELF_CHECK, Attempt, Columns, Participation, Placement, Score
from lti_tool.services import line_items, scores
from lti_tool.services.records import Participant, records, sum_up


def queue(session: Session, placement: Placement, manifest: Manifest, at: datetime) -> int:
    """Queue what learners earned at a placement and no gradebook was told; says how many scores that are.

    What counts of each quiz counts here, too (``services/quiz_rules.py``).
    """
    by_quiz = placement.columns is Columns.QUIZ
    newest = func.max(Attempt.id)
    query = (
        select(newest)
        .join(
            Participation,
            (Participation.placement_id == Attempt.placement_id) & (Participation.person_id == Attempt.person_id),
        )
        .where(
            Attempt.placement_id == placement.id,
            Attempt.quiz_id != SELF_CHECK,
            Attempt.submitted_at.is_not(None),
            Attempt.set_aside_at.is_(None),
            Participation.is_trainer.is_(False),
            ~exists().where(Score.placement_id == placement.id, Score.person_id == Attempt.person_id),
        )
        .group_by(Attempt.person_id, *([Attempt.quiz_id] if by_quiz else []))
    )
    queued = 0
    for attempt in session.scalars(select(Attempt).where(Attempt.id.in_(query)).order_by(Attempt.id)).all():
        who = Participant(placement.id, attempt.person_id)
        quizzes = [quiz for quiz in manifest.quizzes if not by_quiz or quiz.id == attempt.quiz_id]
        points, most = sum_up(records(session, who, [quiz.id for quiz in quizzes]), quizzes)
        goes_to = line_items.target(session, placement, None, attempt.quiz_id)
        if most > 0 and scores.queue_score(
            session, attempt=attempt, launch_line_item_url=goes_to, points=points, max_points=most, at=at
        ):
            queued += 1
    return queued
