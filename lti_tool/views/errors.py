"""Every error as a page, or as JSON for scripts: what happened, what to do, and a reference that is in the log."""

from __future__ import annotations

import secrets

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as DatabaseTimeout
from werkzeug.exceptions import HTTPException

from lti_tool import headers, metrics
from lti_tool.errors import LaunchError, SessionEndedError, ToolError, TooManyError
from lti_tool.extensions import db
from lti_tool.logs import get_logger

log = get_logger()


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(ToolError, handle_tool_error)
    app.register_error_handler(HTTPException, handle_http_error)
    for error in (OperationalError, InterfaceError, DatabaseTimeout):
        app.register_error_handler(error, handle_lost_database)
    app.register_error_handler(Exception, handle_surprise)


def handle_tool_error(error: ToolError, *, message: str = "", step: str = "", back: str | None = None) -> Response:
    """Show an error of ours, in other words where a subject has them, and with a way ``back`` where one is known."""
    code = getattr(error, "code", type(error).__name__)
    response = _answer(
        error.status, message or error.message, step or _next_step(error), code=code, detail=error.detail, back=back
    )
    if isinstance(error, TooManyError):
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def handle_http_error(error: HTTPException) -> Response:
    """Show an error that Flask or Werkzeug raised, in our words."""
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    messages = {
        400: _("The request could not be read."),
        404: _("There is nothing at this address."),
        405: _("This address does not take that kind of request."),
        413: _("What was sent is larger than the tool takes."),
    }
    response = _answer(
        status, messages.get(status, _("The request could not be answered.")), _back_to_course(), code=error.name
    )
    for name, value in error.get_headers(request.environ):
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def handle_lost_database(error: Exception) -> Response:
    """Show that what is stored cannot be reached; whoever comes again in a moment may be served, maybe elsewhere."""
    message = _("The training cannot be reached at the moment. What you saved is safe.")
    response = _answer(503, message, _("Try again in a moment."), code="database", exc_info=error)
    response.headers["Retry-After"] = "5"
    return response


def handle_surprise(error: Exception) -> Response:
    """Show that something is broken on our side; the traceback goes to the log only."""
    message = _("Something went wrong on our side. What you saved is safe.")
    step = _("Try again in a moment. If it happens again, give the reference below to your administrator.")
    return _answer(500, message, step, code="surprise", exc_info=error)


def _next_step(error: ToolError) -> str:
    if isinstance(error, LaunchError | SessionEndedError | TooManyError):
        return _back_to_course()
    return _("Go back and try again. If it happens again, give the reference below to your administrator.")


def _back_to_course() -> str:
    return _("Go back to your course and open the activity again.")


def _answer(
    status: int,
    message: str,
    step: str,
    *,
    code: str,
    detail: str = "",
    back: str | None = None,
    exc_info: Exception | None = None,
) -> Response:
    """Render the error and log it under the same reference."""
    db.session.rollback()
    reference = secrets.token_hex(4)
    metrics.count("errors", code=code)
    level = log.error if status >= 500 else log.warning
    level(
        "error",
        reference=reference,
        status=status,
        code=code,
        message=message,
        detail=detail,
        path=request.path,
        exc_info=exc_info,
    )
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return make_response(jsonify(error=message, next=step, code=code, reference=reference), status)
    # The page has to show inside whatever frames it; it holds nothing worth a click.
    headers.allow_framing(headers.ANYBODY)
    page = render_template("error.html", message=message, step=step, reference=reference, back=back)
    return make_response(page, status)
