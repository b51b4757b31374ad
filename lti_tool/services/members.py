"""What a roster says of people and groups, written down in few statements a page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from lti_tool.lti.memberships import ListedGroup, ListedMember
from lti_tool.models import (
    Comparison,
    Context,
    ContextCopy,
    CourseGroup,
    Deployment,
    GroupMember,
    Launch,
    Member,
    MemberStatus,
    Participation,
    Person,
    Roster,
)
from lti_tool.services.name_order import nameless_key, sort_key
from lti_tool.upsert import put_all

if TYPE_CHECKING:
    from lti_tool.services.rosters import Reading

_UNSEEN = {"synchronize_session": False}
"""Nothing in the session is looked at again after these statements."""
_CHUNK = 500
"""Rows in one statement; SQLite takes 32,766 values."""


def write(session: Session, reading: Reading, listed: Iterable[ListedMember], at: datetime) -> int:
    """Write a page of a roster down; gives how many people were not on an earlier page of the same reading."""
    by_sub = {member.sub: member for member in listed}
    active = [member for member in by_sub.values() if member.is_active]
    new = 0
    for start in range(0, len(active), _CHUNK):
        new += _write_active(session, reading, active[start : start + _CHUNK])
    gone = [member.sub for member in by_sub.values() if not member.is_active]
    for start in range(0, len(gone), _CHUNK):
        new += _write_gone(session, reading, gone[start : start + _CHUNK], at)
    return new


def mark_missing(session: Session, context_id: int, generation: int, at: datetime) -> None:
    """Write down that whoever a full reading did not name has left."""
    missing = update(Member).where(
        Member.context_id == context_id, Member.generation < generation, Member.status == MemberStatus.ACTIVE
    )
    session.execute(missing.values(status=MemberStatus.LEFT, left_at=at), execution_options=_UNSEEN)


def write_groups(session: Session, context_id: int, listed: Collection[ListedGroup]) -> None:
    """Let a course have exactly these groups; who is in them stays."""
    rows = [
        {"context_id": context_id, "group_id": group.id, "name": group.name, "set_name": group.set_name}
        for group in listed
    ]
    for start in range(0, len(rows), _CHUNK):
        put_all(session, CourseGroup, ("context_id", "group_id"), rows[start : start + _CHUNK])
    known = set(session.scalars(select(CourseGroup.group_id).where(CourseGroup.context_id == context_id)))
    for group_id in known - {group.id for group in listed}:
        session.execute(
            delete(CourseGroup).where(CourseGroup.context_id == context_id, CourseGroup.group_id == group_id)
        )


def see_launch(session: Session, context_id: int, person: Person) -> None:
    """Keep a member's name as it is at their newest launch."""
    key = sort_key(person.name, person.sub)
    theirs = update(Member).where(Member.context_id == context_id, Member.sub == person.sub, Member.sort_key != key)
    session.execute(theirs.values(name=person.name, sort_key=key), execution_options=_UNSEEN)


def forget_names(session: Session, registration_id: int) -> None:
    """Forget the names of everybody of a registration, here and where people are sorted by them."""
    members = update(Member).where(Member.registration_id == registration_id)
    session.execute(members.values(name=None, sort_key=nameless_key(Member.sub)), execution_options=_UNSEEN)
    sub = select(Person.sub).where(Person.id == Participation.person_id).scalar_subquery()
    theirs = select(Person.id).where(Person.registration_id == registration_id)
    participations = update(Participation).where(Participation.person_id.in_(theirs))
    session.execute(participations.values(sort_key=nameless_key(sub)), execution_options=_UNSEEN)
    session.execute(update(Person).where(Person.registration_id == registration_id).values(name=None))
    # It holds names, and is made anew in a moment.
    session.execute(delete(Comparison).where(Comparison.registration_id == registration_id), execution_options=_UNSEEN)


