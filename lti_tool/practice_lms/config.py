"""The settings of a practice LMS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from lti_tool.practice_lms.faults import Faults
from lti_tool.practice_lms.notices import post_notice
from lti_tool.practice_lms.seed import Seed
from lti_tool.practice_lms.storage import Storage
from lti_tool.practice_lms.tool_keys import fetch_key_set

ProfileName = Literal["strict", "moodle", "canvas", "sakai", "blackboard", "d2l"]


class LmsConfigError(Exception):
    """The practice LMS cannot run with these settings; the message says why."""


def now() -> datetime:
    """The time of the machine, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class LmsConfig:
    """Everything a practice LMS is made from."""

    database: Path
    """The SQLite file; made when missing."""
    base_url: str
    """Its own address as browsers see it, such as ``http://127.0.0.1:8001``; it is the issuer, too."""
    seed: Seed
    profile: ProfileName = "strict"
    clock: Callable[[], datetime] = now
    time_zone: tzinfo = UTC
    """Where Moodle places times that carry no zone."""
    fetch_key_set: Callable[[str], bytes] = fetch_key_set
    """Reads a tool's key set from its URL; raises ``OSError`` when it cannot."""
    post_notice: Callable[[str, bytes], None] = post_notice
    """Sends a notice to a tool; one that cannot be sent is lost, as in Canvas."""
    storage: Storage | None = None
    """What it keeps for tools in the browser; ``None``: what its profile does."""
    faults: Faults = field(default_factory=Faults)
    has_remote_faults: bool = False
    """Whether faults can be set over HTTP, for tests that run the LMS as a process."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query or parts.fragment:
            raise LmsConfigError(
                f"base_url is {self.base_url!r}; it has to be a scheme and a host, such as http://127.0.0.1:8001."
            )
