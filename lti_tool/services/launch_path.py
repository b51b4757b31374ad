"""A login and a launch in prebuilt statements: the two requests that come all at once when a course begins.

Everywhere else the ORM is used. Here *how* it is used was most of the processor time: building each statement anew,
loading whole objects and comparing them at the flush cost more than checking the token's signature and storing it all
durably. So these statements are built once and give plain rows, and a launch that brings nothing new (the same course,
activity, person and names as last time) writes only what a launch is. One that brings something new takes the way
through ``services/placements.py``; both lead to the same rows, which a test compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, insert, select, update
from sqlalchemy.orm import Session

from lti_tool.lti.claims import LaunchClaims
from lti_tool.lti.text import origin
from lti_tool.models import (
    Context,
    Deployment,
    Launch,
    Login,
    Message,
    Participation,
    Person,
    Placement,
    Privacy,
    Registration,
    RegistrationState,
    Release,
)
from lti_tool.services.fingerprints import fingerprint, new_secret

_REGISTRATION = (
    Registration.id,
    Registration.issuer,
    Registration.client_id,
    Registration.auth_url,
    Registration.state,
)
REGISTRATIONS_OF_ISSUER = select(*_REGISTRATION).where(Registration.issuer == bindparam("issuer")).limit(2)
REGISTRATION_OF_CLIENT = REGISTRATIONS_OF_ISSUER.where(Registration.client_id == bindparam("client_id"))
INSERT_LOGIN = insert(Login)
LOGIN_WITH_REGISTRATION = (
    select(
        Login.used_at,
        Login.expires_at,
        Login.nonce,
        Login.target_link_uri,
        Login.deployment_id,
        Login.binding_hash,
        Login.registration_id,
        Registration.issuer,
        Registration.client_id,
        Registration.key_set_url,
        Registration.allows_anonymous,
    )
    .join(Registration, Registration.id == Login.registration_id)
    .where(Login.state_hash == bindparam("state_hash"))
)
USE_LOGIN_UP = (
    update(Login)
    .where(Login.state_hash == bindparam("state"), Login.used_at.is_(None), Login.expires_at > bindparam("at"))
    .values(used_at=bindparam("at"))
)
_KNOWN = (
    select(
        Registration.state,
        Registration.privacy,
        Deployment.id.label("deployment_id"),
        Deployment.is_approved,
        Deployment.frame_hosts,
        Placement.id.label("placement_id"),
        Placement.context_id,
        Placement.title,
        Placement.line_item_url,
        Placement.line_items_url,
        Placement.scopes,
        Placement.module_id,
        Placement.page_id,
        Placement.quiz_id,
        Placement.is_version_fixed,
        Release.version,
        Context.context_id.label("context_name"),
        Context.title.label("context_title"),
        Context.label.label("context_label"),
        Person.id.label("person_id"),
        Person.name.label("person_name"),
        Person.is_anonymous,
        Participation.is_trainer,
    )
    .select_from(Deployment)
    .join(Registration, Registration.id == Deployment.registration_id)
    .join(Placement, Placement.deployment_id == Deployment.id)
    .outerjoin(Context, Context.id == Placement.context_id)
    .outerjoin(Release, Release.digest == Placement.release_digest)
    .join(Person, Person.registration_id == Deployment.registration_id)
    .join(Participation, and_(Participation.placement_id == Placement.id, Participation.person_id == Person.id))
    .where(
        Deployment.registration_id == bindparam("registration"),
        Deployment.deployment_id == bindparam("deployment"),
        Placement.resource_link_id == bindparam("link"),
        Person.sub == bindparam("sub"),
    )
)
_SEE_PERSON = update(Person).where(Person.id == bindparam("person")).values(last_seen_at=bindparam("at"))
_SEE_PARTICIPATION = (
    update(Participation)
    .where(Participation.placement_id == bindparam("placement"), Participation.person_id == bindparam("person"))
    .values(last_seen_at=bindparam("at"))
)
_INSERT_LAUNCH = insert(Launch)


@dataclass(frozen=True, slots=True)
class KnownArrival:
    """Somebody who was here before, and of whom, of whose course and activity nothing changed."""

    deployment_id: int
    placement_id: int
    context_id: int | None
    person_id: int
    module_id: str | None


def find_known(session: Session, registration_id: int, claims: LaunchClaims) -> KnownArrival | None:
    """Find an arrival that brings nothing new; nothing where it may."""
    if claims.message is not Message.RESOURCE_LINK or claims.sub is None:
        return None
    keys = {
        "registration": registration_id,
        "deployment": claims.deployment_id,
        "link": claims.resource_link_id,
        "sub": claims.sub,
    }
    row: Any = session.connection().execute(_KNOWN, keys).one_or_none()
    if row is None or not _says_the_same(row, claims):
        return None
    return KnownArrival(row.deployment_id, row.placement_id, row.context_id, row.person_id, row.module_id)


def start_known(
    session: Session,
    known: KnownArrival,
    claims: LaunchClaims,
    *,
    browser_secret: str | None,
    at: datetime,
    idle: timedelta,
) -> str:
    """Begin the session of a launch that brings nothing new, as :func:`lti_tool.services.launches.start_launch` does.

    Returns:
        The handle, which stands in the address of each page.
    """
    handle = new_secret()
    connection = session.connection()
    seen = {"person": known.person_id, "placement": known.placement_id, "at": at}
    connection.execute(_SEE_PERSON, seen)
    connection.execute(_SEE_PARTICIPATION, seen)
    launch = {
        "handle_hash": fingerprint(handle),
        "browser_hash": fingerprint(browser_secret) if browser_secret else None,
        "deployment_id": known.deployment_id,
        "message": claims.message,
        "context_id": known.context_id,
        "placement_id": known.placement_id,
        "person_id": known.person_id,
        "is_trainer": claims.is_trainer,
        "is_learner": claims.is_learner,
        "locale": claims.locale,
        "return_url": claims.return_url,
        "document_target": claims.document_target,
        "line_item_url": claims.grades.line_item_url,
        "created_at": at,
        "last_seen_at": at,
        "expires_at": at + idle,
    }
    connection.execute(_INSERT_LAUNCH, launch)
    return handle


def _says_the_same(row: Row[Any], claims: LaunchClaims) -> bool:
    """Whether a launch says what is stored already, so that nothing but the launch has to be written."""
    host = origin(claims.return_url) if claims.return_url else None
    stored = (row.title, row.line_item_url, row.line_items_url, row.scopes, row.person_name, row.is_trainer)
    told = (
        claims.resource_link_title,
        claims.grades.line_item_url,
        claims.grades.line_items_url,
        list(claims.grades.scopes),
        claims.name if row.privacy is Privacy.NAME else None,
        claims.is_trainer,
    )
    return (
        row.state is RegistrationState.ACTIVE
        and row.is_approved
        and not row.is_anonymous
        and (not host or host in row.frame_hosts)
        and stored == told
        and _is_same_course(row, claims)
        and _shows_the_same(row, claims)
    )


def _is_same_course(row: Row[Any], claims: LaunchClaims) -> bool:
    course = claims.context
    if course is None:
        return True
    return (row.context_name, row.context_title, row.context_label) == (course.id, course.title, course.label)


def _shows_the_same(row: Row[Any], claims: LaunchClaims) -> bool:
    """Whether the placement shows what the link names, in a version that it names or leaves open."""
    content = claims.content
    if content is None:
        return True
    if (row.module_id, row.page_id, row.quiz_id) != (content.module_id, content.page_id, content.quiz_id):
        return False
    if row.version is None or content.version is None:
        return row.version is not None
    is_version = content.version in {row.version, row.version.partition(".")[0]}
    return is_version and bool(row.is_version_fixed == content.is_version_fixed)
