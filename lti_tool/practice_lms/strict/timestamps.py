"""Times as Assignment and Grade Services want them."""

from __future__ import annotations

import re
from datetime import datetime

# A date, a time with seconds, and a time zone, all three.
TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1970, 9000


def parse_timestamp(text: str) -> datetime | None:
    """The time a timestamp stands for, to the microsecond; ``None`` if it is not one."""
    match = TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    seconds, fraction, zone = match.groups()
    microseconds = (fraction or "")[:6].ljust(6, "0")
    try:
        time = datetime.fromisoformat(f"{seconds}.{microseconds}{'+00:00' if zone == 'Z' else zone}")
    except ValueError:
        return None
    return time if FIRST_YEAR <= time.year <= LAST_YEAR else None
