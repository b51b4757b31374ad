"""What people write for themselves, as a script keeps it while they write."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, make_response
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.errors import InputError, NotFoundError
from lti_tool.extensions import db
from lti_tool.models import PrivateNote
from lti_tool.services import private_notes
from lti_tool.views import session
from lti_tool.views.answer_forms import read_json, read_number
from lti_tool.views.page_views import find_entry
from lti_tool.views.shown_module import ShownModule, now, shown_module

LONGEST_SENT = 150_000
"""Bytes: the longest note in letters that JSON writes with six characters, and a little."""

blueprint = Blueprint("private_notes", __name__, url_prefix="/l/<handle>/pages/<page_id>/notes")
session.guard(blueprint)


@blueprint.put("/<name>")
def keep(page_id: str, name: str) -> BaseResponse:
    """Keep a note; 409 holds what another window or device wrote."""
    module = shown_module()
    if not private_notes.is_note_of(find_entry(module, page_id), name):
        raise NotFoundError(_("The page has no such note."))
    sent = read_json(LONGEST_SENT)
    text = sent.get("text")
    # No database stores the one, and no browser sends the other.
    if not isinstance(text, str) or "\0" in text or (not text.isascii() and not _is_unicode(text)):
        raise InputError(_("The note could not be read."))
    began_from, status = read_number(sent.get("revision")), 200
    try:
        note = private_notes.save(db.session(), module.participant, page_id, name, text, began_from, now())
    except private_notes.StaleNoteError as stale:
        note, status = stale.note, 409
    except InputError as error:
        message = ngettext(
            "A note can have %(num)s character.",
            "A note can have %(num)s characters.",
            private_notes.LONGEST_NOTE,
        )
        raise InputError(message, detail=error.message) from error
    body = _as_json(note) | {"saved_at": note.saved_at.isoformat()}
    db.session.commit()
    return make_response(jsonify(body), status)


def kept_at(module: ShownModule, page_id: str) -> dict[str, dict[str, Any]]:
    """Give a person's notes at a page by name, as its script reads them."""
    notes = private_notes.of_page(db.session(), module.participant, page_id)
    return {note.name: _as_json(note) for note in notes}


def _as_json(note: PrivateNote) -> dict[str, Any]:
    return {"text": note.text, "revision": note.revision}


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
