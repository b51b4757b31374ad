"""Launches made directly in the database, for tests of what comes after one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.models import Context, Deployment, Message, Person, Placement, Registration
from lti_tool.services.launches import start_launch

ISSUER = "https://lms.test"


def find_or_add(model: type, values: dict[str, Any], **more: Any) -> Any:
    """Find a row by some of its values, or add it."""
    found = db.session.scalar(select(model).filter_by(**values))
    if found is None:
        found = model(**values, **more)
        db.session.add(found)
        db.session.flush()
    return found


def add_placement(
    *,
    issuer: str = ISSUER,
    client_id: str = "client-1",
    deployment: str = "1",
    context: str = "course-1",
    link: str = "link-1",
) -> Placement:
    """Find or add a placement with all that it hangs on; needs an application context."""
    at = datetime.now(UTC)
    registration = find_or_add(
        Registration,
        {"issuer": issuer, "client_id": client_id},
        title="LMS",
        auth_url=f"{issuer}/auth",
        token_url=f"{issuer}/token",
        key_set_url=f"{issuer}/keys",
        created_at=at,
    )
    deployed = find_or_add(
        Deployment,
        {"registration_id": registration.id, "deployment_id": deployment},
        frame_hosts=[],
        created_at=at,
    )
    course = find_or_add(Context, {"deployment_id": deployed.id, "context_id": context})
    return find_or_add(
        Placement,
        {"deployment_id": deployed.id, "resource_link_id": link},
        context_id=course.id,
        scopes=[],
        created_at=at,
    )


def add_person(placement: Placement, sub: str, name: str | None = None) -> Person:
    """Find or add a person of the placement's registration."""
    at = datetime.now(UTC)
    values = {"registration_id": placement.deployment.registration_id, "sub": sub}
    return find_or_add(Person, values, name=name, created_at=at, last_seen_at=at)


def launch(
    app: Flask,
    client: FlaskClient | None = None,
    *,
    sub: str = "learner-1",
    is_trainer: bool = False,
    at: datetime | None = None,
    idle: timedelta = timedelta(hours=1),
    message: Message = Message.RESOURCE_LINK,
    **where: str,
) -> str:
    """Open a placement for a person.

    Args:
        app: the tool.
        client: the browser whose cookie holds the launch; ``None``: the address alone holds it.
        sub: of the person.
        is_trainer: or else a learner.
        at: when, if not now.
        idle: the launch ends after this time without a request.
        message: what kind of launch it is.
        where: see :func:`add_placement`.

    Returns:
        The address of the launch's first page, such as ``/l/<handle>/``.
    """
    with app.app_context():
        placement = add_placement(**where)
        secret = f"browser-of-{id(client)}" if client is not None else None
        handle, _launch = start_launch(
            db.session(),
            placement=placement,
            person=add_person(placement, sub),
            is_trainer=is_trainer,
            is_learner=not is_trainer,
            browser_secret=secret,
            at=at or datetime.now(UTC),
            idle=idle,
            message=message,
        )
        db.session.commit()
    if client is not None and secret is not None:
        client.set_cookie("__Host-browser", secret, domain="tool.test", secure=True)
    return f"/l/{handle}/"
