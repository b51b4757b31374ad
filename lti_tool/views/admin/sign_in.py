"""Signing in and out."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.extensions import db
from lti_tool.logs import get_logger
from lti_tool.lti.vault import Vault
from lti_tool.models import Account
from lti_tool.services import accounts, passwords, throttle
from lti_tool.views.admin import cookies
from lti_tool.views.admin.access import blueprint, open_to_all, open_to_auditors

log = get_logger()


@blueprint.get("/sign-in")
@open_to_all
def sign_in() -> Response:
    """Show the form."""
    return _form()


@blueprint.post("/sign-in")
@open_to_all
def enter() -> Response:
    """Sign in."""
    at = datetime.now(UTC)
    name = accounts.normal_name(request.form.get("name", ""))
    who = throttle.subjects(name, request.remote_addr or "", cookies.known_browser(name))
    if wait := throttle.count_try(db.session(), who, at):
        db.session.rollback()
        refused = _form(_wait_in_words(wait), 429)
        refused.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
        return refused
    account_id, stored = accounts.stored_password(db.session(), name)
    db.session.commit()
    is_right = passwords.is_password(request.form.get("password", ""), stored)
    account = _admit(account_id, stored, at) if account_id is not None and is_right else None
    if account is None:
        db.session.rollback()
        log.warning("sign-in-failed", address=request.remote_addr)
        return _form(_("Name, password or code is not right."), 403)
    throttle.forgive(db.session(), who, at)
    secret = accounts.sign_in(db.session(), account, at)
    response = make_response(redirect(_own_page(request.form.get("next", "")), 303))
    cookies.set_sign_in_secret(response, secret, accounts.LONGEST)
    cookies.remember_browser(response, account.name)
    db.session.commit()
    return response


@blueprint.post("/sign-out")
@open_to_auditors
def sign_out() -> Response:
    """Sign out of this browser."""
    accounts.sign_out(db.session(), cookies.sign_in_secret() or "")
    db.session.commit()
    response = make_response(redirect(url_for(".sign_in"), 303))
    cookies.delete_sign_in_secret(response)
    return response


def _admit(account_id: int, stored: str, at: datetime) -> Account | None:
    vault = Vault(current_app.config["SETTINGS"].master_keys)
    return accounts.admit(db.session(), vault, account_id, stored, request.form.get("code", ""), at)


def _form(problem: str = "", status: int = 200) -> Response:
    secret = cookies.prepare_form()
    wanted = request.values.get("next", "")
    page = render_template("admin/sign-in.html", problem=problem, name=request.form.get("name", ""), next=wanted)
    response = make_response(page, status)
    cookies.set_form_secret(response, secret)
    return response


def _wait_in_words(wait: timedelta) -> str:
    minutes = math.ceil(wait.total_seconds() / 60)
    return ngettext(
        "Signing in failed too often. Try again in %(num)s minute.",
        "Signing in failed too often. Try again in %(num)s minutes.",
        minutes,
    )


def _own_page(address: str) -> str:
    """Give the page that somebody wanted, if it is one of the admin pages."""
    is_ours = address.startswith("/admin/") and address.isascii() and address.isprintable() and "\\" not in address
    return address if is_ours else url_for(".home")
