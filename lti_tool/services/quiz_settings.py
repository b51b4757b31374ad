"""Setting the rules of a placement's quizzes, and sending again what counts otherwise then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from course_builder.package import Manifest, QuizEntry
from lti_tool.lti.grades import same_points
from lti_tool.models import SELF_CHECK, AllowanceKind, Attempt, Columns, Participation, Person, Placement, Score
from lti_tool.services import allowances, attempts, quiz_rules, scores
from lti_tool.services.allowances import Gift
from lti_tool.services.quiz_rules import Rules
from lti_tool.services.records import Participant, QuizRecord, rules_at, rules_for, sum_up
from lti_tool.services.submissions import Opener


def change(session: Session, placement: Placement, quiz_id: str, rules: Rules, manifest: Manifest, at: datetime) -> int:
    """Set the rules of a quiz; says how many scores are sent again because of that.

    Args:
        session: of the database.
        placement: shown by a launch.
        quiz_id: one of its quizzes.
        rules: all of them.
        manifest: of what the placement shows.
        at: now.
    """
    _hold(session, placement)
    before = rules_at(placement, quiz_id)
    _keep(session, placement, quiz_id, rules)
    return 0 if before.counting is rules.counting else requeue(session, placement, manifest, at)


def give(
    session: Session,
    placement: Placement,
    quiz_id: str,
    gift: Gift,
    trainer: Person,
    manifest: Manifest,
    open_release: Opener,
    at: datetime,
    *,
    person_ids: Collection[int],
    group_ids: Collection[int],
) -> int:
    """Give learners, one or several at once, and groups more than the rules; says to how many people and groups.

    A reset concerns who is in a group at this moment; everything else who is in it when it matters.

    Args:
        session: of the database.
        placement: shown by a launch.
        quiz_id: one of its quizzes.
        gift: what, and why.
        trainer: who gives it.
        manifest: of what the placement shows.
        open_release: opens what attempts were begun on.
        at: now.
        person_ids: of learners at the placement; others are left out.
        group_ids: of groups of the placement's course, likewise.
    """
    _hold(session, placement)
    people = set(allowances.people_of(session, placement, person_ids))
    groups = allowances.groups_of(session, placement, group_ids)
    if gift.kind is AllowanceKind.RESET:
        people |= set(allowances.people_in(session, placement, [group.id for group in groups]))
        people = _with_attempts(session, placement, quiz_id, people)
        groups = []
    allowances.add(session, placement, quiz_id, gift, trainer, at, person_ids=sorted(people), groups=groups)
    if gift.kind is AllowanceKind.RESET:
        _set_aside(session, placement, quiz_id, people, open_release, at)
        requeue(session, placement, manifest, at)
    _keep(session, placement, quiz_id, rules_at(placement, quiz_id))
    return len(people) + len(groups)


def take_back(session: Session, placement: Placement, quiz_id: str, number: int, at: datetime) -> None:
    """Withdraw what was given.

    Raises:
        NotFoundError: if there is no such allowance for the quiz.
    """
    _hold(session, placement)
    allowances.withdraw(session, placement, quiz_id, number, at)
    _keep(session, placement, quiz_id, rules_at(placement, quiz_id))


def _hold(session: Session, placement: Placement) -> None:
    """Let nobody else change the rules until the transaction ends: two trainers may be at it at the same moment."""
    session.refresh(placement, ["quiz_rules", "has_allowances"], with_for_update={"key_share": True})


def _keep(session: Session, placement: Placement, quiz_id: str, rules: Rules) -> None:
    """Keep rules, and let them hold for what is open."""
    rules = replace(rules, last_closes_at=allowances.last_closing(session, placement, quiz_id))
    others = {name: kept for name, kept in (placement.quiz_rules or {}).items() if name != quiz_id}
    kept = quiz_rules.keep_rules(rules)
    placement.quiz_rules = {**others, **({quiz_id: kept} if kept else {})} or None
    session.flush()
    still_open = (Attempt.placement_id == placement.id, Attempt.quiz_id == quiz_id, Attempt.submitted_at.is_(None))
    for attempt in session.scalars(select(Attempt).where(*still_open).order_by(Attempt.id).with_for_update()):
        own = rules_for(session, placement, attempt.person_id, quiz_id)
        attempt.ends_at = quiz_rules.ends_at(own, attempt.started_at)
    session.flush()


def _with_attempts(session: Session, placement: Placement, quiz_id: str, person_ids: set[int]) -> set[int]:
    """Give those of some people who have something that can be set aside."""
    query = select(Attempt.person_id).where(
        Attempt.placement_id == placement.id,
        Attempt.quiz_id == quiz_id,
        Attempt.person_id.in_(person_ids),
        Attempt.set_aside_at.is_(None),
    )
    return set(session.scalars(query))


def _set_aside(
    session: Session, placement: Placement, quiz_id: str, person_ids: set[int], open_release: Opener, at: datetime
) -> None:
    """Mark the attempts of some people so far; one that is open is scored and closed first. No answer is deleted."""
    query = select(Attempt).where(
        Attempt.placement_id == placement.id,
        Attempt.quiz_id == quiz_id,
        Attempt.person_id.in_(person_ids),
        Attempt.set_aside_at.is_(None),
    )
    for attempt in session.scalars(query.order_by(Attempt.person_id, Attempt.number).with_for_update()):
        if attempt.submitted_at is None:
            release = open_release(attempt.release_digest)
            attempts.submit(session, attempt, release, release.manifest.source_language, at, is_by_tool=True)
        attempt.set_aside_at = at
    session.flush()


def requeue(session: Session, placement: Placement, manifest: Manifest, at: datetime) -> int:
    """Queue the score of each learner of whom something else counts than was sent last; says how many these are.

    Who was never sent a score gets none: a gradebook is told of what was submitted, by whoever submits.
    """
    # Everybody who submits holds their own row, and reads the rules only then: nobody is missed, and none is late.
    there = select(Participation.person_id).where(
        Participation.placement_id == placement.id, Participation.is_trainer.is_(False)
    )
    session.execute(
        select(Person.id).where(Person.id.in_(there)).order_by(Person.id).with_for_update(key_share=True)
    ).all()
    tried: dict[int, list[Attempt]] = defaultdict(list)
    submitted = (Attempt.placement_id == placement.id, Attempt.quiz_id != SELF_CHECK, Attempt.submitted_at.is_not(None))
    query = select(Attempt).where(*submitted, Attempt.person_id.in_(there)).order_by(Attempt.person_id, Attempt.number)
    for attempt in session.scalars(query.execution_options(populate_existing=True)):
        tried[attempt.person_id].append(attempt)
    sent: dict[int, list[Score]] = defaultdict(list)
    for score in session.scalars(
        select(Score).where(Score.placement_id == placement.id).order_by(Score.person_id, Score.scored_at)
    ):
        sent[score.person_id].append(score)
    return sum(
        _queue_again(session, placement, quizzes, own, sent[person_id], at)
        for person_id, own in tried.items()
        for quizzes in _groups(placement, manifest)
    )


def _groups(placement: Placement, manifest: Manifest) -> Iterator[tuple[QuizEntry, ...]]:
    """Give the quizzes whose sum is one score: all, or each where it has a column of its own."""
    if placement.columns is Columns.QUIZ:
        yield from ((quiz,) for quiz in manifest.quizzes)
    else:
        yield manifest.quizzes


def _queue_again(
    session: Session,
    placement: Placement,
    quizzes: tuple[QuizEntry, ...],
    tried: list[Attempt],
    sent: list[Score],
    at: datetime,
) -> bool:
    names = {quiz.id for quiz in quizzes}
    quiz_of = {attempt.id: attempt.quiz_id for attempt in tried}
    standing = [attempt for attempt in tried if attempt.quiz_id in names and attempt.set_aside_at is None]
    last = next((score for score in reversed(sent) if quiz_of.get(score.attempt_id) in names), None)
    if last is None or not standing:
        # Where nothing counts any more the gradebook keeps what it has until the next attempt is submitted.
        return False
    attempt = standing[-1]
    who = Participant(placement.id, attempt.person_id)
    by_quiz = {
        name: QuizRecord(
            who, name, tuple(each for each in standing if each.quiz_id == name), rules=rules_at(placement, name)
        )
        for name in names
    }
    points, most = sum_up(by_quiz, quizzes)
    if most <= 0 or same_points(last.payload, points, most):
        return False
    return bool(
        scores.queue_score(
            session,
            attempt=attempt,
            launch_line_item_url=last.line_item_url,
            points=points,
            max_points=most,
            at=at,
            is_again=True,
        )
    )
