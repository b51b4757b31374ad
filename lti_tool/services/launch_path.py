"""A login and a launch in prebuilt statements: the two requests that come all at once when a course begins.

Everywhere else the ORM is used. Here *how* it is used was most of the processor time: building each statement anew,
loading whole objects and comparing them at the flush cost more than checking the token's signature and storing it all
durably. So these statements are prebuilt and give plain rows, and a launch that brings nothing new (the same course,
activity, person and names as last time) writes only what a launch is. One that brings something new takes the way
through ``services/placements.py``; both lead to the same rows, which a test compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, insert, select, update

from lti_tool.errors import LaunchError
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
from lti_tool.prebuilt import Prebuilt, Runs, write_all
from lti_tool.services.fingerprints import fingerprint, new_secret

_REGISTRATION = (
    Registration.id,
    Registration.issuer,
    Registration.client_id,
    Registration.auth_url,
    Registration.state,
)
_OF_ISSUER = select(*_REGISTRATION).where(Registration.issuer == bindparam("issuer"))
REGISTRATIONS_OF_ISSUER = Prebuilt(_OF_ISSUER.order_by(Registration.state != RegistrationState.ACTIVE).limit(2))
"""Two are enough to see that there are several; those that are open come first."""
REGISTRATION_OF_CLIENT = Prebuilt(_OF_ISSUER.where(Registration.client_id == bindparam("client_id")))
INSERT_LOGIN = Prebuilt(insert(Login))
LOGIN_WITH_REGISTRATION = Prebuilt(
    select(
        Login.used_at,
        Login.expires_at,
        Login.nonce,
        Login.target_link_uri,
        Login.deployment_id,
        Login.storage_target,
        Login.binding_hash,
        Login.registration_id,
        Registration.issuer,
        Registration.client_id,
        Registration.auth_url,
        Registration.key_set_url,
        Registration.allows_anonymous,
        Registration.watched_until,
    )
    .join(Registration, Registration.id == Login.registration_id)
    .where(Login.state_hash == bindparam("state_hash"))
)
_USE_LOGIN_UP = Prebuilt(
    update(Login)
    .where(Login.state_hash == bindparam("state"), Login.used_at.is_(None), Login.expires_at > bindparam("at"))
    .values(used_at=bindparam("at"))
)
_KNOWN = Prebuilt(
    select(
        Registration.state,
        Registration.privacy,
        Deployment.id.label("deployment_id"),
        Deployment.is_approved,
        Deployment.frame_hosts,
        Deployment.notices_url,
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
        Context.memberships_url,
        Context.groups_url,
        Context.group_sets_url,
        Person.id.label("person_id"),
        Person.name.label("person_name"),
        Person.is_anonymous,
        Person.is_test,
        Participation.is_trainer,
        Participation.sort_key,
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
_SEE_PERSON = Prebuilt(update(Person).where(Person.id == bindparam("person")).values(last_seen_at=bindparam("at")))
_SEE_PARTICIPATION = Prebuilt(
    update(Participation)
    .where(Participation.placement_id == bindparam("placement"), Participation.person_id == bindparam("person"))
    .values(last_seen_at=bindparam("at"))
)
_INSERT_LAUNCH = Prebuilt(insert(Launch).inline())


@dataclass(frozen=True, slots=True)
class KnownArrival:
    """Somebody who was here before, and of whom, of whose course and activity nothing changed."""

    deployment_id: int
    placement_id: int
    context_id: int | None
    person_id: int
    module_id: str | None


def use_up(connection: Runs, state: str, at: datetime) -> None:
    """Use a login up, so that its state and nonce are good for one launch.

    Raises:
        LaunchError: if another request was faster.
    """
    _check_used(_USE_LOGIN_UP.write(connection, _used(state, at)))


def _used(state: str, at: datetime) -> dict[str, Any]:
    return {"state": fingerprint(state), "at": at}


def _check_used(rows: int) -> None:
    if rows != 1:
        raise LaunchError("state-used", "The launch was made already.")


def find_known(connection: Runs, registration_id: int, claims: LaunchClaims) -> KnownArrival | None:
    """Find an arrival that brings nothing new; nothing where it may."""
    if claims.message is not Message.RESOURCE_LINK or claims.sub is None:
        return None
    keys = {
        "registration": registration_id,
        "deployment": claims.deployment_id,
        "link": claims.resource_link_id,
        "sub": claims.sub,
    }
    row = _KNOWN.row(connection, keys)
    if row is None or not _says_the_same(row, claims):
        return None
    return KnownArrival(row.deployment_id, row.placement_id, row.context_id, row.person_id, row.module_id)


@dataclass(frozen=True, slots=True)
class ReadyLaunch:
    """A launch that brings nothing new, ready to be written."""

    handle: str
    """Stands in the address of each page."""
    login: Mapping[str, Any]
    launch: Mapping[str, Any]
    seen: Mapping[str, Any]


def make_ready(
    state: str, known: KnownArrival, claims: LaunchClaims, *, browser_secret: str | None, at: datetime, idle: timedelta
) -> ReadyLaunch:
    """Put together what :func:`start_known` writes."""
    handle = new_secret()
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
        "prefers_contrast": claims.prefers_contrast,
        "line_item_url": claims.grades.line_item_url,
        "created_at": at,
        "last_seen_at": at,
        "expires_at": at + idle,
    }
    seen = {"person": known.person_id, "placement": known.placement_id, "at": at}
    return ReadyLaunch(handle, _used(state, at), launch, seen)


def start_known(connection: Runs, ready: ReadyLaunch) -> None:
    """Use the login up and begin the session of a launch that brings nothing new.

    The rows are those of :func:`use_up` and :func:`lti_tool.services.launches.start_launch`.

    Raises:
        LaunchError: if another request was faster; what was written until then is for the caller to undo.
    """
    used, *_ = write_all(
        connection,
        (_USE_LOGIN_UP, ready.login),
        # Before what follows: it waits for whoever changes the placement, and they may wait for those two rows.
        (_INSERT_LAUNCH, ready.launch),
        (_SEE_PERSON, ready.seen),
        (_SEE_PARTICIPATION, ready.seen),
    )
    _check_used(used)


def _says_the_same(row: Any, claims: LaunchClaims) -> bool:
    """Whether a launch says what is stored already, so that nothing but the launch has to be written."""
    host = origin(claims.return_url) if claims.return_url else None
    stored = (row.title, row.line_item_url, row.line_items_url, row.scopes)
    stored_person = (row.person_name, row.is_trainer, row.is_test)
    told = (
        claims.resource_link_title,
        claims.grades.line_item_url,
        claims.grades.line_items_url,
        list(claims.grades.scopes),
    )
    told_person = (claims.name if row.privacy is Privacy.NAME else None, claims.is_trainer, claims.is_test)
    return (
        row.state is RegistrationState.ACTIVE
        and row.is_approved
        and not row.is_anonymous
        and bool(row.sort_key)
        and (not host or host in row.frame_hosts)
        and claims.notices_url in {None, row.notices_url}
        and stored == told
        and stored_person == told_person
        and _is_same_course(row, claims)
        and _shows_the_same(row, claims)
    )


def _is_same_course(row: Any, claims: LaunchClaims) -> bool:
    course = claims.context
    if course is None:
        return True
    stored = (row.context_name, row.context_title, row.context_label)
    services = (row.memberships_url, row.groups_url, row.group_sets_url)
    return stored == (course.id, course.title, course.label) and services == (
        course.memberships_url,
        course.groups_url,
        course.group_sets_url,
    )


def _shows_the_same(row: Any, claims: LaunchClaims) -> bool:
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
