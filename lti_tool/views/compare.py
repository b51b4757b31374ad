"""Comparing a course with its gradebook, for trainers: the differences, and which grades are sent again."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from course_builder.package import QuizEntry
from lti_tool.errors import ConflictError, InputError, NotFoundError
from lti_tool.extensions import db
from lti_tool.models import Comparison, Context, Placement
from lti_tool.services import compared_grades, comparisons
from lti_tool.services.parts import part_of
from lti_tool.views import comparison_words, session
from lti_tool.views.shown_module import now, open_release

blueprint = Blueprint("compare", __name__, url_prefix="/l/<handle>/compare")
session.guard(blueprint)
_LONGEST_NUMBER = 10


@blueprint.get("/")
@session.trainer_required
def index() -> Response:
    """Show how the last comparison stands, and who differs, a page of people at a time."""
    context = _context()
    comparison = comparisons.find(db.session(), context.id)
    columns = comparisons.list_columns(db.session(), context.id)
    counts = compared_grades.count(db.session(), context.id)
    to_send = compared_grades.count_open(db.session(), context.id)
    differences = compared_grades.list_differences(db.session(), context.id, _number(request.args.get("after", "")))
    html = render_template(
        "teach/compare.html",
        launch=session.current_launch(),
        comparison=comparison,
        columns=columns,
        counts=counts,
        state=comparison_words.describe_comparison(comparison, columns, counts, to_send),
        differences=differences,
        advised=compared_grades.count_advised(db.session(), context.id),
        is_first="after" not in request.args,
        comparing=comparison_words,
    )
    return make_response(html)


@blueprint.post("/")
@session.trainer_required
def begin() -> BaseResponse:
    """Let the gradebook be read; that happens in the background."""
    try:
        comparisons.ask(db.session(), _context(), _quizzes_of, now())
    except ConflictError as error:
        raise ConflictError(_("Your LMS does not show this tool what its gradebook holds.")) from error
    db.session.commit()
    return redirect(url_for(".index"), 303)


@blueprint.post("/send")
@session.trainer_required
def send() -> BaseResponse:
    """Send grades again: those that were ticked, or all that nobody changed by hand."""
    comparison = _done()
    is_all = request.form.get("which") == "all"
    ids = [_number(each) for each in request.form.getlist("grade")]
    chosen = None if is_all else [each for each in ids if each is not None]
    if chosen is not None and not chosen:
        raise InputError(_("Tick the grades that are to be sent again, then press the button again."))
    comparisons.choose(db.session(), comparison, chosen, now())
    db.session.commit()
    return redirect(url_for(".index"), 303)


def _context() -> Context:
    context = session.current_placement().context
    if context is None:
        raise NotFoundError(_("Your LMS does not say to which course this activity belongs."))
    return context


def _done() -> Comparison:
    """Find the comparison, which must not be under way."""
    comparison = comparisons.find(db.session(), _context().id)
    if comparison is None or comparison.compared_at is None:
        raise ConflictError(_("The gradebook is being read. Choose what is sent again once that is done."))
    return comparison


def _quizzes_of(placement: Placement) -> Iterable[QuizEntry]:
    if placement.release_digest is None:
        return ()
    try:
        manifest = part_of(open_release(placement.release_digest).manifest, placement.page_id, placement.quiz_id)
    except NotFoundError:
        # The part that it showed is gone from this version, and nothing can be earned there.
        return ()
    return manifest.quizzes


def _number(text: str) -> int | None:
    """Read the number of a row; nothing where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST_NUMBER else None
