"""What somebody handed in, and judging it: as the gradebook asks for it (submission review), or from the overview.

The same pages stand at two addresses, one for each kind of launch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any, ParamSpec

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from course_builder.package import QuizEntry
from course_builder.player.answers import answer_in_words
from course_builder.player.views import QuestionView
from lti_tool.errors import NotAllowedError, NotFoundError
from lti_tool.extensions import db
from lti_tool.models import Attempt, Message, Person
from lti_tool.services import attempts, judgements, quiz_rules, reviews, scores
from lti_tool.services.records import Participant, rules_at, rules_for
from lti_tool.services.reviews import HandedIn
from lti_tool.views import session
from lti_tool.views.answer_forms import read_number
from lti_tool.views.file_forms import give_file
from lti_tool.views.judging import JudgingView, read_judgements, show_judging
from lti_tool.views.question_views import Sheet, show_question
from lti_tool.views.shown_module import ShownModule, now, open_release, shown_module
from lti_tool.views.words import INTERFACE

blueprint = Blueprint("review", __name__, url_prefix="/l/<handle>/review")
session.guard(blueprint, Message.SUBMISSION_REVIEW)
people = Blueprint("people", __name__, url_prefix="/l/<handle>/people/<person_id>")
session.guard(people)
_P = ParamSpec("_P")
_LONGEST_NUMBER = 10


@dataclass(frozen=True, slots=True)
class QuizRow:
    """A quiz with the attempts that somebody submitted at it, the newest first, and those of them that count."""

    title: str
    attempts: tuple[Attempt, ...]
    counted: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class LateView:
    """An answer that came after the end, in words."""

    answer: list[str]
    typed_at: datetime | None
    received_at: datetime


@people.url_value_preprocessor
def take_person(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let views of both kinds take the same arguments."""
    g.reviewed = (values or {}).pop("person_id", "")


@people.url_defaults
def give_person(endpoint: str, values: dict[str, Any]) -> None:
    """Lead on to the same person."""
    if endpoint.startswith("people.") and g.get("reviewed"):
        values.setdefault("person_id", g.reviewed)


@people.before_request
def refuse_learners() -> None:
    """Show learners nothing of it, not even that somebody is there."""
    if not session.current_launch().is_trainer:
        raise NotFoundError(_("There is nothing at this address."))


def _both(method: str, rule: str) -> Callable[[Callable[_P, BaseResponse]], Callable[_P, BaseResponse]]:
    """Let a view stand at both addresses."""

    def add(view: Callable[_P, BaseResponse]) -> Callable[_P, BaseResponse]:
        for each in (blueprint, people):
            each.add_url_rule(rule, view_func=view, methods=[method])
        return view

    return add


@_both("GET", "/")
def index() -> Response:
    """Show the attempts of the person that the gradebook means, and what the one that counts holds."""
    return _page(None)


@_both("GET", "/quizzes/<quiz_id>/attempts/<number>")
def attempt(quiz_id: str, number: str) -> Response:
    """Show another of their attempts."""
    return _page((quiz_id, read_number(number)))


@_both("GET", "/questions/<question_id>/files/<upload_id>")
def file(question_id: str, upload_id: str) -> Response:
    """Give a file that they handed in; those of an attempt that is open are theirs alone."""
    return give_file(_participant(_subject()), question_id, read_number(upload_id), is_submitted=True)


@_both("POST", "/quizzes/<quiz_id>/attempts/<number>")
@session.trainer_required
def judge(quiz_id: str, number: str) -> BaseResponse:
    """Take points and comments for what waits for a person, and send the score that they complete."""
    who = _participant(_subject())
    shown = _read(who, quiz_id, read_number(number))
    release = open_release(shown.attempt.release_digest)
    asked = judgements.asked_for(release, shown.attempt, shown.answers)
    given = read_judgements(request.form, release, asked)
    at = now()
    if given and judgements.judge(db.session(), shown.attempt, release, given, session.current_launch().person, at):
        judgements.report(db.session(), shown.attempt, shown_module().manifest, at)
    db.session.commit()
    return redirect(url_for(".attempt", quiz_id=quiz_id, number=number), 303)


