"""Which language the interface speaks."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError, negotiate_locale
from flask import g, has_request_context, request
from flask_babel import get_locale

LANGUAGES = ("en", "fi", "et", "sv")
"""The interface's languages; the first one is the source."""


def select_locale() -> str:
    """Take what the person chose, else the launch's locale, else what the browser prefers, else English."""
    if not has_request_context():
        # Commands speak English.
        return LANGUAGES[0]
    wanted = [*getattr(g, "launch_languages", ()), *(code for code, _quality in request.accept_languages)]
    for code in wanted:
        # One at a time: negotiate_locale would else take "en" for a second choice before "fi" for "fi-FI".
        if found := negotiate_locale([code.replace("-", "_"), code.replace("-", "_").split("_")[0]], LANGUAGES):
            return found
    return LANGUAGES[0]


def language_tag() -> str:
    """Give the interface's language for ``<html lang>``."""
    return str(get_locale() or LANGUAGES[0]).replace("_", "-")


def text_direction() -> str:
    """Give ``ltr`` or ``rtl`` for the interface's language."""
    try:
        return Locale.parse(language_tag(), sep="-").text_direction
    except (ValueError, UnknownLocaleError):
        return "ltr"
