"""How the tool logs: one line per event, keys and values, never a token."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# A launch's handle may be its only secret (see models/launch.py).
_HANDLE = re.compile(r"/l/[A-Za-z0-9_-]{16,}")


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
            _mask_handles,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # Not a bound file: tests and servers may put another stream in the place of sys.stderr later.
        logger_factory=lambda *_arguments: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _mask_handles(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take launch handles out of every text that is logged."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _HANDLE.sub("/l/…", value)
    return event


def get_logger() -> Any:
    """Give the logger that all parts of the tool use."""
    return structlog.get_logger()
