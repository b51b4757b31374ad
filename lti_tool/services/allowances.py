"""What people were given beyond the rules of a quiz: who has it, and who gave what to whom and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lti_tool.errors import NotFoundError
from lti_tool.models import (
    Allowance,
    AllowanceKind,
    CourseGroup,
    GroupMember,
    Member,
    Participation,
    Person,
    Placement,
)

LONGEST_REASON = 500
PAGE_ROWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """What is given: attempts or minutes by their number, a later closing date, or a reset; and why."""

    kind: AllowanceKind
    amount: int | None = None
    closes_at: datetime | None = None
    reason: str


@dataclass(frozen=True, slots=True)
class Given:
    """An allowance with the names of who has it and who gave it."""

    allowance: Allowance
    to: Person | None
    by: Person | None


def of_person(session: Session, placement: Placement, person_id: int) -> dict[str, list[Allowance]]:
    """Find what a person has at a placement, by quiz: their own, and that of the groups in which they are."""
    if not placement.has_allowances:
        return {}
    own_groups = (
        select(GroupMember.group_id)
        .join(Member, Member.id == GroupMember.member_id)
        .join(Person, (Person.registration_id == Member.registration_id) & (Person.sub == Member.sub))
        .where(Person.id == person_id, Member.context_id == placement.context_id)
    )
    theirs = or_(Allowance.person_id == person_id, Allowance.group_id.in_(own_groups))
    query = select(Allowance).where(Allowance.placement_id == placement.id, Allowance.withdrawn_at.is_(None), theirs)
    found: dict[str, list[Allowance]] = defaultdict(list)
    for each in session.scalars(query.order_by(Allowance.id)):
        found[each.quiz_id].append(each)
    return found


def people_of(session: Session, placement: Placement, person_ids: Collection[int]) -> list[int]:
    """Give those of some people who took part at a placement, as learners."""
    query = select(Participation.person_id).where(
        Participation.placement_id == placement.id,
        Participation.is_trainer.is_(False),
        Participation.person_id.in_(person_ids),
    )
    return list(session.scalars(query.order_by(Participation.person_id)))


def groups_of(session: Session, placement: Placement, group_ids: Collection[int]) -> list[CourseGroup]:
    """Give those of some groups that are of a placement's course."""
    query = select(CourseGroup).where(CourseGroup.context_id == placement.context_id, CourseGroup.id.in_(group_ids))
    return list(session.scalars(query.order_by(CourseGroup.id)))


def people_in(session: Session, placement: Placement, group_ids: Collection[int]) -> list[int]:
    """Give the learners of a placement who are in some groups of its course."""
    query = (
        select(Person.id)
        .join(Member, (Person.registration_id == Member.registration_id) & (Person.sub == Member.sub))
        .join(GroupMember, GroupMember.member_id == Member.id)
        .where(Member.context_id == placement.context_id, GroupMember.group_id.in_(group_ids))
    )
    return people_of(session, placement, list(session.scalars(query)))


def list_people(session: Session, placement: Placement, after: int | None) -> list[Person]:
    """List a page of the learners of a placement, by name; one more where there is a next page.

    Args:
        session: of the database.
        placement: which.
        after: the last person of the page before.
    """
    query = (
        select(Person)
        .join(Participation, Participation.person_id == Person.id)
        .where(Participation.placement_id == placement.id, Participation.is_trainer.is_(False))
    )
    if after is not None:
        last = select(Participation.sort_key).where(
            Participation.placement_id == placement.id, Participation.person_id == after
        )
        query = query.where(Participation.sort_key > last.scalar_subquery())
    return list(session.scalars(query.order_by(Participation.sort_key).limit(PAGE_ROWS + 1)))


def list_given(session: Session, placement: Placement, quiz_id: str) -> list[Given]:
    """List what was given for a quiz, the newest first, withdrawn or not."""
    query = select(Allowance).where(Allowance.placement_id == placement.id, Allowance.quiz_id == quiz_id)
    rows = session.scalars(query.order_by(Allowance.id.desc())).all()
    ids = {each.person_id for each in rows} | {each.trainer_id for each in rows}
    people = {each.id: each for each in session.scalars(select(Person).where(Person.id.in_(ids - {None})))}
    return [Given(each, people.get(each.person_id or 0), people.get(each.trainer_id)) for each in rows]


def add(
    session: Session,
    placement: Placement,
    quiz_id: str,
    gift: Gift,
    trainer: Person,
    at: datetime,
    *,
    person_ids: Collection[int],
    groups: Collection[CourseGroup],
) -> None:
    """Write down what people and groups of a placement are given; what follows is :mod:`quiz_settings`'."""
    values = {
        "placement_id": placement.id,
        "quiz_id": quiz_id,
        "kind": gift.kind,
        "amount": gift.amount,
        "closes_at": gift.closes_at,
        "reason": gift.reason,
        "trainer_id": trainer.id,
        "made_at": at,
    }
    session.add_all(Allowance(person_id=person_id, **values) for person_id in person_ids)
    session.add_all(Allowance(group_id=group.id, group_name=group.name, **values) for group in groups)
    placement.has_allowances = True
    session.flush()


def withdraw(session: Session, placement: Placement, quiz_id: str, number: int, at: datetime) -> None:
    """Take back what was given; what was done with it stays, and so does the row. A reset cannot be taken back.

    Raises:
        NotFoundError: if there is no such allowance for the quiz.
    """
    found = session.scalar(
        select(Allowance).where(
            Allowance.id == number,
            Allowance.placement_id == placement.id,
            Allowance.quiz_id == quiz_id,
            Allowance.kind != AllowanceKind.RESET,
        )
    )
    if found is None:
        raise NotFoundError("There is no such allowance.")
    found.withdrawn_at = found.withdrawn_at or at
    session.flush()


def last_closing(session: Session, placement: Placement, quiz_id: str) -> datetime | None:
    """Give the latest closing date that anybody was given for a quiz."""
    query = select(func.max(Allowance.closes_at)).where(
        Allowance.placement_id == placement.id, Allowance.quiz_id == quiz_id, Allowance.withdrawn_at.is_(None)
    )
    return session.scalar(query)
