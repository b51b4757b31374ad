"""People: found, their data given out, and erased. For owners only, since it shows who they are."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.errors import NotFoundError
from lti_tool.extensions import db
from lti_tool.services import people, personal_data
from lti_tool.services.people import Found
from lti_tool.views.admin.access import blueprint, current_account, owner_required
from lti_tool.views.admin.platforms import NUMBER

_HIGHEST, _LONGEST = 2**31, 500


@blueprint.get("/people")
@owner_required
def people_page() -> Response:
    """Find people, a page at a time."""
    text = request.args.get("text", "").replace("\0", "").strip()[:_LONGEST]
    after = request.args.get("after", default=0, type=int)
    found = people.search(db.session(), text, after=after if 0 < after < _HIGHEST else 0)
    shown = found[: people.PAGE_ROWS]
    page = render_template(
        "admin/people.html",
        found=shown,
        text=text,
        more=shown[-1].person.id if len(found) > people.PAGE_ROWS else None,
        is_first=after <= 0,
        done=_("The person is erased.") if request.args.get("done") == "erased" else "",
    )
    return make_response(page)


@blueprint.get(f"/people/<{NUMBER}:number>")
@owner_required
def person(number: int) -> Response:
    """Show what is known of somebody."""
    return _page(_get(number))


@blueprint.post(f"/people/<{NUMBER}:number>/export")
@owner_required
def export_person(number: int) -> Response:
    """Give out everything that is known of somebody; the log says so."""
    found = _get(number)
    rows = personal_data.collect(db.session(), found.person, datetime.now(UTC))
    people.note_export(db.session(), found, datetime.now(UTC), current_account().name)
    db.session.commit()
    response = make_response(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="person-{number}.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post(f"/people/<{NUMBER}:number>/erase")
@owner_required
def erase_person(number: int) -> BaseResponse:
    """Erase somebody, wholly or but for their results."""
    found = _get(number)
    if request.form.get("sure") != "yes":
        return _page(found, _("Tick the box, so that nobody is erased by mistake."))
    keeps_results = request.form.get("results") != "erase"
    people.erase(db.session(), found, datetime.now(UTC), current_account().name, keeps_results=keeps_results)
    db.session.commit()
    return redirect(url_for(".people_page", done="erased"), 303)


def _page(found: Found, problem: str = "") -> Response:
    counts = {
        name: len(rows) for name, rows in personal_data.collect(db.session(), found.person, datetime.now(UTC)).items()
    }
    page = render_template("admin/person.html", found=found, counts=counts, problem=problem)
    return make_response(page, 400 if problem else 200)


def _get(number: int) -> Found:
    found = people.find(db.session(), number)
    if found is None:
        raise NotFoundError(_("There is nothing at this address."))
    return found
