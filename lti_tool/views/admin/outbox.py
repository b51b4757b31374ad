"""The outbox: scores on their way to gradebooks, tried again or stopped by an owner."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.errors import ConflictError, InputError, NotFoundError
from lti_tool.extensions import db
from lti_tool.models import ScoreState
from lti_tool.services import outbox
from lti_tool.views.admin.access import blueprint, current_account
from lti_tool.views.admin.platforms import NUMBER

_HIGHEST = 2**31


@blueprint.get("/outbox")
def score_list() -> Response:
    """Show the scores in a state, a page at a time."""
    return _page()


@blueprint.post(f"/outbox/<{NUMBER}:number>")
def change_score(number: int) -> BaseResponse:
    """Try a score again now, or stop it."""
    change = {"retry": outbox.retry, "stop": outbox.stop}.get(request.form.get("do", ""))
    if change is None:
        raise InputError(_("The request could not be read."))
    try:
        change(db.session(), number, datetime.now(UTC), current_account().name)
    except NotFoundError as error:
        raise NotFoundError(_("There is nothing at this address.")) from error
    except ConflictError:
        db.session.rollback()
        return _page(_("This grade has moved on since the page was shown, and nothing was changed."))
    db.session.commit()
    return redirect(url_for(".score_list", state=_state().value), 303)


def _page(problem: str = "") -> Response:
    before = request.args.get("before", type=int)
    found = outbox.list_scores(
        db.session(), _state(), before=before if before is not None and 0 < before < _HIGHEST else None
    )
    shown = found[: outbox.PAGE_ROWS]
    page = render_template(
        "admin/outbox.html",
        scores=shown,
        state=_state(),
        states=_state_words(),
        counts=outbox.count_open(db.session()),
        older=shown[-1].id if len(found) > outbox.PAGE_ROWS else None,
        is_first=before is None,
        problem=problem,
    )
    return make_response(page, 409 if problem else 200)


def _state() -> ScoreState:
    wanted = request.values.get("state", "")
    return ScoreState(wanted) if wanted in set(ScoreState) else ScoreState.WAITING


def _state_words() -> dict[ScoreState, str]:
    return {
        ScoreState.WAITING: _("waiting"),
        ScoreState.SENDING: _("being sent"),
        ScoreState.FAILED: _("not delivered"),
        ScoreState.DELIVERED: _("delivered"),
        ScoreState.SUPERSEDED: _("replaced"),
    }
