"""What a platform's answer to the grade service means when it is not a plain yes."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from http import HTTPStatus

from lti_tool.errors import PlatformError
from lti_tool.lti.egress import Answer
from lti_tool.lti.retry_after import retry_after_s, throttles, told_time
from lti_tool.models import ScoreReason
from lti_tool.platforms import Differences

_SAID_BYTES = 4000
_TOLD_ROUGHLY = timedelta(seconds=2)
"""``Date`` has whole seconds, and was written before the answer came."""
_RETRIED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY})


class GradeError(PlatformError):
    """The grade service did not do what it was asked, or nobody knows whether it did."""

    def __init__(
        self,
        reason: ScoreReason,
        detail: str,
        *,
        is_permanent: bool = False,
        is_outcome_known: bool = True,
        http_status: int | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(
            "The platform did not take the score.",
            detail=detail,
            is_permanent=is_permanent,
            is_outcome_known=is_outcome_known,
            http_status=http_status,
            retry_after_s=retry_after_s,
        )
        self.reason = reason

    @classmethod
    def unanswered(cls, error: PlatformError) -> GradeError:
        """A call that no whole answer came to; one that is too large says at least that somebody is there."""
        return cls(
            ScoreReason.UNREACHABLE if error.http_status is None else ScoreReason.PLATFORM_ERROR,
            error.detail,
            is_outcome_known=error.is_outcome_known,
            http_status=error.http_status,
        )

    @classmethod
    def without_token(cls, error: PlatformError) -> GradeError:
        """A call that was not made, because there was no access token for it.

        It is tried again: what stands behind it (a key set that cannot be fetched, a registration that was changed)
        is mended by administrators, and the scores that wait for it should then go out by themselves.
        """
        status = error.http_status
        reason = ScoreReason.UNREACHABLE
        if error.is_throttled:
            reason = ScoreReason.THROTTLED
        elif status is not None:
            reason = ScoreReason.TOKEN_REFUSED if 400 <= status < 500 else ScoreReason.PLATFORM_ERROR
        return cls(reason, error.detail, http_status=status, retry_after_s=error.retry_after_s)


def score_failure(answer: Answer, differences: Differences, payload: str) -> GradeError | None:
    """Say what an answer to a score means; nothing if the score was taken.

    Args:
        answer: of the platform.
        differences: of the platform.
        payload: the score, as it was sent.
    """
    if 200 <= answer.status < 300 and not _is_page(answer):
        return None
    if throttles(answer):
        # Before all else: a 403 that asks for patience says nothing of the person.
        return failure_of(answer)
    said = answer.body[:_SAID_BYTES].decode(errors="replace")
    for refusal in differences.refusals:
        if refusal.fits(answer.status, said):
            return _failure(answer, refusal.reason, is_permanent=True)
    if (ahead := _ahead(answer, payload)) > _TOLD_ROUGHLY:
        # For the platform the score comes from the future: it may well be taken once its clock has got there.
        return _failure(answer, ScoreReason.CLOCK_BEHIND, wait_s=ahead.total_seconds() + 1)
    if answer.status in differences.timestamp_refused:
        return _failure(answer, ScoreReason.LATER_IN_GRADEBOOK, is_permanent=True)
    return failure_of(answer)


def _ahead(answer: Answer, payload: str) -> timedelta:
    """How far a score that was called a bad request lies ahead of the platform's clock, as it tells the time."""
    told = told_time(answer)
    if answer.status != HTTPStatus.BAD_REQUEST or told is None:
        return timedelta(0)
    return datetime.fromisoformat(json.loads(payload)["timestamp"]) - told


def failure_of(answer: Answer) -> GradeError:
    """Say what an unwelcome answer means where LMSs agree."""
    status = answer.status
    if throttles(answer):
        return _failure(answer, ScoreReason.THROTTLED)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return _failure(answer, ScoreReason.ACCESS_REFUSED, is_permanent=status not in _RETRIED)
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return _failure(answer, ScoreReason.COLUMN_GONE, is_permanent=True)
    if 400 <= status < 500 and status not in _RETRIED:
        return _failure(answer, ScoreReason.SCORE_REFUSED, is_permanent=True)
    # A gateway that gave up waiting says nothing of what happens behind it, and neither does a page in HTML.
    return _failure(answer, ScoreReason.PLATFORM_ERROR, is_outcome_known=False)


def _failure(
    answer: Answer,
    reason: ScoreReason,
    *,
    is_permanent: bool = False,
    is_outcome_known: bool = True,
    wait_s: float | None = None,
) -> GradeError:
    return GradeError(
        reason,
        f"HTTP {answer.status}: {answer.body[:300].decode(errors='replace')}",
        is_permanent=is_permanent,
        is_outcome_known=is_outcome_known,
        http_status=answer.status,
        retry_after_s=retry_after_s(answer) if wait_s is None else wait_s,
    )


def _is_page(answer: Answer) -> bool:
    """Whether this is a page for people, such as a notice of maintenance, that says 200."""
    return bool(answer.body) and answer.headers.get("Content-Type", "").lower().startswith("text/html")
