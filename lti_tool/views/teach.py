"""What trainers see: who did what. Every query stays inside the launch's placement."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.extensions import db
from lti_tool.services import reports
from lti_tool.views import session
from lti_tool.views.shown_module import shown_module

blueprint = Blueprint("teach", __name__, url_prefix="/l/<handle>/teach")
session.guard(blueprint)


@blueprint.get("/")
@session.trainer_required
def overview() -> BaseResponse:
    """Show who did what."""
    launch, placement = session.current_launch(), session.current_placement()
    if placement.release_digest is None:
        return redirect(url_for("pick.library_page"))
    module = shown_module()
    seen = reports.read_overview(db.session(), placement.id, module.manifest)
    return make_response(render_template("teach/overview.html", module=module, launch=launch, overview=seen))
