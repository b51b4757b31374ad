"""The first admin page."""

from __future__ import annotations

from flask import Response, make_response, render_template

from lti_tool.extensions import db
from lti_tool.services import platforms
from lti_tool.views.admin.access import blueprint


@blueprint.get("/")
def home() -> Response:
    """Show what there is to look at."""
    waiting = platforms.count_waiting(db.session())
    return make_response(render_template("admin/home.html", waiting=waiting))
