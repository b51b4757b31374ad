"""Registrations and deployments: found for a login, admitted at a launch, added by an administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.errors import ConflictError, InputError, LaunchError
from lti_tool.lti.addresses import parse_url
from lti_tool.lti.text import is_identifier, label, origin, web_address
from lti_tool.models import Deployment, Privacy, Registration, RegistrationState
from lti_tool.prebuilt import Runs
from lti_tool.services.launch_path import REGISTRATION_OF_CLIENT, REGISTRATIONS_OF_ISSUER
from lti_tool.upsert import find_or_add

MAX_FRAME_HOSTS = 20


@dataclass(frozen=True, slots=True)
class LoginTarget:
    """The registration that a login is for, as far as a login needs it."""

    id: int
    issuer: str
    client_id: str
    auth_url: str
    state: RegistrationState


def find_registration(connection: Runs, issuer: str, client_id: str | None) -> LoginTarget:
    """Find the registration that a login names.

    Raises:
        LaunchError: if there is none, or several and no client id says which.
    """
    wanted = REGISTRATIONS_OF_ISSUER if client_id is None else REGISTRATION_OF_CLIENT
    found = wanted.rows(connection, {"issuer": issuer, "client_id": client_id})
    if not found:
        raise LaunchError("platform-unknown", "No such platform is registered.", detail=f"{issuer} {client_id or ''}")
    # One that waits for approval, or was closed, makes no login ambiguous: an invitation would else be enough to keep
    # people of an approved platform out.
    are_open = [row for row in found if row.state is RegistrationState.ACTIVE]
    if len(found) > 1 and len(are_open) != 1:
        raise LaunchError("client-id-needed", "The platform has several registrations, and the login names none.")
    target = LoginTarget(*(are_open or found)[0])
    check_open(target)
    return target


def check_open(registration: Registration | LoginTarget) -> None:
    """Refuse a registration through which nobody comes in.

    Raises:
        LaunchError: if it waits for approval, or was closed.
    """
    if registration.state is not RegistrationState.ACTIVE:
        raise LaunchError(f"platform-{registration.state}", "The registration is not open.", detail=registration.issuer)


def check_approved(deployment: Deployment) -> None:
    """Refuse a deployment through which nobody comes in.

    Raises:
        LaunchError: if it waits for approval, or lost it.
    """
    if not deployment.is_approved:
        raise LaunchError("deployment-pending", "The deployment is not approved.", detail=deployment.deployment_id)


def admit_deployment(session: Session, registration: Registration, deployment_id: str, at: datetime) -> Deployment:
    """Find the deployment of a validated launch, or take it down: accepted or pending, as the registration says."""
    return find_or_add(
        session,
        Deployment,
        {"registration_id": registration.id, "deployment_id": deployment_id},
        {"is_approved": registration.accepts_new_deployments, "frame_hosts": [], "created_at": at},
    )


def learn_frame_host(deployment: Deployment, return_url: str | None) -> None:
    """Let the site that a validated launch came from frame our pages; Canvas frames from the school's own host."""
    host = origin(return_url) if return_url else None
    if host and host not in deployment.frame_hosts:
        deployment.frame_hosts = [*deployment.frame_hosts, host][-MAX_FRAME_HOSTS:]


def add_registration(
    session: Session,
    *,
    issuer: str,
    client_id: str,
    title: str,
    product: str,
    auth_url: str,
    token_url: str,
    key_set_url: str,
    at: datetime,
    token_audience: str | None = None,
    allows_anonymous: bool = False,
    accepts_new_deployments: bool = True,
    privacy: Privacy = Privacy.NAME,
    state: RegistrationState = RegistrationState.ACTIVE,
) -> Registration:
    """Register a platform.

    Raises:
        InputError: if an address or id cannot be used.
        ConflictError: if this issuer and client id are registered already.
    """
    if not is_identifier(issuer, 500) or not is_identifier(client_id, 255):
        raise InputError("The issuer and the client id must not be empty, too long or hold control characters.")
    check_address("auth-url", auth_url)
    check_address("token-url", token_url)
    check_address("key-set-url", key_set_url)
    if token_audience is not None and not is_identifier(token_audience, 1000):
        raise InputError("token-audience must have 1 to 1000 characters.")
    registration = Registration(
        issuer=issuer,
        client_id=client_id,
        title=label(title, 255) or issuer[:255],
        product=product,
        auth_url=auth_url,
        token_url=token_url,
        key_set_url=key_set_url,
        token_audience=token_audience,
        allows_anonymous=allows_anonymous,
        accepts_new_deployments=accepts_new_deployments,
        privacy=privacy,
        state=state,
        created_at=at,
    )
    try:
        with session.begin_nested():
            session.add(registration)
    except IntegrityError as error:
        raise ConflictError(
            f"{issuer} with client id {client_id} is registered already; `lti-tool platforms list` shows it."
        ) from error
    return registration


def list_registrations(session: Session) -> list[Registration]:
    """List the registrations, the oldest first."""
    return list(session.scalars(select(Registration).order_by(Registration.id)))


def count_waiting(session: Session) -> int:
    """Count the registrations that wait for an owner: new ones, and those that proposed a change."""
    waits = or_(Registration.state == RegistrationState.PENDING, Registration.proposal.is_not(None))
    return session.scalar(select(func.count()).select_from(Registration).where(waits)) or 0


def get_registration(session: Session, number: int) -> Registration | None:
    """Give the registration with a number."""
    return session.get(Registration, number)


def site_of(session: Session, number: int) -> str | None:
    """Give the site where people of a registration work, if there is one only.

    It is where validated launches came from, else that of the authentication address; Canvas has one such address for
    many schools.
    """
    registration = session.get(Registration, number)
    if registration is None:
        return None
    learned = session.scalars(select(Deployment.frame_hosts).where(Deployment.registration_id == number))
    hosts = {host for each in learned for host in each} or set(filter(None, [origin(registration.auth_url)]))
    return hosts.pop() if len(hosts) == 1 else None


def check_address(name: str, address: str) -> None:
    """Refuse what is no address of a platform.

    Raises:
        InputError: naming the field and what is wrong.
    """
    try:
        parse_url(address)
    except ValueError as error:
        raise InputError(f"{name} {address!r} cannot be used: {error}.") from error
    if web_address(address, 1000) is None or "#" in address:
        raise InputError(f"{name} {address!r} must have at most 1000 characters and no #.")
