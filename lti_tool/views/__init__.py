"""The blueprints, one per audience, and what all of them share."""

from __future__ import annotations

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from lti_tool import i18n
from lti_tool.static_files import FOLDERS
from lti_tool.views import (
    admin,
    delivery_words,
    errors,
    learn,
    lti,
    operations,
    packages,
    pick,
    quiz,
    registration,
    session,
    teach,
    words,
)


def init_app(app: Flask) -> None:
    """Register the blueprints, the error pages and what every template uses."""
    for blueprint in (
        lti.blueprint,
        learn.blueprint,
        quiz.blueprint,
        teach.blueprint,
        pick.blueprint,
        packages.blueprint,
        operations.blueprint,
        admin.blueprint,
        registration.blueprint,
    ):
        app.register_blueprint(blueprint)
    errors.init_app(app)
    operations.init_app(app)
    session.init_app(app)
    own = app.jinja_loader
    player = FileSystemLoader(FOLDERS["player"] / "templates")
    app.jinja_loader = ChoiceLoader([own, player] if own else [player])
    app.jinja_env.globals.update(
        language_tag=i18n.language_tag, text_direction=i18n.text_direction, words=words, delivery=delivery_words
    )
