"""Deep linking: what a platform asks for, and the signed answer with the items that a trainer picked.

Source: LTI Deep Linking 2.0, https://www.imsglobal.org/spec/lti-dl/v2p0.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from lti_tool.errors import LaunchError
from lti_tool.lti.content import Content
from lti_tool.lti.text import web_address
from lti_tool.lti.tokens import BACKDATED
from lti_tool.lti.vocabulary import LTI, URL_LENGTH

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
MAX_DATA = 20_000
LIFETIME = timedelta(minutes=5)
_LINK = "ltiResourceLink"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepLinkingSettings:
    """What a platform takes as an answer."""

    return_url: str
    data: str | None = None
    """Given back untouched."""
    takes_links: bool = True
    """Whether it takes activities at all; some places take files or pictures only."""
    takes_several: bool = False
    takes_columns: bool = True
    """Whether an item may bring a gradebook column; a platform that does not say usually takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The gradebook column of an item."""

    maximum: Fraction
    label: str
    resource_id: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkItem:
    """An item of the answer."""

    content: Content
    title: str
    text: str = ""
    column: Column | None = None
    opens_at: datetime | None = None
    due_at: datetime | None = None


def read_settings(claims: Mapping[str, Any]) -> DeepLinkingSettings:
    """Read the settings of a deep linking request.

    Raises:
        LaunchError: if they are missing, or there is nowhere to answer to.
    """
    settings = claims.get(f"{DL}deep_linking_settings")
    if not isinstance(settings, dict):
        raise LaunchError("deep-linking-settings-missing", "The token does not say what may be picked.")
    return_url = web_address(settings.get("deep_link_return_url"), URL_LENGTH)
    if return_url is None:
        raise LaunchError("deep-linking-settings-missing", "The token does not say where the answer goes.")
    data = settings.get("data")
    if data is not None and (not isinstance(data, str) or len(data) > MAX_DATA):
        raise LaunchError("claim-malformed", "The data of the deep linking settings is no text, or too long.")
    types = settings.get("accept_types")
    return DeepLinkingSettings(
        return_url=return_url,
        data=data,
        takes_links=isinstance(types, list) and _LINK in types,
        takes_several=settings.get("accept_multiple") is True,
        takes_columns=settings.get("accept_lineitem") is not False,
    )


def response_claims(
    settings: DeepLinkingSettings,
    *,
    issuer: str,
    client_id: str,
    deployment_id: str,
    items: Iterable[Mapping[str, Any]],
    message: str,
    at: datetime,
) -> dict[str, Any]:
    """Give the claims of the answer.

    Args:
        settings: of the request.
        issuer: the platform.
        client_id: ours there; it is the answer's issuer.
        deployment_id: of the request.
        items: see :func:`content_item`; none means that the trainer cancelled.
        message: for the trainer, shown by the platform.
        at: now; the token is dated back a little, since Moodle refuses one that is a second ahead of its clock.
    """
    claims: dict[str, Any] = {
        "iss": client_id,
        "aud": [issuer],
        "iat": int((at - BACKDATED).timestamp()),
        "exp": int((at + LIFETIME).timestamp()),
        "nonce": secrets.token_urlsafe(16),
        f"{LTI}message_type": "LtiDeepLinkingResponse",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": deployment_id,
        f"{DL}content_items": list(items),
    }
    if message:
        claims[f"{DL}msg"] = message
    if settings.data is not None:
        claims[f"{DL}data"] = settings.data
    return claims


def content_item(item: LinkItem, target: str | None) -> dict[str, Any]:
    """Give an item as the specification writes it.

    Args:
        item: what was picked.
        target: the address of ours that every launch leads to; without one the platform takes the tool's own, and the
            custom parameters alone say what is shown.
    """
    json: dict[str, Any] = {"type": _LINK, "title": item.title, "custom": item.content.parameters()}
    if target:
        json["url"] = item.content.address(target)
    if item.text:
        json["text"] = item.text
    if item.column:
        json["lineItem"] = {
            "scoreMaximum": number(item.column.maximum),
            "label": item.column.label,
            "resourceId": item.column.resource_id,
            "tag": item.column.tag,
            # The gradebook may then lead trainers to what somebody handed in.
            "submissionReview": {"reviewableStatus": ["Completed"]},
        }
    if item.opens_at:
        json["available"] = {"startDateTime": _time(item.opens_at)}
    if item.due_at:
        json["submission"] = {"endDateTime": _time(item.due_at)}
    return json


def column_names(content: Content) -> tuple[str, str]:
    """Give ``resourceId`` and ``tag`` of the column for what a link shows; the column is found again by both."""
    if content.quiz_id:
        return f"{content.module_id}/{content.quiz_id}"[:255], "quiz"
    if content.page_id:
        return f"{content.module_id}/{content.page_id}"[:255], "page"
    return content.module_id, "module"


def number(value: Fraction) -> int | float:
    """Write a number whole where it is: Open edX takes no other maximum."""
    return int(value) if value.denominator == 1 else float(value)


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
