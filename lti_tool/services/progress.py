"""How far a person is in a module: pages opened, pages done, where they left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from course_builder.package import Manifest, PageEntry
from lti_tool.models import SELF_CHECK, PageVisit, Participation
from lti_tool.services.records import Participant, QuizRecord
from lti_tool.upsert import find_or_add


@dataclass(frozen=True, slots=True)
class PageProgress:
    """A page and what a person did there; ``number`` counts from 1."""

    entry: PageEntry
    number: int
    is_opened: bool
    is_done: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """A person's way through a module."""

    pages: tuple[PageProgress, ...]
    last_page: str | None
    """The page that the person opened last."""
    last_block: str | None = None
    """What was last in view there, by its id; ``None``: its top."""

    @property
    def done(self) -> int:
        """How many pages are done."""
        return sum(page.is_done for page in self.pages)

    @property
    def percent(self) -> int:
        """How many pages of a hundred are done."""
        return round(100 * self.done / len(self.pages))

    @property
    def is_begun(self) -> bool:
        """Whether any page was opened."""
        return any(page.is_opened for page in self.pages)

    @property
    def goes_on_at(self) -> PageProgress:
        """Where to continue: the page left last unless it is done, then the next one that is not done."""
        index = next((index for index, page in enumerate(self.pages) if page.entry.id == self.last_page), 0)
        ahead = (*self.pages[index:], *self.pages[:index])
        return next((page for page in ahead if not page.is_done), self.pages[index])

    @property
    def goes_on_block(self) -> str | None:
        """The block to continue at, where the page to continue at is the one left last."""
        return self.last_block if self.goes_on_at.entry.id == self.last_page else None

    def of_objective(self, objective_id: str) -> tuple[PageProgress, ...]:
        """Give the pages that serve an objective."""
        return tuple(page for page in self.pages if objective_id in page.entry.objectives)

    def page(self, page_id: str) -> PageProgress | None:
        """Find a page."""
        return next((page for page in self.pages if page.entry.id == page_id), None)

    def before(self, page: PageProgress) -> PageProgress | None:
        """Give the page before."""
        return self.pages[page.number - 2] if page.number > 1 else None

    def after(self, page: PageProgress) -> PageProgress | None:
        """Give the page after."""
        return self.pages[page.number] if page.number < len(self.pages) else None


def read_progress(session: Session, participant: Participant, manifest: Manifest) -> Progress:
    """Read how far a person is."""
    rows = session.execute(
        select(Participation.last_page, Participation.last_block, PageVisit)
        .outerjoin(
            PageVisit,
            and_(PageVisit.placement_id == Participation.placement_id, PageVisit.person_id == Participation.person_id),
        )
        .where(Participation.placement_id == participant.placement_id, Participation.person_id == participant.person_id)
    ).all()
    last_page, last_block = rows[0][:2] if rows else (None, None)
    visits = [visit for *_place, visit in rows if visit is not None]
    return make_progress(manifest, visits, last_page, last_block)


def make_progress(
    manifest: Manifest, visits: Iterable[PageVisit], last_page: str | None, last_block: str | None = None
) -> Progress:
    """Bring a person's visits into the order of the module's pages; visits of pages it no longer has are left out."""
    by_page = {visit.page_id: visit for visit in visits}
    pages = tuple(
        PageProgress(
            entry,
            number,
            is_opened=entry.id in by_page,
            is_done=entry.id in by_page and bool(by_page[entry.id].done_at),
        )
        for number, entry in enumerate(manifest.pages, 1)
    )
    return Progress(pages, last_page, last_block)


def mark_opened(session: Session, participant: Participant, page_id: str, at: datetime) -> None:
    """Keep that a person is at a page now.

    It writes before it reads: on SQLite a transaction that began with a read could not write after somebody else did.
    """
    session.execute(
        update(Participation)
        .where(Participation.placement_id == participant.placement_id, Participation.person_id == participant.person_id)
        .values(last_page=page_id, last_block=None)
    )
    _visit(session, participant, page_id, at)


def keep_place(session: Session, participant: Participant, page_id: str, block: str | None) -> None:
    """Keep what a person has in view on a page; a page that they have left since for another one is the past."""
    session.execute(
        update(Participation)
        .where(
            Participation.placement_id == participant.placement_id,
            Participation.person_id == participant.person_id,
            Participation.last_page == page_id,
        )
        .values(last_block=block)
    )


def mark_done(session: Session, participant: Participant, page_id: str, at: datetime, *, is_done: bool = True) -> None:
    """Keep that a person said a page is done, or is not."""
    visit = _visit(session, participant, page_id, at)
    if bool(visit.done_at) is not is_done:
        visit.done_at = at if is_done else None
    session.flush()


def mark_answered_pages(
    session: Session, participant: Participant, manifest: Manifest, by_quiz: Mapping[str, QuizRecord], at: datetime
) -> None:
    """Mark the pages as done whose questions are all answered: checked, or submitted with their quiz."""
    settled = {
        answer.question_id
        for record in by_quiz.values()
        for answer in record.answers.values()
        if answer.state is not None and (record.quiz_id == SELF_CHECK or record.is_submitted)
    }
    for quiz in manifest.quizzes:
        # Of a pool the attempt had some questions only, and the others are none that wait.
        if (record := by_quiz.get(quiz.id)) is not None and record.is_submitted:
            settled |= {question for pool in quiz.pools for question in pool.questions}
    answered = [page.id for page in manifest.pages if page.questions and settled.issuperset(page.questions)]
    # Kept until the end, so that mark_done finds them in the session.
    visits = session.scalars(
        select(PageVisit).where(
            PageVisit.placement_id == participant.placement_id, PageVisit.person_id == participant.person_id
        )
    ).all()
    done = {visit.page_id for visit in visits if visit.done_at}
    for page_id in answered:
        if page_id not in done:
            mark_done(session, participant, page_id, at)


def _visit(session: Session, participant: Participant, page_id: str, at: datetime) -> PageVisit:
    key = {"placement_id": participant.placement_id, "person_id": participant.person_id, "page_id": page_id}
    return session.get(PageVisit, key) or find_or_add(session, PageVisit, key, {"opened_at": at})
