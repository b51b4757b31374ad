"""The rules of an activity's quizzes, for trainers: what holds, what can be set, and what each setting does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from course_builder.package import QuizEntry
from lti_tool.errors import NotFoundError
from lti_tool.extensions import db
from lti_tool.services import quiz_settings
from lti_tool.services.quiz_rules import MOST_ATTEMPTS, MOST_MINUTES, Counting, Feedback, Rules
from lti_tool.services.records import rules_at
from lti_tool.views import session
from lti_tool.views.rule_words import describe_rules
from lti_tool.views.shown_module import ShownModule, now, shown_module

blueprint = Blueprint("quiz_settings", __name__, url_prefix="/l/<handle>/teach/quizzes")
session.guard(blueprint)
_E = TypeVar("_E", Counting, Feedback)


@dataclass(frozen=True, slots=True)
class QuizRules:
    """A quiz with its rules in words."""

    id: str
    title: str
    sentences: list[str]


@blueprint.before_request
def refuse_learners() -> None:
    """Show learners nothing of it."""
    if not session.current_launch().is_trainer:
        raise NotFoundError(_("There is nothing at this address."))


@blueprint.get("/")
def index() -> BaseResponse:
    """List the quizzes with their rules; where there is one only, show its settings."""
    module, placement = shown_module(), session.current_placement()
    quizzes = module.manifest.quizzes
    if len(quizzes) == 1:
        return redirect(url_for(".edit", quiz_id=quizzes[0].id))
    rows = [
        QuizRules(quiz.id, module.text(quiz.title), describe_rules(rules_at(placement, quiz.id))) for quiz in quizzes
    ]
    html = render_template("teach/quizzes.html", launch=session.current_launch(), module=module, rows=rows)
    return make_response(html)


@blueprint.get("/<quiz_id>")
def edit(quiz_id: str) -> BaseResponse:
    """Show the settings of a quiz."""
    module = shown_module()
    quiz = find_quiz(module, quiz_id)
    return _form(module, quiz, _fields(rules_at(session.current_placement(), quiz_id)), {})


@blueprint.post("/<quiz_id>")
def save(quiz_id: str) -> BaseResponse:
    """Set the rules of a quiz; what cannot be read is said beside its field, and nothing is set."""
    module, placement = shown_module(), session.current_placement()
    quiz = find_quiz(module, quiz_id)
    problems: dict[str, str] = {}
    rules = _read(request.form, problems)
    if problems:
        return _form(module, quiz, request.form, problems)
    sent = quiz_settings.change(db.session(), placement, quiz_id, rules, module.manifest, now())
    db.session.commit()
    return redirect(url_for(".edit", quiz_id=quiz_id, saved=sent), 303)


def _form(module: ShownModule, quiz: QuizEntry, values: MultiDict[str, str], problems: dict[str, str]) -> BaseResponse:
    saved = request.args.get("saved", "")
    html = render_template(
        "teach/quiz.html",
        launch=session.current_launch(),
        module=module,
        quiz=quiz,
        title=module.text(quiz.title),
        values=values,
        problems=problems,
        zones=sorted(available_timezones()),
        has_dates=bool(values.get("opens_at") or values.get("closes_at")),
        author_passing=module.release.manifest.passing.score,
        sent_again=int(saved) if saved.isascii() and saved.isdigit() and len(saved) < 10 else None,
        sentences=describe_rules(rules_at(session.current_placement(), quiz.id)),
    )
    return make_response(html, 422 if problems else 200)


def find_quiz(module: ShownModule, quiz_id: str) -> QuizEntry:
    """Find a quiz of what the placement shows.

    Raises:
        NotFoundError: if there is none such.
    """
    quiz = module.manifest.quiz(quiz_id)
    if quiz is None:
        raise NotFoundError(_("The module has no such quiz."))
    return quiz


def _fields(rules: Rules) -> MultiDict[str, str]:
    """Write rules as the form sends them."""
    fields = {
        "attempts": "" if rules.attempts is None else str(rules.attempts),
        "counting": str(rules.counting),
        "passing": "" if rules.passing is None else str(rules.passing),
        "feedback": str(rules.feedback),
        "opens_at": _local(rules.opens_at, rules.zone),
        "closes_at": _local(rules.closes_at, rules.zone),
        "zone": rules.zone,
        "minutes": "" if rules.minutes is None else str(rules.minutes),
        **({"sure": "yes"} if rules.asks_how_sure else {}),
        **({"shuffled": "yes"} if rules.is_shuffled else {}),
    }
    return MultiDict(fields)


def _read(form: MultiDict[str, str], problems: dict[str, str]) -> Rules:
    """Read the form; what is wrong goes into ``problems``, by field."""
    few = _("Write a whole number from 1 to %(most)s, or leave the field empty.", most=MOST_ATTEMPTS)
    per_cent = _("Write a whole number from 1 to %(most)s, or leave the field empty.", most=100)
    long = _("Write a whole number from 1 to %(most)s, or leave the field empty.", most=MOST_MINUTES)
    zone = form.get("zone", "")
    zone = zone if zone in available_timezones() else "UTC"
    opens_at = read_moment(form, "opens_at", zone, problems)
    closes_at = read_moment(form, "closes_at", zone, problems)
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        problems["closes_at"] = _("The quiz has to close after it opens.")
    feedback = _choice(form, "feedback", Feedback, problems)
    if feedback is Feedback.CLOSED and closes_at is None:
        problems.setdefault("closes_at", _("To show what was right once the quiz is closed, say when it closes."))
    return Rules(
        opens_at=opens_at,
        closes_at=closes_at,
        zone=zone if opens_at or closes_at else "UTC",
        minutes=read_whole(form, "minutes", MOST_MINUTES, long, problems),
        attempts=read_whole(form, "attempts", MOST_ATTEMPTS, few, problems),
        counting=_choice(form, "counting", Counting, problems),
        passing=read_whole(form, "passing", 100, per_cent, problems),
        is_shuffled="shuffled" in form,
        feedback=feedback,
        asks_how_sure="sure" in form,
    )


def read_whole(form: MultiDict[str, str], name: str, most: int, message: str, problems: dict[str, str]) -> int | None:
    """Read a number from 1 on; nothing where the field is empty, or names what is wrong."""
    text = form.get(name, "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most:
        return int(text)
    problems[name] = message
    return None


def _local(at: datetime | None, zone: str) -> str:
    """Write a time as a date field shows it."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if at else ""


def read_moment(form: MultiDict[str, str], name: str, zone: str, problems: dict[str, str]) -> datetime | None:
    """Read what a date field says, as meant in a zone; likewise."""
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        local = datetime.strptime(text[:20], "%Y-%m-%dT%H:%M")  # noqa: DTZ007  (the zone comes next)
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        problems[name] = _("Write a date and a time, such as 2027-03-31T12:00.")
        return None


def _choice(form: MultiDict[str, str], name: str, kind: type[_E], problems: dict[str, str]) -> _E:
    try:
        return kind(form.get(name, ""))
    except ValueError:
        problems[name] = _("Choose one of the possibilities.")
        return next(iter(kind))
