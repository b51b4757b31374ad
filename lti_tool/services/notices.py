"""Notices of platforms: asking for them, and knowing whom one is from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from lti_tool.config import Settings
from lti_tool.errors import LaunchError
from lti_tool.logs import masked
from lti_tool.lti.notices import NOTICE_SCOPE, CopyNotice, Sender
from lti_tool.lti.text import label
from lti_tool.lti.tokens import Client, Token
from lti_tool.lti.vault import Vault
from lti_tool.models import Deployment, Registration, RegistrationState, UsedNotice
from lti_tool.services import copies, platforms
from lti_tool.services.clients import open_client
from lti_tool.services.fingerprints import fingerprint
from lti_tool.upsert import add_once

HANDLER_PATH = "/lti/notices"
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=5), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A platform to be asked for notices, with all that this needs apart from the database."""

    deployment_id: int
    url: str
    client: Client
    token: Token | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The registration that a notice says it is from."""

    registration_id: int
    key_set_url: str


def learn_service(deployment: Deployment, url: str | None, at: datetime) -> None:
    """Keep where a launch says that notices can be asked for; a launch that says nothing takes nothing away."""
    if url is not None and url != deployment.notices_url:
        deployment.notices_url, deployment.notices_handler = url, None
        deployment.notices_next_at, deployment.notices_tries, deployment.notices_refusal = at, 0, None


def handler_of(settings: Settings) -> str:
    """Give the address of ours that platforms send notices to."""
    return settings.public_url + HANDLER_PATH


def due(session: Session, vault: Vault, handler: str, at: datetime, limit: int) -> list[Subscription]:
    """List the deployments whose platforms are to be asked now: they send nothing yet, or to another address."""
    query = (
        select(Deployment)
        .join(Deployment.registration)
        .options(joinedload(Deployment.registration))
        .where(
            Registration.state == RegistrationState.ACTIVE,
            Deployment.is_approved,
            Deployment.notices_url.is_not(None),
            or_(Deployment.notices_handler.is_(None), Deployment.notices_handler != handler),
            or_(Deployment.notices_next_at.is_(None), Deployment.notices_next_at <= at),
        )
        .order_by(Deployment.id)
        .limit(limit)
    )
    found = []
    for deployment in session.scalars(query).all():
        client, token = open_client(session, vault, deployment.registration, (NOTICE_SCOPE,), at)
        url = deployment.notices_url or ""
        found.append(Subscription(deployment_id=deployment.id, url=url, client=client, token=token))
    return found


def record(session: Session, asked: Subscription, handler: str | None, at: datetime, refusal: str = "") -> None:
    """Write down how asking ended.

    Args:
        session: of the database.
        asked: which platform.
        handler: the address that it sends notices to; ``None``: it does not, and is asked again later.
        at: now.
        refusal: what it said then.
    """
    deployment = session.get(Deployment, asked.deployment_id, with_for_update=True)
    if deployment is None or deployment.notices_url != asked.url:
        return
    if handler is not None:
        deployment.notices_handler, deployment.notices_next_at, deployment.notices_tries = handler, None, 0
        deployment.notices_refusal = None
        return
    pause = min(_FIRST_PAUSE * 2 ** min(deployment.notices_tries, 10), _LONGEST_PAUSE)
    deployment.notices_tries += 1
    deployment.notices_refusal = masked(label(refusal, 500) or "")[:500] or None
    deployment.notices_next_at = at + pause


def find_sender(session: Session, sender: Sender) -> Known:
    """Find the registration that a notice says it is from.

    Raises:
        LaunchError: if there is none, or it is not open.
    """
    target = platforms.find_registration(session.connection(), sender.issuer, sender.client_id)
    registration = session.get_one(Registration, target.id)
    return Known(registration_id=registration.id, key_set_url=registration.key_set_url)


def receive(session: Session, known: Known, notice: CopyNotice, at: datetime, until: datetime) -> bool:
    """Take a notice that was verified, once.

    Its nonce is used up in the transaction that does what it says, so that a notice of which nothing came can be sent
    again, and one that was taken does nothing any more, as often as it comes: platforms try again when our answer got
    lost, and others may have seen it on its way.

    Args:
        session: of the database.
        known: whom it is from.
        notice: what it says.
        at: now.
        until: when its token will be too old for anybody.

    Returns:
        Whether it was new.

    Raises:
        LaunchError: if it is of a deployment that nobody launched from, or that is not approved.
    """
    wanted = select(Deployment).filter_by(registration_id=known.registration_id, deployment_id=notice.deployment_id)
    deployment = session.scalar(wanted)
    if deployment is None or not deployment.is_approved:
        raise LaunchError("deployment-unknown", "The notice is of a deployment that is not open.")
    key = {"registration_id": known.registration_id, "nonce_hash": fingerprint(notice.nonce)}
    if not add_once(session, UsedNotice, key, {"expires_at": until}):
        return False
    deployment.notices_received_at = at
    copies.take_notice(session, deployment, notice, at)
    return True
