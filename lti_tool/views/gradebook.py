"""Where the scores of an activity go, for trainers: which gradebook columns it has, and how each of them stands."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.errors import ConflictError, InputError
from lti_tool.extensions import db
from lti_tool.models import Columns
from lti_tool.services import backlog, line_items
from lti_tool.views import session
from lti_tool.views.shown_module import now, shown_module

blueprint = Blueprint("gradebook", __name__, url_prefix="/l/<handle>/gradebook")
session.guard(blueprint)


@blueprint.get("/")
@session.trainer_required
def index() -> Response:
    """Show the columns and, where the trainer can choose, the choice."""
    module, placement = shown_module(), session.current_placement()
    html = render_template(
        "teach/gradebook.html",
        launch=session.current_launch(),
        module=module,
        placement=placement,
        is_choice=line_items.is_choice(placement),
        columns=line_items.of_placement(db.session(), placement),
        quizzes=[quiz for quiz in module.manifest.quizzes if quiz.points > 0],
    )
    return make_response(html)


@blueprint.post("/columns")
@session.trainer_required
def choose() -> BaseResponse:
    """Let the activity have one column, one for each quiz, or none that the tool makes."""
    chosen = request.form.get("columns", "")
    if chosen not in set(Columns):
        raise InputError(_("Choose one of the possibilities, then press the button again."))
    placement, manifest = session.current_placement(), shown_module().manifest
    try:
        line_items.choose(db.session(), placement, Columns(chosen), manifest, now())
    except ConflictError as error:
        message = _("Your LMS gives this activity a column, or takes none from here.")
        raise ConflictError(message, detail=error.message) from error
    if placement.columns is not Columns.GIVEN:
        backlog.queue(db.session(), placement, manifest, now())
    db.session.commit()
    return redirect(url_for(".index"), 303)
