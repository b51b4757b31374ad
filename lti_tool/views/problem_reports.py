"""Reporting a problem with a page or a question, and the list of what was reported, for trainers."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.errors import InputError, NotFoundError, TooManyError
from lti_tool.extensions import db
from lti_tool.models import ProblemKind, ProblemReport
from lti_tool.services import problem_reports
from lti_tool.services.problem_reports import LONGEST_TEXT, MOST_IN_AN_HOUR, Where
from lti_tool.services.progress import read_progress
from lti_tool.views import session
from lti_tool.views.answer_forms import read_number
from lti_tool.views.page_views import find_entry, read_page
from lti_tool.views.shown_module import ShownModule, now, shown_module

blueprint = Blueprint("problem_reports", __name__, url_prefix="/l/<handle>/problems")
session.guard(blueprint)
_LONGEST_STEM = 80


@dataclass(frozen=True, slots=True)
class About:
    """A question that a report can be about."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """A report as a list shows it."""

    report: ProblemReport
    page: str
    """The title of the page, in the version that is shown now; its id where that has no such page any more."""
    address: str
    """Of the place; empty where the version that is shown now has it no more."""
    kind: str


@blueprint.get("/")
def index() -> Response:
    """Ask what the problem is, and list what the person has reported."""
    return _form(shown_module(), request.args.get("page") or None, is_sent="sent" in request.args)


@blueprint.post("/")
def send() -> BaseResponse:
    """Take a report."""
    module, page_id = shown_module(), request.form.get("page") or None
    question_id = request.form.get("question") or None
    if page_id:
        find_entry(module, page_id)
    if question_id and question_id not in {each.id for each in _questions(module, page_id)}:
        raise NotFoundError(_("There is no such question here."))
    text = request.form.get("text", "").replace("\0", "")
    kind = request.form.get("kind", "")
    if kind not in set(ProblemKind):
        return _form(module, page_id, problem=_("Say what kind of problem it is."), status=422)
    where = Where(module.release.digest, module.language, page_id, question_id)
    try:
        problem_reports.report(db.session(), module.participant, where, ProblemKind(kind), text, now())
    except InputError:
        return _form(module, page_id, problem=_too_long() if text.strip() else _("Describe the problem."), status=422)
    except TooManyError:
        return _form(module, page_id, problem=_too_many(), status=429)
    db.session.commit()
    return redirect(url_for(".index", page=page_id, sent=1), 303)


@blueprint.get("/all")
@session.trainer_required
def overview() -> Response:
    """Show trainers what was reported at the activity."""
    module, is_done = shown_module(), request.args.get("state") == "done"
    placement_id = session.current_placement().id
    found = problem_reports.reports_at(db.session(), placement_id, is_done=is_done)
    opened, done = problem_reports.count_reports(db.session(), placement_id)
    html = render_template(
        "teach/problems.html",
        launch=session.current_launch(),
        module=module,
        rows=[_row(module, each) for each in found],
        is_done=is_done,
        open_count=opened,
        done_count=done,
        most=problem_reports.MOST_SHOWN,
    )
    return make_response(html)


@blueprint.post("/all/<report_id>")
def settle(report_id: str) -> BaseResponse:
    """Keep that a report is done, or is open again; learners are not even told whether there is one."""
    if not session.current_launch().is_trainer:
        raise NotFoundError(_("There is nothing at this address."))
    is_done = request.form.get("state") != "open"
    try:
        problem_reports.settle(
            db.session(), session.current_placement().id, read_number(report_id), now(), is_done=is_done
        )
    except (NotFoundError, InputError) as error:
        raise NotFoundError(_("There is no such report.")) from error
    db.session.commit()
    return redirect(url_for(".overview", state=None if is_done else "done"), 303)


def _form(
    module: ShownModule, page_id: str | None, *, problem: str = "", is_sent: bool = False, status: int = 200
) -> Response:
    entry = find_entry(module, page_id) if page_id else None
    html = render_template(
        "learn/problem.html",
        module=module,
        launch=session.current_launch(),
        progress=read_progress(db.session(), module.participant, module.manifest),
        entry=entry,
        questions=_questions(module, page_id),
        kinds={each.value: _kind(each) for each in ProblemKind},
        given=request.form,
        chosen=request.form.get("question") or request.args.get("question", ""),
        problem=problem,
        is_sent=is_sent,
        longest=LONGEST_TEXT,
        rows=[_row(module, each) for each in problem_reports.own_reports(db.session(), module.participant)],
    )
    return make_response(html, status)


def _questions(module: ShownModule, page_id: str | None) -> list[About]:
    """List the questions that the person sees on a page: of a pool only those that were drawn for them."""
    if not page_id:
        return []
    shown = (piece.question for piece in read_page(module, page_id).pieces)
    found = []
    for number, question in enumerate(filter(None, shown), 1):
        stem = " ".join(question.stem.striptags().split())
        short = stem if len(stem) <= _LONGEST_STEM else f"{stem[:_LONGEST_STEM].rpartition(' ')[0]} …"
        found.append(About(question.id, _("Question %(number)s: %(stem)s", number=number, stem=short)))
    return found


def _row(module: ShownModule, report: ProblemReport) -> Row:
    entry = module.manifest.page(report.page_id) if report.page_id else None
    title = module.text(entry.title) if entry else report.page_id or _("No particular page")
    address = url_for("learn.page", page_id=entry.id, _anchor=report.question_id) if entry else ""
    return Row(report, title, address, _kind(report.kind))


def _kind(kind: ProblemKind) -> str:
    return {
        ProblemKind.CONTENT: _("Something is wrong or hard to understand"),
        ProblemKind.BROKEN: _("Something does not work"),
        ProblemKind.ACCESS: _("I cannot see, hear, reach or use something (accessibility)"),
    }[kind]


def _too_long() -> str:
    return ngettext("The text can have %(num)s character.", "The text can have %(num)s characters.", LONGEST_TEXT)


def _too_many() -> str:
    return ngettext(
        "You have sent %(num)s report in the last hour. Wait a while, then send this one.",
        "You have sent %(num)s reports in the last hour. Wait a while, then send this one.",
        MOST_IN_AN_HOUR,
    )
