"""Launch and proof: the second half of opening an activity, from the platform to its first page."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import headers
from lti_tool.config import Settings
from lti_tool.errors import LaunchError
from lti_tool.extensions import db
from lti_tool.lti.claims import LaunchClaims, read_launch
from lti_tool.lti.egress import Egress
from lti_tool.lti.key_sets import KeySets
from lti_tool.lti.launch import Moment, key_id, verify
from lti_tool.models import Deployment, Launch, Message, Registration
from lti_tool.services import deep_links, launch_path, launches, logins, placements, platforms
from lti_tool.services.fingerprints import fits, new_secret
from lti_tool.services.logins import OpenLogin
from lti_tool.services.placements import Arrival
from lti_tool.views import cookies
from lti_tool.views.session import idle_time

blueprint = Blueprint("launch", __name__)
"""Registered inside ``views/lti.py``'s."""

_BROWSER_SECRET = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class _Begun:
    """A session that began, and where it goes first."""

    handle: str
    path: str
    missing_module: str | None = None


@blueprint.record_once
def _keep_key_sets(state: BlueprintSetupState) -> None:
    """Give the application the keys of its platforms."""
    settings: Settings = state.app.config["SETTINGS"]
    state.app.extensions["key_sets"] = KeySets(
        Egress(settings.egress_allow, settings.egress_timeout_s, settings.egress_max_bytes),
        _transaction,
        timedelta(seconds=settings.key_set_lifetime_s),
        timedelta(seconds=settings.key_set_cooldown_s),
    )


@blueprint.post("/launch")
def launch() -> Response:
    """Open the activity that a platform sends the browser to."""
    at = datetime.now(UTC)
    state = request.form.get("state", "")
    opening = _open(state, at)
    if "error" in request.form or "id_token" not in request.form:
        _refuse(state, at)
    claims = read_launch(_verified(request.form["id_token"], opening, at))
    return _arrive(state, opening, claims, at)


@blueprint.post("/proof")
def prove() -> Response:
    """Open a launch to a browser that shows the secret of its login."""
    at = datetime.now(UTC)
    idle = idle_time(current_app.config["SETTINGS"], is_in_path=True)
    handle = launches.prove_launch(
        db.session(), request.form.get("ticket", ""), request.form.get("secret", ""), at, idle
    )
    # A wrong secret uses the ticket up, too.
    db.session.commit()
    if handle is None:
        raise LaunchError("not-this-browser", "The secret is not the login's.")
    launch = launches.find_launch(db.session(), handle, None, at)
    return _first_page(handle, _first_path(launch, request.form.get("missing")))


def _transaction() -> AbstractContextManager[Session]:
    return sessionmaker(db.engine).begin()


def _open(state: str, at: datetime) -> OpenLogin:
    """Read what the login fixed, and end the transaction: the network comes next."""
    session = db.session()
    opening = logins.find_login(session, state, at)
    session.rollback()
    return opening


def _refuse(state: str, at: datetime) -> None:
    """Say in words what a platform answered instead of a token.

    Source: OpenID Connect Core 1.0, section 3.1.2.6.
    """
    logins.use_up(db.session(), state, at)
    db.session.commit()
    error = request.form.get("error", "no id_token")[:100]
    description = request.form.get("error_description", "")[:500]
    code = "login-required" if error in {"login_required", "interaction_required"} else "platform-refused"
    raise LaunchError(code, "The platform answered the login with an error.", detail=f"{error!r} {description!r}")


def _verified(token: str, opening: OpenLogin, at: datetime) -> dict[str, Any]:
    settings: Settings = current_app.config["SETTINGS"]
    key_sets: KeySets = current_app.extensions["key_sets"]
    key = key_sets.find(opening.registration_id, opening.key_set_url, key_id(token), at)
    leeway, max_age = timedelta(seconds=settings.clock_leeway_s), timedelta(minutes=settings.login_minutes)
    return verify(token, key, opening.expected, Moment(at=at, leeway=leeway, max_age=max_age))


