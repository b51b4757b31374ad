"""Assignment and Grade Services: gradebook columns, found again, made and changed.

Source: LTI Assignment and Grade Services 2.0, section 3.2, https://www.imsglobal.org/spec/lti-ags/v2p0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from lti_tool.errors import PlatformError
from lti_tool.lti.bearer import BearerCalls, NoTokenError
from lti_tool.lti.deep_linking import number
from lti_tool.lti.egress import Answer
from lti_tool.lti.failures import GradeError, failure_of
from lti_tool.lti.links import BrokenLinkError, next_page
from lti_tool.lti.text import origin, web_address
from lti_tool.lti.vocabulary import URL_LENGTH
from lti_tool.models import ScoreReason

LINE_ITEM_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
MAX_PAGES = 20
_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A column as it should be; the first three find it again."""

    resource_link_id: str
    resource_id: str
    tag: str
    label: str
    maximum: Fraction

    def is_named_by(self, item: dict[str, Any]) -> bool:
        """Whether a column of the platform is this one, whatever it is called by now."""
        named = (item.get("resourceLinkId"), item.get("resourceId"), item.get("tag"))
        return named == (self.resource_link_id, self.resource_id, self.tag)

    def shown_by(self, item: dict[str, Any]) -> bool:
        """Whether label and maximum of a column are as they should be."""
        return item.get("label") == self.label and item.get("scoreMaximum") == number(self.maximum)


class LineItemService:
    """The columns of a course that are ours.

    Args:
        calls: with a token for :data:`LINE_ITEM_SCOPE`.
        line_items_url: of the course, as a launch named it.
    """

    def __init__(self, calls: BearerCalls, line_items_url: str) -> None:
        self._calls = calls
        self._url = line_items_url

    def find_or_make(self, wanted: Wanted) -> str:
        """Give the address of a column: of the one that is there, brought in step, or of a new one.

        Raises:
            GradeError: if the platform does not do what it is asked, or not now.
        """
        found = next((item for item in self._items(wanted) if wanted.is_named_by(item)), None)
        if found is None:
            return _address(self._send("POST", self._url, wanted, {}))
        if not wanted.shown_by(found):
            self._send("PUT", _address(found), wanted, found)
        return _address(found)

    def bring_in_step(self, url: str, wanted: Wanted) -> None:
        """Let a column have the label and the maximum that it should; its dates and all else stay.

        Raises:
            GradeError: if the platform does not do what it is asked, or not now.
        """
        found = self._object(self._call("GET", url, {"Accept": _ITEM_TYPE}))
        if not wanted.shown_by(found):
            self._send("PUT", url, wanted, found)

    def _items(self, wanted: Wanted) -> Iterator[dict[str, Any]]:
        """Go through the columns of a link; filters and paging are for the platform to keep to or not.

        A list that does not come to its end is an error: the column may be behind it, and would be made twice.

        Without ``limit``: Moodle gives all of a tool at once then, and pages whose links cannot be followed otherwise.
        """
        query = {"resource_link_id": wanted.resource_link_id, "resource_id": wanted.resource_id, "tag": wanted.tag}
        url = _with_query(self._url, query)
        for _page in range(MAX_PAGES):
            answer = self._call("GET", url, {"Accept": _ITEMS_TYPE})
            items = _json(answer)
            if answer.status != HTTPStatus.OK or not isinstance(items, list):
                raise failure_of(answer)
            yield from (item for item in items if isinstance(item, dict))
            try:
                next_url = next_page(answer.headers.get("Link", ""), url, origin(self._url))
            except BrokenLinkError as error:
                raise GradeError(ScoreReason.UNREADABLE, str(error), is_permanent=True) from error
            if next_url is None:
                return
            url = next_url
        raise GradeError(ScoreReason.UNREADABLE, f"more than {MAX_PAGES} pages of columns", is_permanent=True)

    def _send(self, method: str, url: str, wanted: Wanted, known: dict[str, Any]) -> dict[str, Any]:
        body = {
            **known,
            "label": wanted.label,
            "scoreMaximum": number(wanted.maximum),
            "resourceLinkId": wanted.resource_link_id,
            "resourceId": wanted.resource_id,
            "tag": wanted.tag,
        }
        headers = {"Content-Type": _ITEM_TYPE, "Accept": _ITEM_TYPE}
        return self._object(self._call(method, url, headers, json.dumps(body).encode()))

    def _object(self, answer: Answer) -> dict[str, Any]:
        body = _json(answer)
        if not 200 <= answer.status < 300 or not isinstance(body, dict):
            raise failure_of(answer)
        return body

    def _call(self, method: str, url: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
        try:
            return self._calls.call(method, url, headers, body)
        except NoTokenError as error:
            raise GradeError.without_token(error) from error
        except PlatformError as error:
            raise GradeError.unanswered(error) from error


def _with_query(url: str, query: dict[str, str]) -> str:
    parts = urlsplit(url)
    queries = [text for text in (parts.query, urlencode(query)) if text]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(queries), ""))


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None


def _address(item: dict[str, Any]) -> str:
    url = web_address(item.get("id"), URL_LENGTH)
    if url is None:
        raise GradeError(ScoreReason.PLATFORM_ERROR, "the column has no address")
    return url
