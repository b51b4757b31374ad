"""The blueprints, one per audience, and what all of them share."""

from __future__ import annotations

from flask import Flask

from lti_tool import i18n
from lti_tool.views import errors, learn, lti, packages, session, teach


def init_app(app: Flask) -> None:
    """Register the blueprints, the error pages and what every template uses."""
    for blueprint in (lti.blueprint, learn.blueprint, teach.blueprint, packages.blueprint):
        app.register_blueprint(blueprint)
    errors.init_app(app)
    session.init_app(app)
    app.jinja_env.globals.update(language_tag=i18n.language_tag, text_direction=i18n.text_direction)
