"""Giving people more than the rules of a quiz: another attempt, more time, a later date, or a fresh start."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from course_builder.package import QuizEntry
from lti_tool.errors import NotFoundError
from lti_tool.extensions import db
from lti_tool.models import AllowanceKind
from lti_tool.services import allowances, quiz_settings, reports
from lti_tool.services.allowances import LONGEST_REASON, PAGE_ROWS, Gift
from lti_tool.services.quiz_rules import MOST_ATTEMPTS, MOST_MINUTES, Rules
from lti_tool.services.records import rules_at
from lti_tool.views import session
from lti_tool.views.answer_forms import read_number
from lti_tool.views.quiz_settings import find_quiz, read_moment, read_whole, refuse_learners
from lti_tool.views.rule_words import when
from lti_tool.views.shown_module import ShownModule, now, open_release, shown_module

blueprint = Blueprint("more", __name__, url_prefix="/l/<handle>/teach/quizzes/<quiz_id>/more")
session.guard(blueprint)
blueprint.before_request(refuse_learners)
MOST_AT_ONCE = 500
"""People and groups in one form."""


@dataclass(frozen=True, slots=True)
class GivenRow:
    """What was given, in words, and whether it can be withdrawn."""

    id: int
    to: str
    what: str
    reason: str
    by: str
    made_at: object
    withdrawn_at: object
    can_withdraw: bool


@blueprint.get("/")
def index(quiz_id: str) -> BaseResponse:
    """Show the form, and what was given so far."""
    module = shown_module()
    return _page(module, find_quiz(module, quiz_id), MultiDict(), {})


@blueprint.post("/")
def give(quiz_id: str) -> BaseResponse:
    """Give what the form says to whom it names."""
    module, placement = shown_module(), session.current_placement()
    quiz = find_quiz(module, quiz_id)
    problems: dict[str, str] = {}
    gift = _read(request.form, rules_at(placement, quiz_id), problems)
    person_ids = [read_number(each) for each in request.form.getlist("person")[:MOST_AT_ONCE]]
    group_ids = [read_number(each) for each in request.form.getlist("group")[:MOST_AT_ONCE]]
    if not person_ids and not group_ids:
        problems["who"] = _("Choose at least one person or group.")
    if problems or gift is None:
        return _page(module, quiz, request.form, problems)
    number = quiz_settings.give(
        db.session(),
        placement,
        quiz_id,
        gift,
        session.current_launch().person,
        module.manifest,
        open_release,
        now(),
        person_ids=person_ids,
        group_ids=group_ids,
    )
    db.session.commit()
    return redirect(url_for(".index", quiz_id=quiz_id, given=number), 303)


@blueprint.post("/<allowance_id>/withdraw")
def withdraw(quiz_id: str, allowance_id: str) -> BaseResponse:
    """Take back what was given."""
    find_quiz(shown_module(), quiz_id)
    try:
        placement = session.current_placement()
        quiz_settings.take_back(db.session(), placement, quiz_id, read_number(allowance_id), now())
    except NotFoundError as error:
        raise NotFoundError(_("There is nothing at this address.")) from error
    db.session.commit()
    return redirect(url_for(".index", quiz_id=quiz_id), 303)


def _page(module: ShownModule, quiz: QuizEntry, values: MultiDict[str, str], problems: dict[str, str]) -> BaseResponse:
    placement = session.current_placement()
    after = request.args.get("after", "")
    people = allowances.list_people(db.session(), placement, int(after) if _is_row(after) else None)
    given = request.args.get("given", "")
    html = render_template(
        "teach/more.html",
        launch=session.current_launch(),
        module=module,
        quiz=quiz,
        title=module.text(quiz.title),
        rules=rules_at(placement, quiz.id),
        people=people[:PAGE_ROWS],
        next=people[PAGE_ROWS - 1].id if len(people) > PAGE_ROWS else None,
        is_first=not _is_row(after),
        groups=reports.list_groups(db.session(), placement),
        values=values,
        problems=problems,
        longest=LONGEST_REASON,
        number_given=int(given) if _is_row(given) else None,
        rows=[_row(each) for each in allowances.list_given(db.session(), placement, quiz.id)],
    )
    return make_response(html, 422 if problems else 200)


def _is_row(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _row(given: allowances.Given) -> GivenRow:
    row = given.allowance
    if row.person_id is None:
        to = _("Group: %(name)s", name=row.group_name)
    else:
        to = (given.to.name or _("Person %(label)s", label=given.to.label)) if given.to else "–"
    return GivenRow(
        row.id,
        to,
        _what(given),
        row.reason,
        (given.by.name or given.by.label) if given.by else _("a trainer"),
        row.made_at,
        row.withdrawn_at,
        can_withdraw=row.withdrawn_at is None and row.kind is not AllowanceKind.RESET,
    )


def _what(given: allowances.Given) -> str:
    row = given.allowance
    if row.kind is AllowanceKind.ATTEMPTS:
        return ngettext("%(num)s attempt more", "%(num)s attempts more", row.amount or 0)
    if row.kind is AllowanceKind.MINUTES:
        return ngettext("%(num)s minute more", "%(num)s minutes more", row.amount or 0)
    if row.kind is AllowanceKind.CLOSING and row.closes_at is not None:
        zone = rules_at(session.current_placement(), row.quiz_id).zone
        return _("open until %(date)s", date=when(row.closes_at, zone))
    return _("a fresh start: attempts so far were set aside")


def _read(form: MultiDict[str, str], rules: Rules, problems: dict[str, str]) -> Gift | None:
    reason = form.get("reason", "").replace("\0", "").strip()
    if not reason or len(reason) > LONGEST_REASON:
        problems["reason"] = _("Say why, in %(number)s characters at most.", number=LONGEST_REASON)
    try:
        kind = AllowanceKind(form.get("kind", ""))
    except ValueError:
        problems["kind"] = _("Choose one of the possibilities.")
        return None
    if kind is AllowanceKind.ATTEMPTS:
        return Gift(kind=kind, amount=_amount(form, "attempts", MOST_ATTEMPTS, problems), reason=reason)
    if kind is AllowanceKind.MINUTES:
        return Gift(kind=kind, amount=_amount(form, "minutes", MOST_MINUTES, problems), reason=reason)
    if kind is AllowanceKind.CLOSING:
        closes_at = read_moment(form, "closes_at", rules.zone, problems)
        if "closes_at" not in problems and (closes_at is None or closes_at <= (rules.closes_at or closes_at)):
            problems["closes_at"] = _("Write a date that is later than the one for everybody.")
        return Gift(kind=kind, closes_at=closes_at, reason=reason)
    return Gift(kind=kind, reason=reason)


def _amount(form: MultiDict[str, str], name: str, most: int, problems: dict[str, str]) -> int | None:
    message = _("Write a whole number from 1 to %(most)s.", most=most)
    amount = read_whole(form, name, most, message, problems)
    if amount is None:
        problems[name] = message
    return amount
