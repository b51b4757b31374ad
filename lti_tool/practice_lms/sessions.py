"""Who is signed in to the LMS in this browser."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from flask import g, request
from werkzeug.wrappers import Response

from lti_tool.practice_lms import accounts
from lti_tool.practice_lms.model import Person
from lti_tool.practice_lms.platform import current_db, current_lms


def cookie_name() -> str:
    """The name of the cookie; with the port, since cookies ignore it and tests run several LMSs on one host."""
    return f"practice_lms_{urlsplit(current_lms().issuer).port or 'default'}"


def current_secret() -> str:
    """The secret in the cookie, empty without one."""
    return request.cookies.get(cookie_name(), "")


def session_key(secret: str) -> str:
    """A word that changes with the sign-in; Moodle puts it into addresses that others come back to."""
    return hashlib.sha256(b"sesskey" + secret.encode()).hexdigest()[:10]


def current_person() -> Person | None:
    """The person who is signed in, if anyone."""
    if "practice_lms_person" not in g:
        secret = current_secret()
        g.practice_lms_person = accounts.signed_in(current_db(), secret, current_lms().now()) if secret else None
    person: Person | None = g.practice_lms_person
    return person


def set_cookie(response: Response, secret: str) -> None:
    """Sign the browser in."""
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=accounts.SIGN_IN_LIFETIME_S,
        httponly=True,
        samesite="Lax",
        secure=current_lms().issuer.startswith("https:"),
    )
