"""Our signing keys: the next one made in time, those that are over deleted."""

from __future__ import annotations

from datetime import timedelta

from lti_tool.jobs.delivery import Outbox
from lti_tool.lti import keys


def rotate_keys(outbox: Outbox) -> dict[str, int]:
    """Make the key that follows when its time comes; none where keys are kept for good (``SIGNING_KEY_DAYS=0``)."""
    at = outbox.clock()
    days = outbox.settings.signing_key_days
    with outbox.sessions.begin() as session:
        lifetime = timedelta(days=days)
        made = keys.rotate_if_old(session, outbox.vault, at, lifetime) if days else None
        return {"made": int(made is not None and made.created_at == at), "deleted": keys.forget_old(session, at)}
