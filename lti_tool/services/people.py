"""People as those who run the tool see them: found, and erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.extensions import Model
from lti_tool.models import (
    SELF_CHECK,
    Allowance,
    Attempt,
    ComparedGrade,
    Contrast,
    Launch,
    Member,
    PageVisit,
    Participation,
    Person,
    PrivateNote,
    ProblemReport,
    Registration,
    TextSize,
)
from lti_tool.services import audit, members
from lti_tool.upsert import changed

PAGE_ROWS = 50
SHORTEST = 2
"""Letters of a name that are searched for at least."""


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who came through a platform."""

    person: Person
    platform: str


def search(session: Session, text: str, *, after: int = 0) -> list[Found]:
    """Find people by part of their name or by the LMS's identifier; one more where there is a next page.

    Args:
        session: of the database.
        text: less than :data:`SHORTEST` letters list everybody.
        after: the number of the last person on the page before.
    """
    query = select(Person, Registration.title).join(Registration, Registration.id == Person.registration_id)
    if len(text) >= SHORTEST:
        # SQLite knows no capitals of letters with accents, so they are tried.
        spellings = {text, text.lower(), text.upper(), text.title()}
        named = (Person.name.icontains(each, autoescape=True) for each in spellings)
        query = query.where(or_(Person.sub == text, *named))
    query = query.where(Person.id > after).order_by(Person.id).limit(PAGE_ROWS + 1)
    return [Found(person, title) for person, title in session.execute(query)]


def find(session: Session, number: int) -> Found | None:
    """Find one person."""
    query = select(Person, Registration.title).join(Registration, Registration.id == Person.registration_id)
    row = session.execute(query.where(Person.id == number)).one_or_none()
    return Found(row[0], row[1]) if row else None


def note_export(session: Session, found: Found, at: datetime, actor: str) -> None:
    """Write down that somebody's data was given out."""
    audit.record(session, actor=actor, at=at, action="person-exported", subject=_subject(found))


def erase(session: Session, found: Found, at: datetime, actor: str, *, keeps_results: bool) -> dict[str, int]:
    """Erase somebody.

    Args:
        session: of the database.
        found: whom.
        at: now.
        actor: who does it.
        keeps_results: whether submitted attempts, their answers and grades stay, without a name: evidence that a law
            may want kept.

    Returns:
        How many rows of each table went.
    """
    person = found.person
    went = _erase_activity(session, person) if keeps_results else _erase_all(session, person)
    listed = and_(Member.registration_id == person.registration_id, Member.sub == person.sub)
    went["member"] = changed(session, delete(Member).where(listed), synchronize_session=False)
    if keeps_results:
        # How somebody wants pages shown may say something of their eyes.
        forgotten = {"name": None, "text_size": TextSize.NORMAL, "contrast": Contrast.AUTO}
        session.execute(update(Person).where(Person.id == person.id).values(forgotten))
        session.refresh(person)
        members.place_in_order(session, person)
    else:
        went["person"] = changed(session, delete(Person).where(Person.id == person.id), synchronize_session=False)
    report = {table: number for table, number in went.items() if number}
    after = {"results": "kept" if keeps_results else "erased", "rows": report}
    audit.record(session, actor=actor, at=at, action="person-erased", subject=_subject(found), after=after)
    return report


def erase_own(session: Session, launch: Launch) -> int:
    """Erase what people may erase of themselves by themselves, since nobody else needs it.

    What an attempt at a quiz holds stays while it is open, too: who could erase it would begin anew, with other
    questions and another time.

    Args:
        session: of the database.
        launch: in which they ask for it; it goes on.

    Returns:
        How many rows went.
    """
    person_id = launch.person_id
    self_checks = and_(Attempt.person_id == person_id, Attempt.quiz_id == SELF_CHECK)
    wanted = (
        delete(Launch).where(Launch.person_id == person_id, Launch.id != launch.id),
        delete(PrivateNote).where(PrivateNote.person_id == person_id),
        delete(ProblemReport).where(ProblemReport.person_id == person_id),
        delete(PageVisit).where(PageVisit.person_id == person_id),
        delete(Attempt).where(self_checks),
    )
    went = sum(changed(session, statement, synchronize_session=False) for statement in wanted)
    place = update(Participation).where(Participation.person_id == person_id).values(last_page=None, last_block=None)
    session.execute(place)
    launch.person.language = None
    session.flush()
    return went


def _erase_activity(session: Session, person: Person) -> dict[str, int]:
    """Erase what was read and tried and never submitted, and the launches."""
    drafts = and_(Attempt.person_id == person.id, Attempt.submitted_at.is_(None))
    wanted = {
        "compared_grade": delete(ComparedGrade).where(ComparedGrade.person_id == person.id),
        "launch": delete(Launch).where(Launch.person_id == person.id),
        "private_note": delete(PrivateNote).where(PrivateNote.person_id == person.id),
        "problem_report": delete(ProblemReport).where(ProblemReport.person_id == person.id),
        "page_visit": delete(PageVisit).where(PageVisit.person_id == person.id),
        "attempt": delete(Attempt).where(drafts),
    }
    # Why somebody was given more may say a lot of them; that it was given is part of the evidence.
    session.execute(update(Allowance).where(Allowance.person_id == person.id).values(reason=""))
    return {name: changed(session, statement, synchronize_session=False) for name, statement in wanted.items()}


def _erase_all(session: Session, person: Person) -> dict[str, int]:
    """Erase all rows that hang on a person, those that hang on others first; answers go with their attempts."""
    people = Person.__table__
    assert isinstance(people, Table)  # noqa: S101  (every model of ours is mapped to a table)
    went: dict[str, int] = {}
    for table in reversed(Model.metadata.sorted_tables):
        for column in table.columns:
            if any(key.column is people.c.id for key in column.foreign_keys):
                result = session.execute(delete(table).where(column == person.id))
                went[table.name] = went.get(table.name, 0) + result.rowcount  # type: ignore[attr-defined]
    session.expire_all()
    return went


def _subject(found: Found) -> str:
    """Name somebody in the log so that nothing of them stays there after they are erased."""
    return f"{found.platform}: person {found.person.id}"
