"""What people read when a login or launch fails: what happened, in their words. The rule that broke is in the log."""

from __future__ import annotations

from flask import Blueprint, Response, g, request
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.errors import LaunchError, PlatformError, TooManyError
from lti_tool.extensions import db
from lti_tool.services import logins, platforms
from lti_tool.views import watching
from lti_tool.views.errors import handle_tool_error

PLATFORM_ERROR = "platform-error"
"""The code of a launch whose platform did not answer as agreed."""


def init_blueprint(blueprint: Blueprint) -> None:
    """Show the errors of a blueprint in these words."""
    blueprint.register_error_handler(LaunchError, _show_launch_error)
    blueprint.register_error_handler(PlatformError, _show_platform_error)
    blueprint.register_error_handler(TooManyError, _show_too_many)


def _show_launch_error(error: LaunchError) -> Response:
    detail = f"{error.message} {error.detail}".strip()
    watching.failed(error.code, detail)
    return handle_tool_error(LaunchError(error.code, words(error.code), detail=detail), back=_site())


def _show_platform_error(error: PlatformError) -> Response:
    detail = f"{error.message} {error.detail}".strip()
    watching.failed(PLATFORM_ERROR, detail)
    return handle_tool_error(PlatformError(words(PLATFORM_ERROR), detail=detail), back=_site())


def _site() -> str | None:
    """Find the site of the platform whose launch failed, where it is known which."""
    session = db.session()
    session.rollback()
    number = g.get("launching") or logins.registration_of(session, request.form.get("state", ""))
    return platforms.site_of(session, number) if number else None


def _show_too_many(error: TooManyError) -> Response:
    message = ngettext(
        "Too many activities were begun from your network and not opened. Wait %(num)s minute.",
        "Too many activities were begun from your network and not opened. Wait %(num)s minutes.",
        -(-error.retry_after_s // 60),
    )
    return handle_tool_error(TooManyError(message, retry_after=error.retry_after, detail=error.message))


def words(code: str) -> str:
    """Say what went wrong, by the code of a :class:`LaunchError`."""
    if code in {"state-used", "proof-ticket-used", "window-ticket-used"}:
        return _("This activity was opened from here already, and each opening works once.")
    if code in {"state-unknown", "state-expired"}:
        return _("Opening the activity took too long, or it began somewhere else.")
    if code in {"expired", "iat-future", "iat-old", "nbf-future"}:
        return _(
            "The message from your learning platform has expired, or its clock is wrong. If opening the activity again "
            "does not help, tell your administrator that the clocks differ."
        )
    return {
        PLATFORM_ERROR: _("Your learning platform could not be asked whether this launch is genuine. Nothing is lost."),
        "platform-unknown": _("This learning platform is not registered here. Your administrator can do that."),
        "platform-pending": _("This learning platform is not approved here yet. Your administrator can do that."),
        "platform-closed": _("This learning platform was closed here. Your administrator can open it again."),
        "client-id-needed": _(
            "This learning platform is registered more than once, and did not say which registration it means. Your "
            "administrator can mend that."
        ),
        "deployment-pending": _("This course is not approved here yet. Your administrator can do that."),
        "message-unsupported": _(
            "Your learning platform asked for something that this tool does not do. Activities open as usual; your "
            "administrator can take the link away that you came by."
        ),
        "sub-missing": _(
            "Your learning platform did not say who you are. Guests cannot open this activity: sign in first."
        ),
        "login-required": _("Your learning platform says that you are not signed in any more. Sign in first."),
        "platform-refused": _("Your learning platform did not open the activity for you."),
        "not-this-browser": _(
            "It could not be made sure that this browser began to open the activity, so it stays closed. Your browser "
            "may be keeping this site from storing anything: allow it, or choose to open the activity in a new window."
        ),
    }.get(code, _("The message from your learning platform is not as it should be, so the activity stays closed."))
