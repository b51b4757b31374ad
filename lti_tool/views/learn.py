"""What learners see: the start page and the pages of a module."""

from __future__ import annotations

import re

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from lti_tool import packing
from lti_tool.errors import InputError
from lti_tool.extensions import db
from lti_tool.models import PLACEHOLDER, Columns
from lti_tool.services import progress, records, scores
from lti_tool.services.private_notes import LONGEST_NOTE
from lti_tool.views import private_notes, session, words
from lti_tool.views.loads import allow_loads
from lti_tool.views.page_views import Notes, find_entry, read_page
from lti_tool.views.quiz_views import show_quiz
from lti_tool.views.shown_module import ShownModule, browser_owner, now, shown_module

blueprint = Blueprint("learn", __name__, url_prefix="/l/<handle>")
session.guard(blueprint)
blueprint.after_request(packing.pack_page)
_BLOCK = re.compile(r"[\w-]{1,200}")


@blueprint.get("/")
def index() -> BaseResponse:
    """Let each person in: trainers to their pages, learners to the start page, or to one that asks for patience."""
    launch = session.current_launch()
    has_module = session.current_placement().release_digest is not None
    if launch.is_trainer:
        return redirect(url_for("teach.overview" if has_module else "pick.library_page"))
    return start() if has_module else make_response(render_template("learn/waiting.html", launch=launch))


@blueprint.get("/start")
def start() -> Response:
    """Show what the module is about, how far the person is, and the way on."""
    module = shown_module()
    manifest = module.manifest
    by_quiz = records.records(db.session(), module.participant, [quiz.id for quiz in manifest.quizzes])
    points, max_points = records.sum_up(by_quiz, manifest.quizzes)
    html = render_template(
        "learn/start.html",
        module=module,
        launch=session.current_launch(),
        progress=progress.read_progress(db.session(), module.participant, manifest),
        minutes=words.minutes_in(manifest.duration),
        quizzes=[show_quiz(module, record, has_section=True) for record in by_quiz.values()],
        is_submitted=any(attempt.submitted_at for record in by_quiz.values() for attempt in record.attempts),
        points=points,
        max_points=max_points,
        obstacle=obstacle(),
        score=newest_score(module),
    )
    return make_response(html)


@blueprint.get("/pages/<page_id>")
def page(page_id: str) -> Response:
    """Show a page, and keep that the person is there."""
    module = shown_module()
    response, was_here = show_page(module, page_id)
    # What a script fetches ahead was not opened by anybody.
    if not was_here and "X-Ahead" not in request.headers:
        # A transaction of its own, after all was read, so that reading a page again is only a read.
        db.session.rollback()
        progress.mark_opened(db.session(), module.participant, page_id, now())
        db.session.commit()
    return response


@blueprint.post("/pages/<page_id>/place")
def place(page_id: str) -> Response:
    """Keep which block of a page the person has in view, as its script says when they leave or look away."""
    module = shown_module()
    find_entry(module, page_id)
    block = request.form.get("block", "")
    if block and not _BLOCK.fullmatch(block):
        raise InputError(_("This is no place on a page."))
    progress.keep_place(db.session(), module.participant, page_id, block or None)
    db.session.commit()
    return make_response("", 204)


@blueprint.post("/pages/<page_id>/done")
def done(page_id: str) -> BaseResponse:
    """Keep that a page is done, or not, and go on to the next one."""
    module = shown_module()
    here = find_entry(module, page_id)
    is_done = request.form.get("done") != "no"
    progress.mark_done(db.session(), module.participant, page_id, now(), is_done=is_done)
    db.session.commit()
    pages = module.manifest.pages
    goes_to = pages[pages.index(here) + 1 :][:1] if is_done else (here,)
    return redirect(url_for(".page", page_id=goes_to[0].id) if goes_to else url_for(".start"), 303)


def show_page(
    module: ShownModule, page_id: str, notes: Notes | None = None, status: int = 200
) -> tuple[Response, bool]:
    """Render a page, and say whether it is the one where the person was before."""
    page = read_page(module, page_id, notes)
    allow_loads(page.here.entry)
    has_result = any(quiz.submitted for quiz in page.quizzes)
    html = render_template(
        "learn/page.html",
        module=module,
        launch=session.current_launch(),
        page=page,
        running=page.running,
        notes=private_notes.kept_at(module, page_id) if page.has_private_notes else None,
        notes_owner=browser_owner(module.participant),
        notes_longest=LONGEST_NOTE,
        progress=page.progress,
        obstacle=obstacle() if has_result else None,
        score=newest_score(module) if has_result else None,
    )
    return make_response(html, status), page.progress.last_page == page_id and page.here.is_opened


def obstacle() -> scores.Obstacle | None:
    """Say why this person's scores do not go to a gradebook."""
    launch, placement = session.current_launch(), session.current_placement()
    made = PLACEHOLDER if placement.columns is not Columns.GIVEN else None
    return scores.obstacle(launch.person, placement, launch.line_item_url or made)


def newest_score(module: ShownModule) -> object:
    """Find the person's score that was queued last."""
    who = module.participant
    return scores.newest_scores(db.session(), who.placement_id, [who.person_id]).get(who.person_id)
