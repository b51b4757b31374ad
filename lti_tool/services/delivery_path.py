"""A delivery that goes well, in prebuilt statements: what happens ten thousand times in the hour after a deadline.

Everywhere else the ORM is used; here it was most of what a delivery cost. One open score in its cell that waits and is
due, at a platform that is well, is claimed here, and the delivery of such a score is written down here. Whatever else
there is (a newer score, a lease that ran out, a platform that is paused, an answer that is no success) takes the way
through ``services/deliveries.py``; both leave the same rows, which a test compares.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, or_, select, true, update
from sqlalchemy.orm import Session

from lti_tool import metrics
from lti_tool.logs import get_logger
from lti_tool.lti import keys
from lti_tool.lti.grades import RESULT_SCOPE, SCORE_SCOPE
from lti_tool.lti.tokens import SKEW, Client, Token, scopes_key
from lti_tool.lti.vault import Vault
from lti_tool.models import AccessToken, Attempt, Outage, Person, Placement, Registration, Score, ScoreState, SigningKey
from lti_tool.platforms import differences_of
from lti_tool.services import deliveries
from lti_tool.services.deliveries import Delivery, Outcome, Patience
from lti_tool.services.scores import Cell

_HOLD = select(Person.id).where(Person.id == bindparam("person_id")).with_for_update(key_share=True)
_KEY = (
    select(SigningKey.kid, SigningKey.encrypted_private_key)
    .where(
        SigningKey.signs_from <= bindparam("at"),
        or_(SigningKey.retired_at.is_(None), SigningKey.retired_at > bindparam("at")),
    )
    .order_by(SigningKey.signs_from.desc())
    .limit(1)
    .subquery()
)
_OPEN = (
    select(
        _KEY.c.kid,
        _KEY.c.encrypted_private_key,
        Score.id,
        Score.state,
        Score.next_try_at,
        Score.payload,
        Score.may_have_arrived,
        Score.is_again,
        Score.scored_at,
        Attempt.submitted_at,
        Person.sub,
        Placement.scopes,
        Registration.id.label("registration_id"),
        Registration.client_id,
        Registration.token_url,
        Registration.token_audience,
        Registration.product,
        Outage.is_paused,
    )
    .join(Person, Person.id == Score.person_id)
    .join(Attempt, Attempt.id == Score.attempt_id)
    .join(Placement, Placement.id == Score.placement_id)
    .join(Registration, Registration.id == Score.registration_id)
    .outerjoin(Outage, Outage.registration_id == Score.registration_id)
    .join(_KEY, true())
    .where(
        Score.line_item_url == bindparam("line_item_url"),
        Score.person_id == bindparam("person_id"),
        Score.state.in_((ScoreState.WAITING, ScoreState.SENDING)),
    )
    .limit(2)
)
_TOKEN = select(AccessToken.encrypted, AccessToken.expires_at).where(
    AccessToken.registration_id == bindparam("registration"), AccessToken.scopes == bindparam("scopes")
)
_CLAIM = (
    update(Score)
    .where(Score.id == bindparam("score"))
    .values(
        state=ScoreState.SENDING,
        tries=Score.tries + 1,
        lease_token=bindparam("lease"),
        lease_until=bindparam("until"),
    )
)
_DELIVERED = (
    update(Score)
    .where(
        and_(
            Score.id == bindparam("score"),
            Score.lease_token == bindparam("lease"),
            ~exists().where(Outage.registration_id == Score.registration_id),
        )
    )
    .values(
        state=ScoreState.DELIVERED,
        reason=None,
        http_status=bindparam("status"),
        lease_token=None,
        lease_until=None,
        delivered_at=bindparam("at"),
    )
)
log = get_logger()


def claim(session: Session, vault: Vault, cell: Cell, *, at: datetime, lease: timedelta) -> Delivery | None:
    """Take the newest open score of a cell under a lease, as :func:`lti_tool.services.deliveries.claim` does."""
    if cell.waits_for_column:
        return None
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        # On SQLite the transaction is the only one that writes.
        connection.execute(_HOLD, {"person_id": cell.person_id})
    where = {"line_item_url": cell.line_item_url, "person_id": cell.person_id, "at": at}
    rows: list[Any] = list(connection.execute(_OPEN, where))
    if len(rows) != 1 or rows[0].state is not ScoreState.WAITING or rows[0].is_paused:
        return deliveries.claim(session, vault, cell, at=at, lease=lease)
    [row] = rows
    if row.next_try_at > at:
        return None
    held = secrets.token_hex(16)
    connection.execute(_CLAIM, {"score": row.id, "lease": held, "until": at + lease})
    scopes = tuple(scope for scope in (SCORE_SCOPE, RESULT_SCOPE) if scope in row.scopes)
    return Delivery(
        score_id=row.id,
        cell=cell,
        lease=held,
        was_taken_over=False,
        sub=row.sub,
        payload=row.payload,
        may_have_arrived=row.may_have_arrived,
        is_again=row.is_again,
        submitted_at=row.submitted_at or row.scored_at,
        client=Client(
            registration_id=row.registration_id,
            client_id=row.client_id,
            token_url=row.token_url,
            audience=row.token_audience or row.token_url,
            scopes=scopes,
            sign=partial(keys.sign, row, vault),
        ),
        token=_token(connection, vault, row.registration_id, scopes, at),
        differences=differences_of(row.product),
    )


def _token(
    connection: Connection, vault: Vault, registration_id: int, scopes: tuple[str, ...], at: datetime
) -> Token | None:
    """Give the token that is kept, as :func:`lti_tool.lti.tokens.find_token` does."""
    kept = connection.execute(_TOKEN, {"registration": registration_id, "scopes": scopes_key(scopes)}).one_or_none()
    if kept is None or kept.expires_at <= at + SKEW:
        return None
    return Token(vault.decrypt(kept.encrypted).decode(), kept.expires_at)


def record(
    session: Session, vault: Vault, delivery: Delivery, outcome: Outcome, *, at: datetime, patience: Patience
) -> None:
    """Write an outcome down if the lease still holds, as :func:`lti_tool.services.deliveries.record` does."""
    went_well = outcome.state is ScoreState.DELIVERED and outcome.reason is None and not outcome.may_have_arrived
    if went_well and outcome.new_token is None:
        sent = {"score": delivery.score_id, "lease": delivery.lease, "status": outcome.http_status, "at": at}
        if session.connection().execute(_DELIVERED, sent).rowcount == 1:
            metrics.count("deliveries", state=outcome.state, reason="")
            log.info("score", score=delivery.score_id, state=outcome.state, detail=outcome.detail)
            return
    deliveries.record(session, vault, delivery, outcome, at=at, patience=patience)
