"""Launch and proof: the second half of opening an activity, from the platform to its first page."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import headers
from lti_tool.config import Settings
from lti_tool.errors import LaunchError
from lti_tool.extensions import db
from lti_tool.lti.claims import LaunchClaims, read_launch
from lti_tool.lti.key_sets import KeySets
from lti_tool.lti.launch import Moment, key_id, verify
from lti_tool.models import Deployment, Launch, Message, Registration
from lti_tool.services import deep_links, launch_path, launches, logins, placements, platforms, reviews
from lti_tool.services.fingerprints import fits, new_secret
from lti_tool.services.launch_path import KnownArrival
from lti_tool.services.logins import OpenLogin
from lti_tool.services.openings import Openings
from lti_tool.services.placements import Arrival
from lti_tool.short_transactions import ShortTransactions
from lti_tool.views import cookies, watching
from lti_tool.views.egress import egress_of
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
    ticket: str = ""
    """Opens it once to the browser that proves that the login is its own."""


@blueprint.record_once
def _keep_for_all_requests(state: BlueprintSetupState) -> None:
    """Give the application the keys of its platforms, and the counts of who opens what."""
    settings: Settings = state.app.config["SETTINGS"]
    with cast(Flask, state.app).app_context():
        state.app.extensions["short_transactions"] = ShortTransactions(db.engine)
    state.app.extensions["openings"] = Openings(_transaction, settings.failed_openings)
    state.app.extensions["key_sets"] = KeySets(
        egress_of(state.app),
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
    watching.begin(opening.registration_id, is_watched=opening.is_watched)
    if "error" in request.form or "id_token" not in request.form:
        _refuse(state, at)
    openings, address = opening_counts(), request.remote_addr or ""
    try:
        claims = read_launch(watching.verified(_verified(request.form["id_token"], opening, at)))
    except LaunchError:
        openings.failed(opening.registration_id, address, at)
        raise
    response = _arrive(state, opening, claims, at)
    openings.answered(opening.registration_id, address, at)
    return response


@blueprint.post("/proof")
def prove() -> Response:
    """Open a launch to a browser that shows the secret of its login."""
    at = datetime.now(UTC)
    idle = idle_time(current_app.config["SETTINGS"], is_in_path=True)
    ticket = request.form.get("ticket", "")
    if number := launches.registration_of_ticket(db.session(), ticket):
        watching.begin(number)
    handle = launches.prove_launch(db.session(), ticket, request.form.get("secret", ""), at, idle)
    # A wrong secret uses the ticket up, too.
    db.session.commit()
    if handle is None:
        raise LaunchError("not-this-browser", "The secret is not the login's.")
    launch = launches.find_launch(db.session(), handle, None, at)
    return _first_page(handle, _first_path(launch, request.form.get("missing")))


def opening_counts() -> Openings:
    """Give what this process counts of openings."""
    counts: Openings = current_app.extensions["openings"]
    return counts


def short_transactions() -> ShortTransactions:
    """Give the short transactions of this process."""
    found: ShortTransactions = current_app.extensions["short_transactions"]
    return found


def _transaction() -> AbstractContextManager[Session]:
    return sessionmaker(db.engine).begin()


def _open(state: str, at: datetime) -> OpenLogin:
    """Read what the login fixed, and give the connection back: the network comes next."""
    with short_transactions().reading() as connection:
        return logins.find_login(connection, state, at)


def _refuse(state: str, at: datetime) -> None:
    """Say in words what a platform answered instead of a token.

    Source: OpenID Connect Core 1.0, section 3.1.2.6.
    """
    launch_path.use_up(db.session().connection(), state, at)
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
    key = logins.login_key(state)
    secret = browser_secret_to_bind() if fits(cookies.login_secret(key), opening.binding_hash) else None
    is_short = secret is not None and not opening.is_watched
    begun = _begin_again(state, opening, claims, secret, at) if is_short else None
    if begun is None:
        session = db.session()
        known = None if is_short else launch_path.find_known(session.connection(), opening.registration_id, claims)
        begun = _begin(session, state, opening, claims, known, secret, at)
        watching.arrived(session, at, keeps_cookie=secret is not None)
        session.commit()
    if secret is not None:
        response = _first_page(begun.handle, begun.path)
        cookies.set_browser_secret(response, secret)
    else:
        response = _ask_for_proof(begun, key, opening, claims.return_url)
    cookies.delete_login_secret(response, key)
    return response


def _begin_again(
    state: str, opening: OpenLogin, claims: LaunchClaims, secret: str | None, at: datetime
) -> _Begun | None:
    """Begin the session by the shortest way, if the launch brings nothing new; see services/launch_path.py."""
    transactions = short_transactions()
    with transactions.reading() as connection:
        known = launch_path.find_known(connection, opening.registration_id, claims)
    if known is None:
        return None
    ready = launch_path.make_ready(state, known, claims, browser_secret=secret, at=at, idle=_idle(secret))
    try:
        transactions.write(partial(launch_path.start_known, ready=ready))
    except IntegrityError:
        # What was known a moment ago is gone.
        return None
    return _Begun(ready.handle, _first_path_of_known(known, claims))


def _begin(
    session: Session,
    state: str,
    opening: OpenLogin,
    claims: LaunchClaims,
    known: KnownArrival | None,
    secret: str | None,
    at: datetime,
) -> _Begun:
    """Begin the session; it waits for a proof where the browser has not shown the login's secret."""
    if known is not None:
        ready = launch_path.make_ready(state, known, claims, browser_secret=secret, at=at, idle=_idle(secret))
        launch_path.start_known(session.connection(), ready)
        begun = _Begun(ready.handle, _first_path_of_known(known, claims))
    else:
        launch_path.use_up(session.connection(), state, at)
        deployment = _admit(session, opening, claims, at)
        arrival = placements.record_arrival(session, deployment, claims, at)
        handle, launch = _start(session, arrival, claims, secret, at)
        begun = _Begun(handle, _first_path(launch, arrival.missing_module), arrival.missing_module)
    if secret is not None:
        return begun
    waits = timedelta(minutes=current_app.config["SETTINGS"].login_minutes)
    return replace(begun, ticket=launches.await_proof(session, begun.handle, opening.binding_hash, at, waits))


