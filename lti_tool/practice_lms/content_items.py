"""What a tool sends as the answer to a deep linking request: the items, read as an LMS of a profile keeps them.

Source: LTI Deep Linking 2.0, section 3.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lti_tool.practice_lms.model import Column, Opening
from lti_tool.practice_lms.profiles import DeepLinking
from lti_tool.practice_lms.strict.timestamps import parse_timestamp
from lti_tool.practice_lms.text import is_number, is_storable

LINK = "ltiResourceLink"
MAX_ITEMS = 100
MAX_TEXT_LENGTH = 4096
MAX_POINTS = 1e9


class ContentError(Exception):
    """An answer cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentItem:
    """A link that is to become a placement."""

    title: str
    text: str
    url: str
    custom: Mapping[str, str]
    column: Column | None
    opens_in: Opening


def read_items(items: Any, rules: DeepLinking) -> list[ContentItem]:
    """Read the items of an answer.

    Args:
        items: the claim ``content_items``; missing means that nothing was chosen.
        rules: what the LMS keeps.

    Raises:
        ContentError: naming the item and the member that is wrong.
    """
    if items is None:
        return []
    if not isinstance(items, list) or len(items) > MAX_ITEMS:
        raise ContentError(f"content_items has to be a list of at most {MAX_ITEMS} items.")
    return [_Reader(item, f"Item {number}", rules).read() for number, item in enumerate(items, 1)]


class _Reader:
    def __init__(self, item: Any, where: str, rules: DeepLinking) -> None:
        if not isinstance(item, dict) or item.get("type") != LINK:
            raise ContentError(f"{where} is no object of the type {LINK}, which is all that was asked for.")
        self._item: dict[str, Any] = item
        self._where = where
        self._rules = rules

    def read(self) -> ContentItem:
        column = self._column()
        title = self._text(self._item, "title")
        if self._rules.names_by_label and column is not None:
            title = column.label or title
        return ContentItem(
            title=title,
            text=self._text(self._item, "text"),
            url=self._url(),
            custom=self._custom(),
            column=column,
            opens_in="window" if self._rules.keeps_target and self._wants_window() else "iframe",
        )

    def _text(self, values: Mapping[str, Any], name: str) -> str:
        value = values.get(name, "")
        if not is_storable(value) or len(value) > MAX_TEXT_LENGTH:
            raise ContentError(f"{self._where}: {name} has to be a string of at most {MAX_TEXT_LENGTH} characters.")
        return value.strip()

    def _url(self) -> str:
        url = self._text(self._item, "url")
        try:
            parts = urlsplit(url)
            is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            is_address = False
        if url and not is_address:
            raise ContentError(f"{self._where}: url has to be an http or https address.")
        return url

    def _custom(self) -> dict[str, str]:
        custom = self._item.get("custom", {})
        if not isinstance(custom, dict) or not all(
            is_storable(text) and len(text) <= MAX_TEXT_LENGTH for pair in custom.items() for text in pair
        ):
            raise ContentError(f"{self._where}: custom has to be an object whose values are strings.")
        return custom

    def _column(self) -> Column | None:
        line_item = self._item.get("lineItem")
        if line_item is None:
            return None
        maximum = line_item.get("scoreMaximum") if isinstance(line_item, dict) else None
        if not is_number(maximum) or not 0 < maximum <= MAX_POINTS:
            raise ContentError(f"{self._where}: lineItem needs a scoreMaximum, which is a number above 0.")
        keeps_label = self._rules.keeps_label or self._rules.names_by_label
        return Column(
            maximum=float(maximum),
            resource_id=self._text(line_item, "resourceId"),
            tag=self._text(line_item, "tag"),
            label=self._text(line_item, "label") if keeps_label else "",
            has_submission_review=isinstance(line_item.get("submissionReview"), dict),
            starts_at=self._time("available", "startDateTime"),
            ends_at=self._time("submission", "endDateTime"),
        )

    def _time(self, member: str, name: str) -> str:
        if not self._rules.keeps_dates or self._item.get(member) is None:
            return ""
        times = self._item[member]
        value = self._text(times, name) if isinstance(times, dict) else "?"
        if value and parse_timestamp(value) is None:
            raise ContentError(f"{self._where}: {member}.{name} has to be an ISO 8601 time with a time zone.")
        return value

    def _wants_window(self) -> bool:
        return isinstance(self._item.get("window"), dict) and "iframe" not in self._item
