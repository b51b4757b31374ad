"""The blueprints, one per audience, and what all of them share."""

from __future__ import annotations

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from lti_tool import i18n
from lti_tool.static_files import FOLDERS
from lti_tool.views import (
    accessibility,
    admin,
    compare,
    computer,
    delivery_words,
    design,
    display,
    errors,
    frame_talk,
    gradebook,
    kept_pages,
    languages,
    learn,
    lti,
    more,
    operations,
    own_window,
    packages,
    page_display,
    pick,
    privacy,
    private_notes,
    problem_reports,
    quiz,
    quiz_settings,
    record,
    register,
    registration,
    review,
    rule_words,
    search,
    session,
    teach,
    way_back,
    words,
)


def init_app(app: Flask) -> None:
    """Register the blueprints, the error pages and what every template uses."""
    for blueprint in (
        lti.blueprint,
        learn.blueprint,
        quiz.blueprint,
        record.blueprint,
        private_notes.blueprint,
        search.blueprint,
        problem_reports.blueprint,
        accessibility.blueprint,
        accessibility.public,
        computer.blueprint,
        languages.blueprint,
        own_window.blueprint,
        own_window.opened,
        display.blueprint,
        teach.blueprint,
        quiz_settings.blueprint,
        more.blueprint,
        gradebook.blueprint,
        compare.blueprint,
        review.blueprint,
        review.people,
        privacy.blueprint,
        pick.blueprint,
        packages.blueprint,
        operations.blueprint,
        admin.blueprint,
        registration.blueprint,
        register.blueprint,
    ):
        app.register_blueprint(blueprint)
    design.init_app(app)
    errors.init_app(app)
    operations.init_app(app)
    session.init_app(app)
    own = app.jinja_loader
    player = FileSystemLoader(FOLDERS["player"] / "templates")
    app.jinja_loader = ChoiceLoader([own, player] if own else [player])
    app.jinja_env.globals.update(
        kept_pages=kept_pages.describe,
        language_tag=i18n.language_tag,
        text_direction=i18n.text_direction,
        words=words,
        languages=languages,
        is_framed=own_window.is_framed,
        delivery=delivery_words,
        rule_words=rule_words,
        way_back=way_back.address,
        display=page_display.display,
        frame_talk=frame_talk.frame_talk,
    )
