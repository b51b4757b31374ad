"""What the pages of a launch share, all of which live under ``/l/<handle>/``.

:func:`guard` puts a blueprint under a launch: each request finds its launch or ends with 401, speaks the launch's
language, may be framed by its platform, and changes something only with the launch's form token.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from flask import Blueprint, Flask, Request, current_app, g, request
from flask_babel import gettext as _
from itsdangerous import Signer

from lti_tool import headers
from lti_tool.config import Settings
from lti_tool.errors import NotAllowedError, NotFoundError, SessionEndedError
from lti_tool.extensions import db, login_manager
from lti_tool.lti.text import is_identifier, origin
from lti_tool.models import Account, Deployment, Launch, Message, Placement
from lti_tool.services import launches
from lti_tool.services.library import LONGEST_ID
from lti_tool.views import cookies, frame_talk, launch_words, page_display

P = ParamSpec("P")
R = TypeVar("R")
_READING = {"GET", "HEAD", "OPTIONS"}


def init_app(app: Flask) -> None:
    """Give templates what they ask of a launch, and Flask-Login the launch or the account of the admin pages."""
    login_manager.request_loader(_load_user)
    app.jinja_env.globals.update(csrf_token=csrf_token, is_shared_computer=is_shared_computer)


def guard(blueprint: Blueprint, *messages: Message) -> None:
    """Put a blueprint whose ``url_prefix`` is ``/l/<handle>`` under launches.

    Its views take no ``handle``, and ``url_for`` fills it in for them.

    Args:
        blueprint: of views.
        messages: the kinds of launches that open it; none given: those of resource links.
    """
    blueprint.url_value_preprocessor(_take_handle)
    blueprint.url_defaults(_give_handle)
    blueprint.before_request(_enter)
    blueprint.before_request(functools.partial(_refuse_others, messages or (Message.RESOURCE_LINK,)))


def current_launch() -> Launch:
    """Give the launch that this request belongs to."""
    launch: Launch = g.launch
    return launch


def current_placement() -> Placement:
    """Give the placement that this request's launch opened.

    Raises:
        NotFoundError: if the launch is about no resource link.
    """
    placement = current_launch().placement
    if placement is None:
        raise NotFoundError(_("There is nothing at this address."))
    return placement


def csrf_token() -> str:
    """Give the token that each form of this launch sends back as ``csrf_token``, or a script as ``X-CSRF-Token``."""
    return _signer().get_signature(g.handle).decode()


def is_shared_computer() -> bool:
    """Whether the person of this launch, or somebody before them in this browser, said that others use it, too."""
    return "launch" in g and (g.is_shared_launch or cookies.is_shared())


def trainer_required(view: Callable[P, R]) -> Callable[P, R]:
    """Open a view of a guarded blueprint to trainers only."""

    @functools.wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if not current_launch().is_trainer:
            raise NotAllowedError(_("This page is for the trainers of the course."))
        return view(*args, **kwargs)

    return checked


def idle_time(settings: Settings, *, is_in_path: bool) -> timedelta:
    """Say after how long without a request a launch ends."""
    return timedelta(minutes=settings.path_launch_idle_minutes if is_in_path else settings.launch_idle_minutes)


def frame_origins(deployment: Deployment) -> tuple[str, ...]:
    """Say who may frame a launch's pages: hosts that are known, else those that the registration names."""
    if deployment.frame_hosts:
        return tuple(deployment.frame_hosts)
    registration = deployment.registration
    origins = (origin(address) for address in (registration.issuer, registration.auth_url))
    return tuple(dict.fromkeys(filter(None, origins)))


def _take_handle(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.handle = (values or {}).pop("handle", "")


def _give_handle(_endpoint: str, values: dict[str, Any]) -> None:
    if handle := g.get("handle"):
        values.setdefault("handle", handle)


def _enter() -> None:
    """Find the launch, and let it go on."""
    at = datetime.now(UTC)
    launch = _find(at)
    if launches.is_renewal_due(launch, at):
        idle = idle_time(current_app.config["SETTINGS"], is_in_path=launch.browser_hash is None)
        launch_id = launch.id
        # Its own transaction: what was read above would make this write fail on SQLite if another one came between.
        db.session.rollback()
        launches.renew_launch(db.session(), launch_id, at, idle)
        db.session.commit()
        launch = _find(at)
    g.launch = launch
    g.launch_languages = tuple(filter(None, (launch.person.language, launch.locale)))
    # What an error page needs, too, after the launch was given up with its transaction.
    g.is_shared_launch = launch.shared_at is not None
    frame_talk.remember(launch)
    page_display.remember(launch)
    headers.allow_framing(frame_origins(launch.deployment))
    # No database is asked for an id that it cannot hold.
    if not all(is_identifier(each, LONGEST_ID) for each in (request.view_args or {}).values()):
        raise NotFoundError(_("There is nothing at this address."))
    if request.method not in _READING:
        _check_csrf()


def _refuse_others(messages: tuple[Message, ...]) -> None:
    """Show nothing of a blueprint to launches of other kinds."""
    if current_launch().message not in messages:
        raise NotFoundError(_("There is nothing at this address."))


def _find(at: datetime) -> Launch:
    try:
        return launches.find_launch(db.session(), g.handle, cookies.browser_secret(), at)
    except SessionEndedError as error:
        said = launch_words.words(error.reason) if error.reason else _("This activity is no longer open here.")
        raise SessionEndedError(said, detail=error.detail) from error


def _check_csrf() -> None:
    token = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not _signer().verify_signature(g.handle, token):
        raise NotAllowedError(_("This form is not from an open page of this activity. Reload the page and try again."))


def _signer() -> Signer:
    return Signer(current_app.config["SETTINGS"].secret_key, salt="csrf")


def _load_user(_request: Request) -> Launch | Account | None:
    """Make the launch, or in the admin pages the account, Flask-Login's ``current_user``."""
    user: Launch | Account | None = g.get("launch") or g.get("account")
    return user
