"""What trainers see: who did what. Every query stays inside the launch's placement and its course."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.errors import NotFoundError
from lti_tool.extensions import db
from lti_tool.services import comparisons, problem_reports, reports, rosters
from lti_tool.views import session
from lti_tool.views.roster_words import describe_roster
from lti_tool.views.shown_module import now, shown_module

blueprint = Blueprint("teach", __name__, url_prefix="/l/<handle>/teach")
session.guard(blueprint)


@blueprint.get("/")
@session.trainer_required
def overview() -> BaseResponse:
    """Show who did what, a page of people at a time."""
    launch, placement = session.current_launch(), session.current_placement()
    if placement.release_digest is None:
        return redirect(url_for("pick.library_page"))
    module = shown_module()
    groups = reports.list_groups(db.session(), placement)
    chosen = next((group for group in groups if str(group.id) == request.args.get("group")), None)
    seen = reports.read_overview(
        db.session(),
        placement,
        module.manifest,
        after=request.args.get("after", ""),
        group=chosen.id if chosen else None,
        counts=request.args.get("count") == "all",
    )
    page = render_template(
        "teach/overview.html",
        module=module,
        launch=launch,
        overview=seen,
        groups=groups,
        group=chosen,
        open_problems=problem_reports.count_reports(db.session(), placement.id)[0],
        is_first="after" not in request.args,
        can_be_compared=comparisons.can_be_compared(db.session(), placement.context),
        roster=describe_roster(placement.context, rosters.find(db.session(), placement.context_id), now()),
    )
    return make_response(page)


@blueprint.post("/roster")
@session.trainer_required
def read_roster() -> BaseResponse:
    """Let the course's list be read; that happens in the background."""
    context = session.current_placement().context
    if context is None or not rosters.can_be_read(context):
        raise NotFoundError(_("Your LMS does not say who is in this course."))
    rosters.ask(db.session(), context, now())
    db.session.commit()
    return redirect(url_for(".overview"), 303)
