"""Assignment and Grade Services: scores out, results in.

Source: LTI Assignment and Grade Services 2.0, https://www.imsglobal.org/spec/lti-ags/v2p0.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

from pylti1p3.grade import Grade

from lti_tool.errors import PlatformError
from lti_tool.lti.egress import Answer, Egress
from lti_tool.lti.failures import GradeError, failure_of, score_failure
from lti_tool.lti.tokens import Client, Token, request_token
from lti_tool.platforms import Differences

SCORE_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
RESULT_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
_SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
_RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
_TOLERANCE = 1e-4
"""Platforms round what they store."""


def score_payload(sub: str, points: Fraction, max_points: Fraction, scored_at: datetime) -> str:
    """Write the JSON of a score.

    Args:
        sub: the person, as the platform named them.
        points: in 0..``max_points``.
        max_points: above 0. Both are multiplied until this one is whole: Open edX takes no other, and nothing that
            is rounded can then make a full score less than full.
        scored_at: aware; written with milliseconds and zone.
    """
    scale = max_points.denominator
    grade = Grade().set_user_id(sub).set_activity_progress("Completed").set_grading_progress("FullyGraded")
    grade.set_score_given(_number(points * scale)).set_score_maximum(_number(max_points * scale))
    return grade.set_timestamp(scored_at.isoformat(timespec="milliseconds")).get_value()


def _number(value: Fraction) -> float:
    return int(value) if value.denominator == 1 else float(round(value, 4))


@dataclass(frozen=True, slots=True)
class Result:
    """What stands in the gradebook for a person."""

    points: float
    maximum: float

    def shows(self, payload: str) -> bool:
        """Whether this is what a score that was sent would make."""
        score = json.loads(payload)
        return math.isclose(
            self.points / self.maximum, score["scoreGiven"] / score["scoreMaximum"], rel_tol=0, abs_tol=_TOLERANCE
        )


class GradeService:
    """One gradebook column at a platform.

    Args:
        egress: the way out.
        line_item_url: of the column, as the platform gave it.
        client: gets access tokens.
        token: one that was kept, or nothing; :attr:`new_token` is set where it had to be replaced.
        differences: of the platform.
        clock: gives the time, for the assertions of token requests.
    """

    def __init__(
        self,
        egress: Egress,
        line_item_url: str,
        *,
        client: Client,
        token: Token | None,
        differences: Differences,
        clock: Callable[[], datetime],
    ) -> None:
        self.new_token: Token | None = None
        self._egress = egress
        self._line_item_url = line_item_url
        self._client = client
        self._token = token
        self._differences = differences
        self._clock = clock

    def publish(self, payload: str) -> None:
        """Send a score.

        Raises:
            GradeError: if it was not taken, or if that is not known.
        """
        url = service_url(self._line_item_url, "scores")
        answer = self._call("POST", url, {"Content-Type": _SCORE_TYPE, "Accept": "*/*"}, payload.encode())
        if error := score_failure(answer, self._differences):
            raise error

    def result(self, sub: str) -> Result | None:
        """Read what stands in the gradebook for a person; nothing if there is no number.

        Without ``limit``, which Moodle answers with a page in HTML: one person has one result.

        Raises:
            GradeError: if the platform shows no results, or not now.
        """
        url = service_url(self._line_item_url, "results", user_id=sub)
        answer = self._call("GET", url, {"Accept": _RESULTS_TYPE})
        if answer.status != HTTPStatus.OK:
            raise failure_of(answer)
        return _read_result(answer, sub)

    def _call(self, method: Literal["GET", "POST"], url: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        """Call with a token; where a kept token is refused, once more with a new one."""
        if self._token is None:
            self._renew_token()
        answer = self._send(method, url, headers, body)
        if answer.status == HTTPStatus.UNAUTHORIZED and self.new_token is None:
            self._renew_token()
            answer = self._send(method, url, headers, body)
        return answer

    def _send(self, method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        assert self._token is not None  # noqa: S101  (_call saw to it)
        headers = {**headers, "Authorization": f"Bearer {self._token.value}"}
        try:
            return self._egress.request(method, url, headers, body or None)
        except PlatformError as error:
            raise GradeError.unanswered(error) from error

    def _renew_token(self) -> None:
        try:
            self.new_token = self._token = request_token(self._egress, self._client, self._clock())
        except PlatformError as error:
            raise GradeError.without_token(error) from error


def service_url(line_item_url: str, service: Literal["scores", "results"], **query: str) -> str:
    """Put a service's name behind a line item's path, and before its query, which Moodle needs."""
    parts = urlsplit(line_item_url)
    queries = [text for text in (parts.query, urlencode(query)) if text]
    return urlunsplit((parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}/{service}", "&".join(queries), ""))


def _read_result(answer: Answer, sub: str) -> Result | None:
    try:
        results = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise failure_of(answer) from error
    if not isinstance(results, list):
        raise failure_of(answer)
    for result in results:
        # Some platforms ignore the filter.
        if isinstance(result, dict) and str(result.get("userId")) == sub:
            return _number_result(result)
    return None


def _number_result(result: dict[str, Any]) -> Result | None:
    points, maximum = result.get("resultScore"), result.get("resultMaximum", 1)
    numbers = [value for value in (points, maximum) if isinstance(value, int | float) and math.isfinite(value)]
    return Result(numbers[0], numbers[1]) if len(numbers) == 2 and numbers[1] > 0 else None
