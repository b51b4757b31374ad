"""The display: text size and contrast, as a learner chooses them on any page of a module."""

from __future__ import annotations

from flask import Blueprint, current_app, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.errors import InputError
from lti_tool.extensions import db
from lti_tool.models import Contrast, TextSize
from lti_tool.services import display as services
from lti_tool.views import session

blueprint = Blueprint("display", __name__, url_prefix="/l/<handle>/display")
session.guard(blueprint)


@blueprint.post("")
def choose() -> BaseResponse:
    """Keep the choice, and go back to the page where it was made."""
    try:
        size, contrast = TextSize(request.form.get("text_size", "")), Contrast(request.form.get("contrast", ""))
    except ValueError as error:
        raise InputError(_("The form could not be read. Reload the page and try again.")) from error
    services.choose(db.session(), session.current_launch().person, size, contrast)
    db.session.commit()
    return redirect(_back(request.form.get("back", "")), 303)


def _back(path: str) -> str:
    """Give the address to go back to: a page of this launch that can be opened, or the start page."""
    try:
        _endpoint, values = current_app.url_map.bind("").match(path, "GET")
    except (HTTPException, ValueError):
        return url_for("learn.start")
    return path if values.get("handle") == g.handle else url_for("learn.start")
