"""What a person did at the quizzes of a placement, as pages, scores and reports read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Answer, Attempt, Placement
from lti_tool.services import allowances, quiz_rules
from lti_tool.services.quiz_rules import Hindrance, Rules


class Weighed(Protocol):
    """A quiz, as far as sums go."""

    @property
    def id(self) -> str:
        """The quiz's id."""
        ...

    @property
    def points(self) -> Fraction:
        """What it can earn."""
        ...


@dataclass(frozen=True, slots=True)
class Participant:
    """A person at a placement: what attempts and visits hang on."""

    placement_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class QuizRecord:
    """What a person did at one quiz; the last entry of ``attempts`` may be open, and none of them was set aside."""

    participant: Participant
    quiz_id: str
    attempts: tuple[Attempt, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """Of the newest attempt, by question id."""
    rules: Rules = Rules()
    last_number: int = 0
    """Of all attempts, those that were set aside among them."""

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
        """The newest attempt's number, or that of the next one to come."""
        return self.newest.number if self.newest else self.last_number + 1

    @property
    def ordinal(self) -> int:
        """The same as people count it, who are not told of what was set aside."""
        return max(1, len(self.attempts))

    @property
    def left(self) -> int | None:
        """How many attempts may still begin; ``None``: as many as one likes."""
        return None if self.rules.attempts is None else max(0, self.rules.attempts - len(self.attempts))

    def hindrance(self, at: datetime) -> Hindrance | None:
        """Say why no attempt may begin now; nothing if one may."""
        return quiz_rules.hindrance(self.rules, len(self.attempts), at)

    @property
    def ends_at(self) -> datetime | None:
        """When the newest attempt, if it is open, ends by itself."""
        is_open = self.newest is not None and not self.is_submitted
        return quiz_rules.ends_at(self.rules, self.newest.started_at) if self.newest and is_open else None

    def is_over(self, at: datetime) -> bool:
        """Whether the newest attempt is open and nothing is saved in it any more."""
        is_open = self.newest is not None and not self.is_submitted
        return bool(self.newest and is_open and quiz_rules.is_over(self.rules, self.newest.started_at, at))

    @property
    def is_shuffled(self) -> bool:
        """Whether the newest attempt, or the first one to come, has an order of its own."""
        return self.newest.is_shuffled if self.newest else self.rules.is_shuffled

    def shows_results(self, at: datetime) -> bool:
        """Whether the person sees what was right in the newest attempt."""
        return quiz_rules.shows_results(self.rules, at, is_submitted=self.is_submitted)

    @property
    def share(self) -> Fraction:
        """How much of the quiz's points counts, from 0 to 1."""
        return quiz_rules.share(self.rules, self.attempts)

    def answer(self, question_id: str) -> Answer | None:
        """Find what the newest attempt holds for a question."""
        return self.answers.get(question_id)


def records(session: Session, participant: Participant, quiz_ids: Iterable[str]) -> dict[str, QuizRecord]:
    """Read what a person did at some quizzes, in two queries where the placement is known."""
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
    last_numbers: dict[str, int] = {}
    for attempt in found:
        last_numbers[attempt.quiz_id] = attempt.number
        if attempt.set_aside_at is None:
            by_quiz[attempt.quiz_id].append(attempt)
    newest = {attempts[-1].id: quiz_id for quiz_id, attempts in by_quiz.items() if attempts}
    answers: dict[str, dict[str, Answer]] = {quiz_id: {} for quiz_id in by_quiz}
    if newest:
        for answer in session.scalars(select(Answer).where(Answer.attempt_id.in_(newest))):
            answers[newest[answer.attempt_id]][answer.question_id] = answer
    placement = session.get_one(Placement, participant.placement_id)
    given = allowances.of_person(session, placement, participant.person_id)
    return {
        quiz_id: QuizRecord(
            participant,
            quiz_id,
            tuple(attempts),
            answers[quiz_id],
            quiz_rules.allow(rules_at(placement, quiz_id), given.get(quiz_id, ())),
            last_numbers.get(quiz_id, 0),
        )
        for quiz_id, attempts in by_quiz.items()
    }


def rules_at(placement: Placement, quiz_id: str) -> Rules:
    """Read the rules of a quiz at a placement, for everybody; those of self-checks are the author's."""
    return quiz_rules.read_rules((placement.quiz_rules or {}).get(quiz_id))


def rules_for(session: Session, placement: Placement, person_id: int, quiz_id: str) -> Rules:
    """Read the rules of a quiz as they hold for one person."""
    given = allowances.of_person(session, placement, person_id)
    return quiz_rules.allow(rules_at(placement, quiz_id), given.get(quiz_id, ()))


def sum_up(by_quiz: Mapping[str, QuizRecord], quizzes: Iterable[Weighed]) -> tuple[Fraction, Fraction]:
    """Add up what counts of each quiz."""
    quizzes = tuple(quizzes)
    points = sum((by_quiz[quiz.id].share * quiz.points for quiz in quizzes), Fraction(0))
    return points, sum((quiz.points for quiz in quizzes), Fraction(0))