def _idle(secret: str | None) -> timedelta:
    return idle_time(current_app.config["SETTINGS"], is_in_path=secret is None)


def _first_path_of_known(known: KnownArrival, claims: LaunchClaims) -> str:
    return "pick/" if known.module_id is None and claims.is_trainer else ""


def _admit(session: Session, opening: OpenLogin, claims: LaunchClaims, at: datetime) -> Deployment:
    registration = session.get_one(Registration, opening.registration_id)
    platforms.check_open(registration)
    deployment = platforms.admit_deployment(session, registration, claims.deployment_id, at)
    if not deployment.is_approved:
        # The administrator finds it waiting.
        session.commit()
    platforms.check_approved(deployment)
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
        request=deep_links.request_of(claims) or reviews.request_of(claims),
        person=arrival.person,
        is_trainer=claims.is_trainer,
        is_learner=claims.is_learner,
        browser_secret=secret,
        at=at,
        idle=_idle(secret),
        locale=claims.locale,
        return_url=claims.return_url,
        document_target=claims.document_target,
        prefers_contrast=claims.prefers_contrast,
        line_item_url=claims.grades.line_item_url,
    )


def browser_secret_to_bind() -> str:
    """Give this browser's secret, or a first one."""
    known = cookies.browser_secret()
    return known if known and _BROWSER_SECRET.fullmatch(known) else new_secret()


def _ask_for_proof(begun: _Begun, key: str, opening: OpenLogin, return_url: str | None) -> Response:
    """Show the page that looks for the login's secret in the browser's storage, and the platform's."""
    headers.allow_framing(headers.ANYBODY)
    page = render_template(
        "lti/proof.html",
        key=key,
        ticket=begun.ticket,
        missing=begun.missing_module or "",
        storage=opening.storage,
        return_url=return_url,
    )
    return make_response(page)


def _first_page(handle: str, path: str) -> Response:
    """Send the browser to what the message asks for."""
    headers.allow_framing(headers.ANYBODY)
    return make_response(redirect(f"/l/{handle}/{path}", 303))


def _first_path(begun: Launch, missing_module: str | None) -> str:
    """Name the page for a message: the module, or for trainers the library where nothing was chosen yet."""
    if begun.message is Message.DEEP_LINKING:
        return "pick/items" if deep_links.named_content(begun) else "pick/"
    if begun.message is Message.SUBMISSION_REVIEW:
        return "review/"
    if begun.message is Message.DATA_PRIVACY:
        return "privacy/"
    is_empty = begun.placement is not None and begun.placement.module_id is None
    if not (is_empty and begun.is_trainer):
        return ""
    return f"pick/?{urlencode({'missing': missing_module})}" if missing_module else "pick/"
