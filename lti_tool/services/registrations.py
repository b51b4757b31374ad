"""What an administrator does with a registration: check what was typed, change, approve, close, remove."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.errors import ConflictError, InputError, NotFoundError
from lti_tool.lti.text import is_identifier, label, origin
from lti_tool.models import (
    AccessToken,
    Deployment,
    Invitation,
    KeySet,
    LaunchProblem,
    Login,
    Person,
    Placement,
    PlatformCheck,
    Privacy,
    Registration,
    RegistrationState,
    TestLaunch,
    UsedNotice,
)
from lti_tool.services import audit, members
from lti_tool.services.platforms import MAX_FRAME_HOSTS, check_address
from lti_tool.upsert import find_or_add

ADDRESSES = ("auth_url", "token_url", "key_set_url")
_KEPT = (
    "title", "product", "issuer", "client_id", *ADDRESSES, "token_audience", "allows_anonymous",
    "accepts_new_deployments", "privacy", "state",
)  # fmt: skip
"""What the audit log shows of a registration."""


def find_problems(values: Mapping[str, Any]) -> set[str]:
    """Name the fields that cannot be taken as they are."""
    problems = {name for name, limit in (("issuer", 500), ("client_id", 255)) if not is_identifier(values[name], limit)}
    for name in ADDRESSES:
        try:
            check_address(name, values[name])
        except InputError:
            problems.add(name)
    if values.get("token_audience") is not None and not is_identifier(values["token_audience"], 1000):
        problems.add("token_audience")
    return problems


def describe(registration: Registration) -> dict[str, Any]:
    """Give what the audit log keeps of a registration."""
    return {name: getattr(registration, name) for name in _KEPT}


def change(session: Session, registration: Registration, values: Mapping[str, Any], at: datetime, actor: str) -> None:
    """Give a registration other values; where it no longer shares names, those that are kept are forgotten.

    Args:
        session: of the database.
        registration: which.
        values: of its columns, without problems.
        at: now.
        actor: who does it.

    Raises:
        ConflictError: if another registration has this issuer and client id.
    """
    before = describe(registration)
    try:
        with session.begin_nested():
            for name, value in values.items():
                setattr(registration, name, value)
            registration.title = label(registration.title, 255) or registration.issuer[:255]
    except IntegrityError as error:
        raise ConflictError("Another platform has this issuer and client id.") from error
    if registration.privacy is Privacy.PSEUDONYM:
        members.forget_names(session, registration.id)
    if before["client_id"] != registration.client_id or before["token_url"] != registration.token_url:
        session.execute(delete(AccessToken).where(AccessToken.registration_id == registration.id))
    after = describe(registration)
    if after != before:
        audit.record(
            session,
            actor=actor,
            at=at,
            action="platform-changed",
            subject=registration.title,
            before=before,
            after=after,
        )


def set_state(session: Session, registration: Registration, state: RegistrationState, at: datetime, actor: str) -> None:
    """Approve a registration, close it, or open it again; nothing is deleted."""
    change(session, registration, {"state": state}, at, actor)


def other_hosts(registration: Registration) -> list[str]:
    """Give the hosts of a registration's addresses that are not the issuer's own: whoever approves has to know them."""
    own = urlsplit(registration.issuer).hostname
    hosts = (urlsplit(getattr(registration, name) or "").hostname for name in (*ADDRESSES, "token_audience"))
    return sorted({host for host in hosts if host and host != own})


def count_people(session: Session, registration: Registration) -> int:
    """Count the people that came through a registration."""
    counted = select(func.count()).select_from(Person).where(Person.registration_id == registration.id)
    return session.scalar(counted) or 0


def remove(session: Session, registration: Registration, at: datetime, actor: str) -> None:
    """Remove a registration through which nobody came.

    Raises:
        ConflictError: if somebody did: their work hangs on it, so it can be closed only.
    """
    deployments = select(Deployment.id).where(Deployment.registration_id == registration.id)
    is_used = session.scalar(select(Placement.id).where(Placement.deployment_id.in_(deployments)).limit(1))
    if is_used is not None or count_people(session, registration):
        raise ConflictError("People came through this platform, and their work hangs on it.")
    before = describe(registration)
    members.forget_courses(session, registration.id)
    for model in (KeySet, AccessToken, Login, UsedNotice, Deployment, PlatformCheck, LaunchProblem, TestLaunch):
        session.execute(delete(model).where(model.registration_id == registration.id))
    session.execute(
        update(Invitation).where(Invitation.registration_id == registration.id).values(registration_id=None)
    )
    title = registration.title
    session.delete(registration)
    audit.record(session, actor=actor, at=at, action="platform-removed", subject=title, before=before)
    session.flush()


def get_deployment(session: Session, registration: Registration, number: int) -> Deployment:
    """Give a deployment of a registration.

    Raises:
        NotFoundError: if it has none with this number.
    """
    deployment = session.get(Deployment, number)
    if deployment is None or deployment.registration_id != registration.id:
        raise NotFoundError("There is no such deployment.")
    return deployment


def approve_deployment(session: Session, number: int, deployment_id: str, at: datetime, actor: str) -> None:
    """Let a deployment launch.

    Raises:
        NotFoundError: if it never tried to.
    """
    deployment = session.scalar(select(Deployment).filter_by(registration_id=number, deployment_id=deployment_id))
    if deployment is None:
        raise NotFoundError(f"Platform {number} has sent nothing from a deployment {deployment_id}.")
    change_deployment(session, deployment, at, actor, is_approved=True, frame_hosts=deployment.frame_hosts)


def add_deployment(session: Session, registration: Registration, deployment_id: str, at: datetime, actor: str) -> None:
    """Let a deployment in that has not launched yet.

    Raises:
        InputError: if the id cannot be one.
    """
    if not is_identifier(deployment_id, 255):
        raise InputError("A deployment id has 1 to 255 characters.")
    deployment = find_or_add(
        session,
        Deployment,
        {"registration_id": registration.id, "deployment_id": deployment_id},
        {"is_approved": False, "frame_hosts": [], "created_at": at},
    )
    change_deployment(session, deployment, at, actor, is_approved=True, frame_hosts=deployment.frame_hosts)


def change_deployment(
    session: Session, deployment: Deployment, at: datetime, actor: str, *, is_approved: bool, frame_hosts: list[str]
) -> None:
    """Approve a deployment or revoke it, and say who may frame its pages."""
    before = {"is_approved": deployment.is_approved, "frame_hosts": deployment.frame_hosts}
    deployment.is_approved, deployment.frame_hosts = is_approved, frame_hosts
    after = {"is_approved": is_approved, "frame_hosts": frame_hosts}
    if before != after:
        subject = f"{deployment.registration.title}: {deployment.deployment_id}"
        audit.record(
            session, actor=actor, at=at, action="deployment-changed", subject=subject, before=before, after=after
        )


def read_frame_hosts(text: str) -> list[str]:
    """Read the sites that may frame pages, one a line, with or without ``https://``.

    Raises:
        InputError: naming the line that is no site.
    """
    hosts: list[str] = []
    for line in text.split():
        found = origin(line if "://" in line else f"https://{line}")
        if found is None:
            raise InputError(line[:100])
        if found not in hosts:
            hosts.append(found)
    return hosts[:MAX_FRAME_HOSTS]
