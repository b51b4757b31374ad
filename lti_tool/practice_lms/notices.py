"""Notices to tools: what the LMS tells of by itself, each signed like an id_token, in a request of the LMS's own.

Source: LTI Platform Notification Service 1.0; Canvas, Platform Notification Service;
instructure/canvas-lms, lib/lti/pns/lti_context_copy_notice_builder.rb.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from typing import TYPE_CHECKING, Any

import urllib3

from lti_tool.practice_lms import catalogue
from lti_tool.practice_lms.model import Course
from lti_tool.practice_lms.vocabulary import COURSE_COPY_NOTICE, LTI

if TYPE_CHECKING:
    from lti_tool.practice_lms.platform import PracticeLms

POST_TIMEOUT_S = 5.0
NOTICE_LIFETIME_S = 3600
_pool = urllib3.PoolManager(num_pools=4, retries=False)


def post_notice(url: str, body: bytes) -> None:
    """Send a notice, once: Canvas does not try again."""
    try:
        _pool.request(
            "POST", url, body=body, timeout=POST_TIMEOUT_S, redirect=False, headers={"Content-Type": "application/json"}
        )
    except urllib3.exceptions.HTTPError:
        return


def set_handler(connection: sqlite3.Connection, registration_id: int, notice_type: str, handler: str) -> None:
    """Send notices of a type to an address from now on; an empty one sends them nowhere."""
    connection.execute(
        "INSERT INTO notice_handlers VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET handler = excluded.handler",
        (registration_id, notice_type, handler),
    )


def handlers(connection: sqlite3.Connection, registration_id: int) -> dict[str, str]:
    """The addresses of a tool, by the type of notice."""
    rows = connection.execute(
        "SELECT notice_type, handler FROM notice_handlers WHERE registration_id = ?", (registration_id,)
    )
    return {row["notice_type"]: row["handler"] for row in rows}


def of_copy(
    lms: PracticeLms, connection: sqlite3.Connection, origin_id: int, copied: Course
) -> list[tuple[str, bytes]]:
    """The notices of a copied course: where each goes, and its body."""
    if lms.profile.notices_path is None:
        return []
    sent = []
    for registration in catalogue.registrations(connection):
        handler = handlers(connection, registration.id).get(COURSE_COPY_NOTICE)
        if handler:
            about: dict[str, Any] = {
                f"{LTI}context": {"id": str(copied.id), "label": copied.label, "title": copied.title},
                f"{LTI}origin_contexts": [str(origin_id)],
            }
            claims = _claims(lms, registration.client_id, registration.deployment_ids[0], COURSE_COPY_NOTICE)
            body = {"notices": [{"jwt": lms.signing_key.sign(claims | about)}]}
            sent.append((handler, json.dumps(body).encode()))
    return sent


def _claims(lms: PracticeLms, client_id: str, deployment_id: str, kind: str) -> dict[str, Any]:
    now = lms.now()
    return {
        "iss": lms.issuer,
        "aud": client_id,
        "azp": client_id,
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + NOTICE_LIFETIME_S,
        "nonce": secrets.token_urlsafe(16),
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": deployment_id,
        f"{LTI}notice": {"id": secrets.token_hex(16), "timestamp": now.isoformat(), "type": kind},
    }
