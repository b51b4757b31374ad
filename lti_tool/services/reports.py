"""What trainers see of a placement: who is where, with what score, and whether the gradebook has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from course_builder.package import Manifest
from lti_tool.models import Attempt, PageVisit, Participation, Person, Score, ScoreState
from lti_tool.services import scores
from lti_tool.services.progress import Progress, make_progress
from lti_tool.services.records import Participant, QuizRecord, sum_up


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """A learner at a placement; ``points`` is ``None`` before a first attempt is submitted."""

    person: Person
    progress: Progress
    points: Fraction | None
    max_points: Fraction
    last_seen_at: datetime
    score: Score | None
    """The newest one on its way to the gradebook, or there."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A placement at a glance."""

    learners: tuple[LearnerRow, ...]

    @property
    def done(self) -> int:
        """How many finished all pages."""
        return sum(row.progress.done == len(row.progress.pages) for row in self.learners)

    @property
    def under_way(self) -> int:
        """How many began and did not finish."""
        return sum(row.progress.is_begun for row in self.learners) - self.done

    @property
    def failed(self) -> tuple[LearnerRow, ...]:
        """Those whose score did not reach the gradebook, and will not by itself."""
        return tuple(row for row in self.learners if row.score and row.score.state is ScoreState.FAILED)


def read_overview(session: Session, placement_id: int, manifest: Manifest) -> Overview:
    """Read all learners of one placement, by name, in four queries however many they are."""
    people = session.execute(
        select(Participation, Person)
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.placement_id == placement_id, Participation.is_trainer.is_(False))
    ).all()
    visits: dict[int, list[PageVisit]] = defaultdict(list)
    for visit in session.scalars(select(PageVisit).where(PageVisit.placement_id == placement_id)):
        visits[visit.person_id].append(visit)
    attempts: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in session.scalars(
        select(Attempt).where(Attempt.placement_id == placement_id).order_by(Attempt.number)
    ):
        attempts[attempt.person_id].append(attempt)
    newest = scores.newest_scores(session, placement_id)
    rows = []
    for participation, person in people:
        points, max_points = _module_score(Participant(placement_id, person.id), attempts[person.id], manifest)
        has_submitted = any(attempt.submitted_at for attempt in attempts[person.id])
        rows.append(
            LearnerRow(
                person=person,
                progress=make_progress(manifest, visits[person.id], participation.last_page),
                points=points if has_submitted else None,
                max_points=max_points,
                last_seen_at=participation.last_seen_at,
                score=newest.get(person.id),
            )
        )
    return Overview(tuple(sorted(rows, key=lambda row: (row.person.name is None, row.person.label.casefold()))))


def _module_score(
    participant: Participant, attempts: Iterable[Attempt], manifest: Manifest
) -> tuple[Fraction, Fraction]:
    by_quiz: dict[str, list[Attempt]] = {quiz.id: [] for quiz in manifest.quizzes}
    for attempt in attempts:
        if attempt.quiz_id in by_quiz:
            by_quiz[attempt.quiz_id].append(attempt)
    records = {quiz_id: QuizRecord(participant, quiz_id, tuple(own)) for quiz_id, own in by_quiz.items()}
    return sum_up(records, manifest.quizzes)
