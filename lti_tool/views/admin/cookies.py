"""The cookies of the admin pages; they go to ``/admin`` only and never into a frame of another site."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Literal

from flask import Response, current_app, g, request
from itsdangerous import BadSignature, Signer

from lti_tool.services.fingerprints import fingerprint, new_secret

PATH = "/admin"
_FORM_LIFETIME = timedelta(hours=2)
_BROWSER_LIFETIME = timedelta(days=180)


def sign_in_secret() -> str | None:
    """Give the secret of this browser's sign-in, if its cookie came."""
    return request.cookies.get(_name("admin")) or None


def set_sign_in_secret(response: Response, secret: str, lifetime: timedelta) -> None:
    """Let the browser keep its sign-in."""
    _set(response, "admin", secret, lifetime)


def delete_sign_in_secret(response: Response) -> None:
    """Let the browser forget its sign-in."""
    _set(response, "admin", "", timedelta(0))


def form_secret() -> str | None:
    """Give the secret of the sign-in form, which its token is made from."""
    made: str | None = g.get("admin_form_secret")
    return made or request.cookies.get(_name("admin-form")) or None


def prepare_form() -> str:
    """Give the secret of a sign-in form that is about to be shown; :func:`set_form_secret` sends it."""
    g.admin_form_secret = form_secret() or new_secret()
    return str(g.admin_form_secret)


def set_form_secret(response: Response, secret: str) -> None:
    """Let the browser keep the secret of the sign-in form."""
    _set(response, "admin-form", secret, _FORM_LIFETIME, "Strict")


def known_browser(account_name: str) -> str | None:
    """Give the secret of this browser if it signed in to an account before."""
    try:
        value = _signer().unsign(request.cookies.get(_name("admin-browser"), "")).decode()
    except (BadSignature, UnicodeDecodeError):
        return None
    whose, _dot, secret = value.partition(".")
    return secret if secrets.compare_digest(whose, fingerprint(account_name)[:16]) else None


def remember_browser(response: Response, account_name: str) -> None:
    """Let this browser be known, so that guessing from elsewhere never keeps it out."""
    value = f"{fingerprint(account_name)[:16]}.{known_browser(account_name) or new_secret()}"
    _set(response, "admin-browser", _signer().sign(value).decode(), _BROWSER_LIFETIME)


def _signer() -> Signer:
    return Signer(current_app.config["SETTINGS"].secret_key, salt="admin-browser")


def _name(name: str) -> str:
    return f"__Secure-{name}" if current_app.config["SETTINGS"].is_secure else name


def _set(
    response: Response, name: str, value: str, lifetime: timedelta, same_site: Literal["Lax", "Strict"] = "Lax"
) -> None:
    is_secure = current_app.config["SETTINGS"].is_secure
    response.set_cookie(
        _name(name), value, max_age=lifetime, path=PATH, secure=is_secure, httponly=True, samesite=same_site
    )
