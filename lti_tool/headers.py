"""The security headers of every answer.

A page is ``private, no-store`` under a strict Content-Security-Policy unless its view said otherwise. Who may frame it:
``g.frame_ancestors`` (set by the views that know: the launch's platform, or anybody for login pages), else nobody.
"""

from __future__ import annotations

import secrets
from functools import lru_cache

from flask import Flask, Response, current_app, g

ANYBODY = ("*",)
_YEAR_S = 31_536_000


def init_app(app: Flask) -> None:
    """Add the headers to every answer, and ``csp_nonce()`` to templates."""
    app.after_request(_add_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """Give this answer's nonce for ``<script nonce=…>``."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def allow_framing(origins: tuple[str, ...]) -> None:
    """Say which origins may frame this answer; :data:`ANYBODY` where the platform is not known yet."""
    if not g.get("is_never_framed"):
        g.frame_ancestors = origins


def forbid_framing() -> None:
    """Let nobody frame this answer, not even where it becomes an error page."""
    g.is_never_framed = True
    g.frame_ancestors = ()


def allow_form_targets(*origins: str) -> None:
    """Let forms of this answer go to other origins, such as a platform's."""
    g.form_targets = (*getattr(g, "form_targets", ()), *origins)


def allow_sources(directive: str, *sources: str) -> None:
    """Let this answer load more than its own files, such as a frame of another host that a learner asks for."""
    g.setdefault("csp_sources", {}).setdefault(directive, []).extend(sources)


def _add_headers(response: Response) -> Response:
    sources = tuple((directive, tuple(each)) for directive, each in getattr(g, "csp_sources", {}).items())
    policy = _policy(getattr(g, "form_targets", ()), getattr(g, "frame_ancestors", ()), sources)
    if "csp_nonce" in g:
        policy = policy.replace("script-src 'self'", f"script-src 'self' 'nonce-{g.csp_nonce}'", 1)
    defaults = {
        "Content-Security-Policy": policy,
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    }
    if current_app.config["SETTINGS"].is_secure:
        defaults["Strict-Transport-Security"] = f"max-age={_YEAR_S}"
    for name, value in defaults.items():
        response.headers.setdefault(name, value)
    return response


@lru_cache(maxsize=256)
def _policy(
    form_targets: tuple[str, ...], frame_ancestors: tuple[str, ...], sources: tuple[tuple[str, tuple[str, ...]], ...]
) -> str:
    """Write a Content-Security-Policy, without the nonce of an answer."""
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "media-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": " ".join(("'self'", *form_targets)),
        "frame-ancestors": " ".join(frame_ancestors) or "'none'",
    }
    for directive, more in sources:
        policy[directive] = " ".join((policy[directive], *more) if directive in policy else more)
    return "; ".join(f"{name} {value}" for name, value in policy.items())