def forget_courses(session: Session, registration_id: int) -> None:
    """Delete the courses of a registration in which nothing is left but launches, lists of people, and groups."""
    deployments = select(Deployment.id).where(Deployment.registration_id == registration_id)
    contexts = select(Context.id).where(Context.deployment_id.in_(deployments))
    session.execute(delete(CourseGroup).where(CourseGroup.context_id.in_(contexts)), execution_options=_UNSEEN)
    for model in (Comparison, Member, Roster):
        session.execute(delete(model).where(model.registration_id == registration_id), execution_options=_UNSEEN)
    for own in (Launch, Context, ContextCopy):
        session.execute(delete(own).where(own.deployment_id.in_(deployments)), execution_options=_UNSEEN)


def _write_active(session: Session, reading: Reading, listed: list[ListedMember]) -> int:
    subs = [member.sub for member in listed]
    seen = select(func.count()).where(
        Member.context_id == reading.context_id, Member.sub.in_(subs), Member.generation == reading.generation
    )
    known = (session.scalar(seen) or 0) if reading.is_full else 0
    rows = [
        {
            "registration_id": reading.registration_id,
            "deployment_id": reading.deployment_id,
            "context_id": reading.context_id,
            "sub": member.sub,
            "name": member.name if reading.keeps_names else None,
            "sort_key": sort_key(member.name if reading.keeps_names else None, member.sub),
            "kind": member.kind,
            "status": MemberStatus.ACTIVE,
            "left_at": None,
            "generation": reading.generation,
        }
        for member in listed
    ]
    put_all(session, Member, ("context_id", "sub"), rows)
    if reading.keeps_names:
        _rename_people(session, reading.registration_id, {member.sub: member.name for member in listed if member.name})
    if any(member.group_ids is not None for member in listed):
        _write_enrolments(session, reading.context_id, listed)
    return len(listed) - known


def _write_gone(session: Session, reading: Reading, subs: list[str], at: datetime) -> int:
    """Write down who has left by the roster's own words; whoever was never here is not taken up."""
    theirs = (Member.context_id == reading.context_id, Member.sub.in_(subs))
    seen = session.scalar(select(func.count()).where(*theirs, Member.generation == reading.generation)) or 0
    leave = update(Member).where(*theirs, Member.status == MemberStatus.ACTIVE)
    session.execute(leave.values(status=MemberStatus.LEFT, left_at=at), execution_options=_UNSEEN)
    session.execute(update(Member).where(*theirs).values(generation=reading.generation), execution_options=_UNSEEN)
    return len(subs) - seen


def _rename_people(session: Session, registration_id: int, names: dict[str, str]) -> None:
    """Let people who came here have the names of the roster."""
    found = select(Person).where(Person.registration_id == registration_id, Person.sub.in_(names)).order_by(Person.id)
    for person in session.scalars(found):
        if person.name != names[person.sub]:
            person.name = names[person.sub]
            session.flush()
            place_in_order(session, person)


def place_in_order(session: Session, person: Person) -> None:
    """Sort somebody by the name that they have now, everywhere."""
    key = sort_key(person.name, person.sub)
    theirs = update(Participation).where(Participation.person_id == person.id, Participation.sort_key != key)
    session.execute(theirs.values(sort_key=key), execution_options=_UNSEEN)


def _write_enrolments(session: Session, context_id: int, listed: list[ListedMember]) -> None:
    """Let people be in the groups that the roster names, as far as the course has them."""
    told = {member.sub: member.group_ids for member in listed if member.group_ids is not None}
    people = select(Member.sub, Member.id).where(Member.context_id == context_id, Member.sub.in_(told))
    ids = {row.sub: row.id for row in session.execute(people)}
    known = select(CourseGroup.group_id, CourseGroup.id).where(CourseGroup.context_id == context_id)
    groups = {row.group_id: row.id for row in session.execute(known)}
    session.execute(delete(GroupMember).where(GroupMember.member_id.in_(ids.values())), execution_options=_UNSEEN)
    rows = [
        {"group_id": groups[group_id], "member_id": ids[sub]}
        for sub, group_ids in told.items()
        for group_id in group_ids
        if group_id in groups
    ]
    for start in range(0, len(rows), 10 * _CHUNK):
        session.execute(insert(GroupMember).values(rows[start : start + 10 * _CHUNK]))
