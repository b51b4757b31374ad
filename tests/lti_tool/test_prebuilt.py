"""A prebuilt statement means what SQLAlchemy means by it, on both databases and for each type of column."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, insert, select, update

from lti_tool.extensions import db
from lti_tool.models import Deployment, Privacy, Registration, RegistrationState
from lti_tool.prebuilt import Prebuilt

AT = datetime(2026, 11, 30, 7, tzinfo=UTC)
VALUES = {
    "issuer": "https://lms.test",
    "client_id": "a'b\\%s:c",
    "title": "Título",
    "product": "generic",
    "auth_url": "https://lms.test/auth",
    "token_url": "https://lms.test/token",
    "key_set_url": "https://lms.test/keys",
    "allows_anonymous": False,
    "accepts_new_deployments": True,
    "state": RegistrationState.CLOSED,
    "privacy": Privacy.NAME,
    "granted": {"scopes": ["a", "ü"]},
    "proposal": None,
    "watched_until": None,
    "created_at": AT.astimezone(timezone(timedelta(hours=2))),
}
DEPLOYMENT = {
    "registration_id": 1,
    "deployment_id": "1",
    "is_approved": True,
    "frame_hosts": [],
    "notices_tries": 0,
    "created_at": AT,
}


@pytest.fixture
def connection(app):
    with app.app_context():
        yield db.session.connection()


def test_rows_come_back_as_sqlalchemy_gives_them(connection):
    assert Prebuilt(insert(Registration).inline()).write(connection, VALUES) == 1
    wanted = select(*Registration.__table__.columns).where(Registration.issuer == bindparam("issuer"))
    (row,) = Prebuilt(wanted).rows(connection, {"issuer": VALUES["issuer"]})
    expected = connection.execute(wanted, {"issuer": VALUES["issuer"]}).one()
    assert row._asdict() == dict(expected._mapping)
    assert VALUES.items() <= row._asdict().items()
    assert [type(value) for value in row] == [type(value) for value in expected]


def test_values_that_stand_in_the_statement_need_not_be_given(connection):
    Prebuilt(insert(Registration).inline()).write(connection, VALUES)
    closed = Prebuilt(select(Registration.id).where(Registration.state == RegistrationState.CLOSED).limit(2))
    assert [row.id for row in closed.rows(connection, {})] == [1]
    assert Prebuilt(select(Registration.id).where(Registration.state == "pending")).row(connection, {}) is None


def test_says_how_many_rows_were_written(connection):
    Prebuilt(insert(Registration).inline()).write(connection, VALUES)
    rename = Prebuilt(update(Registration).where(Registration.id == bindparam("number")).values(title=bindparam("to")))
    assert rename.write(connection, {"number": 1, "to": "Other"}) == 1
    assert rename.write(connection, {"number": 2, "to": "Other"}) == 0


def test_belongs_to_the_transaction_it_runs_in(app, connection):
    Prebuilt(insert(Registration).inline()).write(connection, VALUES)
    Prebuilt(insert(Deployment).inline()).write(
        connection,
        DEPLOYMENT,
    )
    db.session.rollback()
    assert Prebuilt(select(Registration.id)).rows(db.session.connection(), {}) == []


def test_a_value_that_is_missing_is_a_mistake(connection):
    with pytest.raises(KeyError):
        Prebuilt(select(Registration.id).where(Registration.issuer == bindparam("issuer"))).rows(connection, {})


def test_a_default_that_sqlalchemy_would_fill_in_is_a_mistake(connection):
    given = {name: value for name, value in DEPLOYMENT.items() if name != "notices_tries"}
    with pytest.raises(KeyError, match="notices_tries"):
        Prebuilt(insert(Deployment).inline()).write(connection, given)
