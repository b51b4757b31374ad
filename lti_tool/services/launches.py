"""Launch sessions: one for each launch, held by a browser's cookie or by the address alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from lti_tool.errors import LaunchError, SessionEndedError
from lti_tool.models import Deployment, Launch, Message, Person, Placement
from lti_tool.services import platforms
from lti_tool.services.fingerprints import fingerprint, fits, new_secret
from lti_tool.upsert import changed

RENEWED_EVERY = timedelta(minutes=2)
"""A launch in use is written this often at most, so that reading a page is a read."""


def start_launch(
    session: Session,
    *,
    placement: Placement | None = None,
    deployment: Deployment | None = None,
    person: Person,
    is_trainer: bool,
    is_learner: bool,
    browser_secret: str | None,
    at: datetime,
    idle: timedelta,
    locale: str | None = None,
    return_url: str | None = None,
    document_target: str | None = None,
    prefers_contrast: bool = False,
    line_item_url: str | None = None,
    message: Message = Message.RESOURCE_LINK,
    context_id: int | None = None,
    request: dict[str, Any] | None = None,
) -> tuple[str, Launch]:
    """Begin the session of a validated launch.

    Args:
        session: of the database.
        placement: what was launched, if the message is about a resource link.
        deployment: where it was launched, needed where there is no placement.
        person: who launched it.
        is_trainer: whether the platform says so for this context.
        is_learner: likewise.
        browser_secret: the browser's cookie; ``None`` where no cookie stuck, and the handle is the only secret.
        at: now.
        idle: the launch ends after this time without a request.
        locale: of the platform's pages.
        return_url: where the platform wants people back.
        document_target: ``iframe`` or ``window``.
        prefers_contrast: whether the platform shows its pages in high contrast.
        line_item_url: the gradebook column of this launch.
        message: what kind of launch it is.
        context_id: the course that a message without a placement came from.
        request: what the message asks beyond opening.

    Returns:
        The handle, which stands in the address of each page, and the launch.
    """
    handle = new_secret()
    if deployment is None and placement is not None:
        deployment = placement.deployment
    if deployment is None:
        raise ValueError("a launch belongs to a deployment")
    launch = Launch(
        handle_hash=fingerprint(handle),
        browser_hash=fingerprint(browser_secret) if browser_secret else None,
        deployment_id=deployment.id,
        message=message,
        context_id=placement.context_id if placement else context_id,
        request=request,
        placement=placement,
        person=person,
        is_trainer=is_trainer,
        is_learner=is_learner,
        locale=locale,
        return_url=return_url,
        document_target=document_target,
        prefers_contrast=prefers_contrast,
        line_item_url=line_item_url,
        created_at=at,
        last_seen_at=at,
        expires_at=at + idle,
    )
    session.add(launch)
    session.flush()
    return handle, launch


def find_launch(session: Session, handle: str, browser_secret: str | None, at: datetime) -> Launch:
    """Find the session that a request belongs to.

    Args:
        session: of the database.
        handle: from the address.
        browser_secret: from the browser's cookie, if there is one.
        at: now.

    Raises:
        SessionEndedError: if there is none, it has ended, or it belongs to another browser; nobody learns which. Or if
            its platform was closed since, or an approval taken back: once that is open again, the launch goes on.
    """
    launch = session.scalar(
        select(Launch)
        .where(Launch.handle_hash == fingerprint(handle))
        .options(
            joinedload(Launch.placement),
            joinedload(Launch.context),
            joinedload(Launch.deployment).joinedload(Deployment.registration),
            joinedload(Launch.person),
        )
    )
    is_over = launch is None or launch.expires_at <= at or launch.proof_ticket_hash is not None
    if launch is None or is_over or (launch.browser_hash and not fits(browser_secret, launch.browser_hash)):
        raise SessionEndedError("This activity is no longer open here.")
    try:
        platforms.check_open(launch.deployment.registration)
        platforms.check_approved(launch.deployment)
    except LaunchError as error:
        raise SessionEndedError(error.message, reason=error.code, detail=error.code) from error
    return launch


def is_renewal_due(launch: Launch, at: datetime) -> bool:
    """Whether a launch in use has to be written, so that it does not end."""
    return at - launch.last_seen_at >= RENEWED_EVERY


def renew_launch(session: Session, launch_id: int, at: datetime, idle: timedelta) -> None:
    """Let a launch that is in use go on; one that ended stays so."""
    session.execute(
        update(Launch)
        .where(Launch.id == launch_id, Launch.expires_at > at)
        .values(last_seen_at=at, expires_at=at + idle)
    )


def mark_shared(session: Session, launch: Launch, at: datetime | None) -> None:
    """Keep since when a launch's computer is known to be shared; ``None``: it is not."""
    launch.shared_at = at
    session.flush()


