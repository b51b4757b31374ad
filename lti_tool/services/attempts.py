"""Attempts: begun by the first answer, saved as drafts, checked or submitted, scored here and nowhere else.

An attempt is named by (placement, person, quiz, number), so nobody can name another person's. Before its first answer
it needs no row: its seed comes from a secret and that name, so that reading a page writes nothing.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from course_builder.draw import drawn_questions
from course_builder.package import QuizEntry
from course_builder.player.unclear import find_readings
from course_builder.scoring import Key, Response, score
from lti_tool.errors import ConflictError, InputError
from lti_tool.models import SELF_CHECK, Answer, Attempt
from lti_tool.services.records import Participant
from lti_tool.services.shelf import OpenRelease


class StaleAnswerError(ConflictError):
    """Another window saved another answer in the meantime; ``answer`` is that one."""

    def __init__(self, message: str, answer: Answer) -> None:
        super().__init__(message)
        self.answer = answer


class UnclearAnswerError(InputError):
    """An answer reads in two ways, or in none: the person is asked which is meant."""


def seed(secret: str, participant: Participant, quiz_id: str, number: int) -> bytes:
    """Give the seed that an attempt has, or will have once it begins."""
    name = f"attempt\0{participant.placement_id}\0{participant.person_id}\0{quiz_id}\0{number}"
    return hmac.digest(secret.encode(), name.encode(), "sha256")


def open_attempt(
    session: Session,
    participant: Participant,
    quiz_id: str,
    number: int,
    *,
    release_digest: str,
    secret: str,
    at: datetime,
) -> Attempt:
    """Find the open attempt with this number and lock it, or begin it.

    Raises:
        ConflictError: if this attempt is submitted, or another number is the next one.
    """
    newest = find_newest(session, participant, quiz_id)
    if newest is not None and newest.number == number and newest.submitted_at is None:
        return newest
    if number != (newest.number + 1 if newest else 1) or (newest and newest.submitted_at is None):
        raise ConflictError("These answers belong to an attempt that was submitted in another window.")
    attempt = Attempt(
        placement_id=participant.placement_id,
        person_id=participant.person_id,
        quiz_id=quiz_id,
        number=number,
        release_digest=release_digest,
        seed=seed(secret, participant, quiz_id, number),
        started_at=at,
    )
    try:
        with session.begin_nested():
            session.add(attempt)
    except IntegrityError:
        # Another window began it at the same moment; the database lets only one of them be.
        return open_attempt(session, participant, quiz_id, number, release_digest=release_digest, secret=secret, at=at)
    return attempt


def find_answer(session: Session, attempt: Attempt, question_id: str) -> Answer | None:
    """Find what an attempt holds for a question."""
    return session.get(Answer, (attempt.id, question_id))


def save_answer(
    session: Session,
    attempt: Attempt,
    key: Key,
    question_id: str,
    response: Response,
    began_from: int,
    at: datetime,
) -> Answer:
    """Keep a draft in an open, locked attempt.

    ``began_from`` is the revision of the answer that the person saw when they began; 0 for none.

    Raises:
        StaleAnswerError: if another answer was saved since; it stays.
        InputError: if the last try was used, or the answer was right already.
    """
    answer = find_answer(session, attempt, question_id)
    if answer is None:
        answer = _unanswered(attempt, question_id, at)
        session.add(answer)
    elif answer.response == response:
        return answer
    elif answer.revision != began_from:
        raise StaleAnswerError("This question was answered in another window as well.", answer)
    elif answer.tries_used and (answer.state == "right" or answer.tries_used == key.tries):
        raise InputError("This question cannot be answered again.")
    answer.response = response
    answer.revision += 1
    answer.saved_at = at
    answer.state = answer.points = None
    session.flush()
    return answer


def questions_of(quiz: QuizEntry, attempt_seed: bytes) -> list[str]:
    """Give the questions that an attempt at a quiz has: of each pool those that its seed draws."""
    return drawn_questions(attempt_seed, quiz.questions, [(pool.questions, pool.draw) for pool in quiz.pools])


def has_question(attempt: Attempt, release: OpenRelease, question_id: str) -> bool:
    """Whether a question is one of an attempt's: in its quiz, and drawn where there is a pool."""
    quiz = release.quiz_of(question_id)
    if quiz is None:
        return attempt.quiz_id == SELF_CHECK and release.has_question(question_id)
    return attempt.quiz_id == quiz.id and question_id in questions_of(quiz, attempt.seed)


