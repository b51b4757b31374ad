"""Asking platforms for their notices, after a launch said that they send some."""

from __future__ import annotations

from lti_tool.errors import PlatformError
from lti_tool.jobs.delivery import Outbox
from lti_tool.logs import get_logger
from lti_tool.lti.bearer import BearerCalls
from lti_tool.lti.notices import subscribe
from lti_tool.lti.tokens import keep_token
from lti_tool.services import notices
from lti_tool.services.notices import Subscription

ASKED_AT_ONCE = 20
"""A platform that hangs takes the time of a call or two; the others wait for the next look."""
log = get_logger()


def ask_for_notices(outbox: Outbox) -> dict[str, int]:
    """Ask each platform once that is due; no transaction is open meanwhile."""
    handler = notices.handler_of(outbox.settings)
    with outbox.sessions.begin() as session:
        asked = notices.due(session, outbox.vault, handler, outbox.clock(), ASKED_AT_ONCE)
    return {"asked": sum(_ask(outbox, each, handler) for each in asked)}


def _ask(outbox: Outbox, asked: Subscription, handler: str) -> bool:
    calls = BearerCalls(outbox.egress, asked.client, asked.token, outbox.clock)
    is_well, refusal = True, ""
    try:
        subscribe(calls, asked.url, handler)
    except PlatformError as error:
        is_well, refusal = False, error.detail or error.message
        log.warning("notices", deployment=asked.deployment_id, state="refused", detail=error.detail)
    with outbox.sessions.begin() as session:
        notices.record(session, asked, handler if is_well else None, outbox.clock(), refusal)
        if calls.new_token is not None:
            keep_token(session, outbox.vault, asked.client, calls.new_token)
    return is_well
