"""What a person did at the quizzes of a placement, as pages, scores and reports read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from course_builder.package import QuizEntry
from lti_tool.models import Answer, Attempt


@dataclass(frozen=True, slots=True)
class Participant:
    """A person at a placement: what attempts and visits hang on."""

    placement_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class QuizRecord:
    """What a person did at one quiz; the last entry of ``attempts`` may be open."""

    participant: Participant
    quiz_id: str
    attempts: tuple[Attempt, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """Of the newest attempt, by question id."""

    @property
    def newest(self) -> Attempt | None:
        """The newest attempt, open or submitted."""
        return self.attempts[-1] if self.attempts else None

    @property
    def is_submitted(self) -> bool:
        """Whether the newest attempt is submitted; then nothing can be answered before a new one begins."""
        return self.newest is not None and self.newest.submitted_at is not None

    @property
    def number(self) -> int:
        """The newest attempt's number, or that of the first one to come."""
        return self.newest.number if self.newest else 1

    def answer(self, question_id: str) -> Answer | None:
        """Find what the newest attempt holds for a question."""
        return self.answers.get(question_id)


def records(session: Session, participant: Participant, quiz_ids: Iterable[str]) -> dict[str, QuizRecord]:
    """Read what a person did at some quizzes, in two queries."""
    by_quiz: dict[str, list[Attempt]] = {quiz_id: [] for quiz_id in quiz_ids}
    if not by_quiz:
        return {}
    found = session.scalars(
        select(Attempt)
        .where(
            Attempt.placement_id == participant.placement_id,
            Attempt.person_id == participant.person_id,
            Attempt.quiz_id.in_(by_quiz),
        )
        .order_by(Attempt.number)
    )
    for attempt in found:
        by_quiz[attempt.quiz_id].append(attempt)
    newest = {attempts[-1].id: quiz_id for quiz_id, attempts in by_quiz.items() if attempts}
    answers: dict[str, dict[str, Answer]] = {quiz_id: {} for quiz_id in by_quiz}
    if newest:
        for answer in session.scalars(select(Answer).where(Answer.attempt_id.in_(newest))):
            answers[newest[answer.attempt_id]][answer.question_id] = answer
    return {
        quiz_id: QuizRecord(participant, quiz_id, tuple(attempts), answers[quiz_id])
        for quiz_id, attempts in by_quiz.items()
    }


def sum_up(by_quiz: Mapping[str, QuizRecord], quizzes: Iterable[QuizEntry]) -> tuple[Fraction, Fraction]:
    """Add up the best submitted attempt of each quiz; the sum never falls."""
    quizzes = tuple(quizzes)
    points = sum((best_share(by_quiz[quiz.id]) * quiz.points for quiz in quizzes), Fraction(0))
    return points, sum((quiz.points for quiz in quizzes), Fraction(0))


def best_share(record: QuizRecord) -> Fraction:
    """Give how much of a quiz's points the best submitted attempt reached, from 0 to 1."""
    return max((_share(attempt) for attempt in record.attempts if attempt.submitted_at), default=Fraction(0))


def _share(attempt: Attempt) -> Fraction:
    most = Fraction(attempt.max_points or 0)
    return Fraction(attempt.points or 0) / most if most else Fraction(0)
