"""What submitting an attempt brings with it: its score on its way, and the pages that are done by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from course_builder.package import Manifest
from lti_tool.errors import NotFoundError
from lti_tool.models import SELF_CHECK, Attempt, Columns, Launch, Participation, Placement, Score
from lti_tool.services import attempts, line_items, progress, quiz_rules, records, scores
from lti_tool.services.parts import part_of
from lti_tool.services.quiz_rules import GRACE
from lti_tool.services.records import Participant, rules_for
from lti_tool.services.shelf import OpenRelease

Opener = Callable[[str], OpenRelease]
"""Opens a release by its digest."""


def settle(
    session: Session,
    placement: Placement,
    manifest: Manifest,
    attempt: Attempt,
    launch_line_item_url: str | None,
    at: datetime,
    *,
    is_trainer: bool,
) -> None:
    """Send a learner's score on its way, in the transaction that submits the attempt, and mark the pages.

    Args:
        session: with that transaction.
        placement: of the attempt.
        manifest: of what it shows.
        attempt: submitted.
        launch_line_item_url: the column that the learner's launch named.
        at: now.
        is_trainer: whether it is a trainer who tried the quiz; no score is sent then.
    """
    line_items.keep_in_step(session, placement, manifest, at)
    goes_to = line_items.target(session, placement, launch_line_item_url, attempt.quiz_id)
    # Two quizzes submitted at the same moment must not each miss the other in the sum that is sent last.
    scores.hold(session, attempt.person_id)
    # A trainer who changes what counts at this moment holds everybody, too: now the rules are the ones that last.
    session.refresh(placement, ["quiz_rules"])
    who = Participant(attempt.placement_id, attempt.person_id)
    by_quiz = records.records(session, who, [*(quiz.id for quiz in manifest.quizzes), SELF_CHECK])
    quizzes = manifest.quizzes
    if placement.columns is Columns.QUIZ:
        quizzes = tuple(quiz for quiz in quizzes if quiz.id == attempt.quiz_id)
    points, max_points = records.sum_up(by_quiz, quizzes)
    if not is_trainer and max_points and attempt.submitted_at:
        scores.queue_score(
            session,
            attempt=attempt,
            launch_line_item_url=goes_to,
            points=points,
            max_points=max_points,
            at=attempt.submitted_at,
        )
    progress.mark_answered_pages(session, who, manifest, by_quiz, at)


def overdue(session: Session, at: datetime, limit: int) -> list[int]:
    """List open attempts, by their rows, whose time was over when it was last looked at."""
    query = select(Attempt.id).where(Attempt.submitted_at.is_(None), Attempt.ends_at < at - GRACE)
    return list(session.scalars(query.order_by(Attempt.ends_at, Attempt.id).limit(limit)))


def end(session: Session, attempt_id: int, open_release: Opener, at: datetime) -> bool:
    """Submit an attempt whose time is over, with what was saved; says whether it was.

    It is left alone where somebody submitted it meanwhile, or where it has more time by now.
    """
    attempt = session.scalar(select(Attempt).where(Attempt.id == attempt_id).with_for_update())
    if attempt is None or attempt.submitted_at is not None:
        return False
    placement = attempt.placement
    rules = rules_for(session, placement, attempt.person_id, attempt.quiz_id)
    attempt.ends_at = quiz_rules.ends_at(rules, attempt.started_at)
    if not quiz_rules.is_over(rules, attempt.started_at, at):
        return False
    there = (Launch.placement_id == attempt.placement_id, Launch.person_id == attempt.person_id)
    launch = session.scalar(select(Launch).where(*there).order_by(Launch.id.desc()).limit(1))
    release = open_release(attempt.release_digest)
    language = release.choose_language((launch.locale or "").replace("_", "-") if launch else "")
    attempts.submit(session, attempt, release, language, at, is_by_tool=True)
    own = select(Score.line_item_url).where(
        Score.placement_id == attempt.placement_id, Score.person_id == attempt.person_id
    )
    goes_to = launch.line_item_url if launch else session.scalar(own.order_by(Score.scored_at.desc()).limit(1))
    participation = session.get(Participation, (attempt.placement_id, attempt.person_id))
    settle(
        session,
        placement,
        _shown(placement, release, open_release),
        attempt,
        goes_to or placement.line_item_url,
        at,
        is_trainer=participation is not None and participation.is_trainer,
    )
    return True


def _shown(placement: Placement, release: OpenRelease, open_release: Opener) -> Manifest:
    """Give what the placement shows of the module, else what the attempt was begun on."""
    shown = open_release(placement.release_digest) if placement.release_digest else release
    for each in (shown, release):
        try:
            return part_of(each.manifest, placement.page_id, placement.quiz_id)
        except NotFoundError:
            continue
    return release.manifest
