"""What a launch tells about the course, the placement and the person, written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.errors import ConflictError, NotFoundError
from lti_tool.logs import get_logger
from lti_tool.lti.claims import ContextClaims, LaunchClaims
from lti_tool.lti.content import Content
from lti_tool.models import Context, Deployment, Message, Participation, Person, Placement, Privacy
from lti_tool.services import copies, library, members, notices
from lti_tool.services.fingerprints import new_secret
from lti_tool.services.name_order import sort_key
from lti_tool.services.platforms import learn_frame_host
from lti_tool.upsert import find_or_add

log = get_logger()


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who arrived where."""

    deployment: Deployment
    context: Context | None
    placement: Placement | None
    """``None`` where the message is about no resource link."""
    person: Person
    missing_module: str | None
    """The module that the resource link names, if the library does not have it."""


def record_arrival(session: Session, deployment: Deployment, claims: LaunchClaims, at: datetime) -> Arrival:
    """Write down what a validated launch says; rows appear once, however many launches come at the same time."""
    learn_frame_host(deployment, claims.return_url)
    notices.learn_service(deployment, claims.notices_url, at)
    is_activity = claims.message in {Message.RESOURCE_LINK, Message.SUBMISSION_REVIEW}
    context = _context(session, deployment, claims.context, is_activity=is_activity) if claims.context else None
    placement = missing = None
    if is_activity:
        placement = _placement(session, deployment, context, claims, at)
        if placement.created_at == at:
            copies.carry_over(session, placement, claims)
        # Before any row that names the placement: PostgreSQL lets nobody change it whom another such row waits for.
        missing = _place_module(session, placement, claims.content)
    person = _person(session, deployment, claims, at)
    if placement is not None:
        key = sort_key(person.name, person.sub)
        participation = find_or_add(
            session,
            Participation,
            {"placement_id": placement.id, "person_id": person.id},
            {"is_trainer": claims.is_trainer, "sort_key": key, "first_seen_at": at, "last_seen_at": at},
        )
        members.place_in_order(session, person)
        participation.is_trainer = claims.is_trainer
        participation.last_seen_at = at
    if context is not None:
        members.see_launch(session, context.id, person)
    session.flush()
    return Arrival(deployment, context, placement, person, missing)


def _placement(
    session: Session, deployment: Deployment, context: Context | None, claims: LaunchClaims, at: datetime
) -> Placement:
    placement = find_or_add(
        session,
        Placement,
        {"deployment_id": deployment.id, "resource_link_id": claims.resource_link_id},
        {"scopes": [], "created_at": at},
    )
    if context is not None:
        placement.context_id = context.id
    placement.title = claims.resource_link_title
    if claims.message is Message.RESOURCE_LINK:
        # A gradebook that asks for a review may name no column, or another one.
        placement.line_item_url = claims.grades.line_item_url
        placement.line_items_url = claims.grades.line_items_url
    if placement.scopes != list(claims.grades.scopes):
        placement.scopes = list(claims.grades.scopes)
    return placement


def _context(session: Session, deployment: Deployment, claims: ContextClaims, *, is_activity: bool) -> Context:
    """Find the course or add it.

    What only deep linking leaves out is no sign that a service is gone: Moodle names it once an activity is there.
    """
    context = find_or_add(session, Context, {"deployment_id": deployment.id, "context_id": claims.id}, {})
    context.title = claims.title
    context.label = claims.label
    if is_activity or claims.memberships_url is not None:
        context.memberships_url = claims.memberships_url
        context.groups_url, context.group_sets_url = claims.groups_url, claims.group_sets_url
    return context


def _person(session: Session, deployment: Deployment, claims: LaunchClaims, at: datetime) -> Person:
    """Find the person by what the platform calls them; an anonymous one is somebody new at each launch."""
    person = find_or_add(
        session,
        Person,
        {"registration_id": deployment.registration_id, "sub": claims.sub or f"anonymous-{new_secret()}"},
        {"is_anonymous": claims.sub is None, "created_at": at, "last_seen_at": at},
    )
    person.name = claims.name if deployment.registration.privacy is Privacy.NAME else None
    person.is_test = claims.is_test
    person.last_seen_at = at
    return person


def _place_module(session: Session, placement: Placement, content: Content | None) -> str | None:
    """Let the placement show what its link names; gives the module's name back if there is no such module.

    A module that people have answered stays, even where the link was edited to name another one.
    """
    if content is None:
        return None
    try:
        library.place(session, placement, content)
    except NotFoundError:
        return content.module_id if placement.release_digest is None else None
    except ConflictError:
        shown, named = placement.module_id, content.module_id
        log.warning("placement-keeps-module", placement=placement.id, shown=shown, named=named)
    return None
