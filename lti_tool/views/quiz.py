"""Answering: drafts, checks, hints, the look-over before submitting, and submitting itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from course_builder.player.answers import answer_in_words
from course_builder.player.views import view_unclear
from course_builder.scoring import Response
from lti_tool import packing
from lti_tool.errors import ConflictError, InputError, NotFoundError, ToolError
from lti_tool.extensions import db
from lti_tool.models import SELF_CHECK, Answer, Attempt
from lti_tool.services import attempts, progress, quiz_rules, records, submissions, uploads
from lti_tool.services.attempts import (
    HinderedError,
    StaleAnswerError,
    SubmittedError,
    TimeIsUpError,
    UnclearAnswerError,
)
from lti_tool.services.quiz_rules import Rules
from lti_tool.services.shelf import OpenRelease
from lti_tool.services.uploads import UploadRefusedError
from lti_tool.views import session
from lti_tool.views.answer_forms import read_answers, read_json, read_number, read_response, read_time, to_names
from lti_tool.views.errors import handle_tool_error
from lti_tool.views.file_forms import give_file, questions_with_files, refusal, sent_files
from lti_tool.views.learn import show_page
from lti_tool.views.page_views import Notes
from lti_tool.views.quiz_views import list_answers, quiz_id_of, show_quiz
from lti_tool.views.rule_words import describe_hindrance
from lti_tool.views.shown_module import ShownModule, now, open_release, shown_module
from lti_tool.views.words import INTERFACE

blueprint = Blueprint("quiz", __name__, url_prefix="/l/<handle>")


@blueprint.before_request
def allow_files() -> None:
    """Let forms bring files; before the guard, which reads the form."""
    if request.mimetype == "multipart/form-data":
        request.max_content_length = current_app.config["SETTINGS"].max_upload_bytes


session.guard(blueprint)
blueprint.after_request(packing.pack_page)


@blueprint.teardown_request
def close_files(_error: BaseException | None) -> None:
    """Let go of larger files, which lie on the disk while the request lasts."""
    request.close()


@blueprint.errorhandler(TimeIsUpError)
def end(error: TimeIsUpError) -> BaseResponse:
    """Keep what came after the end for the trainer, and submit what was saved by then; whatever was asked for."""
    module, attempt, at = shown_module(), error.attempt, now()
    release = open_release(attempt.release_digest)
    try:
        kept = _keep_late(attempt, release)
    except ToolError as nothing_of_ours:
        return handle_tool_error(nothing_of_ours)
    if attempt.submitted_at is None:
        language = release.choose_language(module.language)
        attempts.submit(db.session(), attempt, release, language, at, is_by_tool=True)
        _settle(module, attempt)
    db.session.commit()
    if request.method == "PUT":
        return make_response(jsonify(ended=True, kept=kept))
    return redirect(url_for("learn.page", page_id=_page_of(release, attempt.quiz_id), _anchor=attempt.quiz_id), 303)


@blueprint.errorhandler(SubmittedError)
def say_when_submitted(error: SubmittedError) -> BaseResponse:
    """Tell a script when the attempt was submitted, so that it shows its answer to the person; none is kept."""
    if request.method != "PUT" or error.attempt.submitted_at is None:
        return handle_tool_error(error)
    submitted_at = error.attempt.submitted_at.isoformat()
    db.session.rollback()
    return make_response(jsonify(error=error.message, submitted_at=submitted_at), error.status)


LONGEST_ANSWER = 250_000
"""Bytes of one answer that a script may send: room for the longest essay in any script."""


@blueprint.post("/quizzes/<quiz_id>")
def save(quiz_id: str) -> BaseResponse:
    """Keep the answers of a form, and go to the look-over or back to the page."""
    module = shown_module()
    attempt, release = _open(module, quiz_id)
    notes = _save_form(attempt, release)
    db.session.commit()
    page_id = request.form.get("page", "")
    if notes:
        return show_page(module, page_id or _page_of(release, quiz_id), notes, status=notes.status)[0]
    if request.form.get("do") == "review":
        return redirect(url_for(".review", quiz_id=quiz_id), 303)
    return redirect(url_for("learn.page", page_id=page_id or _page_of(release, quiz_id), _anchor=quiz_id), 303)


@blueprint.put("/quizzes/<quiz_id>/answers/<question_id>")
def autosave(quiz_id: str, question_id: str) -> BaseResponse:
    """Keep one answer that a script sends while the person goes on; 409 holds the one that another window saved."""
    module = shown_module()
    sent = read_json(LONGEST_ANSWER)
    attempt, release = _open(module, quiz_id, read_number(sent.get("attempt")))
    response = read_response(release, attempt, question_id, sent.get("response"))
    try:
        answer = _keep(attempt, release, question_id, response, read_number(sent.get("revision")))
        _note_how_sure(attempt, question_id, sent.get("sure"))
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
    if quiz.submitted is not None or quiz.is_hidden or quiz.is_over:
        return redirect(url_for("learn.page", page_id=quiz.entry.page, _anchor=quiz_id))
    html = render_template(
        "learn/review.html",
        module=module,
        launch=session.current_launch(),
        quiz=quiz,
        running=quiz if quiz.record.ends_at else None,
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
    except TimeIsUpError:
        raise
    except ConflictError:
        newest = attempts.find_newest(db.session(), module.participant, quiz_id)
        if newest is None or newest.number < number:
            raise
        release = open_release(newest.release_digest)
    else:
        try:
            # A script submits it in the moment in which its time ends.
            is_by_tool = attempt.ends_at is not None and now() >= attempt.ends_at
            language = release.choose_language(module.language)
            attempts.submit(db.session(), attempt, release, language, now(), is_by_tool=is_by_tool)
        except UnclearAnswerError:
            db.session.rollback()
            return redirect(url_for(".review", quiz_id=quiz_id), 303)
        _settle(module, attempt)
        db.session.commit()
    return redirect(url_for("learn.page", page_id=_page_of(release, quiz_id), _anchor=f"{quiz_id}_result"), 303)


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
    module, attempt, release, notes = _save_around(question_id)
    page_id = release.question(release.manifest.source_language, question_id).page
    may_check = quiz_rules.may_check(records.rules_at(session.current_placement(), attempt.quiz_id))
    if attempt.quiz_id != SELF_CHECK and (release.key(question_id).tries == 1 or not may_check):
        raise NotFoundError(_("This question is answered by submitting its quiz."))
    answer = attempts.find_answer(db.session(), attempt, question_id)
    if notes.is_about(question_id) or answer is None or not answer.response:
        db.session.commit()
        missing = {} if notes.is_about(question_id) else {question_id: _("Choose an answer first.")}
        shown = Notes({**missing, **notes.problems}, notes.others)
        return show_page(module, page_id, shown, status=notes.status)[0]
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
    module, attempt, release, notes = _save_around(question_id)
    page_id = release.question(release.manifest.source_language, question_id).page
    attempts.open_hint(db.session(), attempt, question_id, release, now())
    db.session.commit()
    if notes:
        return show_page(module, page_id, notes, status=notes.status)[0]
    return redirect(url_for("learn.page", page_id=page_id, _anchor=question_id), 303)


@blueprint.post("/questions/<question_id>/files")
def files(question_id: str) -> BaseResponse:
    """Hand in the files that the form brings, or take one back."""
    module, attempt, release, notes = _save_around(question_id)
    text = release.question(release.manifest.source_language, question_id)
    if text.type != "upload":
        raise NotFoundError(_("There is no such question here."))
    if removed := request.form.get("remove"):
        with _answerable():
            uploads.take_back(db.session(), attempt, release.key(question_id), question_id, read_number(removed), now())
    elif not notes.is_about(question_id) and not sent_files(question_id):
        notes = Notes({**notes.problems, question_id: _("Choose a file first.")}, notes.others)
    db.session.commit()
    if notes:
        return show_page(module, text.page, notes, status=notes.status)[0]
    return redirect(url_for("learn.page", page_id=text.page, _anchor=question_id), 303)


@blueprint.get("/questions/<question_id>/files/<upload_id>")
def file(question_id: str, upload_id: str) -> BaseResponse:
    """Give a person a file back that they handed in."""
    return give_file(shown_module().participant, question_id, read_number(upload_id))


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
            rules=_rules(quiz_id),
        )
    except HinderedError as error:
        raise HinderedError(describe_hindrance(error.hindrance, _rules(quiz_id)), error.hindrance) from error
    except TimeIsUpError:
        raise
    except ConflictError as error:
        message = _("These answers belong to an attempt that was submitted in another window. That attempt counts.")
        if isinstance(error, SubmittedError):
            raise SubmittedError(message, error.attempt) from error
        raise ConflictError(message, detail=error.message) from error
    if quiz_id == SELF_CHECK:
        return attempt, module.release
    release = open_release(attempt.release_digest)
    if release.manifest.quiz(quiz_id) is None:
        raise NotFoundError(_("The module has no such quiz."))
    return attempt, release


def _note_how_sure(attempt: Attempt, question_id: str, sent: object) -> None:
    """Keep how sure somebody is, where the rules ask for that and the form says it."""
    if sent is not None and attempt.quiz_id != SELF_CHECK and _rules(attempt.quiz_id).asks_how_sure:
        try:
            attempts.note_how_sure(db.session(), attempt, question_id, read_number(sent))
        except InputError as error:
            raise InputError(
                _("This answer is not one that the page offers. Reload the page and choose again.")
            ) from error


def _rules(quiz_id: str) -> Rules:
    """Read the rules of a quiz as they hold for the person of the launch."""
    return records.rules_for(db.session(), session.current_placement(), session.current_launch().person_id, quiz_id)


def _keep(attempt: Attempt, release: OpenRelease, question_id: str, response: Response, began_from: int) -> Answer:
    """Keep a draft."""
    with _answerable():
        return attempts.save_answer(
            db.session(), attempt, release.key(question_id), question_id, response, began_from, now()
        )


@contextmanager
def _answerable() -> Iterator[None]:
    try:
        yield
    except (StaleAnswerError, UploadRefusedError):
        raise
    except InputError as error:
        raise InputError(_("This question cannot be answered again.")) from error


def _save_form(attempt: Attempt, release: OpenRelease) -> Notes:
    """Keep what a form holds, and give what there is to say of what was not kept."""
    others: dict[str, str] = {}
    for given in read_answers(request.form, release, attempt):
        kept = attempts.find_answer(db.session(), attempt, given.question_id)
        if given.is_blank and (kept is None or not kept.response or kept.revision != given.began_from):
            continue
        try:
            _keep(attempt, release, given.question_id, given.response, given.began_from)
            _note_how_sure(attempt, given.question_id, request.form.get(f"sure-{given.question_id}"))
        except StaleAnswerError:
            text = release.question(release.manifest.source_language, given.question_id)
            texts = answer_in_words(text, given.response, INTERFACE)
            others[given.question_id] = "; ".join(each.striptags() for each in texts)
    problems: dict[str, str] = {}
    for question_id, limits in questions_with_files(release, attempt):
        try:
            with _answerable():
                key = release.key(question_id)
                uploads.hand_in(db.session(), attempt, key, question_id, limits, sent_files(question_id), now())
        except UploadRefusedError as refused:
            problems[question_id] = refusal(refused)
    return Notes(problems, others)


def _save_around(question_id: str) -> tuple[ShownModule, Attempt, OpenRelease, Notes]:
    """Keep what the form around a question holds: its quiz's answers, or its own."""
    module = shown_module()
    if not module.release.has_question(question_id):
        raise NotFoundError(_("There is no such question here."))
    attempt, release = _open(module, quiz_id_of(module.release, question_id))
    if not attempts.has_question(attempt, release, question_id):
        raise NotFoundError(_("There is no such question here."))
    return module, attempt, release, _save_form(attempt, release)


def _keep_late(attempt: Attempt, release: OpenRelease) -> bool:
    """Keep the answers that a form or a script brings after the end; says whether there were any that differ."""
    at = now()
    if request.method == "PUT":
        sent, question_id = read_json(LONGEST_ANSWER), (request.view_args or {})["question_id"]
        response = read_response(release, attempt, question_id, sent.get("response"))
        typed_at = read_time(sent.get("typed_at"))
        return attempts.keep_late(db.session(), attempt, question_id, response, typed_at, at)
    kept = [
        attempts.keep_late(db.session(), attempt, given.question_id, given.response, None, at)
        for given in read_answers(request.form, release, attempt)
        if not given.is_blank
    ]
    return any(kept)


def _settle(module: ShownModule, attempt: Attempt) -> None:
    launch = session.current_launch()
    submissions.settle(
        db.session(),
        session.current_placement(),
        module.manifest,
        attempt,
        launch.line_item_url,
        now(),
        is_trainer=launch.is_trainer,
    )


def _page_of(release: OpenRelease, quiz_id: str) -> str:
    quiz = release.manifest.quiz(quiz_id)
    if quiz is None:
        raise NotFoundError(_("The module has no such quiz."))
    return quiz.page
