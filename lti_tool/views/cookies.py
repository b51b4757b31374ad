"""The tool's cookies: one short one per browser, one per login until its launch, and one on shared computers."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, current_app, request
from werkzeug.wrappers import Response as BaseResponse

_YEAR = timedelta(days=365)


def browser_secret() -> str | None:
    """Give the secret that this browser's launches are bound to, if its cookie came."""
    return request.cookies.get(_browser_name()) or None


def set_browser_secret(response: BaseResponse, secret: str) -> None:
    """Let the browser keep the secret of its launches."""
    _set(response, _browser_name(), secret, _YEAR)


def login_secret(key: str) -> str | None:
    """Give the binding secret of a login, if its cookie came."""
    return request.cookies.get(_login_name(key)) or None


def set_login_secret(response: Response, key: str, secret: str, lifetime: timedelta) -> None:
    """Let the browser keep the binding secret of a login."""
    _set(response, _login_name(key), secret, lifetime)


def delete_login_secret(response: Response, key: str) -> None:
    """Make room: a partition holds about 10 KiB of cookies."""
    _set(response, _login_name(key), "", timedelta(0))


def is_shared() -> bool:
    """Whether somebody said of this browser that several people use it."""
    return bool(request.cookies.get(_shared_name()))


def set_shared(response: BaseResponse, *, is_shared: bool) -> None:
    """Let the browser know that several people use it, or no more; it says nothing about any of them."""
    _set(response, _shared_name(), "yes" if is_shared else "", _YEAR if is_shared else timedelta(0))


def _shared_name() -> str:
    return _prefix() + "shared"


def _browser_name() -> str:
    return _prefix() + "browser"


def _login_name(key: str) -> str:
    return f"{_prefix()}login-{key}"


def _prefix() -> str:
    # Browsers take the prefix from https only, and http is for a tool at localhost.
    return "__Host-" if current_app.config["SETTINGS"].is_secure else ""


def _set(response: BaseResponse, name: str, value: str, lifetime: timedelta) -> None:
    """Set a cookie that reaches us inside a frame of another site.

    ``Secure`` stands on http, too: ``SameSite=None`` needs it, and browsers take it from localhost.
    """
    response.set_cookie(
        name, value, max_age=lifetime, path="/", secure=True, httponly=True, samesite="None", partitioned=True
    )
