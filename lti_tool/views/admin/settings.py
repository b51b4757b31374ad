"""The settings and the periods of keeping data, to read: they are set where the tool is started."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, make_response, render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from lti_tool.config import Settings
from lti_tool.extensions import db
from lti_tool.models import Chore
from lti_tool.services import comparisons, retention
from lti_tool.views.admin.access import blueprint

_MASK = "••••••••"


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting as the page shows it."""

    name: str
    value: str
    source: str
    meaning: str


@blueprint.get("/settings")
def setting_list() -> Response:
    """Show what is set, and where it comes from; never a secret."""
    return make_response(render_template("admin/settings.html", settings=_shown(current_app.config["SETTINGS"])))


@blueprint.get("/retention")
def retention_page() -> Response:
    """Show how long each kind of data is kept, and what went when."""
    settings: Settings = current_app.config["SETTINGS"]
    chores = db.session.scalars(select(Chore).where(Chore.name.in_(("logins", "retention")))).all()
    reports = {chore.name: (chore.finished_at, chore.report or {}) for chore in chores}
    went: dict[str, tuple[datetime, int]] = {}
    for finished_at, report in reports.values():
        for kind, number in report.items():
            if finished_at is not None and (kind not in went or finished_at > went[kind][0]):
                went[kind] = (finished_at, number)
    kinds = dict.fromkeys(rule.kind for rule in retention.rules(settings, datetime.now(UTC)))
    rows = [(words, period, went.get(kind)) for kind, words, period in _kinds(settings)]
    unknown = [kind for kind in kinds if kind not in {each[0] for each in _kinds(settings)}]
    rows += [(kind, "", went.get(kind)) for kind in unknown]
    return make_response(render_template("admin/retention.html", rows=rows))


def _shown(settings: Settings) -> list[Shown]:
    return [
        Shown(
            item.name.upper(),
            _value(getattr(settings, item.name), is_secret=item.metadata["is_secret"]),
            _source(item.name, is_default=getattr(settings, item.name) == item.default),
            item.metadata["meaning"],
        )
        for item in fields(settings)
    ]


def _value(value: Any, *, is_secret: bool) -> str:
    """Write a value; of a secret only whether there is one."""
    if value in ("", ()):
        return "–"
    if is_secret:
        return _MASK
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _source(name: str, *, is_default: bool) -> str:
    if os.environ.get(name.upper()):
        return _("environment")
    return _("default") if is_default else _("given at the start")


def _kinds(settings: Settings) -> list[tuple[str, str, str]]:
    """Name each kind of data in words, with its period."""
    hour, day = _("an hour"), _days(1)
    launches, activity = _days(settings.keep_launches_days), _days(settings.keep_activity_days)
    return [
        ("logins", _("Logins that wait for their launch"), hour),
        ("failed tries", _("Failed tries to sign in here"), hour),
        ("notices", _("Notices of copied courses that were taken, so that each counts once"), day),
        ("test launches", _("Test launches"), day),
        ("comparisons", _("What gradebooks held when trainers compared"), _days(comparisons.KEPT.days)),
        ("sign-ins", _("Sign-ins to these pages"), _("until they end")),
        ("audit", _("The log of changes"), _days(settings.keep_audit_days)),
        ("problems", _("Launches that failed"), launches),
        ("launches", _("Launches, after their end"), launches),
        ("anonymous", _("People whom the LMS does not name"), launches),
        ("rosters", _("Course lists, after the last visit to the course"), _days(settings.keep_rosters_days)),
        ("activity", _("What people read and tried, after their last visit"), activity),
        ("people", _("People of whom nothing else is left"), activity),
        ("", _("Submitted attempts and grades"), _("until an owner erases them")),
    ]


def _days(number: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", number) if number else _("for good")
