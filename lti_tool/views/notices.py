"""Where platforms send their notices: each is a token of its own, signed with the key of its launches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, make_response, request

from lti_tool.config import Settings
from lti_tool.errors import InputError, ToolError
from lti_tool.extensions import db
from lti_tool.logs import get_logger
from lti_tool.lti.key_sets import KeySets
from lti_tool.lti.launch import Moment, key_id, verify_notice
from lti_tool.lti.notices import MAX_NOTICES, read_notice, sender_of
from lti_tool.services import notices

blueprint = Blueprint("notices", __name__)
"""Registered inside ``views/lti.py``'s."""

LONGEST_SENT = 500_000
MAX_AGE = timedelta(days=1)
"""A platform may send late; a token that says it ends sooner is believed."""
log = get_logger()


@blueprint.post("/notices")
def receive() -> Response:
    """Take each notice for itself: one that is wrong takes nothing from the others, and is answered with why."""
    request.max_content_length = LONGEST_SENT
    try:
        # Platforms may call it what they like.
        body = request.get_json(force=True, silent=True)
    except RecursionError:
        body = None
    sent = body.get("notices") if isinstance(body, dict) else None
    if not isinstance(sent, list) or not 0 < len(sent) <= MAX_NOTICES:
        raise InputError("notices has to be a list of 1 to 100 notices.")
    problems = [problem for each in sent if (problem := _take(each))]
    if problems:
        return make_response(jsonify(error=problems[0], code="notice-refused", problems=problems), 400)
    return make_response(jsonify(taken=len(sent)), 200)


def _take(sent: Any) -> str | None:
    """Take a notice; gives what is wrong with it."""
    at = datetime.now(UTC)
    token = sent.get("jwt") if isinstance(sent, dict) else None
    try:
        if not isinstance(token, str):
            raise InputError("A notice has to hold its token as jwt.")
        _take_token(token, at)
    except ToolError as error:
        db.session.rollback()
        code = getattr(error, "code", type(error).__name__)
        log.warning("notice", state="refused", code=code, detail=error.detail)
        return error.message
    return None


def _take_token(token: str, at: datetime) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    key_sets: KeySets = current_app.extensions["key_sets"]
    sender = sender_of(token)
    session = db.session()
    known = notices.find_sender(session, sender)
    # The network comes next.
    session.rollback()
    key = key_sets.find(known.registration_id, known.key_set_url, key_id(token), at)
    moment = Moment(at=at, leeway=timedelta(seconds=settings.clock_leeway_s), max_age=MAX_AGE)
    notice = read_notice(verify_notice(token, key, sender.issuer, sender.client_id, moment))
    if notice is None:
        log.info("notice", state="ignored", registration=known.registration_id)
        return
    # Its iat may lie ahead by the leeway, and is believed for the leeway longer.
    is_new = notices.receive(session, known, notice, at, at + moment.max_age + 2 * moment.leeway)
    session.commit()
    state = "taken" if is_new else "taken before"
    log.info("notice", state=state, registration=known.registration_id, origins=len(notice.origin_ids))
