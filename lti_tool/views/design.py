"""What pages are made of, on one page: for whoever changes them, in development only."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, make_response, render_template

COLOURS = {
    "Ground": ("paper", "surface", "sunken"),
    "Text": ("ink", "ink-2"),
    "Lines": ("line", "line-strong"),
    "Action and progress": ("brand", "brand-ink", "brand-soft"),
    "States": ("good", "good-soft", "part", "part-soft", "bad", "bad-soft"),
    "Code": ("code-keyword", "code-string", "code-number"),
    "Ring": ("focus",),
}
"""The tokens of ``course_builder/player/tokens.css`` by what they are for."""
SIZES = ("display", "title", "large", "body", "small")
SPACES = ("s1", "s2", "s3", "s4", "s5", "s6", "s7")

blueprint = Blueprint("design", __name__)


def init_app(app: Flask) -> None:
    """Offer the page where the tool is developed."""
    if not app.config["SETTINGS"].is_production:
        app.register_blueprint(blueprint)


@blueprint.get("/design")
def index() -> Response:
    """Show every token and component, with when to use it."""
    return make_response(render_template("design/index.html", colours=COLOURS, sizes=SIZES, spaces=SPACES))
