"""Answering a platform that asked a trainer to pick something: items, signed by us."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.errors import SettingsError
from lti_tool.lti import keys
from lti_tool.lti.claims import LaunchClaims
from lti_tool.lti.content import Content
from lti_tool.lti.deep_linking import (
    Column,
    DeepLinkingSettings,
    LinkItem,
    column_names,
    content_item,
    response_claims,
)
from lti_tool.lti.vault import Vault
from lti_tool.models import Launch
from lti_tool.platforms import differences_of
from lti_tool.services.picking import Item


def settings_of(launch: Launch) -> DeepLinkingSettings:
    """Give what the platform of a deep linking launch takes."""
    return DeepLinkingSettings(**(launch.request or {})["settings"])


def named_content(launch: Launch) -> Content | None:
    """Give what the item shows that is being edited, where the platform says so."""
    named = (launch.request or {}).get("content")
    return Content(**named) if named else None


def request_of(claims: LaunchClaims) -> dict[str, Any] | None:
    """Give what has to be kept of a request for deep linking."""
    if claims.deep_linking is None:
        return None
    return {"settings": asdict(claims.deep_linking), "content": asdict(claims.content) if claims.content else None}


def sign_answer(
    session: Session,
    vault: Vault,
    launch: Launch,
    items: Iterable[Item],
    *,
    target: str,
    message: str,
    at: datetime,
) -> str:
    """Make the token that the browser takes back to the platform.

    Args:
        session: of the database.
        vault: opens our key.
        launch: of deep linking.
        items: picked; none if the trainer cancelled.
        target: the address of ours that each item leads to.
        message: for the trainer.
        at: now.
    """
    settings = settings_of(launch)
    registration = launch.deployment.registration
    differences = differences_of(registration.product)
    has_dates = differences.keeps_dates
    address = target if differences.names_address_at_login else None
    claims = response_claims(
        settings,
        issuer=registration.issuer,
        client_id=registration.client_id,
        deployment_id=launch.deployment.deployment_id,
        items=[
            content_item(_link(item, has_columns=settings.takes_columns, has_dates=has_dates), address)
            for item in items
        ],
        message=message,
        at=at,
    )
    key = keys.current_key(session, at)
    if key is None:
        raise SettingsError(["There is no signing key; `lti-tool keys rotate` makes one"])
    return keys.sign(key, vault, claims)


def _link(item: Item, *, has_columns: bool, has_dates: bool) -> LinkItem:
    column = None
    if item.has_column and has_columns and item.maximum > 0:
        resource_id, tag = column_names(item.content)
        column = Column(maximum=item.maximum, label=item.title, resource_id=resource_id, tag=tag)
    return LinkItem(
        content=item.content,
        title=item.title,
        column=column,
        opens_at=datetime.fromisoformat(item.opens_at) if has_dates and item.opens_at else None,
        due_at=datetime.fromisoformat(item.due_at) if has_dates and item.due_at else None,
    )
