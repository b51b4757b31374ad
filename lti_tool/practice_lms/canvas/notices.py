"""Where tools ask profile ``canvas`` for its notices.

Source: Canvas API, Notice Handlers; instructure/canvas-lms, app/controllers/lti/ims/notice_handlers_controller.rb.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms import notices
from lti_tool.practice_lms.database import transaction
from lti_tool.practice_lms.model import Registration
from lti_tool.practice_lms.platform import current_db
from lti_tool.practice_lms.strict.service import caller, json_body, refuse, text_member
from lti_tool.practice_lms.vocabulary import NOTICE_HANDLERS, NOTICE_TYPES

NOTICES_PATH = "/api/lti/notice-handlers"


def handlers(registration_id: int) -> ResponseReturnValue:
    """List the addresses of a tool, or set one; it has to be at the tool's own domain."""
    registration = caller(NOTICE_HANDLERS)
    if registration.id != registration_id:
        refuse("permission denied", HTTPStatus.FORBIDDEN)
    if request.method == "PUT":
        _set(registration)
    known = notices.handlers(current_db(), registration.id)
    return jsonify(
        client_id=registration.client_id,
        deployment_id=registration.deployment_ids[0],
        notice_handlers=[{"notice_type": kind, "handler": known.get(kind, "")} for kind in NOTICE_TYPES],
    )


def _set(registration: Registration) -> None:
    body = json_body("application/json")
    kind, handler = text_member(body, "notice_type", is_required=True), text_member(body, "handler")
    if kind not in NOTICE_TYPES:
        refuse("unknown notice_type")
    if handler and urlsplit(handler).hostname != urlsplit(registration.login_url).hostname:
        refuse("handler url should match tool's domain")
    with transaction(current_db()):
        notices.set_handler(current_db(), registration.id, kind, handler)