def _arrive(state: str, opening: OpenLogin, claims: LaunchClaims, at: datetime) -> Response:
    """Use the login up and begin the launch's session, in one transaction."""
    session = db.session()
    logins.use_up(session, state, at)
    key = logins.login_key(state)
    is_bound = fits(cookies.login_secret(key), opening.binding_hash)
    secret = _browser_secret() if is_bound else None
    begun = _begin(session, opening, claims, secret, at)
    if secret is not None:
        response = _first_page(begun.handle, begun.path)
        cookies.set_browser_secret(response, secret)
    else:
        response = _ask_for_proof(session, begun, key, opening, at)
    session.commit()
    cookies.delete_login_secret(response, key)
    return response


def _begin(session: Session, opening: OpenLogin, claims: LaunchClaims, secret: str | None, at: datetime) -> _Begun:
    """Begin the session: by the short way where the launch brings nothing new (see services/launch_path.py)."""
    known = launch_path.find_known(session, opening.registration_id, claims)
    if known is not None:
        idle = idle_time(current_app.config["SETTINGS"], is_in_path=secret is None)
        handle = launch_path.start_known(session, known, claims, browser_secret=secret, at=at, idle=idle)
        return _Begun(handle, "pick/" if known.module_id is None and claims.is_trainer else "")
    deployment = _admit(session, opening, claims, at)
    arrival = placements.record_arrival(session, deployment, claims, at)
    handle, launch = _start(session, arrival, claims, secret, at)
    return _Begun(handle, _first_path(launch, arrival.missing_module), arrival.missing_module)


def _admit(session: Session, opening: OpenLogin, claims: LaunchClaims, at: datetime) -> Deployment:
    registration = session.get_one(Registration, opening.registration_id)
    platforms.check_open(registration)
    deployment = platforms.admit_deployment(session, registration, claims.deployment_id, at)
    if not deployment.is_approved:
        # The administrator finds it waiting.
        session.commit()
        raise LaunchError("deployment-pending", "The deployment is not approved.", detail=claims.deployment_id)
    return deployment


def _start(
    session: Session, arrival: Arrival, claims: LaunchClaims, secret: str | None, at: datetime
) -> tuple[str, Launch]:
    return launches.start_launch(
        session,
        placement=arrival.placement,
        deployment=arrival.deployment,
        context_id=arrival.context.id if arrival.context else None,
        message=claims.message,
        request=deep_links.request_of(claims),
        person=arrival.person,
        is_trainer=claims.is_trainer,
        is_learner=claims.is_learner,
        browser_secret=secret,
        at=at,
        idle=idle_time(current_app.config["SETTINGS"], is_in_path=secret is None),
        locale=claims.locale,
        return_url=claims.return_url,
        document_target=claims.document_target,
        line_item_url=claims.grades.line_item_url,
    )


def _browser_secret() -> str:
    """Give this browser's secret, or a first one."""
    known = cookies.browser_secret()
    return known if known and _BROWSER_SECRET.fullmatch(known) else new_secret()


def _ask_for_proof(session: Session, begun: _Begun, key: str, opening: OpenLogin, at: datetime) -> Response:
    """Show the page that looks for the login's secret in the browser's storage."""
    waits = timedelta(minutes=current_app.config["SETTINGS"].login_minutes)
    ticket = launches.await_proof(session, begun.handle, opening.binding_hash, at, waits)
    headers.allow_framing(headers.ANYBODY)
    page = render_template("lti/proof.html", key=key, ticket=ticket, missing=begun.missing_module or "")
    return make_response(page)


def _first_page(handle: str, path: str) -> Response:
    """Send the browser to what the message asks for."""
    headers.allow_framing(headers.ANYBODY)
    return make_response(redirect(f"/l/{handle}/{path}", 303))


def _first_path(begun: Launch, missing_module: str | None) -> str:
    """Name the page for a message: the module, or for trainers the library where nothing was chosen yet."""
    if begun.message is Message.DEEP_LINKING:
        return "pick/items" if deep_links.named_content(begun) else "pick/"
    is_empty = begun.placement is not None and begun.placement.module_id is None
    if not (is_empty and begun.is_trainer):
        return ""
    return f"pick/?{urlencode({'missing': missing_module})}" if missing_module else "pick/"
