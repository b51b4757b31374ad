"""The one way out of a web process."""

from __future__ import annotations

from flask.sansio.app import App

from lti_tool.lti.egress import Egress


def egress_of(app: App) -> Egress:
    """Give the application's way out, which all its requests share and which keeps connections open."""
    settings = app.config["SETTINGS"]
    if "egress" not in app.extensions:
        app.extensions["egress"] = Egress(settings.egress_allow, settings.egress_timeout_s, settings.egress_max_bytes)
    egress: Egress = app.extensions["egress"]
    return egress
