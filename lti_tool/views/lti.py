"""Login and keys: the first half of opening an activity, up to the platform."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, render_template, request, url_for

from lti_tool import headers
from lti_tool.config import Settings
from lti_tool.extensions import db, writes_on_get
from lti_tool.lti import keys
from lti_tool.lti.login import read_login
from lti_tool.services import logins, platforms
from lti_tool.services.logins import BegunLogin
from lti_tool.views import cookies, launch, launch_words, notices
from lti_tool.views.launch import opening_counts, short_transactions

blueprint = Blueprint("lti", __name__, url_prefix="/lti")
blueprint.register_blueprint(launch.blueprint)
blueprint.register_blueprint(notices.blueprint)
launch_words.init_blueprint(blueprint)

LOGIN_PATH, LAUNCH_PATH, KEYS_PATH = "/lti/login", "/lti/launch", "/lti/keys"
"""What platforms have to know of us."""
KEYS_MAX_AGE_S = 600


@blueprint.route("/login", methods=["GET", "POST"])
@writes_on_get
def login() -> Response:
    """Begin a login: on to the platform at once, or through a page that finds out what this frame can keep."""
    settings: Settings = current_app.config["SETTINGS"]
    asked = read_login(request.form if request.method == "POST" else request.args, settings.public_url)
    at = datetime.now(UTC)
    transactions = short_transactions()
    with transactions.reading() as connection:
        registration = platforms.find_registration(connection, asked.issuer, asked.client_id)
    openings, address = opening_counts(), request.remote_addr or ""
    openings.check(registration.id, address, at)
    waits = timedelta(minutes=settings.login_minutes)
    redirect_uri = settings.public_url + LAUNCH_PATH
    begun = logins.begin_login(transactions, registration, asked, redirect_uri, at, waits)
    openings.begun(registration.id, address, at)
    # Absent in old browsers, which then see the page that works everywhere.
    is_own_window = request.headers.get("Sec-Fetch-Dest") == "document"
    response = _go_on(begun.auth_request) if is_own_window else _find_out(begun)
    cookies.set_login_secret(response, begun.key, begun.secret, waits)
    return response


@blueprint.get("/cookie/<key>")
def check_cookie(key: str) -> Response:
    """Say whether the browser kept the cookie of a login."""
    return jsonify(kept=cookies.login_secret(key) is not None)


@blueprint.get("/window/<ticket>")
@writes_on_get
def window(ticket: str) -> Response:
    """Go on in a new window, which takes the login over from the frame where nothing could be kept."""
    settings: Settings = current_app.config["SETTINGS"]
    key, secret, auth_request = logins.take_over(db.session(), ticket, datetime.now(UTC))
    db.session.commit()
    response = _go_on(auth_request)
    cookies.set_login_secret(response, key, secret, timedelta(minutes=settings.login_minutes))
    return response


@blueprint.get("/keys")
def key_set() -> Response:
    """Publish the keys that platforms check our messages with."""
    response = jsonify(keys.key_set(db.session(), datetime.now(UTC)))
    response.headers["Cache-Control"] = f"public, max-age={KEYS_MAX_AGE_S}"
    return response


def _go_on(address: str) -> Response:
    headers.allow_framing(headers.ANYBODY)
    return make_response(redirect(address))


def _find_out(begun: BegunLogin) -> Response:
    headers.allow_framing(headers.ANYBODY)
    window_url = url_for(".window", ticket=begun.window_ticket)
    return make_response(render_template("lti/login.html", login=begun, window_url=window_url))
