"""Answering: drafts, checks, hints, the look-over before submitting, and submitting itself."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from course_builder.player.answers import answer_in_words
from course_builder.player.views import view_unclear
from course_builder.scoring import Response
from lti_tool.errors import ConflictError, InputError, NotFoundError
from lti_tool.extensions import db
from lti_tool.models import SELF_CHECK, Answer, Attempt
from lti_tool.services import attempts, progress, records, scores
from lti_tool.services.attempts import StaleAnswerError, UnclearAnswerError
from lti_tool.services.shelf import OpenRelease
from lti_tool.views import session
from lti_tool.views.answer_forms import read_answers, read_number, read_response, to_names
from lti_tool.views.learn import show_page
from lti_tool.views.page_views import Notes
from lti_tool.views.quiz_views import list_answers, quiz_id_of, show_quiz
from lti_tool.views.shown_module import ShownModule, now, open_release, shown_module
from lti_tool.views.words import INTERFACE

blueprint = Blueprint("quiz", __name__, url_prefix="/l/<handle>")
session.guard(blueprint)

LONGEST_ANSWER = 250_000
"""Bytes of one answer that a script may send: room for the longest essay in any script."""


@blueprint.post("/quizzes/<quiz_id>")
def save(quiz_id: str) -> BaseResponse:
    """Keep the answers of a form, and go to the look-over or back to the page."""
    module = shown_module()
    attempt, release = _open(module, quiz_id)
    others = _save_form(attempt, release)
    db.session.commit()
    page_id = request.form.get("page", "")
    if others:
        return show_page(module, page_id or _page_of(release, quiz_id), Notes(others=others), status=409)[0]
    if request.form.get("do") == "review":
        return redirect(url_for(".review", quiz_id=quiz_id), 303)
    return redirect(url_for("learn.page", page_id=page_id or _page_of(release, quiz_id), _anchor=quiz_id), 303)


@blueprint.put("/quizzes/<quiz_id>/answers/<question_id>")
def autosave(quiz_id: str, question_id: str) -> BaseResponse:
    """Keep one answer that a script sends while the person goes on; 409 holds the one that another window saved."""
    module = shown_module()
    sent = _read_json()
    attempt, release = _open(module, quiz_id, read_number(sent.get("attempt")))
    response = read_response(release, attempt, question_id, sent.get("response"))
    try:
        answer = _keep(attempt, release, question_id, response, read_number(sent.get("revision")))
    except StaleAnswerError as stale:
        answer = stale.answer
        status = 409
    else:
        status = 200
    body: dict[str, Any] = {
        "revision": answer.revision,
        "saved_at": answer.saved_at.isoformat(),
        "response": to_names(release, attempt, question_id, answer.response),
    }
    text = release.question(release.choose_language(module.language), question_id)
    if unclear := view_unclear(text, answer.response, INTERFACE):
        body["unclear"] = {"words": unclear.words, "readings": unclear.readings}
    db.session.commit()
    return make_response(jsonify(body), status)


@blueprint.get("/quizzes/<quiz_id>/review")
def review(quiz_id: str) -> BaseResponse:
    """Show each question with its answer or its absence, before submitting."""
    module = shown_module()
    record = records.records(db.session(), module.participant, [quiz_id])[quiz_id]
    quiz = show_quiz(module, record, has_section=True)
    if quiz is None:
        raise NotFoundError(_("The module has no such quiz."))
    if quiz.submitted is not None:
        return redirect(url_for("learn.page", page_id=quiz.entry.page, _anchor=quiz_id))
    html = render_template(
        "learn/review.html",
        module=module,
        launch=session.current_launch(),
        quiz=quiz,
        rows=list_answers(module, quiz),
        progress=progress.read_progress(db.session(), module.participant, module.manifest),
    )
    return make_response(html)


@blueprint.post("/quizzes/<quiz_id>/submit")
def submit(quiz_id: str) -> BaseResponse:
    """Score an attempt and close it; a second click finds it closed and changes nothing."""
    module = shown_module()
    number = read_number(request.form.get("attempt"))
    try:
        attempt, release = _open(module, quiz_id, number)
    except ConflictError:
        newest = attempts.find_newest(db.session(), module.participant, quiz_id)
        if newest is None or newest.number < number:
            raise
        release = open_release(newest.release_digest)
    else:
        try:
            attempts.submit(db.session(), attempt, release, release.choose_language(module.language), now())
        except UnclearAnswerError:
            db.session.rollback()
            return redirect(url_for(".review", quiz_id=quiz_id), 303)
        _settle(module, attempt)
        db.session.commit()
    return redirect(url_for("learn.page", page_id=_page_of(release, quiz_id), _anchor=quiz_id), 303)


@blueprint.post("/quizzes/<quiz_id>/attempts")
def begin(quiz_id: str) -> BaseResponse:
    """Begin another attempt."""
    module = shown_module()
    _attempt, release = _open(module, quiz_id)
    db.session.commit()
    return redirect(url_for("learn.page", page_id=_page_of(release, quiz_id), _anchor=quiz_id), 303)


@blueprint.post("/questions/<question_id>/check")
def check(question_id: str) -> BaseResponse:
    """Use a try of one question."""
    module, attempt, release, others = _save_around(question_id)
    page_id = release.question(release.manifest.source_language, question_id).page
    if attempt.quiz_id != SELF_CHECK and release.key(question_id).tries == 1:
        raise NotFoundError(_("This question is answered by submitting its quiz."))
    answer = attempts.find_answer(db.session(), attempt, question_id)
    if question_id in others or answer is None or not answer.response:
        db.session.commit()
        problems = {} if question_id in others else {question_id: _("Choose an answer first.")}
        return show_page(module, page_id, Notes(problems, others), status=409 if others else 200)[0]
    try:
        attempts.check_answer(db.session(), answer, release, release.choose_language(module.language))
    except UnclearAnswerError:
        # The page asks back at the question.
        db.session.commit()
        return redirect(url_for("learn.page", page_id=page_id, _anchor=question_id), 303)
    quiz_ids = [quiz.id for quiz in module.manifest.quizzes]
    by_quiz = records.records(db.session(), module.participant, [*quiz_ids, SELF_CHECK])
    progress.mark_answered_pages(db.session(), module.participant, module.manifest, by_quiz, now())
    db.session.commit()
    return redirect(url_for("learn.page", page_id=page_id, _anchor=question_id), 303)


@blueprint.post("/questions/<question_id>/hint")
def hint(question_id: str) -> BaseResponse:
    """Open the next hint of a question."""
    module, attempt, release, others = _save_around(question_id)
    page_id = release.question(release.manifest.source_language, question_id).page
    attempts.open_hint(db.session(), attempt, question_id, release, now())
    db.session.commit()
    if others:
        return show_page(module, page_id, Notes(others=others), status=409)[0]
    return redirect(url_for("learn.page", page_id=page_id, _anchor=question_id), 303)


def _open(module: ShownModule, quiz_id: str, number: int | None = None) -> tuple[Attempt, OpenRelease]:
    """Open the attempt that a form or script names, on the version that it is pinned to."""
    try:
        attempt = attempts.open_attempt(
            db.session(),
            module.participant,
            quiz_id,
            read_number(request.form.get("attempt")) if number is None else number,
            release_digest=module.release.digest,
            secret=current_app.config["SETTINGS"].secret_key,
            at=now(),
        )
    except ConflictError as error:
        message = _("These answers belong to an attempt that was submitted in another window. That attempt counts.")
        raise ConflictError(message, detail=error.message) from error
    if quiz_id == SELF_CHECK:
        return attempt, module.release
    release = open_release(attempt.release_digest)
    if release.manifest.quiz(quiz_id) is None:
        raise NotFoundError(_("The module has no such quiz."))
    return attempt, release


def _read_json() -> dict[str, Any]:
    """Read what a script sent."""
    request.max_content_length = LONGEST_ANSWER
    try:
        sent = request.get_json(silent=True)
    except RecursionError:
        sent = None
    if not isinstance(sent, dict):
        raise InputError(_("The answer could not be read."))
    return sent


def _keep(attempt: Attempt, release: OpenRelease, question_id: str, response: Response, began_from: int) -> Answer:
    """Keep a draft."""
    try:
        return attempts.save_answer(
            db.session(), attempt, release.key(question_id), question_id, response, began_from, now()
        )
    except InputError as error:
        raise InputError(_("This question cannot be answered again.")) from error


def _save_form(attempt: Attempt, release: OpenRelease) -> dict[str, str]:
    """Keep what a form holds; give, in words, the answers that were not kept because another window had answered."""
    others: dict[str, str] = {}
    for given in read_answers(request.form, release, attempt):
        kept = attempts.find_answer(db.session(), attempt, given.question_id)
        if given.is_blank and (kept is None or not kept.response or kept.revision != given.began_from):
            continue
        try:
            _keep(attempt, release, given.question_id, given.response, given.began_from)
        except StaleAnswerError:
            text = release.question(release.manifest.source_language, given.question_id)
            texts = answer_in_words(text, given.response, INTERFACE)
            others[given.question_id] = "; ".join(each.striptags() for each in texts)
    return others


def _save_around(question_id: str) -> tuple[ShownModule, Attempt, OpenRelease, dict[str, str]]:
    """Keep what the form around a question holds: its quiz's answers, or its own."""
    module = shown_module()
    if not module.release.has_question(question_id):
        raise NotFoundError(_("There is no such question here."))
    attempt, release = _open(module, quiz_id_of(module.release, question_id))
    if not attempts.has_question(attempt, release, question_id):
        raise NotFoundError(_("There is no such question here."))
    return module, attempt, release, _save_form(attempt, release)


def _settle(module: ShownModule, attempt: Attempt) -> None:
    """Send a learner's score on its way, in the transaction that submits the attempt, and mark the pages."""
    # Two quizzes submitted at the same moment must not each miss the other in the sum that is sent last.
    scores.hold(db.session(), attempt.person_id)
    quiz_ids = [quiz.id for quiz in module.manifest.quizzes]
    by_quiz = records.records(db.session(), module.participant, [*quiz_ids, SELF_CHECK])
    launch = session.current_launch()
    points, max_points = records.sum_up(by_quiz, module.manifest.quizzes)
    if not launch.is_trainer and max_points and attempt.submitted_at:
        scores.queue_score(
            db.session(),
            attempt=attempt,
            launch_line_item_url=launch.line_item_url,
            points=points,
            max_points=max_points,
            at=attempt.submitted_at,
        )
    progress.mark_answered_pages(db.session(), module.participant, module.manifest, by_quiz, now())


def _page_of(release: OpenRelease, quiz_id: str) -> str:
    quiz = release.manifest.quiz(quiz_id)
    if quiz is None:
        raise NotFoundError(_("The module has no such quiz."))
    return quiz.page
