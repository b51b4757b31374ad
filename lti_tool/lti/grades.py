"""Assignment and Grade Services: scores out, results in.

Source: LTI Assignment and Grade Services 2.0, https://www.imsglobal.org/spec/lti-ags/v2p0.
"""

from __future__ import annotations

import html
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
from lti_tool.lti.bearer import BearerCalls, NoTokenError
from lti_tool.lti.egress import Answer, Egress, TooLargeError
from lti_tool.lti.failures import GradeError, failure_of, score_failure
from lti_tool.lti.links import BrokenLinkError, next_page
from lti_tool.lti.text import is_identifier, origin
from lti_tool.lti.tokens import Client, Token
from lti_tool.lti.vocabulary import ID_LENGTH
from lti_tool.models import ScoreReason
from lti_tool.platforms import Differences

SCORE_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
RESULT_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
_SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
_RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
_SUBMISSION = "https://canvas.instructure.com/lti/submission"
_TOLERANCE = 1e-4
"""Platforms round what they store."""
LONGEST_COMMENT = 4000
"""Characters; platforms say nothing of how many they take."""
_MOST_POINTS = 1e12
"""More is no grade; JSON has numbers that no float holds."""


def score_payload(
    sub: str,
    points: Fraction,
    max_points: Fraction,
    scored_at: datetime,
    *,
    comment: str = "",
    is_pending: bool = False,
) -> str:
    """Write the JSON of a score.

    Args:
        sub: the person, as the platform named them.
        points: in 0..``max_points``.
        max_points: above 0. Both are multiplied until this one is whole: Open edX takes no other, and nothing that
            is rounded can then make a full score less than full.
        scored_at: aware; written with milliseconds and zone.
        comment: for the person, as the platform takes it (:func:`comment_for`).
        is_pending: whether a trainer has still to judge some of it.
    """
    scale = max_points.denominator
    grade = Grade().set_user_id(sub).set_activity_progress("Completed")
    grade.set_grading_progress("PendingManual" if is_pending else "FullyGraded")
    if comment:
        grade.set_comment(comment)
    grade.set_score_given(_number(points * scale)).set_score_maximum(_number(max_points * scale))
    return grade.set_timestamp(_timestamp(scored_at)).get_value()


def is_pending(payload: str) -> bool:
    """Whether a score says that a person has still to judge."""
    return bool(json.loads(payload)["gradingProgress"] != "FullyGraded")


def points_in(payload: str) -> tuple[float, float]:
    """Read what a score gives, and of how much."""
    score = json.loads(payload)
    return score["scoreGiven"], score["scoreMaximum"]


def same_points(payload: str, points: Fraction, max_points: Fraction) -> bool:
    """Whether a score gives these points, as :func:`score_payload` would write them."""
    scale = max_points.denominator
    return points_in(payload) == (_number(points * scale), _number(max_points * scale))


def comment_for(differences: Differences, text: str) -> str:
    """Write a comment as a platform shows it: lines are lines, and no letter is taken for markup."""
    lines = (" ".join(line.split()) for line in text[:LONGEST_COMMENT].splitlines())
    text = "\n".join(lines).strip()
    if differences.comment_break == "\n":
        return text
    return differences.comment_break.join(html.escape(text, quote=False).split("\n"))


def _timestamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


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
        return self.is_share(score["scoreGiven"] / score["scoreMaximum"])

    def is_share(self, share: float) -> bool:
        """Whether this is a share of the maximum, from 0 to 1."""
        return math.isclose(self.points / self.maximum, share, rel_tol=0, abs_tol=_TOLERANCE)


@dataclass(frozen=True, slots=True)
class ListedResult:
    """A person's result on a page; ``result`` is ``None`` where there is no number."""

    sub: str
    result: Result | None


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A page of results."""

    results: tuple[ListedResult, ...]
    next_url: str | None


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
        self._calls = BearerCalls(egress, client, token, clock)
        self._line_item_url = line_item_url
        self._differences = differences

    @property
    def new_token(self) -> Token | None:
        """The token that replaced the kept one, if one did."""
        return self._calls.new_token

    def publish(self, payload: str, submitted_at: datetime, *, is_repeated: bool = False) -> None:
        """Send a score.

        Args:
            payload: as :func:`score_payload` wrote it.
            submitted_at: when the person handed in what it is for.
            is_repeated: whether it may have been sent before; it is then no new attempt where a platform counts them.

        Raises:
            GradeError: if it was not taken, or if that is not known.
        """
        url = service_url(self._line_item_url, "scores")
        body = payload
        if self._differences.counts_submissions:
            submission = {"new_submission": not is_repeated, "submitted_at": _timestamp(submitted_at)}
            body = json.dumps(json.loads(payload) | {_SUBMISSION: submission})
        answer = self._call("POST", url, {"Content-Type": _SCORE_TYPE, "Accept": "*/*"}, body.encode())
        if error := score_failure(answer, self._differences, payload):
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

    def results(self, url: str | None) -> ResultPage:
        """Read a page of everybody's results.

        Args:
            url: that the page before named; nothing for the first one.

        Raises:
            GradeError: if it cannot be read, or the link to the next one cannot be followed.
        """
        if url is None:
            limit = self._differences.results_at_once
            url = service_url(self._line_item_url, "results", **({"limit": str(limit)} if limit else {}))
        try:
            answer = self._call("GET", url, {"Accept": _RESULTS_TYPE})
        except GradeError as error:
            if not isinstance(error.__cause__, TooLargeError):
                raise
            raise GradeError(ScoreReason.UNREADABLE, error.detail, is_permanent=True) from error
        if answer.status != HTTPStatus.OK:
            raise failure_of(answer)
        try:
            next_url = next_page(answer.headers.get("Link", ""), url, origin(self._line_item_url))
        except BrokenLinkError as error:
            raise GradeError(ScoreReason.UNREADABLE, str(error), is_permanent=True) from error
        listed = (item for item in _list(answer) if isinstance(item, dict))
        found = [ListedResult(_id(item.get("userId")), _number_result(item)) for item in listed]
        return ResultPage(tuple(each for each in found if is_identifier(each.sub, ID_LENGTH)), next_url)

    def _call(self, method: Literal["GET", "POST"], url: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        try:
            return self._calls.call(method, url, headers, body or None)
        except NoTokenError as error:
            raise GradeError.without_token(error) from error
        except PlatformError as error:
            raise GradeError.unanswered(error) from error


def service_url(line_item_url: str, service: Literal["scores", "results"], **query: str) -> str:
    """Put a service's name behind a line item's path, and before its query, which Moodle needs."""
    parts = urlsplit(line_item_url)
    queries = [text for text in (parts.query, urlencode(query)) if text]
    return urlunsplit((parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}/{service}", "&".join(queries), ""))


def _list(answer: Answer) -> list[Any]:
    try:
        results = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise failure_of(answer) from error
    if not isinstance(results, list):
        raise failure_of(answer)
    return results


def _id(value: Any) -> str:
    """Read an id, which some platforms write as a number; empty if it cannot be used."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _read_result(answer: Answer, sub: str) -> Result | None:
    for result in _list(answer):
        # Some platforms ignore the filter.
        if isinstance(result, dict) and str(result.get("userId")) == sub:
            return _number_result(result)
    return None


def _number_result(result: dict[str, Any]) -> Result | None:
    points, maximum = result.get("resultScore"), result.get("resultMaximum", 1)
    numbers = [value for value in (points, maximum) if isinstance(value, int | float) and abs(value) <= _MOST_POINTS]
    return Result(numbers[0], numbers[1]) if len(numbers) == 2 and numbers[1] > 0 else None
