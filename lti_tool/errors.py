"""What can go wrong in the tool, in words that may be shown.

::

    ToolError                  safe message, HTTP status, next step
    ├── SettingsError          the installation cannot start
    ├── NotFoundError          404: not there, or not yours (the same to the outside)
    ├── NotAllowedError        403
    ├── SessionEndedError      401: the launch is over; open the activity again
    ├── InputError             400/409: a form or file that cannot be taken
    │   └── PackageRefusedError    a package that the library does not take
    ├── TooManyError           429: wait a while
    ├── LaunchError            400: a login or launch that breaks a rule
    ├── RegistrationError      400: an LMS that cannot be registered by itself
    └── PlatformError          502: a platform did not answer as agreed
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar


class ToolError(Exception):
    """An error with a message that a person may read.

    Args:
        message: a sentence for the person at the screen, already translated.
        detail: what the log needs and the person does not; never a token or a secret.
    """

    status: ClassVar[int] = 500

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class SettingsError(ToolError):
    """The settings do not allow a start; every problem is named."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("The tool cannot start:\n" + "\n".join(f"- {problem}" for problem in self.problems))


class NotFoundError(ToolError):
    """What was asked for does not exist, or belongs to somebody else."""

    status = 404


class NotAllowedError(ToolError):
    """The person may not do this."""

    status = 403


class SessionEndedError(ToolError):
    """The launch has ended or never belonged to this browser.

    Args:
        reason: the code of the rule, where it is the platform that is not open; the views have the words.
    """

    status = 401

    def __init__(self, message: str, *, reason: str = "", detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.reason = reason


class InputError(ToolError):
    """A form, file or command cannot be taken as it is."""

    status = 400


class ConflictError(ToolError):
    """Something newer is already there."""

    status = 409


class PackageRefusedError(InputError):
    """The library does not take a package."""


class TooManyError(ToolError):
    """Too much of the same in a short time.

    Args:
        retry_after: how long to wait.
    """

    status = 429

    def __init__(self, message: str, *, retry_after: timedelta, detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.retry_after = retry_after

    @property
    def retry_after_s(self) -> int:
        """Whole seconds to wait, at least one."""
        return max(1, math.ceil(self.retry_after.total_seconds()))


class LaunchError(ToolError):
    """A login or launch breaks a rule.

    Args:
        code: short and stable, such as ``nonce-used``; it stands in the log and in the tests.
    """

    status = 400

    def __init__(self, code: str, message: str, *, detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.code = code


class RegistrationError(ToolError):
    """An LMS cannot be registered by itself; nothing of it was stored.

    Args:
        code: short and stable, such as ``token-refused``; the views have the words.
        said: what was wrong, in a few technical words that whoever administers the LMS may read; never a token.
        detail: what only the log gets, such as where a name led to.
    """

    status = 400

    def __init__(self, code: str, said: str = "", *, detail: str = "") -> None:
        super().__init__(f"The registration failed: {code}.", detail=f"{said} {detail}".strip())
        self.code = code
        self.said = said


class PlatformError(ToolError):
    """A platform did not answer as agreed.

    Args:
        is_permanent: whether trying again cannot help.
        is_outcome_known: whether it is sure that the platform did not act on the request.
        http_status: what it answered, if it answered.
        retry_after_s: seconds it asked us to wait.
        is_throttled: whether it says that it was asked too often.
    """

    status = 502

    def __init__(
        self,
        message: str,
        *,
        detail: str = "",
        is_permanent: bool = False,
        is_outcome_known: bool = True,
        http_status: int | None = None,
        retry_after_s: float | None = None,
        is_throttled: bool = False,
    ) -> None:
        super().__init__(message, detail=detail)
        self.is_permanent = is_permanent
        self.is_throttled = is_throttled
        self.is_outcome_known = is_outcome_known
        self.http_status = http_status
        self.retry_after_s = retry_after_s
