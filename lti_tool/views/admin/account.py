"""One's own account: the password, and codes of an app; and who else has one."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pyotp
import segno
from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.errors import InputError
from lti_tool.extensions import db
from lti_tool.lti.vault import Vault
from lti_tool.models import Account
from lti_tool.services import accounts, passwords, throttle
from lti_tool.views.admin import cookies
from lti_tool.views.admin.access import blueprint, current_account, open_to_auditors

ISSUER = "Hybrid training"
_SET_UP_WITHIN_S = 1800


@blueprint.get("/account")
def account() -> Response:
    """Show one's own account, and the others' names."""
    return _page()


@blueprint.post("/account/password")
@open_to_auditors
def change_password() -> BaseResponse:
    """Set a new password; other browsers are signed out."""
    mine, new = current_account(), request.form.get("new", "")
    if problem := _problem_with_password(mine):
        return _page({"current": problem})
    try:
        accounts.change_password(
            db.session(), mine, new, datetime.now(UTC), actor=mine.name, keep=cookies.sign_in_secret()
        )
    except InputError:
        message = _(
            "Take at least %(number)s characters, several different ones, and not your name. A few words in a row are "
            "easy to remember.",
            number=passwords.SHORTEST,
        )
        return _page({"new": message})
    db.session.commit()
    return redirect(url_for(".account", done="password"), 303)


@blueprint.post("/account/app")
@open_to_auditors
def set_up_app() -> Response:
    """Show the secret that an app makes codes from; it is kept once a first code was right."""
    secret = pyotp.random_base32()
    return _app_page(secret)


@blueprint.post("/account/app/confirm")
@open_to_auditors
def confirm_app() -> BaseResponse:
    """Keep the app's secret, if its code and the password are right."""
    mine, at = current_account(), datetime.now(UTC)
    try:
        secret = _signer().unsign(request.form.get("secret", ""), max_age=_SET_UP_WITHIN_S).decode()
    except BadSignature as error:
        raise InputError(_("This took too long. Begin again.")) from error
    if problem := _problem_with_password(mine):
        return _app_page(secret, {"current": problem})
    if not accounts.take_code(db.session(), mine, secret, request.form.get("code", ""), at):
        return _app_page(secret, {"code": _("The code is not right. Is the clock of your phone right?")})
    accounts.set_totp(db.session(), _vault(), mine, secret, at, actor=mine.name)
    db.session.commit()
    return redirect(url_for(".account", done="app"), 303)


@blueprint.post("/account/app/remove")
@open_to_auditors
def remove_app() -> BaseResponse:
    """Sign in without codes from now on."""
    mine = current_account()
    if problem := _problem_with_password(mine):
        return _page({"remove": problem})
    accounts.set_totp(db.session(), _vault(), mine, None, datetime.now(UTC), actor=mine.name)
    db.session.commit()
    return redirect(url_for(".account", done="app-removed"), 303)


def _page(problems: dict[str, str] | None = None) -> Response:
    # A problem comes with a rolled back change: the account is read anew.
    if problems:
        db.session.rollback()
    everybody = accounts.list_accounts(db.session())
    done = {
        "password": _("Your password is changed. Other browsers are signed out."),
        "app": _("From now on, signing in needs a code of your app."),
        "app-removed": _("From now on, signing in needs the password alone."),
    }.get(request.args.get("done", ""), "")
    page = render_template("admin/account.html", accounts=everybody, problems=problems or {}, done=done)
    return make_response(page, 400 if problems else 200)


def _app_page(secret: str, problems: dict[str, str] | None = None) -> Response:
    if problems:
        db.session.rollback()
    address = pyotp.TOTP(secret).provisioning_uri(name=current_account().name, issuer_name=ISSUER)
    picture = segno.make(address, micro=False).svg_data_uri(scale=5, border=3, light="#fff", dark="#000")
    signed = _signer().sign(secret).decode()
    page = render_template(
        "admin/app.html", secret=secret, signed=signed, picture=picture, problems=problems or {}, address=address
    )
    return make_response(page, 400 if problems else 200)


def _problem_with_password(mine: Account) -> str:
    """Say what is wrong with the typed password, if anything; who finds a browser signed in may not guess for long."""
    who, at = (throttle.Subject(f"password:{mine.id}", 5),), datetime.now(UTC)
    wait = throttle.count_try(db.session(), who, at)
    db.session.commit()
    if wait:
        return ngettext(
            "This was not your password too often. Try again in %(num)s minute.",
            "This was not your password too often. Try again in %(num)s minutes.",
            math.ceil(wait.total_seconds() / 60),
        )
    if not passwords.is_password(request.form.get("current", ""), mine.password_hash):
        return _("This is not your password.")
    throttle.forgive(db.session(), who, at)
    return ""


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.config["SETTINGS"].secret_key, salt=f"admin-app-{current_account().id}")


def _vault() -> Vault:
    return Vault(current_app.config["SETTINGS"].master_keys)
