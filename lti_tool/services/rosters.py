"""Reading rosters: when, under a lease, page by page, and what comes of a failure.

A reading is claimed by one process, each page is stored in a transaction of its own, and where it stands is stored with
the page: whoever takes over after a crash or a pause goes on with the next page. What a page says is written down in
``services/members.py``.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from lti_tool import job_queue
from lti_tool.config import Settings
from lti_tool.lti.memberships import GROUP_SCOPE, MEMBERSHIP_SCOPE, MemberPage, RosterError, first_url
from lti_tool.lti.tokens import Client, Token
from lti_tool.lti.vault import Vault
from lti_tool.models import (
    Context,
    Member,
    MemberKind,
    MemberStatus,
    Participation,
    Placement,
    Privacy,
    Registration,
    RegistrationState,
    Roster,
    RosterReason,
    RosterState,
)
from lti_tool.services import members
from lti_tool.services.clients import open_client
from lti_tool.services.deliveries import Patience
from lti_tool.upsert import changed, find_or_add

PULL_TASK = "pull_roster"
EVERYBODY_EVERY = timedelta(days=7)
"""Differences are believed for this long; then everybody is read again."""
IN_USE = timedelta(days=30)
"""A course in which nobody opened an activity for this long is not read by itself any more."""
MAX_PAGES, MAX_MEMBERS = 2000, 200_000
MAX_TRIES = 6
"""After that many failures in a row, a reading waits for its next regular time."""
_FIRST_PAUSE = timedelta(seconds=30)
_ASKED_AGAIN_AFTER = timedelta(seconds=10)
"""Somebody who presses the button again and again does not make the LMS's work more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A claimed reading with all that it needs apart from the database."""

    context_id: int
    registration_id: int
    deployment_id: int
    lease: str
    home_url: str
    """The roster's address as a launch named it."""
    url: str
    """Of the page to read next."""
    is_first: bool
    """Whether nothing was read before this page."""
    is_full: bool
    generation: int
    keeps_names: bool
    groups_url: str | None
    group_sets_url: str | None
    client: Client
    token: Token | None


def can_be_read(context: Context | None) -> bool:
    """Whether the platform says who is in a course."""
    return context is not None and context.memberships_url is not None


def find(session: Session, context_id: int | None) -> Roster | None:
    """Find a course's roster, if somebody ever asked for it."""
    return None if context_id is None else session.get(Roster, context_id)


def ask(session: Session, context: Context, at: datetime) -> Roster:
    """Let a course's roster be read as soon as possible; asking again while that happens changes nothing."""
    deployment = context.deployment
    roster = find_or_add(
        session,
        Roster,
        {"context_id": context.id},
        {"registration_id": deployment.registration_id, "deployment_id": deployment.id, "created_at": at},
    )
    is_fresh = roster.pulled_at is not None and at - roster.pulled_at < _ASKED_AGAIN_AFTER and roster.reason is None
    if roster.state is RosterState.WAITING and not is_fresh and not _is_due(roster, at):
        roster.next_pull_at, roster.tries, roster.reason = at, 0, None
        session.flush()
        announce(session, roster, at)
    return roster


def announce(session: Session, roster: Roster, not_before: datetime) -> None:
    """Let a worker read a roster; those of one platform are read one after the other."""
    lock = f"roster:{roster.registration_id}"
    job_queue.announce(session, PULL_TASK, lock=lock, not_before=not_before, context_id=roster.context_id)


def due(session: Session, at: datetime, limit: int) -> list[int]:
    """Name the courses whose rosters are to be read now, those that waited longest first."""
    query = select(Roster.context_id).where(_due(at)).order_by(Roster.next_pull_at).limit(limit)
    return list(session.scalars(query))


def claim(session: Session, vault: Vault, context_id: int, *, at: datetime, lease: timedelta) -> Reading | None:
    """Take a reading under a lease; nothing if it is not due, or cannot be done now."""
    token = secrets.token_hex(16)
    wanted = update(Roster).where(Roster.context_id == context_id, _due(at))
    if not changed(session, wanted.values(state=RosterState.PULLING, lease_token=token, lease_until=at + lease)):
        return None
    roster = session.get_one(Roster, context_id, populate_existing=True)
    context, deployment = roster.context, roster.context.deployment
    registration = deployment.registration
    is_open = registration.state is RegistrationState.ACTIVE and deployment.is_approved
    if not is_open or context.memberships_url is None or not _is_wanted(session, roster, at):
        # A launch through an open registration, by somebody who asks, begins it again.
        _release(roster, next_pull_at=None)
        return None
    is_first = roster.cursor_url is None
    url = roster.cursor_url or _begin(roster, context, at)
    scopes = (MEMBERSHIP_SCOPE,) if context.groups_url is None else (MEMBERSHIP_SCOPE, GROUP_SCOPE)
    client, kept = open_client(session, vault, registration, scopes, at)
    return Reading(
        context_id=context_id,
        registration_id=registration.id,
        deployment_id=deployment.id,
        lease=token,
        home_url=context.memberships_url,
        url=url,
        is_first=is_first,
        is_full=roster.is_full,
        generation=roster.generation,
        keeps_names=registration.privacy is Privacy.NAME,
        groups_url=context.groups_url,
        group_sets_url=context.group_sets_url,
        client=client,
        token=kept,
    )


def hold(session: Session, reading: Reading, at: datetime, lease: timedelta) -> Roster | None:
    """Give the roster for the rest of the transaction if the lease still holds, and let it hold longer."""
    mine = update(Roster).where(Roster.context_id == reading.context_id, Roster.lease_token == reading.lease)
    if not changed(session, mine.values(lease_until=at + lease)):
        return None
    return session.get_one(Roster, reading.context_id, populate_existing=True)


