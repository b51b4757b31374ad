"""Values as PHP writes and reads them."""

from __future__ import annotations

import json
import re
from datetime import datetime, tzinfo
from typing import Any

ISO_8601 = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1970, 9000
LEADING_INTEGER = re.compile(r"\s*([+-]?\d{1,18})", re.ASCII)


def json_encode(value: Any, *, escapes_slashes: bool = True) -> str:
    """JSON as ``json_encode`` writes it: compact, ASCII only, slashes escaped unless told otherwise."""
    text = json.dumps(value, separators=(",", ":"))
    # Slashes stand in strings only, so this cannot touch anything else.
    return text.replace("/", "\\/") if escapes_slashes else text


def integer(text: str | None) -> int:
    """The whole number a text begins with, else 0; Moodle cleans its parameters like this."""
    match = LEADING_INTEGER.match(text or "")
    return int(match[1]) if match else 0


def is_numeric(value: Any) -> bool:
    """Whether a JSON value is a number or a string that is one."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return False
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15


def parse_time(text: str, zone: tzinfo) -> datetime | None:
    """The time of an ISO 8601 text, to the second; ``None`` if it is not one.

    Args:
        text: a date, or a date and a time with or without fraction and zone.
        zone: the server's, for a text that names none.
    """
    match = ISO_8601.fullmatch(text)
    if match is None:
        return None
    date, clock, offset = match.groups()
    try:
        time = datetime.fromisoformat(f"{date}T{clock or '00:00:00'}{'+00:00' if offset == 'Z' else offset or ''}")
    except ValueError:
        return None
    if not FIRST_YEAR <= time.year <= LAST_YEAR:
        return None
    return time.replace(tzinfo=zone) if time.tzinfo is None else time
