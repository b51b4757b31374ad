"""Going on in a window of its own: from the frame of a phone, which is small, and keeps its cookies for itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.extensions import db, writes_on_get
from lti_tool.services import launches
from lti_tool.services.progress import read_progress
from lti_tool.views import cookies, launch_words, session
from lti_tool.views.launch import browser_secret_to_bind
from lti_tool.views.shown_module import now, shown_module

blueprint = Blueprint("own_window", __name__, url_prefix="/l/<handle>/window")
session.guard(blueprint)
opened = Blueprint("opened_window", __name__, url_prefix="/lti/own-window")
launch_words.init_blueprint(opened)
WAITS = timedelta(minutes=10)


@blueprint.post("/")
def offer() -> Response:
    """Show the link to the new window; it leads there once."""
    module = shown_module()
    progress = read_progress(db.session(), module.participant, module.manifest)
    ticket = launches.offer_window(db.session(), session.current_launch(), now() + WAITS)
    db.session.commit()
    launch = session.current_launch()
    return make_response(
        render_template("learn/window.html", module=module, launch=launch, progress=progress, ticket=ticket)
    )


@opened.get("/<ticket>")
@writes_on_get
def enter(ticket: str) -> BaseResponse:
    """Begin a launch like the one in the frame, bound to the browser as it is outside of that frame."""
    at = datetime.now(UTC)
    secret = browser_secret_to_bind()
    idle = session.idle_time(current_app.config["SETTINGS"], is_in_path=False)
    handle = launches.take_window(db.session(), ticket, secret, at, idle)
    db.session.commit()
    response = redirect(f"/l/{handle}/", 303)
    cookies.set_browser_secret(response, secret)
    return response


def is_framed() -> bool:
    """Whether this page stands in a frame; browsers that do not say it are believed to show it as the launch asked."""
    shown = request.headers.get("Sec-Fetch-Dest")
    return shown == "iframe" if shown else session.current_launch().document_target == "iframe"
