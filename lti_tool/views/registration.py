"""What LMSs read of this tool to register it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _

from lti_tool.errors import NotFoundError
from lti_tool.platforms.installing import guide_of
from lti_tool.static_files import FOLDERS
from lti_tool.views.tool_description import tool_description

blueprint = Blueprint("registration", __name__, url_prefix="/lti")
ICON_MAX_AGE_S = 86_400


@blueprint.get("/configurations/<product>.json")
def configuration(product: str) -> Response:
    """Give the configuration that some LMSs read in place of a form.

    ``?names=no`` asks for no names, ``?notices=no`` not for notices of copied courses.
    """
    make = guide_of(product).configuration
    if make is None:
        raise NotFoundError(_("There is nothing at this address."))
    tool = tool_description(
        shares_names=request.args.get("names") != "no", asks_for_notices=request.args.get("notices") != "no"
    )
    return jsonify(make(tool))


@blueprint.get("/icon.svg")
def icon() -> Response:
    """Give the icon, at an address that stays."""
    response = Response((FOLDERS["tool"] / "icon.svg").read_bytes(), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = f"public, max-age={ICON_MAX_AGE_S}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
