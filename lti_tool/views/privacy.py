"""What the tool knows of a person: at the end of each page, and as the LMS asks for it (data privacy launch)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.errors import InputError
from lti_tool.extensions import db
from lti_tool.logs import get_logger
from lti_tool.models import Message
from lti_tool.services import comparisons, people, personal_data
from lti_tool.services.progress import read_progress
from lti_tool.views import session
from lti_tool.views.shown_module import ShownModule, now, shown_module

blueprint = Blueprint("privacy", __name__, url_prefix="/l/<handle>/privacy")
session.guard(blueprint, Message.DATA_PRIVACY, Message.RESOURCE_LINK)
log = get_logger()


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of data: how much of it there is, why it is kept and for how long."""

    what: str
    count: int
    why: str
    is_erasable: bool
    """Whether people erase it by themselves."""


@blueprint.get("/")
def index() -> Response:
    """Say what is known of the person who asks, why, for how long, and give it to them."""
    launch, module = session.current_launch(), _module()
    found = personal_data.collect(db.session(), launch.person, now())
    asked_for = (launch.request or {}).get("for_user")
    html = render_template(
        "privacy/index.html",
        launch=launch,
        module=module,
        progress=read_progress(db.session(), module.participant, module.manifest) if module else None,
        erased=request.args.get("erased", type=int),
        kept=_kept({name: len(rows) for name, rows in found.items()}),
        is_about_somebody_else=asked_for not in {None, launch.person.sub},
    )
    return make_response(html)


@blueprint.post("/erase")
def erase() -> BaseResponse:
    """Erase what the person may erase by themselves."""
    if request.form.get("sure") != "yes":
        raise InputError(_("Tick the box, so that nothing is erased by mistake."))
    launch = session.current_launch()
    number = people.erase_own(db.session(), launch)
    db.session.commit()
    log.info("own-data-erased", person=launch.person_id, rows=number)
    return redirect(url_for(".index", erased=number), 303)


@blueprint.get("/data.json")
def as_json() -> Response:
    """Give everything as JSON."""
    found = personal_data.collect(db.session(), session.current_launch().person, now())
    text = json.dumps(found, ensure_ascii=False, indent=2, default=str)
    return _file(text.encode(), "application/json", "my-data.json")


@blueprint.get("/data.zip")
def as_csv() -> Response:
    """Give everything as comma-separated values, a file for each table."""
    found = personal_data.collect(db.session(), session.current_launch().person, now())
    return _file(personal_data.as_csv(found), "application/zip", "my-data.zip")


def _module() -> ShownModule | None:
    """Give what stands around the page, where it was opened from an activity."""
    placement = session.current_launch().placement
    return shown_module() if placement is not None and placement.release_digest is not None else None


def _file(body: bytes, media_type: str, name: str) -> Response:
    response = Response(body, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _kept(counts: dict[str, int]) -> list[Kept]:
    settings = current_app.config["SETTINGS"]
    activity, launches = _until(settings.keep_activity_days), _until(settings.keep_launches_days)
    evidence = _("It is evidence of what you achieved. It is kept until whoever runs this tool erases it.")
    described = [
        (_("You: the identifier that your LMS sends, and your name if it sends that"), ("person",), evidence, False),
        (_("Times you opened an activity"), ("launch",), launches, True),
        (_("Pages you opened, and where you left"), ("page_visit", "participation"), activity, True),
        (
            _("Your private notes and ticked boxes"),
            ("private_note",),
            _("Only you see them here.") + " " + activity,
            True,
        ),
        (_("Problems you reported"), ("problem_report",), _("Trainers of the course see them.") + " " + activity, True),
        (
            _("Attempts at quizzes, answers and files"),
            ("attempt", "answer", "late_answer", "upload", "judgement"),
            evidence + " " + _("Drafts go with the pages."),
            False,
        ),
        (_("More time or attempts that a trainer gave you, and why"), ("allowance",), evidence, False),
        (
            _("Your place on the lists of courses"),
            ("member", "group_member"),
            _until(settings.keep_rosters_days),
            False,
        ),
        (
            _("Your grades as a trainer compared them with the gradebook"),
            ("compared_grade",),
            ngettext(
                "It is deleted by itself after %(num)s day.",
                "It is deleted by itself after %(num)s days.",
                comparisons.KEPT.days,
            ),
            False,
        ),
        (_("Scores sent to the gradebook"), ("score",), evidence, False),
    ]
    rows = [
        Kept(what, sum(counts.get(name, 0) for name in names), why, is_erasable)
        for what, names, why, is_erasable in described
    ]
    others = counts.keys() - {name for _what, names, *_rest in described for name in names}
    if others:
        rows.append(Kept(_("Other entries"), sum(counts[name] for name in others), activity, is_erasable=False))
    return [row for row in rows if row.count]


def _until(days: int) -> str:
    if not days:
        return _("It is kept until whoever runs this tool erases it.")
    return _("It is deleted by itself %(days)s days after you were here last.", days=days)
