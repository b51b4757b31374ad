"""How the tool logs: one line per event, keys and values, never a token."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRETS = (
    # A launch's handle may be its only secret (see models/launch.py); others let a new window or an LMS in, once.
    (re.compile(r"/(l|lti/window|lti/register)/[A-Za-z0-9_-]{16,}"), r"/\1/…"),
    # So may an invitation's address.
    (re.compile(r"/lti/register/[A-Za-z0-9_-]{16,}"), "/lti/register/…"),
    # A platform's error may repeat what it was sent: tokens, assertions, states.
    (re.compile(r"eyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)*"), "…"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[^\s\"',;]+"), r"\1 …"),
    (
        re.compile(
            r"(?i)((?:\w*token|client_assertion|assertion|state|nonce|secret|password)[\"']?\s*[=:]\s*[\"']?)"
            r"[^\s\"'&,;}]{8,}"
        ),
        r"\1…",
    ),
    (re.compile(r"(?i)(\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+@"), r"\1…@"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(-----END [A-Z ]*PRIVATE KEY-----)?"), "…"),
)
"""What stands in for secrets, in every text that is logged, from wherever it came."""


def configure(*, is_production: bool) -> None:
    """Set up structlog: JSON in production, readable lines elsewhere."""
    renderer: Any = (
        structlog.processors.JSONRenderer() if is_production else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _mask_secrets,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # Not a bound file: tests and servers may put another stream in the place of sys.stderr later.
        logger_factory=lambda *_arguments: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _mask_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take secrets out of every text that is logged."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = masked(value)
    return event


def masked(text: str) -> str:
    """Give a text without the secrets that may stand in it."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def get_logger() -> Any:
    """Give the logger that all parts of the tool use."""
    return structlog.get_logger()