def _page(wanted: tuple[str, int] | None) -> Response:
    person = _subject()
    module = shown_module()
    who = _participant(person)
    handed_in = reviews.list_handed_in(db.session(), who)
    rows = [_row(module, quiz_id, found) for quiz_id, found in handed_in.items()]
    if wanted is None and rows:
        first = (rows[0].counted or rows[0].attempts)[-1]
        wanted = first.quiz_id, first.number
    shown = _read(who, *wanted) if wanted else None
    html = render_template(
        "teach/review.html",
        launch=session.current_launch(),
        module=module,
        person=person,
        rows=rows,
        shown=shown,
        entry=_entry(shown) if shown else None,
        questions=_questions(module, shown) if shown else [],
        late=_late(shown) if shown and session.current_launch().is_trainer else {},
        judging=_judging(shown) if shown and session.current_launch().is_trainer else {},
        sent_by_attempt=scores.of_person(db.session(), who.placement_id, who.person_id),
        score=scores.newest_scores(db.session(), who.placement_id, [who.person_id]).get(who.person_id),
        is_from_overview=request.blueprint == people.name,
        Fraction=Fraction,
    )
    return make_response(html)


def _judging(shown: HandedIn) -> dict[str, JudgingView]:
    """Give the fields for what a person judges, by question."""
    release = open_release(shown.attempt.release_digest)
    asked = judgements.asked_for(release, shown.attempt, shown.answers)
    known = judgements.of_attempts(db.session(), [shown.attempt.id])
    return {each: show_judging(release, shown.answers[each], known.get((shown.attempt.id, each))) for each in asked}


def _late(shown: HandedIn) -> dict[str, LateView]:
    """Give the answers that came after the end, by question."""
    release = open_release(shown.attempt.release_digest)
    source = release.manifest.source_language
    return {
        question_id: LateView(
            [
                str(each.striptags())
                for each in answer_in_words(release.question(source, question_id), late.response, INTERFACE)
            ],
            late.typed_at,
            late.received_at,
        )
        for question_id, late in shown.late.items()
    }


def _participant(person: Person) -> Participant:
    return Participant(session.current_placement().id, person.id)


def _subject() -> Person:
    try:
        if request.blueprint == people.name:
            return reviews.participant_of(db.session(), session.current_placement().id, _row_number())
        return reviews.subject_of(db.session(), session.current_launch())
    except NotFoundError as error:
        message = _("This person has not opened the activity yet, so there is nothing to look at.")
        raise NotFoundError(message) from error
    except NotAllowedError as error:
        raise NotAllowedError(_("This page is for the trainers of the course.")) from error


def _row_number() -> int:
    number: str = g.reviewed
    if not (number.isascii() and number.isdigit() and len(number) < _LONGEST_NUMBER):
        raise NotFoundError("This is no row of a person.")
    return int(number)


def _read(who: Participant, quiz_id: str, number: int) -> HandedIn:
    try:
        return reviews.read_handed_in(db.session(), who, quiz_id, number)
    except NotFoundError as error:
        raise NotFoundError(_("There is no such attempt.")) from error


def _row(module: ShownModule, quiz_id: str, found: list[Attempt]) -> QuizRow:
    counted = quiz_rules.counted(rules_at(session.current_placement(), quiz_id), found[::-1])
    entry = open_release(found[0].release_digest).manifest.quiz(quiz_id)
    return QuizRow(module.text(entry.title) if entry else quiz_id, tuple(found), counted)


def _entry(shown: HandedIn) -> QuizEntry:
    entry = open_release(shown.attempt.release_digest).manifest.quiz(shown.attempt.quiz_id)
    if entry is None:
        raise NotFoundError(_("The module has no such quiz."))
    return entry


def _questions(module: ShownModule, shown: HandedIn) -> list[QuestionView]:
    """Show the questions as the person saw them after submitting, without the links that lead on from there.

    What people were promised to be shown without names is shown to nobody beside theirs.
    """
    release = open_release(shown.attempt.release_digest)
    launch, rules = (
        session.current_launch(),
        rules_for(db.session(), session.current_placement(), shown.attempt.person_id, shown.attempt.quiz_id),
    )
    hides_names = launch.person_id != shown.attempt.person_id
    module = replace(module, manifest=replace(module.manifest, pages=()))
    sheet = Sheet(
        release,
        shown.attempt.seed,
        "handed_in",
        is_submitted=True,
        shows_results=launch.is_trainer or quiz_rules.shows_results(rules, now(), is_submitted=True),
        asks_how_sure=rules.asks_how_sure,
        file=f"{request.blueprint}.file",
    )
    return [
        show_question(module, sheet, question_id, shown.answers.get(question_id))
        for question_id in attempts.questions_of(
            _entry(shown), shown.attempt.seed, is_shuffled=shown.attempt.is_shuffled
        )
        if not (hides_names and release.question(release.manifest.source_language, question_id).anonymous)
    ]
