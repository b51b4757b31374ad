"""The audit log, to read."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from lti_tool.extensions import db
from lti_tool.services import audit
from lti_tool.views.admin.access import blueprint

_HIGHEST = 2**31


@blueprint.get("/audit")
def audit_log() -> Response:
    """Show who changed what, the newest first."""
    before = request.args.get("before", type=int)
    if before is not None and not 0 < before < _HIGHEST:
        before = None
    found = audit.list_entries(db.session(), before_id=before)
    shown = found[: audit.PAGE_ROWS]
    older = shown[-1].id if len(found) > audit.PAGE_ROWS else None
    return make_response(
        render_template("admin/audit.html", entries=shown, older=older, is_first=before is None, words=action_words())
    )


@blueprint.app_template_filter("as_written")
def as_written(value: Any) -> str:
    """Write a stored value for a table."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def action_words() -> dict[str, str]:
    """Say in words what each action of the log is."""
    return {
        "platform-added": _("platform added"),
        "platform-changed": _("platform changed"),
        "platform-removed": _("platform removed"),
        "platform-registered": _("platform registered by itself"),
        "platform-proposed": _("change proposed by the platform"),
        "proposal-discarded": _("proposed change discarded"),
        "test-launch": _("test launches watched"),
        "invitation-made": _("invitation made"),
        "invitation-revoked": _("invitation withdrawn"),
        "deployment-changed": _("deployment changed"),
        "module-published": _("module published"),
        "key-made": _("signing key made"),
        "keys-withdrawn": _("all signing keys withdrawn, and one made"),
        "values-encrypted": _("secrets encrypted with another master key"),
        "score-retried": _("grade sent again"),
        "score-stopped": _("grade stopped"),
        "person-exported": _("data of a person exported"),
        "person-erased": _("person erased"),
        "signed-in": _("signed in"),
        "account-added": _("account added"),
        "account-disabled": _("account disabled"),
        "account-enabled": _("account let in again"),
        "password-changed": _("password changed"),
        "totp-added": _("codes of an app added"),
        "totp-removed": _("codes of an app removed"),
    }