def check_answer(session: Session, answer: Answer, release: OpenRelease, language: str) -> None:
    """Use a try of a question that has a check of its own; the same answer again is no further try.

    ``language`` is the one in which the question was answered.

    Raises:
        InputError: if nothing was answered, or no try is left.
        UnclearAnswerError: if the answer reads in two ways, or in none; no try is used.
    """
    if answer.state is not None:
        return
    _refuse_unclear(answer, release)
    key = release.key(answer.question_id, language)
    if not answer.response:
        raise InputError("Choose an answer first.")
    if key.tries is not None and answer.tries_used >= key.tries:
        raise InputError("No try is left for this question.")
    _score(answer, key, answer.tries_used + 1)
    session.flush()


def open_hint(session: Session, attempt: Attempt, question_id: str, release: OpenRelease, at: datetime) -> Answer:
    """Open the next hint of a question; what it costs is taken off when the answer is scored."""
    costs = release.key(question_id).hint_costs
    answer = find_answer(session, attempt, question_id)
    if answer is None:
        answer = _unanswered(attempt, question_id, at)
        session.add(answer)
    if len(answer.hints_opened) < len(costs):
        answer.hints_opened = [*answer.hints_opened, str(len(answer.hints_opened))]
    session.flush()
    return answer


def submit(session: Session, attempt: Attempt, release: OpenRelease, language: str, at: datetime) -> None:
    """Score an open, locked attempt and close it; questions without an answer earn nothing.

    Raises:
        UnclearAnswerError: if an answer reads in two ways, or in none; nothing is scored.
    """
    quiz = release.manifest.quiz(attempt.quiz_id)
    if quiz is None:
        raise InputError("This attempt cannot be submitted.")
    given = {
        answer.question_id: answer for answer in session.scalars(select(Answer).where(Answer.attempt_id == attempt.id))
    }
    for kept in given.values():
        _refuse_unclear(kept, release)
    points = Fraction(0)
    for question_id in questions_of(quiz, attempt.seed):
        answer = given.get(question_id)
        if answer is None:
            answer = _unanswered(attempt, question_id, at)
            session.add(answer)
        if answer.state is None:
            key = release.key(question_id, language)
            _score(answer, key, answer.tries_used + 1 if key.tries is None else min(answer.tries_used + 1, key.tries))
        points += Fraction(answer.points or 0)
    attempt.points, attempt.max_points, attempt.submitted_at = str(points), str(quiz.points), at
    session.flush()


def _refuse_unclear(answer: Answer, release: OpenRelease) -> None:
    """Let nothing be scored that has to be asked back, whatever it would be worth."""
    text = release.question(release.manifest.source_language, answer.question_id)
    if answer.state is None and find_readings(text, answer.response) is not None:
        raise UnclearAnswerError("This answer can be read in several ways.")


def find_newest(session: Session, participant: Participant, quiz_id: str) -> Attempt | None:
    """Find the newest attempt at a quiz and lock it, so that nothing is saved while it is being submitted."""
    return session.scalar(
        select(Attempt)
        .where(
            Attempt.placement_id == participant.placement_id,
            Attempt.person_id == participant.person_id,
            Attempt.quiz_id == quiz_id,
        )
        .order_by(Attempt.number.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _score(answer: Answer, key: Key, tries_used: int) -> None:
    """Write what an answer earned into its row."""
    hints = [int(hint) for hint in answer.hints_opened]
    result = score(key, answer.response, tries_used, hints)
    answer.tries_used, answer.points, answer.state = tries_used, str(result.points), result.state


def _unanswered(attempt: Attempt, question_id: str, at: datetime) -> Answer:
    return Answer(
        attempt_id=attempt.id,
        question_id=question_id,
        response=None,
        revision=0,
        tries_used=0,
        hints_opened=[],
        saved_at=at,
    )
