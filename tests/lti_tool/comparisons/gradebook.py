"""A course whose learners earned something, in a practice LMS whose gradebook can be changed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lti_tool.jobs.comparisons import compare
from lti_tool.jobs.delivery import Outbox, deliver
from lti_tool.models import (
    ComparedColumn,
    ComparedGrade,
    Comparison,
    Context,
    Deployment,
    Participation,
    Placement,
    Verdict,
)
from lti_tool.practice_lms import Seed, catalogue, gradebook, model
from lti_tool.services import compared_grades, comparisons, scores
from lti_tool.upsert import find_or_add
from tests.lti_tool.outbox.grading import MAXIMUM, Course, open_course

QUIZ = SimpleNamespace(id="quiz", points=Fraction(8))


@dataclass(frozen=True, slots=True)
class Compared:
    """A course, its one column, and what the tool knows of both."""

    course: Course
    outbox: Outbox
    context_id: int

    @property
    def lms(self) -> Any:
        return self.course.lms

    def earn(self, sub: str, points: int, *, is_delivered: bool = True) -> None:
        """Submit an attempt, and let its score arrive."""
        course, at = self.course, self.outbox.clock()
        with course.sessions.begin() as session:
            key = {"placement_id": course.placement_id, "person_id": course.people[sub]}
            find_or_add(session, Participation, key, {"first_seen_at": at, "last_seen_at": at})
            attempt = course.add_attempt(session, sub, at)
            attempt.points, attempt.max_points = str(points), "8"
            scores.queue_score(
                session,
                attempt=attempt,
                launch_line_item_url=course.line_item_url,
                points=Fraction(points),
                max_points=Fraction(8),
                at=at,
            )
        if is_delivered:
            assert deliver(self.outbox, course.cell(sub))

    def write_by_hand(self, sub: str, points: float | None) -> None:
        """Give somebody a grade in the LMS, or take it away."""
        at = self.outbox.clock() + timedelta(milliseconds=10)
        with self.lms.connect() as connection:
            if points is None:
                connection.execute("DELETE FROM scores WHERE sub = ?", (sub,))
                return
            gradebook.store_score(
                connection,
                model.Score(
                    line_item_id=self.course.line_item_id,
                    sub=sub,
                    given=points,
                    maximum=MAXIMUM,
                    timestamp=at,
                    activity_progress="Completed",
                    grading_progress="FullyGraded",
                    received_at=at,
                ),
            )

    def enrol_stranger(self) -> None:
        """Let somebody into the course in the LMS who never comes here."""
        empty: dict[str, Any] = {"registrations": (), "courses": ()}
        enrolment = model.Enrolment(course_id=1, sub="stranger", role="Learner")
        with self.lms.connect() as connection:
            catalogue.plant(connection, Seed(**empty, people=[model.Person(sub="stranger")], enrolments=[enrolment]))

    def ask(self) -> None:
        """Press the trainer's button."""
        with self.course.sessions.begin() as session:
            context = session.get_one(Context, self.context_id)
            comparisons.ask(session, context, lambda _placement: [QUIZ], self.outbox.clock())

    def work(self) -> bool:
        """Go on with the comparison, if it is due."""
        return compare(self.outbox, self.context_id)

    def compare(self) -> dict[str, Verdict]:
        """Ask, and work as long as there is something to do now."""
        self.ask()
        while self.work():
            pass
        return self.verdicts

    def choose(self, *subs: str) -> int:
        """Let some grades be sent again, or all that are advised, and let them arrive."""
        with self.course.sessions.begin() as session:
            comparison = session.get_one(Comparison, self.context_id)
            wanted = select(ComparedGrade.id).where(ComparedGrade.sub.in_(subs))
            ids = list(session.scalars(wanted)) if subs else None
            count = comparisons.choose(session, comparison, ids, self.outbox.clock())
        while self.work():
            pass
        return count

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that takes no lock."""
        with self.course.sessions() as session:
            session.connection(execution_options={"only_reads": True})
            yield session

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """How everybody's cell stands, by ``sub``."""
        return {grade.sub: grade.verdict for grade in self.grades()}

    def grades(self) -> list[ComparedGrade]:
        """All cells, the same ones too."""
        with self.reading() as session:
            found = list(session.scalars(select(ComparedGrade).order_by(ComparedGrade.sort_key)))
            session.expunge_all()
        return found

    def differences(self) -> list[str]:
        """Everybody who differs, over all pages."""
        found: list[str] = []
        after = None
        with self.reading() as session:
            while True:
                page = compared_grades.list_differences(session, self.context_id, after)
                found += [grade.sub for grade in page.grades]
                if page.next is None:
                    return found
                after = page.next

    @property
    def comparison(self) -> Comparison:
        with self.reading() as session:
            found = session.get_one(Comparison, self.context_id)
            session.expunge_all()
        return found

    @property
    def column(self) -> ComparedColumn:
        with self.reading() as session:
            found = session.scalars(select(ComparedColumn)).one()
            session.expunge_all()
        return found


@contextmanager
def open_compared(engine: Engine, folder: Path, outbox: Outbox, **more: Any) -> Iterator[Compared]:
    """Start an LMS with one course, and let the tool know which course it is."""
    with open_course(engine, folder, clock=outbox.clock, **more) as course:
        with course.sessions.begin() as session:
            deployment = session.scalars(select(Deployment)).one()
            context = Context(deployment=deployment, context_id="1")
            session.add(context)
            session.get_one(Placement, course.placement_id).context = context
            session.flush()
            context_id = context.id
        yield Compared(course, outbox, context_id)
