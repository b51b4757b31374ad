"""What an answer says of time: whether a platform asks for patience, for how long, and what time it has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

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


def throttles(answer: Answer) -> bool:
    """Whether an answer means "too many": also a 403 may, with which Canvas says that nothing remains."""
    if answer.status != HTTPStatus.FORBIDDEN:
        return answer.status == HTTPStatus.TOO_MANY_REQUESTS
    remaining = answer.headers.get("X-Rate-Limit-Remaining", "").strip()
    try:
        return "Retry-After" in answer.headers or float(remaining) <= 0
    except ValueError:
        return False


def told_time(answer: Answer) -> datetime | None:
    """Read what time a platform has, to the second: ``Date``, and how old a cache says that its answer is."""
    try:
        told = parsedate_to_datetime(answer.headers.get("Date", ""))
        told = told.replace(tzinfo=UTC) if told.tzinfo is None else told
        return told + timedelta(seconds=min(int(answer.headers.get("Age", "0")), 10**9))
    except (ValueError, TypeError, OverflowError):
        return None
