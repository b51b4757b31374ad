"""What a platform sent when it registered again: taken over, or not."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.extensions import db
from lti_tool.services import dynamic
from lti_tool.views.admin.access import blueprint, current_account
from lti_tool.views.admin.platforms import NUMBER, get_platform


@blueprint.post(f"/platforms/<{NUMBER}:number>/proposal")
def answer_proposal(number: int) -> BaseResponse:
    """Take a proposal over, or discard it."""
    act = dynamic.take_proposal if request.form.get("do") == "take" else dynamic.discard_proposal
    act(db.session(), get_platform(number), datetime.now(UTC), current_account().name)
    db.session.commit()
    return redirect(url_for(".platform", number=number, done="changed"), 303)
