"""Invitations to register a platform: made by owners, kept as fingerprints, used up by success only."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from lti_tool.errors import InputError, NotFoundError, RegistrationError
from lti_tool.lti.text import label
from lti_tool.models import Invitation, Privacy
from lti_tool.platforms import PRODUCTS
from lti_tool.services import audit, throttle
from lti_tool.services.fingerprints import fingerprint, new_secret
from lti_tool.upsert import changed

LIFETIMES = (timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30))
"""How long an invitation may be good for."""
LOOKS_PER_HOUR = 60
"""How often an invitation may let us ask an LMS about itself: nobody makes a scanner of it."""


def invite(
    session: Session,
    *,
    title: str,
    product: str | None,
    privacy: Privacy,
    lifetime: timedelta,
    at: datetime,
    actor: str,
) -> str:
    """Make an invitation.

    Returns:
        Its secret, which is known to nobody afterwards.

    Raises:
        InputError: if there is no such LMS or lifetime.
    """
    if lifetime not in LIFETIMES or product not in {None, *PRODUCTS}:
        raise InputError("An invitation needs a lifetime of the list, and an LMS that is known, or none.")
    secret = new_secret()
    invitation = Invitation(
        secret_hash=fingerprint(secret),
        title=label(title, 255),
        product=product,
        privacy=privacy,
        created_by=actor,
        created_at=at,
        expires_at=at + lifetime,
    )
    session.add(invitation)
    session.flush()
    audit.record(
        session, actor=actor, at=at, action="invitation-made", subject=name_of(invitation), after=_describe(invitation)
    )
    return secret


def name_of(invitation: Invitation) -> str:
    """Say in the log which invitation it was."""
    return f"{invitation.id} {invitation.title or ''}".strip()


def list_invitations(session: Session, limit: int = 50) -> list[Invitation]:
    """List the invitations, the newest first."""
    wanted = select(Invitation).options(joinedload(Invitation.registration)).order_by(Invitation.id.desc())
    return list(session.scalars(wanted.limit(limit)))


def revoke(session: Session, number: int, at: datetime, actor: str) -> None:
    """Withdraw an invitation that was not used.

    Raises:
        NotFoundError: if there is none, or it is used already.
    """
    is_open = and_(Invitation.id == number, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    if not changed(session, update(Invitation).where(is_open).values(revoked_at=at)):
        raise NotFoundError("There is no such invitation, or it was used.")
    invitation = session.get_one(Invitation, number, populate_existing=True)
    audit.record(session, actor=actor, at=at, action="invitation-revoked", subject=name_of(invitation))


def find_open(session: Session, secret: str, at: datetime) -> Invitation:
    """Find the invitation of a secret.

    Raises:
        RegistrationError: if there is none, or it is over; whoever holds the secret learns why.
    """
    invitation = session.scalar(select(Invitation).where(Invitation.secret_hash == fingerprint(secret)))
    if invitation is None:
        raise RegistrationError("invitation-unknown")
    if invitation.used_at is not None:
        raise RegistrationError("invitation-used")
    if invitation.revoked_at is not None:
        raise RegistrationError("invitation-revoked")
    if invitation.expires_at <= at:
        raise RegistrationError("invitation-expired")
    return invitation


def count_look(session: Session, invitation: Invitation, at: datetime) -> None:
    """Count that an LMS is asked about itself.

    Raises:
        RegistrationError: if that was done too often.
    """
    if throttle.add(session, fingerprint(f"invitation:{invitation.id}"), 1, at) > LOOKS_PER_HOUR:
        raise RegistrationError("too-often")


def claim(session: Session, invitation: Invitation, at: datetime, lasts: timedelta) -> datetime:
    """Keep an invitation for one registration; one UPDATE, so that of two at once one gets it.

    Returns:
        Until when, which :func:`release` knows the claim by.

    Raises:
        RegistrationError: if another registration is under way, or the invitation is over.
    """
    is_free = or_(Invitation.claimed_until.is_(None), Invitation.claimed_until <= at)
    claimed = update(Invitation).where(_is_open(invitation, at), is_free).values(claimed_until=at + lasts)
    if not changed(session, claimed, synchronize_session=False):
        raise RegistrationError("invitation-in-use")
    return at + lasts


def release(session: Session, number: int, claimed_until: datetime) -> None:
    """Give an invitation back after a registration that failed, unless somebody else has it by now."""
    is_ours = and_(Invitation.id == number, Invitation.claimed_until == claimed_until, Invitation.used_at.is_(None))
    session.execute(update(Invitation).where(is_ours).values(claimed_until=None))


def use_up(session: Session, number: int, registration_id: int, at: datetime) -> None:
    """Use an invitation up.

    Raises:
        RegistrationError: if somebody withdrew it meanwhile, or the registration took so long that another came first.
    """
    is_open = and_(Invitation.id == number, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    used = update(Invitation).where(is_open).values(used_at=at, registration_id=registration_id)
    if not changed(session, used, synchronize_session=False):
        raise RegistrationError("invitation-lost")


def _is_open(invitation: Invitation, at: datetime) -> ColumnElement[bool]:
    return and_(
        Invitation.id == invitation.id,
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > at,
    )


def _describe(invitation: Invitation) -> dict[str, str | None]:
    return {
        "product": invitation.product,
        "privacy": invitation.privacy.value,
        "expires_at": invitation.expires_at.isoformat(timespec="minutes"),
    }
