"""Building a practice LMS."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, g, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden, HTTPException, SecurityError

from lti_tool.practice_lms import catalogue, faults
from lti_tool.practice_lms.blackboard import BLACKBOARD
from lti_tool.practice_lms.canvas import CANVAS
from lti_tool.practice_lms.config import LmsConfig, LmsConfigError
from lti_tool.practice_lms.content_pages import pages
from lti_tool.practice_lms.d2l import D2L
from lti_tool.practice_lms.deep_linking import deep_linking_blueprint
from lti_tool.practice_lms.moodle import MOODLE
from lti_tool.practice_lms.oidc import oidc_blueprint
from lti_tool.practice_lms.platform import EXTENSION, PracticeLms, close_current_db, current_db, current_lms
from lti_tool.practice_lms.registering import registering_blueprint
from lti_tool.practice_lms.registrars import REGISTRARS
from lti_tool.practice_lms.sakai import SAKAI
from lti_tool.practice_lms.seed import Seed
from lti_tool.practice_lms.strict import STRICT
from lti_tool.practice_lms.tool_pages import tool_pages
from lti_tool.practice_lms.vocabulary import number

MAX_BODY_BYTES = 64 * 1024
PROFILES = {profile.name: profile for profile in (STRICT, MOODLE, CANVAS, SAKAI, BLACKBOARD, D2L)}


def create_lms(config: LmsConfig) -> Flask:
    """Make a practice LMS as a Flask app.

    Raises:
        LmsConfigError: in production, where there is no place for it.
    """
    if os.environ.get("LTI_TOOL_ENV") == "production":
        raise LmsConfigError("The practice LMS is for trying and tests; it does not run with LTI_TOOL_ENV=production.")
    folder = Path(__file__).parent
    app = Flask("practice_lms", static_folder=folder / "static", template_folder=folder / "templates")
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        TRUSTED_HOSTS=[urlsplit(config.base_url).hostname],
        SEND_FILE_MAX_AGE_DEFAULT=0,
    )
    profile = PROFILES[config.profile]
    app.extensions[EXTENSION] = PracticeLms(config, profile)
    app.before_request(refuse_other_machines)
    faults.install(app, config.faults, is_remote=config.has_remote_faults)
    app.register_blueprint(oidc_blueprint(profile))
    app.register_blueprint(deep_linking_blueprint(profile))
    app.register_blueprint(profile.services())
    app.register_blueprint(pages)
    if profile.name in REGISTRARS:
        app.register_blueprint(registering_blueprint(REGISTRARS[profile.name]))
        app.register_blueprint(tool_pages)
    app.register_error_handler(HTTPException, show_error)
    app.after_request(header_writer(config.seed))
    app.after_request(add_date)
    app.teardown_appcontext(close_current_db)
    app.add_template_filter(local_time_filter(config.time_zone), "local_time")
    app.add_template_filter(number, "number")
    return app


def refuse_other_machines() -> None:
    """Serve this machine only, whatever address a server was told to listen on."""
    if not ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104
        raise Forbidden("The practice LMS can be used from its own machine only.")


def show_error(error: HTTPException) -> ResponseReturnValue:
    """A page that says what went wrong and leads back."""
    if error.response is not None or error.code is None or isinstance(error, SecurityError):
        # There is no page to lead back to when the request came under a host that is not ours.
        return error
    return render_template("error.html", error=error), error.code


def header_writer(seed: Seed) -> Callable[[Response], Response]:
    """Let pages load, frame and post to nothing but ourselves and the tools that are registered."""
    seeded = {_origin(placement.target_link_uri) for placement in seed.placements}

    def add_headers(response: Response) -> Response:
        if response.mimetype == "text/html":
            # A tool that is about to register stands in a frame before it is known.
            about_to_register = [g.practice_lms_frame] if "practice_lms_frame" in g else []
            tools = " ".join(sorted({*seeded, *_tool_origins(), *about_to_register}))
            response.headers["Content-Security-Policy"] = _policy(tools)
            response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        return response

    return add_headers


def add_date(response: Response) -> Response:
    """Say what time it is by the LMS's own clock, which may be wrong."""
    response.date = current_lms().now()
    return response


def _policy(tools: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            f"frame-src 'self' {tools}",
            f"form-action 'self' {tools}",
            "frame-ancestors 'self'",
            "base-uri 'none'",
        )
    )


def _tool_origins() -> set[str]:
    tools = catalogue.registrations(current_db())
    urls = [url for tool in tools for url in (tool.login_url, *tool.redirect_uris)]
    urls += [tool.content_url for tool in tools if tool.content_url]
    return {_origin(url) for url in urls}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def local_time_filter(zone: tzinfo) -> Callable[[datetime], str]:
    """A template filter that writes a time for people, in the zone of the LMS."""
    return lambda time: f"{time.astimezone(zone):%-d %b %Y, %H:%M:%S %Z}"
