"""The module library, to read: what was published, and how much of it is in use."""

from __future__ import annotations

from flask import Response, make_response, render_template

from lti_tool.extensions import db
from lti_tool.i18n import language_tag
from lti_tool.services import library
from lti_tool.views.admin.access import blueprint


@blueprint.get("/modules")
def module_list() -> Response:
    """List the modules with their published versions."""
    modules = [
        (newest, library.list_releases(db.session(), newest.module_id)) for newest in library.list_modules(db.session())
    ]
    uses = library.count_uses(db.session())
    page = render_template("admin/library.html", modules=modules, uses=uses, title=_title)
    return make_response(page)


def _title(titles: dict[str, str]) -> str:
    """Choose a title in the language of the page, or in the first one there is."""
    return titles.get(language_tag()) or next(iter(titles.values()), "")
