"""What a dynamic registration leaves behind: a registration that waits, or a proposal for one that is there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.errors import RegistrationError
from lti_tool.lti.registration import Platform, Registered
from lti_tool.models import Deployment, Invitation, Privacy, Registration, RegistrationState
from lti_tool.services import audit, invitations, platforms, registrations
from lti_tool.upsert import find_or_add

_PROPOSED = ("auth_url", "token_url", "key_set_url", "token_audience", "product")


def check_audience(session: Session, platform: Platform) -> None:
    """See that nobody gets requests for tokens that are meant for another platform, and could use them there.

    Raises:
        RegistrationError: if another issuer's registration has this audience for another address of tokens.
    """
    audience = func.coalesce(Registration.token_audience, Registration.token_url)
    wanted = platform.token_audience or platform.token_url
    other = select(Registration.id).where(
        audience == wanted, Registration.token_url != platform.token_url, Registration.issuer != platform.issuer
    )
    if session.scalar(other.limit(1)) is not None:
        raise RegistrationError("audience-elsewhere", wanted)


def store(
    session: Session, invitation: Invitation, platform: Platform, registered: Registered, privacy: Privacy, at: datetime
) -> Registration:
    """Write down what an LMS registered, and use the invitation up.

    A registration of the same issuer and client id is left as it is: what differs becomes a proposal, since whoever
    holds an invitation could else lead people of an approved platform elsewhere.

    Raises:
        RegistrationError: if the invitation is gone meanwhile.
    """
    actor = f"invitation {invitations.name_of(invitation)}"
    known = session.scalar(
        select(Registration)
        .where(Registration.issuer == platform.issuer, Registration.client_id == registered.client_id)
        .with_for_update()
    )
    values = _values(platform, registered)
    if known is not None:
        known.proposal = values
        registration, action = known, "platform-proposed"
    else:
        registration = platforms.add_registration(
            session,
            issuer=platform.issuer,
            client_id=registered.client_id,
            title=invitation.title or platform.title,
            product=platform.product,
            auth_url=platform.auth_url,
            token_url=platform.token_url,
            key_set_url=platform.key_set_url,
            token_audience=platform.token_audience,
            privacy=privacy,
            state=RegistrationState.PENDING,
            at=at,
        )
        registration.granted = values["granted"]
        action = "platform-registered"
    if registered.deployment_id is not None and known is None:
        find_or_add(
            session,
            Deployment,
            {"registration_id": registration.id, "deployment_id": registered.deployment_id},
            {"is_approved": True, "frame_hosts": [], "created_at": at},
        )
    invitations.use_up(session, invitation.id, registration.id, at)
    audit.record(
        session,
        actor=actor[:200],
        at=at,
        action=action,
        subject=registration.title,
        after=values if known is not None else registrations.describe(registration),
    )
    return registration


def take_proposal(session: Session, registration: Registration, at: datetime, actor: str) -> None:
    """Take over what the platform sent when it registered again."""
    proposal = registration.proposal
    if proposal is None:
        return
    registration.granted, registration.proposal = proposal["granted"], None
    values = {name: proposal[name] for name in _PROPOSED if name in proposal}
    registrations.change(session, registration, values, at, actor)


def discard_proposal(session: Session, registration: Registration, at: datetime, actor: str) -> None:
    """Leave a registration as it is."""
    if registration.proposal is None:
        return
    before, registration.proposal = registration.proposal, None
    audit.record(session, actor=actor, at=at, action="proposal-discarded", subject=registration.title, before=before)


def differing(registration: Registration) -> dict[str, tuple[str | None, str | None]]:
    """Give what a proposal would change: name, value now, value then; no audience means the access token address."""
    proposal = registration.proposal or {}
    return {
        name: (getattr(registration, name), proposal[name])
        for name in _PROPOSED
        if name in proposal and proposal[name] != getattr(registration, name)
    }


def _values(platform: Platform, registered: Registered) -> dict[str, Any]:
    def names(values: tuple[str, ...] | None) -> list[str] | None:
        return None if values is None else list(values)

    return {
        "auth_url": platform.auth_url,
        "token_url": platform.token_url,
        "key_set_url": platform.key_set_url,
        "token_audience": platform.token_audience,
        "product": platform.product,
        "granted": {
            "version": platform.offer.version,
            "scopes": names(registered.scopes),
            "claims": names(registered.claims),
            "messages": names(registered.messages),
            "custom": names(registered.custom),
        },
    }
