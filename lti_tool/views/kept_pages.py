"""What a page tells the script that keeps the module readable without a network (``static/offline.js``)."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from lti_tool.views.shown_module import ShownModule, browser_owner, browser_person


def describe(module: ShownModule, worker: str) -> dict[str, Any]:
    """Name the pages, whose they are and of which version, the address of the worker, and give the sentences."""
    own = {"time": "%(time)s"}
    return {
        "person": browser_person(module.participant),
        "owner": browser_owner(module.participant),
        "handle": g.handle,
        "version": f"{module.release.digest[:16]}-{module.language}",
        "worker": worker,
        "pages": [url_for("learn.page", page_id=page.id) for page in module.manifest.pages] + [url_for("learn.start")],
        "words": {
            "offline": _(
                "No connection. This is how the page was at %(time)s. You can read on, "
                "and what you answer waits here and is sent by itself.",
                **own,
            ),
            "offline_shared": _(
                "No connection. This is how the page was at %(time)s. You can read on. "
                "Keep this page open: what you answer waits on it and is sent by itself.",
                **own,
            ),
            "back": _("The connection is back."),
            "again": _("Show the page as it is now"),
            "unsent": _("No connection. Nothing is lost: try again in a moment."),
        },
    }
