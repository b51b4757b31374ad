"""Our own keys: published a day before they sign and a day after, by the clock alone; the master key can be changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from sqlalchemy import delete, select, update

from lti_tool.extensions import db
from lti_tool.jobs import key_rotation
from lti_tool.jobs.delivery import open_outbox
from lti_tool.lti import keys
from lti_tool.lti.reencryption import encrypted_columns, reencrypt
from lti_tool.lti.tokens import Client, Token, find_token, keep_token
from lti_tool.lti.vault import Vault, new_master_key
from lti_tool.models import AccessToken, SigningKey
from tests.lti_tool.conftest import MASTER_KEY
from tests.lti_tool.launching import add_placement

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
VAULT = Vault((MASTER_KEY,))


@pytest.fixture
def session(app):
    with app.app_context():
        yield db.session()


def published(session, at: datetime) -> list[str]:
    return [key["kid"] for key in keys.key_set(session, at)["keys"]]


def signing(session, at: datetime) -> str:
    key = keys.current_key(session, at)
    assert key is not None
    return key.kid


def test_a_new_key_is_published_a_day_before_it_signs_and_the_old_one_a_day_after(session):
    old = keys.create_key(session, VAULT, START).kid
    new = keys.rotate(session, VAULT, START).kid
    assert old != new
    assert published(session, START) == [new, old]
    assert signing(session, START + DAY - SECOND) == old
    assert signing(session, START + DAY) == new
    assert published(session, START + 2 * DAY - SECOND) == [new, old]
    assert published(session, START + 2 * DAY) == [new]
    assert keys.forget_old(session, START + 2 * DAY - SECOND) == 0
    assert keys.forget_old(session, START + 2 * DAY) == 1
    assert session.scalars(select(SigningKey.kid)).all() == [new]


def test_rotating_again_before_the_new_key_signs_makes_no_other(session):
    keys.create_key(session, VAULT, START)
    first = keys.rotate(session, VAULT, START)
    assert keys.rotate(session, VAULT, START + timedelta(hours=1)) is first
    assert len(published(session, START)) == 2


def test_without_a_key_the_first_signs_at_once(session):
    assert keys.current_key(session, START) is None
    key = keys.rotate(session, VAULT, START)
    assert signing(session, START) == key.kid


def test_there_is_always_one_key_that_signs_through_many_rotations(session):
    keys.create_key(session, VAULT, START)
    at, seen = START, set()
    while at < START + timedelta(days=40):
        keys.rotate_if_old(session, VAULT, at, timedelta(days=10))
        keys.forget_old(session, at)
        kid = signing(session, at)
        assert kid in published(session, at)
        assert kid in published(session, at - DAY) or at < START + DAY
        seen.add(kid)
        at += timedelta(hours=6)
    assert len(seen) == 4


def test_the_job_rotates_when_it_is_time_and_never_where_it_is_not_wanted(make_app):
    for days, count in ((0, 1), (30, 2)):
        app = make_app(signing_key_days=days)
        with app.app_context():
            db.session.execute(delete(SigningKey))
            keys.create_key(db.session(), VAULT, START)
            db.session.commit()
            outbox = open_outbox(db.engine, app.config["SETTINGS"], lambda: START + timedelta(days=29))
            for _ in range(2):
                key_rotation.rotate_keys(outbox)
            assert len(published(db.session(), START)) == count


def test_a_key_that_somebody_saw_is_withdrawn_at_once(session):
    keys.create_key(session, VAULT, START)
    keys.rotate(session, VAULT, START)
    new = keys.replace_at_once(session, VAULT, START)
    assert published(session, START) == [new.kid]
    assert signing(session, START) == new.kid


def client_of(registration_id: int) -> Client:
    return Client(registration_id, "client-1", "https://lms.test/token", "aud", ("scope",), lambda claims: "")


def test_the_master_key_can_be_changed_while_everything_runs(session):
    registration = add_placement().deployment.registration_id
    key = keys.create_key(session, VAULT, START)
    keep_token(session, VAULT, client_of(registration), Token("token-value", START + DAY))
    session.flush()
    new_key = new_master_key()
    both, new = Vault((new_key, MASTER_KEY)), Vault((new_key,))
    assert reencrypt(session, both) == 2
    session.expire_all()
    claims = jwt.decode(
        keys.sign(key, new, {"sub": "x"}),
        jwt.PyJWK(key.public_jwk).key,
        algorithms=["RS256"],
        options={"verify_sub": False},
    )
    assert claims == {"sub": "x"}
    token = find_token(session, new, registration, ("scope",), START)
    assert token is not None
    assert token.value == "token-value"


def test_a_token_is_never_stored_as_it_is(session):
    registration = add_placement().deployment.registration_id
    keep_token(session, VAULT, client_of(registration), Token("token-value", START + DAY))
    stored = session.scalars(select(AccessToken.encrypted)).one()
    assert b"token-value" not in stored


def test_what_another_process_wrote_meanwhile_stays(session, monkeypatch):
    registration = add_placement().deployment.registration_id
    keep_token(session, VAULT, client_of(registration), Token("older", START + DAY))
    both = Vault((new_master_key(), MASTER_KEY))
    newer = both.encrypt(b"newer")

    def renew(_stored: bytes) -> bytes:
        session.execute(update(AccessToken).values(encrypted=newer))
        return both.encrypt(b"older")

    monkeypatch.setattr(both, "renew", renew)
    reencrypt(session, both)
    assert session.scalars(select(AccessToken.encrypted)).one() == newer


def test_every_column_of_secrets_is_known_to_the_change_of_master_keys():
    named = {f"{table.name}.{column.name}" for table, column in encrypted_columns()}
    assert {"signing_key.encrypted_private_key", "access_token.encrypted"} <= named
