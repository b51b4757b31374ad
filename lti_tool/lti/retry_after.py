"""How long a platform asks us to wait."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from lti_tool.lti.egress import Answer


def retry_after_s(answer: Answer) -> float | None:
    """Read ``Retry-After``: seconds, or a time, which is compared with the platform's own ``Date``."""
    value = answer.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return (parsedate_to_datetime(value) - parsedate_to_datetime(answer.headers.get("Date", ""))).total_seconds()
    except (ValueError, TypeError):
        return None
