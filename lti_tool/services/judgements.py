"""What waits for a person: a trainer gives points and a comment, which complete the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from course_builder.package import Manifest
from course_builder.scoring.key import BY_PERSON
from lti_tool.errors import InputError
from lti_tool.models import Answer, Attempt, Columns, Judgement, Person, Score
from lti_tool.services import attempts, line_items, records, scores
from lti_tool.services.records import Participant
from lti_tool.services.shelf import OpenRelease

LONGEST_COMMENT = 2000
"""Characters of a comment on one answer."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a trainer gives for an answer."""

    points: Fraction
    comment: str


def asked_for(release: OpenRelease, attempt: Attempt, answers: Mapping[str, Answer]) -> list[str]:
    """Name the questions of a submitted attempt that a person judges, whether judged or not."""
    quiz = release.manifest.quiz(attempt.quiz_id)
    questions = attempts.questions_of(quiz, attempt.seed) if quiz else []
    return [
        question_id
        for question_id in questions
        if question_id in answers
        and answers[question_id].state not in {None, "unanswered"}
        # What could not be asked back before the time was over waits for a person, too.
        and (release.key(question_id).type in BY_PERSON or attempts.is_unclear(answers[question_id], release))
    ]


def of_attempts(session: Session, attempt_ids: Sequence[int]) -> dict[tuple[int, str], Judgement]:
    """Give the newest judgement of each answer of some attempts, by attempt and question."""
    query = select(Judgement).where(Judgement.attempt_id.in_(attempt_ids)).order_by(Judgement.id)
    return {(each.attempt_id, each.question_id): each for each in session.scalars(query)}


def judge(
    session: Session,
    attempt: Attempt,
    release: OpenRelease,
    given: Mapping[str, Given],
    trainer: Person,
    at: datetime,
) -> bool:
    """Write down what a trainer gives, and what the attempt is worth then; says whether that changed anything.

    Earlier judgements of the same answers stay in the table; the newest counts.

    Args:
        session: of the database.
        attempt: submitted.
        release: the version that the attempt is pinned to.
        given: by question.
        trainer: who judges.
        at: now.

    Raises:
        InputError: if nobody is asked to judge an answer, or the points are more than there are.
    """
    # The lock that submitting takes, too: what is summed up below is what everybody else sees.
    scores.hold(session, attempt.person_id)
    session.refresh(attempt)
    answers = {each.question_id: each for each in session.scalars(_answers(attempt))}
    known = of_attempts(session, [attempt.id])
    asked = asked_for(release, attempt, answers)
    has_changed = False
    for question_id, each in given.items():
        most = release.key(question_id).points if question_id in asked else Fraction(0)
        if question_id not in asked or not 0 <= each.points <= most or len(each.comment) > LONGEST_COMMENT:
            raise InputError("This is no judgement of the answer.")
        before = known.get((attempt.id, question_id))
        if before is not None and (Fraction(before.points), before.comment) == (each.points, each.comment):
            continue
        has_changed = True
        row = Judgement(
            attempt_id=attempt.id,
            question_id=question_id,
            points=str(each.points),
            comment=each.comment,
            trainer_id=trainer.id,
            judged_at=at,
        )
        session.add(row)
        answers[question_id].points, answers[question_id].comment = str(each.points), each.comment
        answers[question_id].state = "right" if each.points == most else "partly" if each.points else "wrong"
    quiz = release.manifest.quiz(attempt.quiz_id)
    counted = attempts.questions_of(quiz, attempt.seed) if quiz else []
    earned = (Fraction(answers[each].points or 0) for each in counted if each in answers)
    attempt.points = str(sum(earned, Fraction(0)))
    session.flush()
    return has_changed


def report(session: Session, attempt: Attempt, manifest: Manifest, at: datetime) -> Score | None:
    """Queue the score that a judgement completed, with the comments, for the column that the attempt's score went to.

    Args:
        session: with the transaction of the judgement.
        attempt: judged.
        manifest: of what the placement shows.
        at: now.
    """
    placement = attempt.placement
    newest = select(Score.line_item_url).where(Score.attempt_id == attempt.id).order_by(Score.scored_at.desc())
    goes_to = session.scalar(newest.limit(1)) or line_items.target(
        session, placement, placement.line_item_url, attempt.quiz_id
    )
    quizzes = manifest.quizzes
    if placement.columns is Columns.QUIZ:
        quizzes = tuple(quiz for quiz in quizzes if quiz.id == attempt.quiz_id)
    who = Participant(attempt.placement_id, attempt.person_id)
    points, most = records.sum_up(records.records(session, who, [quiz.id for quiz in quizzes]), quizzes)
    if most <= 0:
        return None
    comments = [each.comment for each in of_attempts(session, [attempt.id]).values() if each.comment]
    return scores.queue_score(
        session,
        attempt=attempt,
        launch_line_item_url=goes_to,
        points=points,
        max_points=most,
        at=at,
        is_again=True,
        comment="\n\n".join(comments),
    )


def _answers(attempt: Attempt) -> Select[Answer]:
    return select(Answer).where(Answer.attempt_id == attempt.id).execution_options(populate_existing=True)
