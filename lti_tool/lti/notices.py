"""Platform Notification Service: where a platform tells of things that happen while nobody is launching.

Source: LTI Platform Notification Service 1.0, https://www.imsglobal.org/spec/lti-pns/v1p0; Canvas, Platform
Notification Service.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import jwt

from lti_tool.errors import LaunchError, PlatformError
from lti_tool.lti.bearer import BearerCalls
from lti_tool.lti.launch import MAX_TOKEN_CHARACTERS
from lti_tool.lti.text import is_identifier, web_address
from lti_tool.lti.vocabulary import ID_LENGTH, LTI, URL_LENGTH

NOTICE_SCOPE = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
COURSE_COPY = "LtiContextCopyNotice"
MAX_NOTICES, MAX_ORIGINS = 100, 50
_CLAIM = LTI + "platformnotificationservice"
_ISSUER_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom a notice says that it is from, and for; nothing is believed yet but where to look for the key."""

    issuer: str
    client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyNotice:
    """A course was copied."""

    nonce: str
    deployment_id: str
    context_id: str
    origin_ids: tuple[str, ...]


def read_service(claims: Mapping[str, Any]) -> str | None:
    """Give the address at which a launch says that notices of copied courses can be asked for."""
    service = claims.get(_CLAIM)
    if not isinstance(service, dict):
        return None
    scopes, kinds = service.get("scope"), service.get("notice_types_supported")
    is_offered = (isinstance(scopes, list) and NOTICE_SCOPE in scopes) and (
        isinstance(kinds, list) and COURSE_COPY in kinds
    )
    return web_address(service.get("platform_notification_service_url"), URL_LENGTH) if is_offered else None


def sender_of(token: str) -> Sender:
    """Read whom a notice is from.

    Raises:
        LaunchError: if it does not say so.
    """
    if len(token) > MAX_TOKEN_CHARACTERS:
        raise LaunchError("token-malformed", "The token is too long.")
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
        raise LaunchError("token-malformed", "The notice is not a signed JWT.") from error
    audience = claims.get("aud")
    # Several audiences: the authorised one is the tool.
    client_id = audience if isinstance(audience, str) else claims.get("azp")
    if not is_identifier(claims.get("iss"), _ISSUER_LENGTH) or not is_identifier(client_id, ID_LENGTH):
        raise LaunchError("platform-unknown", "The notice does not say from whom and for whom it is.")
    return Sender(claims["iss"], client_id)


def read_notice(claims: Mapping[str, Any]) -> CopyNotice | None:
    """Read a notice; ``None`` where it is of a kind that the tool did not ask for.

    Args:
        claims: of a token that passed :func:`lti_tool.lti.launch.verify_notice`.

    Raises:
        LaunchError: if something is missing or malformed.
    """
    notice, context = claims.get(LTI + "notice"), claims.get(LTI + "context")
    if not isinstance(notice, dict) or not is_identifier(notice.get("type"), ID_LENGTH):
        raise LaunchError("notice-malformed", "The notice does not say of what kind it is.")
    if notice["type"] != COURSE_COPY:
        return None
    origins = claims.get(LTI + "origin_contexts") or []
    if (
        not isinstance(context, dict)
        or not is_identifier(context.get("id"), ID_LENGTH)
        or not isinstance(origins, list)
    ):
        raise LaunchError("notice-malformed", "The notice does not say which course was copied.")
    known = (each for each in origins[:MAX_ORIGINS] if is_identifier(each, ID_LENGTH))
    return CopyNotice(
        nonce=claims["nonce"],
        deployment_id=claims[LTI + "deployment_id"],
        context_id=context["id"],
        origin_ids=tuple(dict.fromkeys(known)),
    )


def subscribe(calls: BearerCalls, url: str, handler: str) -> None:
    """Ask a platform to send notices of copied courses to an address.

    Args:
        calls: with a token for :data:`NOTICE_SCOPE`.
        url: of the service, as a launch named it.
        handler: of ours.

    Raises:
        PlatformError: if it does not.
    """
    body = json.dumps({"notice_type": COURSE_COPY, "handler": handler}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    answer = calls.call("PUT", url, headers, body)
    if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT}:
        raise PlatformError(
            "The platform does not send notices.",
            detail=f"HTTP {answer.status}: {answer.body[:300].decode(errors='replace')}",
            http_status=answer.status,
        )
