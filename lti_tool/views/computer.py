"""Saying that a computer is shared, so that nothing is kept in its browser, and finishing there."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.extensions import db
from lti_tool.services import launches
from lti_tool.services.progress import read_progress
from lti_tool.views import cookies, session
from lti_tool.views.shown_module import browser_owner, now, shown_module

blueprint = Blueprint("computer", __name__, url_prefix="/l/<handle>/computer")
session.guard(blueprint)


@blueprint.get("/")
def index() -> Response:
    """Say what is kept in the browser, and ask whether others use it."""
    module = shown_module()
    html = render_template(
        "learn/computer.html",
        module=module,
        launch=session.current_launch(),
        progress=read_progress(db.session(), module.participant, module.manifest),
        owner=browser_owner(module.participant),
    )
    return make_response(html)


@blueprint.post("/")
def say() -> BaseResponse:
    """Keep that the computer is shared, or is not."""
    is_shared = request.form.get("shared") != "no"
    launches.mark_shared(db.session(), session.current_launch(), now() if is_shared else None)
    db.session.commit()
    response = redirect(url_for(".index"), 303)
    # The next person's launch in this browser keeps nothing either, even if nobody asks them.
    cookies.set_shared(response, is_shared=is_shared)
    return response


@blueprint.post("/finish")
def finish() -> Response:
    """End what the person has open in this browser, so that nobody goes back to it."""
    launch = session.current_launch()
    html = render_template("learn/finished.html", launch=launch)
    launches.end_launches(db.session(), launch, now())
    db.session.commit()
    return make_response(html)
