"""What a launch says, as the rest of the tool sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from lti_tool.errors import LaunchError
from lti_tool.lti.content import Content, read_content
from lti_tool.lti.deep_linking import DeepLinkingSettings, read_settings
from lti_tool.lti.notices import read_service
from lti_tool.lti.roles import is_learner, is_test_user, is_trainer
from lti_tool.lti.text import is_identifier, label, web_address
from lti_tool.lti.vocabulary import (
    GRADES,
    GROUPS,
    ID_LENGTH,
    LOCALE_LENGTH,
    LTI,
    ROSTER,
    TITLE_LENGTH,
    URL_LENGTH,
)
from lti_tool.models import Message

MAX_ROLES, MAX_SCOPES, MAX_COPIES = 100, 20, 50
_TARGETS = {"iframe", "frame", "window"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextClaims:
    """The course that was launched from."""

    id: str
    title: str | None
    label: str | None
    memberships_url: str | None = None
    groups_url: str | None = None
    group_sets_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeClaims:
    """Where scores go."""

    line_item_url: str | None
    line_items_url: str | None
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchClaims:
    """A validated launch."""

    message: Message
    deployment_id: str
    sub: str | None
    """``None``: anonymous, and the registration allows that."""
    name: str | None
    is_trainer: bool
    is_learner: bool
    is_test: bool
    """Whether nobody stands behind the account."""
    context: ContextClaims | None
    resource_link_id: str | None
    """Always there where the message is about a resource link."""
    resource_link_title: str | None
    link_history: tuple[str, ...]
    """The links that this one was copied from, the last copy first, where the platform says so."""
    context_history: tuple[str, ...]
    """The courses that this one was copied from, likewise."""
    notices_url: str | None
    """Where notices of copied courses can be asked for."""
    content: Content | None
    """What the link names, by custom parameters or in its address."""
    deep_linking: DeepLinkingSettings | None
    """Only in requests for deep linking."""
    for_user: str | None
    """Whom a submission review or a question about data is about; always there in the first."""
    locale: str | None
    return_url: str | None
    document_target: str | None
    prefers_contrast: bool
    """Whether the platform shows its own pages to the person in high contrast."""
    grades: GradeClaims


def read_launch(claims: Mapping[str, Any]) -> LaunchClaims:
    """Take out what the tool uses.

    Args:
        claims: of a token that passed :func:`lti_tool.lti.launch.verify`.

    Raises:
        LaunchError: if a claim that is needed is missing or malformed.
    """
    message = Message(claims[LTI + "message_type"])
    link = _mapping(claims, LTI + "resource_link")
    if not link.get("id") and message in {Message.RESOURCE_LINK, Message.SUBMISSION_REVIEW}:
        raise LaunchError("resource-link-missing", "The token names no resource link.")
    presentation = _mapping(claims, LTI + "launch_presentation")
    roles = _roles(claims)
    target = presentation.get("document_target")
    locale = presentation.get("locale")
    return LaunchClaims(
        message=message,
        deployment_id=_id(claims, LTI + "deployment_id"),
        sub=_id(claims, "sub") if claims.get("sub") else None,
        name=person_name(claims),
        is_trainer=is_trainer(roles),
        is_learner=is_learner(roles),
        is_test=is_test_user(roles),
        context=_context(claims),
        resource_link_id=_id(link, "id") if link.get("id") else None,
        resource_link_title=label(link.get("title"), TITLE_LENGTH),
        link_history=_history(_mapping(claims, LTI + "custom").get("link_history")),
        context_history=_history(_mapping(claims, LTI + "custom").get("context_history")),
        notices_url=read_service(claims),
        content=read_content(_mapping(claims, LTI + "custom"), claims[LTI + "target_link_uri"]),
        for_user=_for_user(claims, message),
        deep_linking=read_settings(claims) if message is Message.DEEP_LINKING else None,
        locale=locale if is_identifier(locale, LOCALE_LENGTH) and locale.isascii() else None,
        return_url=web_address(presentation.get("return_url"), URL_LENGTH),
        prefers_contrast=_mapping(claims, LTI + "custom").get("high_contrast") == "true",
        document_target=target if isinstance(target, str) and target in _TARGETS else None,
        grades=_grades(claims),
    )


def _history(value: object) -> tuple[str, ...]:
    """Read ``$ResourceLink.id.history`` or ``$Context.id.history``: ids, encoded as in an address.

    A platform that knows none sends the name.
    """
    if not isinstance(value, str) or value.startswith("$"):
        return ()
    ids = (unquote(each.strip()) for each in value.split(",")[:MAX_COPIES])
    return tuple(each for each in ids if is_identifier(each, ID_LENGTH))


def _for_user(claims: Mapping[str, Any], message: Message) -> str | None:
    user = _mapping(claims, LTI + "for_user")
    if not user.get("user_id") and message is Message.SUBMISSION_REVIEW:
        raise LaunchError("for-user-missing", "The token does not say whose work is to be shown.")
    return _id(user, "user_id") if user.get("user_id") else None


def _context(claims: Mapping[str, Any]) -> ContextClaims | None:
    context = _mapping(claims, LTI + "context")
    if not context.get("id"):
        return None
    roster, groups = _mapping(claims, ROSTER), _mapping(claims, GROUPS)
    return ContextClaims(
        id=_id(context, "id"),
        title=label(context.get("title"), TITLE_LENGTH),
        label=label(context.get("label"), ID_LENGTH),
        memberships_url=web_address(roster.get("context_memberships_url"), URL_LENGTH),
        groups_url=web_address(groups.get("context_groups_url"), URL_LENGTH),
        group_sets_url=web_address(groups.get("context_group_sets_url"), URL_LENGTH),
    )


def _grades(claims: Mapping[str, Any]) -> GradeClaims:
    endpoint = _mapping(claims, GRADES)
    scopes = endpoint.get("scope")
    scopes = scopes[:MAX_SCOPES] if isinstance(scopes, list) else []
    return GradeClaims(
        line_item_url=web_address(endpoint.get("lineitem"), URL_LENGTH),
        line_items_url=web_address(endpoint.get("lineitems"), URL_LENGTH),
        scopes=tuple(scope for scope in scopes if is_identifier(scope, ID_LENGTH)),
    )


def person_name(claims: Mapping[str, Any]) -> str | None:
    """Give the name in a launch or a roster, put together where only its parts are there."""
    if name := label(claims.get("name"), TITLE_LENGTH):
        return name
    parts = (label(claims.get(part), TITLE_LENGTH) for part in ("given_name", "family_name"))
    return " ".join(part for part in parts if part)[:TITLE_LENGTH] or None


def _roles(claims: Mapping[str, Any]) -> list[str]:
    roles = claims.get(LTI + "roles")
    if not isinstance(roles, list):
        raise LaunchError("roles-missing", "The token does not say which roles the person has.")
    return [role for role in roles[:MAX_ROLES] if isinstance(role, str)]


def _id(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not is_identifier(value, ID_LENGTH):
        raise LaunchError("claim-malformed", f"The token's {name} is no text of 1 to {ID_LENGTH} characters.")
    return value


def _mapping(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Give a claim that is an object; platforms written in PHP send an empty one as ``[]``."""
    value = claims.get(name) or {}
    if not isinstance(value, dict):
        raise LaunchError("claim-malformed", f"The token's {name} is no object.")
    return value
