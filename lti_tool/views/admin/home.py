"""The first admin page."""

from __future__ import annotations

from flask import Response, make_response, render_template

from lti_tool.views.admin.access import blueprint


@blueprint.get("/")
def home() -> Response:
    """Show what there is to look at."""
    return make_response(render_template("admin/home.html"))
