"""The short way of a delivery leaves what the long way leaves."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from lti_tool.lti.grades import RESULT_SCOPE, SCORE_SCOPE
from lti_tool.lti.tokens import Token, keep_token
from lti_tool.models import Outage, Registration, Score, ScoreReason, ScoreState
from lti_tool.services import deliveries, delivery_path
from lti_tool.services.clients import open_client
from lti_tool.services.deliveries import Outcome

LEARNER = "learner-1"
WAYS = (deliveries, delivery_path)
SCOPES = (SCORE_SCOPE, RESULT_SCOPE)
AN_HOUR = timedelta(hours=1)


def one_waits(course, clock):
    course.submit(LEARNER, 4, at=clock())


def one_may_have_arrived(course, clock):
    course.change(course.submit(LEARNER, 4, at=clock()), may_have_arrived=True, tries=3, reason="unreachable")


def one_is_not_due(course, clock):
    course.change(course.submit(LEARNER, 4, at=clock()), next_try_at=clock() + AN_HOUR)


def one_was_delivered(course, clock):
    course.change(course.submit(LEARNER, 4, at=clock()), state=ScoreState.DELIVERED)


def two_wait(course, clock):
    first = course.submit(LEARNER, 4, at=clock())
    course.submit(LEARNER, 5, at=clock())
    course.change(first, state=ScoreState.WAITING, reason=None)
    clock.advance(seconds=2)


def one_is_being_sent(course, clock):
    values = {"lease_token": "other", "lease_until": clock() + AN_HOUR}
    course.change(course.submit(LEARNER, 4, at=clock()), state=ScoreState.SENDING, **values)


def one_was_left_behind(course, clock):
    values = {"lease_token": "other", "lease_until": clock() - AN_HOUR}
    course.change(course.submit(LEARNER, 4, at=clock()), state=ScoreState.SENDING, **values)


def its_platform_is_paused(course, clock):
    one_waits(course, clock)
    add_outage(course, clock, is_paused=True)


def its_platform_failed_once(course, clock):
    one_waits(course, clock)
    add_outage(course, clock, is_paused=False)


def add_outage(course, clock, **values):
    with course.sessions.begin() as session:
        outage = Outage(
            registration_id=course.registration_id,
            failures=1,
            next_trial_at=clock() + AN_HOUR,
            reason=ScoreReason.UNREACHABLE,
            since=clock(),
            **values,
        )
        session.add(outage)


def rows(session):
    """All scores and pauses as they stand, but for what is drawn by lot."""
    session.expire_all()
    found = [*session.scalars(select(Score).order_by(Score.id)), *session.scalars(select(Outage))]
    values = [{column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs} for row in found]
    return [{name: bool(value) if name == "lease_token" else value for name, value in row.items()} for row in values]


def plain(delivery):
    """A delivery as values that can be compared."""
    if delivery is None:
        return None
    values = {field.name: getattr(delivery, field.name) for field in fields(delivery)}
    client = values.pop("client")
    assert len(values.pop("lease")) == 32
    assert client.sign({"sub": "x"}).count(".") == 2
    return values | {name: getattr(client, name) for name in ("client_id", "token_url", "audience", "scopes")}


@pytest.mark.parametrize("has_token", [True, False])
@pytest.mark.parametrize(
    "situation",
    [
        one_waits,
        one_may_have_arrived,
        one_is_not_due,
        one_was_delivered,
        two_wait,
        one_is_being_sent,
        one_was_left_behind,
        its_platform_is_paused,
        its_platform_failed_once,
    ],
)
def test_a_score_is_claimed_alike(course, outbox, clock, situation, has_token):
    if has_token:
        keep(course, outbox, clock)
    situation(course, clock)
    found = []
    for way in WAYS:
        with course.sessions() as session:
            delivery = way.claim(session, outbox.vault, course.cell(LEARNER), at=clock(), lease=outbox.lease)
            session.flush()
            found.append((plain(delivery), rows(session)))
            session.rollback()
    assert found[0] == found[1]


def keep(course, outbox, clock):
    with course.sessions.begin() as session:
        registration = session.get_one(Registration, course.registration_id)
        client, _ = open_client(session, outbox.vault, registration, SCOPES, clock())
        keep_token(session, outbox.vault, client, Token("kept", clock() + AN_HOUR))


@pytest.mark.parametrize("is_lost", [True, False])
@pytest.mark.parametrize("situation", [one_waits, one_may_have_arrived, its_platform_failed_once])
@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(state=ScoreState.DELIVERED),
        Outcome(state=ScoreState.DELIVERED, http_status=409),
        Outcome(state=ScoreState.SUPERSEDED, reason=ScoreReason.LATER_IN_GRADEBOOK, http_status=409),
        Outcome(state=ScoreState.FAILED, reason=ScoreReason.COLUMN_GONE, http_status=404),
    ],
    ids=["delivered", "shown already", "superseded", "failed"],
)
@pytest.mark.parametrize("has_token", [True, False])
def test_an_outcome_is_written_down_alike(course, outbox, clock, situation, outcome, is_lost, has_token):
    situation(course, clock)
    token = Token("new", clock() + AN_HOUR) if has_token else None
    cell, found = course.cell(LEARNER), []
    with course.sessions.begin() as session:
        delivery = deliveries.claim(session, outbox.vault, cell, at=clock(), lease=outbox.lease)
    if is_lost:
        course.change(delivery.score_id, lease_token="somebody else's")
    clock.advance(seconds=5)
    for way in WAYS:
        with course.sessions() as session:
            ended = replace(outcome, new_token=token)
            way.record(session, outbox.vault, delivery, ended, at=clock(), patience=outbox.patience)
            session.flush()
            found.append((rows(session), kept(session, outbox, course, clock)))
            session.rollback()
    assert found[0] == found[1]


def kept(session, outbox, course, clock):
    registration = session.get_one(Registration, course.registration_id)
    return open_client(session, outbox.vault, registration, SCOPES, clock())[1]
