"""What trainers see: who did what, and the choice of a module. Every query stays inside the launch's placement."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.errors import ConflictError, NotFoundError
from lti_tool.extensions import db
from lti_tool.services import library, reports
from lti_tool.views import session
from lti_tool.views.shown_module import shown_module

blueprint = Blueprint("teach", __name__, url_prefix="/l/<handle>/teach")
session.guard(blueprint)


@blueprint.get("/")
@session.trainer_required
def overview() -> BaseResponse:
    """Show who did what."""
    launch = session.current_launch()
    if launch.placement.release_digest is None:
        return redirect(url_for(".choose"))
    module = shown_module()
    seen = reports.read_overview(db.session(), launch.placement_id, module.release)
    return make_response(render_template("teach/overview.html", module=module, launch=launch, overview=seen))


@blueprint.get("/choose")
@session.trainer_required
def choose() -> Response:
    """Show the library, to choose what an empty placement shows."""
    launch = session.current_launch()
    modules = library.list_modules(db.session())
    # The launch found a link that names a module which is not in the library.
    missing = request.args.get("missing", "")[:100]
    return make_response(render_template("teach/choose.html", launch=launch, modules=modules, missing=missing))


@blueprint.post("/choose")
@session.trainer_required
def place() -> BaseResponse:
    """Let an empty placement show a module; the same choice twice changes nothing."""
    try:
        library.place(db.session(), session.current_launch().placement, request.form.get("module", ""))
    except ConflictError as error:
        message = _("This activity shows a module already. Add another activity to your course for this one.")
        raise ConflictError(message) from error
    except NotFoundError as error:
        raise NotFoundError(_("The library has no such module.")) from error
    db.session.commit()
    return redirect(url_for(".overview"), 303)
