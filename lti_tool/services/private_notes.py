"""Private notes and checklists: kept for the person who writes them, and read by nobody else."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from course_builder.package import PageEntry
from lti_tool.errors import ConflictError, InputError
from lti_tool.models import TICKED, PrivateNote
from lti_tool.services.records import Participant
from lti_tool.upsert import changed, find_or_add

LONGEST_NOTE = 20_000
"""Characters."""
MOST_CHECKS = 300
"""Ticked boxes of a page."""
_CHECK = re.compile(r"check:[0-9a-f]{14}")


class StaleNoteError(ConflictError):
    """The note was changed elsewhere since the page was read; :attr:`note` is how it stands."""

    def __init__(self, note: PrivateNote) -> None:
        super().__init__("The note was changed elsewhere.")
        self.note = note


def of_page(session: Session, participant: Participant, page_id: str) -> list[PrivateNote]:
    """List what a person keeps at a page."""
    return list(session.scalars(select(PrivateNote).where(_on_page(participant, page_id)).order_by(PrivateNote.name)))


def is_note_of(entry: PageEntry, name: str) -> bool:
    """Whether a page has a place for a note of this name; any page may hold boxes of checklists."""
    return name in entry.reflections or _CHECK.fullmatch(name) is not None


def save(
    session: Session, participant: Participant, page_id: str, name: str, text: str, began_from: int, at: datetime
) -> PrivateNote:
    """Keep a note as it is now written.

    Args:
        session: of the database.
        participant: whose it is.
        page_id: where it stands.
        name: of a place that the page has (:func:`is_note_of`).
        text: all of it; empty where it was wiped out, so that other windows see that, too.
        began_from: the revision that was read; 0 where there was none.
        at: now.

    Raises:
        InputError: if the text is too long, or the page has too many ticks; the message says so in English.
        StaleNoteError: if another window or device wrote something else meanwhile.
    """
    is_check = name.startswith("check:")
    if len(text) > LONGEST_NOTE or (is_check and text not in {"", TICKED}):
        raise InputError("The note is too long.")
    key: dict[str, Any] = {"placement_id": participant.placement_id, "person_id": participant.person_id}
    key |= {"page_id": page_id, "name": name}
    if is_check and text and _count_checks(session, participant, page_id) >= MOST_CHECKS:
        raise InputError("There are too many ticks on this page.")
    note = find_or_add(session, PrivateNote, key, {"text": "", "revision": 0, "saved_at": at})
    if note.text == text:
        return note
    this = and_(*(getattr(PrivateNote, column) == value for column, value in key.items()))
    values = {"text": text, "revision": began_from + 1, "saved_at": at}
    statement = update(PrivateNote).where(this, PrivateNote.revision == began_from).values(values)
    is_mine = changed(session, statement, synchronize_session=False)
    session.refresh(note)
    if not is_mine and note.text != text:
        raise StaleNoteError(note)
    return note


def _count_checks(session: Session, participant: Participant, page_id: str) -> int:
    ticked = select(func.count()).where(_on_page(participant, page_id), PrivateNote.name.startswith("check:"))
    return session.scalar(ticked) or 0


def _on_page(participant: Participant, page_id: str) -> ColumnElement[bool]:
    return and_(
        PrivateNote.placement_id == participant.placement_id,
        PrivateNote.person_id == participant.person_id,
        PrivateNote.page_id == page_id,
    )
