"""Named points at which tests end the process, to show that nothing is lost there.

In production, passing one costs the call of an empty function. The points are ``after-commit`` (a score is queued),
``after-request-left`` (a request is out and not yet answered), ``before-result-written`` (the platform answered and
nobody knows yet) and ``lease-expiry`` (a delivery was taken over from a process that never came back).
"""

from __future__ import annotations

from collections.abc import Callable


def _pass(_name: str) -> None:
    """Go on."""


reach: Callable[[str], None] = _pass
"""Called with the name of each point that is passed; call it as ``crash_points.reach``, so that tests can set it."""
