"""For those who run the tool: whether it lives, whether it can serve, and its numbers."""

from __future__ import annotations

import hmac
import time
from datetime import UTC, datetime

from flask import Blueprint, Flask, Response, abort, current_app, g, jsonify, make_response, request

from lti_tool import metrics
from lti_tool.config import Settings
from lti_tool.extensions import db
from lti_tool.schema import current_revision, newest_revision
from lti_tool.services import health

blueprint = Blueprint("operations", __name__)


def init_app(app: Flask) -> None:
    """Count requests where somebody may read the numbers."""
    metrics.configure(app.config["SETTINGS"])
    app.before_request(_begin)
    app.after_request(_count)


@blueprint.get("/healthz")
def is_alive() -> Response:
    """Say that this process answers; nothing else is asked."""
    return make_response(jsonify(process="ok"))


@blueprint.get("/readyz")
def is_ready() -> Response:
    """Say whether requests can be served and grades go out: 503 if not.

    With ``?for=requests`` the worker does not count: a load balancer need not turn learners away since grades wait.
    """
    states = health.examine(db.session(), datetime.now(UTC), current_revision, newest_revision)
    counting = {
        name: state for name, state in states.items() if request.args.get("for") != "requests" or name != "worker"
    }
    is_well = all(state == "ok" for state in counting.values())
    return make_response(jsonify(states), 200 if is_well else 503)


@blueprint.get("/metrics")
def numbers() -> Response:
    """Give the numbers to whoever has the token; to others there is nothing here."""
    settings: Settings = current_app.config["SETTINGS"]
    asked = request.headers.get("Authorization", "").encode("utf-8", "replace")
    if not settings.metrics_token or not hmac.compare_digest(asked, f"Bearer {settings.metrics_token}".encode()):
        abort(404)
    text = metrics.exposition(health.gauges(db.session(), datetime.now(UTC)))
    return Response(text, mimetype="text/plain; version=0.0.4; charset=utf-8")


def _begin() -> None:
    g.began = time.perf_counter()


def _count(response: Response) -> Response:
    if "began" in g:
        view = request.endpoint or "none"
        metrics.observe("request", time.perf_counter() - g.began, view=view, status=str(response.status_code))
    return response
