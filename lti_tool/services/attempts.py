"""Attempts: begun by the first answer, saved as drafts, checked or submitted, scored here and nowhere else.

An attempt is named by (placement, person, quiz, number), so nobody can name another person's. Before its first answer
it needs no row: its seed comes from a secret and that name, so that reading a page writes nothing.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from fractions import Fraction

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from course_builder.draw import drawn_questions, shuffled_questions
from course_builder.package import QuizEntry
from course_builder.player.unclear import find_readings
from course_builder.scoring import Key, Response, score
from lti_tool.errors import ConflictError, InputError
from lti_tool.models import SELF_CHECK, Answer, Attempt, LateAnswer
from lti_tool.services import quiz_rules
from lti_tool.services.quiz_rules import AS_THE_AUTHOR_SAYS, Hindrance, Rules
from lti_tool.services.records import Participant
from lti_tool.services.shelf import OpenRelease

HOW_SURE = (1, 2, 3)
"""A guess, fairly sure, very sure."""


class StaleAnswerError(ConflictError):
    """Another window saved another answer in the meantime; ``answer`` is that one."""

    def __init__(self, message: str, answer: Answer) -> None:
        super().__init__(message)
        self.answer = answer


class HinderedError(ConflictError):
    """The rules let no attempt begin; ``hindrance`` says why."""

    def __init__(self, message: str, hindrance: Hindrance) -> None:
        super().__init__(message)
        self.hindrance = hindrance


class TimeIsUpError(ConflictError):
    """The attempt has ended by itself, or was submitted when it did; ``attempt`` is that one, locked."""

    def __init__(self, message: str, attempt: Attempt) -> None:
        super().__init__(message)
        self.attempt = attempt


class SubmittedError(ConflictError):
    """The attempt was submitted, in another window or on another device; ``attempt`` is that one."""

    def __init__(self, message: str, attempt: Attempt) -> None:
        super().__init__(message)
        self.attempt = attempt


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
    rules: Rules = AS_THE_AUTHOR_SAYS,
) -> Attempt:
    """Find the open attempt with this number and lock it, or begin it.

    Raises:
        HinderedError: if the rules let none begin.
        TimeIsUpError: if its time is over, or the quiz is closed.
        SubmittedError: if this attempt is submitted.
        ConflictError: if another number is the next one.
    """
    newest = find_newest(session, participant, quiz_id)
    if newest is not None and newest.number == number and newest.submitted_at is None:
        newest.ends_at = quiz_rules.ends_at(rules, newest.started_at)
        if quiz_rules.is_over(rules, newest.started_at, at):
            raise TimeIsUpError("The time of this attempt is over.", newest)
        return newest
    if newest is not None and newest.number >= number:
        closed = newest if newest.number == number else _find(session, participant, quiz_id, number)
        if closed is not None and closed.is_ended_by_tool:
            raise TimeIsUpError("This attempt was submitted when its time was over.", closed)
        if closed is not None and closed.submitted_at is not None:
            raise SubmittedError("This attempt was submitted in another window.", closed)
    if number != (newest.number + 1 if newest else 1) or (newest and newest.submitted_at is None):
        raise ConflictError("These answers belong to an attempt that was submitted in another window.")
    begun = _count_standing(session, participant, quiz_id, number) if newest and rules.attempts is not None else 0
    if hindrance := quiz_rules.hindrance(rules, begun, at):
        raise HinderedError("No attempt may begin.", hindrance)
    attempt = Attempt(
        placement_id=participant.placement_id,
        person_id=participant.person_id,
        quiz_id=quiz_id,
        number=number,
        release_digest=release_digest,
        seed=seed(secret, participant, quiz_id, number),
        is_shuffled=rules.is_shuffled,
        started_at=at,
        ends_at=quiz_rules.ends_at(rules, at),
    )
    try:
        with session.begin_nested():
            session.add(attempt)
    except IntegrityError:
        # Another window began it at the same moment; the database lets only one of them be.
        return open_attempt(
            session, participant, quiz_id, number, release_digest=release_digest, secret=secret, at=at, rules=rules
        )
    return attempt


def _find(session: Session, participant: Participant, quiz_id: str, number: int) -> Attempt | None:
    """Find an attempt by its number."""
    return session.scalar(
        select(Attempt).where(
            Attempt.placement_id == participant.placement_id,
            Attempt.person_id == participant.person_id,
            Attempt.quiz_id == quiz_id,
            Attempt.number == number,
        )
    )


def _count_standing(session: Session, participant: Participant, quiz_id: str, number: int) -> int:
    """Count the attempts before this one that were not set aside.

    Another window may have begun this very one since the newest was read; then it is found, and not one too many.
    """
    query = select(func.count()).where(
        Attempt.placement_id == participant.placement_id,
        Attempt.person_id == participant.person_id,
        Attempt.quiz_id == quiz_id,
        Attempt.number < number,
        Attempt.set_aside_at.is_(None),
    )
    return session.scalar(query) or 0


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


def note_how_sure(session: Session, attempt: Attempt, question_id: str, how_sure: int | None) -> None:
    """Keep how sure somebody is of an answer in an open, locked attempt; nothing where there is no answer.

    Raises:
        InputError: if it is none of the degrees that are offered.
    """
    if how_sure is not None and how_sure not in HOW_SURE:
        raise InputError("This is none of the degrees that are offered.")
    answer = find_answer(session, attempt, question_id)
    if answer is not None and answer.response:
        answer.how_sure = how_sure
        session.flush()


def keep_late(
    session: Session,
    attempt: Attempt,
    question_id: str,
    response: Response,
    typed_at: datetime | None,
    at: datetime,
) -> bool:
    """Keep an answer that came after the end, for the trainer; says whether it was another than the one that counts.

    One that was written before the end, by the clock of the device, gives way to no later one.
    """
    counts = find_answer(session, attempt, question_id)
    if not response or (counts is not None and counts.response == response):
        return False
    if typed_at is not None and not attempt.started_at <= typed_at <= at:
        typed_at = None
    kept = session.get(LateAnswer, (attempt.id, question_id))
    was_in_time = kept is not None and _is_in_time(attempt, kept.typed_at)
    if kept is None:
        kept = LateAnswer(attempt_id=attempt.id, question_id=question_id)
        session.add(kept)
    elif was_in_time and not _is_in_time(attempt, typed_at):
        return False
    kept.response, kept.typed_at, kept.received_at = response, typed_at, at
    session.flush()
    return True


def has_late(session: Session, attempt: Attempt) -> bool:
    """Whether answers came after the end of an attempt."""
    return bool(session.scalar(select(exists().where(LateAnswer.attempt_id == attempt.id))))


def _is_in_time(attempt: Attempt, typed_at: datetime | None) -> bool:
    return typed_at is not None and attempt.ends_at is not None and typed_at <= attempt.ends_at


def questions_of(quiz: QuizEntry, attempt_seed: bytes, *, is_shuffled: bool = False) -> list[str]:
    """Give the questions that an attempt at a quiz has: of each pool those that its seed draws."""
    drawn = drawn_questions(attempt_seed, quiz.questions, [(pool.questions, pool.draw) for pool in quiz.pools])
    return shuffled_questions(attempt_seed, drawn) if is_shuffled else drawn


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


def submit(
    session: Session, attempt: Attempt, release: OpenRelease, language: str, at: datetime, *, is_by_tool: bool = False
) -> None:
    """Score an open, locked attempt and close it; questions without an answer earn nothing.

    Where the tool submits it because its time is over, an answer that reads in two ways waits for a person.

    Raises:
        UnclearAnswerError: if an answer reads in two ways, or in none; nothing is scored.
    """
    quiz = release.manifest.quiz(attempt.quiz_id)
    if quiz is None:
        raise InputError("This attempt cannot be submitted.")
    given = {
        answer.question_id: answer for answer in session.scalars(select(Answer).where(Answer.attempt_id == attempt.id))
    }
    for kept in given.values() if not is_by_tool else ():
        _refuse_unclear(kept, release)
    points = Fraction(0)
    for question_id in questions_of(quiz, attempt.seed):
        answer = given.get(question_id)
        if answer is None:
            answer = _unanswered(attempt, question_id, at)
            session.add(answer)
        if answer.state is None and is_unclear(answer, release):
            answer.state, answer.points = "waiting", "0"
        elif answer.state is None:
            key = release.key(question_id, language)
            _score(answer, key, answer.tries_used + 1 if key.tries is None else min(answer.tries_used + 1, key.tries))
        points += Fraction(answer.points or 0)
    attempt.points, attempt.max_points, attempt.submitted_at = str(points), str(quiz.points), at
    attempt.is_ended_by_tool = is_by_tool
    session.flush()


def _refuse_unclear(answer: Answer, release: OpenRelease) -> None:
    """Let nothing be scored that has to be asked back, whatever it would be worth."""
    if answer.state is None and is_unclear(answer, release):
        raise UnclearAnswerError("This answer can be read in several ways.")


def is_unclear(answer: Answer, release: OpenRelease) -> bool:
    """Whether an answer reads in two ways, or in none."""
    text = release.question(release.manifest.source_language, answer.question_id)
    return find_readings(text, answer.response) is not None


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
