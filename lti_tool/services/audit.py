"""The audit log: every change by an administrator, in the transaction that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import AuditEntry

COMMAND_LINE = ""
"""The actor of what ``lti-tool`` changes."""
PAGE_ROWS = 50


def record(
    session: Session,
    *,
    actor: str,
    at: datetime,
    action: str,
    subject: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write a change down; of ``before`` and ``after`` only what differs is kept.

    Args:
        session: of the database.
        actor: the account's name, or :data:`COMMAND_LINE`.
        at: now.
        action: short and stable, such as ``platform-changed``.
        subject: what was changed, as people call it.
        before: values that JSON takes, without secrets.
        after: likewise.
    """
    if before is not None and after is not None:
        changed = [name for name in after if before.get(name) != after[name]]
        before = {name: before.get(name) for name in changed}
        after = {name: after[name] for name in changed}
    entry = AuditEntry(
        at=at,
        actor=actor,
        action=action,
        subject=subject[:300],
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
    )
    session.add(entry)


def list_entries(session: Session, *, before_id: int | None = None) -> list[AuditEntry]:
    """List a page of entries, the newest first; one more than :data:`PAGE_ROWS` where there is a next page."""
    wanted = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(PAGE_ROWS + 1)
    if before_id is not None:
        wanted = wanted.where(AuditEntry.id < before_id)
    return list(session.scalars(wanted))
