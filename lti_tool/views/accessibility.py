"""The accessibility statement: for people who are in an activity, and for anybody who looks for it.

Its parts are those of the model statement of the European Commission (Implementing Decision (EU) 2018/1523):
compliance, what is not accessible and why, how it was prepared, feedback and contact, enforcement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, current_app, make_response, render_template
from flask_babel import format_date

from lti_tool.config import Settings
from lti_tool.extensions import db
from lti_tool.services.progress import read_progress
from lti_tool.views import session
from lti_tool.views.shown_module import shown_module

PREPARED_ON = date(2026, 11, 30)
"""When ``docs/accessibility.md`` and the tests behind it were last gone through as a whole."""

blueprint = Blueprint("accessibility", __name__, url_prefix="/l/<handle>/accessibility")
session.guard(blueprint)
public = Blueprint("public_accessibility", __name__)


@dataclass(frozen=True, slots=True)
class Statement:
    """What differs from one installation to another, and the dates."""

    operator: str
    contact: str
    """An address of mail or a page; empty where the administrator named none."""
    contact_url: str
    enforcement_url: str
    prepared_on: str


@blueprint.get("/")
def index() -> Response:
    """Show it to somebody who is in an activity."""
    module = shown_module()
    progress = read_progress(db.session(), module.participant, module.manifest)
    launch = session.current_launch()
    return make_response(
        render_template(
            "learn/accessibility.html", module=module, launch=launch, progress=progress, statement=_statement()
        )
    )


@public.get("/accessibility")
def show() -> Response:
    """Show it to anybody, as the law wants it found."""
    return make_response(render_template("accessibility.html", statement=_statement()))


def _statement() -> Statement:
    settings: Settings = current_app.config["SETTINGS"]
    contact = settings.accessibility_contact
    return Statement(
        operator=settings.operator,
        contact=contact.removeprefix("https://"),
        contact_url=contact if contact.startswith("https://") else f"mailto:{contact}" if contact else "",
        enforcement_url=settings.accessibility_enforcement,
        prepared_on=format_date(PREPARED_ON, "long"),
    )