def end_launches(session: Session, launch: Launch, at: datetime) -> None:
    """End a launch, and all others of its person in its browser."""
    mine = Launch.id == launch.id
    if launch.browser_hash is not None:
        mine = or_(mine, and_(Launch.browser_hash == launch.browser_hash, Launch.person_id == launch.person_id))
    ending = update(Launch).where(mine, Launch.expires_at > at).values(expires_at=at)
    session.execute(ending.execution_options(synchronize_session=False))


def offer_window(session: Session, launch: Launch, until: datetime) -> str:
    """Let a launch go on in a window of its own.

    Returns:
        A ticket for :func:`take_window`, good for one use until then.
    """
    ticket = new_secret()
    launch.window_ticket_hash, launch.window_until = fingerprint(ticket), until
    session.flush()
    return ticket


def take_window(session: Session, ticket: str, browser_secret: str, at: datetime, idle: timedelta) -> str:
    """Begin a launch like the one that a ticket came from, bound to the browser as it is outside of that one's frame.

    Returns:
        Its handle.

    Raises:
        LaunchError: if the ticket was used or is too old, or the launch is over.
    """
    used = fingerprint(ticket)
    launch = session.scalar(select(Launch).where(Launch.window_ticket_hash == used))
    if launch is None or launch.window_until is None or min(launch.window_until, launch.expires_at) <= at:
        raise LaunchError("window-ticket-used", "The new window was opened already, or too late.")
    taking = update(Launch).where(Launch.id == launch.id, Launch.window_ticket_hash == used)
    if changed(session, taking.values(window_ticket_hash=None, window_until=None)) != 1:
        raise LaunchError("window-ticket-used", "The new window was opened already, or too late.")
    handle, another = start_launch(
        session,
        placement=launch.placement,
        deployment=launch.deployment,
        person=launch.person,
        is_trainer=launch.is_trainer,
        is_learner=launch.is_learner,
        browser_secret=browser_secret,
        at=at,
        idle=idle,
        locale=launch.locale,
        return_url=launch.return_url,
        document_target="window",
        line_item_url=launch.line_item_url,
        message=launch.message,
        context_id=launch.context_id,
        request=launch.request,
    )
    another.shared_at = launch.shared_at
    session.flush()
    return handle


def await_proof(session: Session, handle: str, binding_hash: str, at: datetime, waits: timedelta) -> str:
    """Keep a launch closed until the browser has proved that it began the login.

    Args:
        session: of the database.
        handle: of a launch that was just started; it never opens anything, a proof brings another.
        binding_hash: of the secret that the browser of the login holds.
        at: now.
        waits: how long the proof may take.

    Returns:
        A ticket for :func:`prove_launch`, good for one try.
    """
    ticket = new_secret()
    session.execute(
        update(Launch)
        .where(Launch.handle_hash == fingerprint(handle))
        .values(proof_ticket_hash=fingerprint(ticket), binding_hash=binding_hash, expires_at=at + waits)
    )
    return ticket


def registration_of_ticket(session: Session, ticket: str) -> int | None:
    """Say through which registration the launch came that waits for its proof."""
    wanted = select(Deployment.registration_id).join(Launch, Launch.deployment_id == Deployment.id)
    return session.scalar(wanted.where(Launch.proof_ticket_hash == fingerprint(ticket)))


def prove_launch(session: Session, ticket: str, secret: str, at: datetime, idle: timedelta) -> str | None:
    """Open a launch to the browser that holds the login's secret; the ticket is used up either way.

    Returns:
        The handle, or ``None`` if the secret is not the login's.

    Raises:
        LaunchError: if the ticket was used or is too old.
    """
    used = fingerprint(ticket)
    launch = session.scalar(select(Launch).where(Launch.proof_ticket_hash == used))
    if launch is None or launch.binding_hash is None or launch.expires_at <= at:
        raise LaunchError("proof-ticket-used", "This step was done already, or too long ago.")
    is_proved = fits(secret, launch.binding_hash)
    handle = new_secret()
    claimed = changed(
        session,
        update(Launch)
        .where(Launch.id == launch.id, Launch.proof_ticket_hash == used)
        .values(
            proof_ticket_hash=None,
            binding_hash=None,
            handle_hash=fingerprint(handle),
            last_seen_at=at,
            expires_at=at + idle if is_proved else at,
        ),
    )
    if claimed != 1:
        raise LaunchError("proof-ticket-used", "This step was done already, or too long ago.")
    return handle if is_proved else None
