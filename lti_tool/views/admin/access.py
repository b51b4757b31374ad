"""Who may open the admin pages.

Each request needs a sign-in of its own cookie, apart from launches; each change the form token, and an owner. Nobody
frames these pages.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlencode

from flask import Blueprint, current_app, g, redirect, request, url_for
from flask_babel import gettext as _
from itsdangerous import Signer
from werkzeug.wrappers import Response as BaseResponse

from lti_tool import headers
from lti_tool.errors import NotAllowedError
from lti_tool.extensions import db
from lti_tool.models import Account
from lti_tool.services import accounts
from lti_tool.views.admin import cookies

P = ParamSpec("P")
R = TypeVar("R")
_READING = {"GET", "HEAD", "OPTIONS"}

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """Open a view without a sign-in: the sign-in itself."""
    view.is_open_to_all = True  # type: ignore[attr-defined]
    return view


def open_to_auditors(view: Callable[P, R]) -> Callable[P, R]:
    """Let auditors use a view that changes something: what is theirs alone."""
    view.is_open_to_auditors = True  # type: ignore[attr-defined]
    return view


def current_account() -> Account:
    """Give the account that is signed in."""
    account: Account = g.account
    return account


def owner_required(view: Callable[P, R]) -> Callable[P, R]:
    """Keep auditors out of a page that shows what only owners may see; changes are closed to them anyway."""

    @functools.wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        _check_owner()
        return view(*args, **kwargs)

    return checked


def form_token() -> str:
    """Give the token that each form of the admin pages sends back."""
    return _signer().get_signature(_form_secret()).decode()


@blueprint.context_processor
def _for_templates() -> dict[str, Any]:
    return {"account": g.get("account"), "form_token": form_token}


@blueprint.before_request
def _enter() -> BaseResponse | None:
    headers.forbid_framing()
    _find_account()
    view = current_app.view_functions[request.endpoint or ""]
    if g.get("account") is None and not getattr(view, "is_open_to_all", False):
        return _ask_to_sign_in()
    if request.method not in _READING:
        _check_form()
        if not hasattr(view, "is_open_to_all") and not hasattr(view, "is_open_to_auditors"):
            _check_owner()
    return None


def _find_account() -> None:
    """Find out who is signed in, and let the sign-in go on."""
    secret, at = cookies.sign_in_secret(), datetime.now(UTC)
    found = accounts.find_sign_in(db.session(), secret, at) if secret else None
    if found is not None and secret is not None and at - found.last_seen_at >= accounts.RENEWED_EVERY:
        # Its own transaction: what was read would make this write fail on SQLite if another one came between.
        db.session.rollback()
        accounts.renew(db.session(), secret, at)
        db.session.commit()
        found = accounts.find_sign_in(db.session(), secret, at)
    g.account = found.account if found else None


def _ask_to_sign_in() -> BaseResponse:
    if request.method not in _READING:
        message = _("You are not signed in any more, and nothing was changed. Sign in and send the form again.")
        raise NotAllowedError(message)
    wanted = request.full_path.rstrip("?")
    return redirect(f"{url_for('admin.sign_in')}?{urlencode({'next': wanted})}", 303)


def _check_owner() -> None:
    if not current_account().is_owner:
        raise NotAllowedError(_("Your account may look at everything and change nothing. Ask an owner."))


def _check_form() -> None:
    token = request.form.get("form_token", "")
    is_ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if not is_ours or not _form_secret() or not _signer().verify_signature(_form_secret(), token):
        raise NotAllowedError(_("This form is too old or not from here. Go back, reload the page and try again."))


def _form_secret() -> str:
    """Give what the form token is made from: the sign-in, or before one a cookie of the form."""
    return (cookies.sign_in_secret() if g.get("account") else cookies.form_secret()) or ""


def _signer() -> Signer:
    return Signer(current_app.config["SETTINGS"].secret_key, salt="admin-form")
