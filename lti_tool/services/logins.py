"""Logins that wait for their launch: each belongs to one browser and is used up once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.errors import LaunchError
from lti_tool.lti.launch import Expected
from lti_tool.lti.login import LoginRequest, authentication_request
from lti_tool.lti.text import origin
from lti_tool.models import Login
from lti_tool.prebuilt import Runs
from lti_tool.services.fingerprints import fingerprint, new_secret
from lti_tool.services.launch_path import INSERT_LOGIN, LOGIN_WITH_REGISTRATION
from lti_tool.services.platforms import LoginTarget
from lti_tool.short_transactions import ShortTransactions


@dataclass(frozen=True, slots=True)
class PlatformStorage:
    """Where a platform may keep a login's secret for a frame that can keep nothing."""

    target: str
    """The frame that the login named; empty: the page has to ask."""
    origin: str
    """Of the authentication address: nobody else is told the secret.

    Source: LTI postMessage Storage 0.1, "Target origin".
    """


@dataclass(frozen=True, slots=True)
class BegunLogin:
    """What the browser of a login gets."""

    key: str
    """Names its cookie and its place in the browser's storage."""
    secret: str
    """Binds the launch to this browser."""
    auth_request: str
    """Where the browser goes on to."""
    window_ticket: str
    """Lets a new window take the login over, once."""
    storage: PlatformStorage


@dataclass(frozen=True, slots=True)
class OpenLogin:
    """What a login fixed for the launch that answers it, apart from the database."""

    registration_id: int
    key_set_url: str
    binding_hash: str
    expected: Expected
    storage: PlatformStorage
    is_watched: bool = False
    """Whether an administrator wants to see what the launch brings."""


def begin_login(
    transactions: ShortTransactions,
    registration: LoginTarget,
    request: LoginRequest,
    redirect_uri: str,
    at: datetime,
    waits: timedelta,
) -> BegunLogin:
    """Write a login down.

    Raises:
        LaunchError: if the request is too long to pass on.
    """
    state, nonce, secret, window_ticket = new_secret(), new_secret(), new_secret(), new_secret()
    auth_request = authentication_request(
        registration.auth_url,
        request,
        client_id=registration.client_id,
        redirect_uri=redirect_uri,
        state=state,
        nonce=nonce,
    )
    login = {
        "state_hash": fingerprint(state),
        "nonce": nonce,
        "registration_id": registration.id,
        "deployment_id": request.deployment_id,
        "target_link_uri": request.target_link_uri,
        "storage_target": request.storage_target,
        "binding_hash": fingerprint(secret),
        "auth_request": auth_request,
        "window_ticket_hash": fingerprint(window_ticket),
        "created_at": at,
        "expires_at": at + waits,
    }
    transactions.write(lambda connection: INSERT_LOGIN.write(connection, login))
    storage = _storage(request.storage_target, registration.auth_url)
    return BegunLogin(login_key(state), secret, auth_request, window_ticket, storage)


def _storage(target: str | None, auth_url: str) -> PlatformStorage:
    return PlatformStorage(target or "", origin(auth_url) or "")


def login_key(state: str) -> str:
    """Give the short public name of a login."""
    return fingerprint(state)[:8]


def take_over(session: Session, window_ticket: str, at: datetime) -> tuple[str, str, str]:
    """Bind a login to a new window instead of the frame it began in; the ticket is used up.

    Returns:
        The login's key, its new secret, and the address that the window goes on to.

    Raises:
        LaunchError: if the ticket was used, or the login is over.
    """
    secret = new_secret()
    taken = session.execute(
        update(Login)
        .where(Login.window_ticket_hash == fingerprint(window_ticket), Login.used_at.is_(None), Login.expires_at > at)
        .values(window_ticket_hash=None, binding_hash=fingerprint(secret))
        .returning(Login.state_hash, Login.auth_request)
    ).one_or_none()
    if taken is None:
        raise LaunchError("window-ticket-used", "The new window was opened already, or too late.")
    return taken.state_hash[:8], secret, taken.auth_request


def find_login(connection: Runs, state: str, at: datetime) -> OpenLogin:
    """Find the login that a launch answers.

    Raises:
        LaunchError: if there is none, or it is over.
    """
    login = LOGIN_WITH_REGISTRATION.row(connection, {"state_hash": fingerprint(state)})
    if login is None:
        raise LaunchError("state-unknown", "The launch answers no login of ours.")
    if login.used_at is not None:
        raise LaunchError("state-used", "The launch was made already.")
    if login.expires_at <= at:
        raise LaunchError("state-expired", "The launch took too long after its login.")
    expected = Expected(
        issuer=login.issuer,
        client_id=login.client_id,
        nonce=login.nonce,
        target_link_uri=login.target_link_uri,
        deployment_id=login.deployment_id,
        allows_anonymous=login.allows_anonymous,
    )
    is_watched = login.watched_until is not None and login.watched_until > at
    storage = _storage(login.storage_target, login.auth_url)
    return OpenLogin(login.registration_id, login.key_set_url, login.binding_hash, expected, storage, is_watched)


def registration_of(session: Session, state: str) -> int | None:
    """Say through which registration a login came, also one that is over."""
    return session.scalar(select(Login.registration_id).where(Login.state_hash == fingerprint(state)))