def take_page(session: Session, roster: Roster, reading: Reading, page: MemberPage, at: datetime) -> Reading | None:
    """Write down what a page says.

    Returns:
        What is to be read next; nothing at the last page.

    Raises:
        RosterError: if the pages come again, or do not end.
    """
    # A platform may turn names off while its roster is read.
    privacy = session.scalar(select(Registration.privacy).where(Registration.id == reading.registration_id))
    reading = replace(reading, keeps_names=privacy is Privacy.NAME)
    new = members.write(session, reading, page.members, at)
    roster.pages += 1
    roster.received += len(page.members)
    goes_round = reading.is_full and bool(page.members) and not new
    if page.next_url is not None and (
        goes_round or page.next_url == reading.url or roster.pages >= MAX_PAGES or roster.received > MAX_MEMBERS
    ):
        detail = f"{roster.pages} pages, {roster.received} people, and a next page"
        raise RosterError(RosterReason.ENDLESS, detail, is_permanent=True)
    roster.cursor_url = page.next_url
    if page.next_url is not None:
        return replace(reading, url=page.next_url, is_first=False)
    if reading.is_full and not roster.received:
        raise RosterError(RosterReason.EMPTY, "the roster names nobody", is_permanent=True)
    _note_end(session, roster, page, at)
    return None


def finish(roster: Roster, at: datetime, settings: Settings) -> None:
    """Let a reading that came to its end come again in its time, if it does by itself."""
    hours = settings.roster_hours
    _release(roster, next_pull_at=at + timedelta(hours=hours) if hours else None)


def pause(session: Session, roster: Roster, at: datetime) -> None:
    """Let somebody else go on with a reading: no process reads a long roster in one go."""
    _release(roster, next_pull_at=at)
    announce(session, roster, at)


def fail(
    session: Session, roster: Roster, reading: Reading, error: RosterError, at: datetime, settings: Settings
) -> None:
    """Write a failure down, and when it is tried again.

    What went wrong in passing goes on at the same page, so that an LMS that is busy is not asked for everything again.
    What failed for good begins anew: soon where that mends it, else at the regular time.
    """
    roster.tries += 1
    roster.reason, roster.http_status = error.reason, error.http_status
    regular = timedelta(hours=settings.roster_hours or 24)
    # The address of a page may have grown old, and differences may be too many to tell.
    is_stale = error.reason in {RosterReason.GONE, RosterReason.REFUSED} and not (reading.is_first and reading.is_full)
    pause_for: timedelta | None = _FIRST_PAUSE
    if error.is_permanent or roster.tries >= MAX_TRIES:
        roster.cursor_url = roster.differences_url = None
        if not is_stale or roster.tries >= MAX_TRIES:
            pause_for = regular if settings.roster_hours else None
    else:
        pause_for = min(Patience(_FIRST_PAUSE, regular).pause(roster.tries, error.retry_after_s), regular)
    _release(roster, next_pull_at=at + pause_for if pause_for else None)
    if roster.next_pull_at is not None:
        announce(session, roster, roster.next_pull_at)


def announce_due(session: Session, at: datetime, limit: int) -> int:
    """Let workers read what is due and may have no job: the regular readings, and what a dead process left."""
    found = session.scalars(select(Roster).where(_due(at)).order_by(Roster.next_pull_at).limit(limit)).all()
    for roster in found:
        announce(session, roster, at)
    return len(found)


def _begin(roster: Roster, context: Context, at: datetime) -> str:
    """Begin with the first page: of what changed where the platform tells, else of everybody."""
    is_recent = roster.full_pulled_at is not None and at - roster.full_pulled_at < EVERYBODY_EVERY
    roster.is_full = not (is_recent and roster.differences_url)
    roster.pages = roster.received = 0
    if not roster.is_full and roster.differences_url is not None:
        return roster.differences_url
    roster.generation += 1
    assert context.memberships_url is not None  # noqa: S101  (claim saw to it)
    return first_url(context.memberships_url, **({"groups": "true"} if context.groups_url else {}))


def _note_end(session: Session, roster: Roster, page: MemberPage, at: datetime) -> None:
    """Write down that everything was read: whoever a full reading did not name has left."""
    if roster.is_full:
        members.mark_missing(session, roster.context_id, roster.generation, at)
        roster.full_pulled_at = at
    roster.pulled_at, roster.tries, roster.reason, roster.http_status = at, 0, None, None
    roster.differences_url = page.differences_url
    counted = select(func.count()).where(
        Member.context_id == roster.context_id,
        Member.kind == MemberKind.LEARNER,
        Member.status == MemberStatus.ACTIVE,
    )
    roster.learners = session.scalar(counted) or 0


def _release(roster: Roster, *, next_pull_at: datetime | None) -> None:
    roster.state = RosterState.WAITING
    roster.lease_token = roster.lease_until = None
    roster.next_pull_at = next_pull_at


def _is_due(roster: Roster, at: datetime) -> bool:
    return roster.next_pull_at is not None and roster.next_pull_at <= at


def _due(at: datetime) -> ColumnElement[bool]:
    return or_(
        and_(Roster.state == RosterState.WAITING, Roster.next_pull_at <= at),
        and_(Roster.state == RosterState.PULLING, Roster.lease_until <= at),
    )


def _is_wanted(session: Session, roster: Roster, at: datetime) -> bool:
    """Whether somebody opened an activity of the course lately."""
    lately = exists().where(
        Placement.context_id == roster.context_id,
        Participation.placement_id == Placement.id,
        Participation.last_seen_at > at - IN_USE,
    )
    return bool(session.scalar(select(lately)))
