"""A launch that brings nothing new takes a short way to the same rows; whatever is new takes the long one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, event, select, update

from lti_tool.extensions import db
from lti_tool.models import (
    Context,
    Deployment,
    Launch,
    Participation,
    Person,
    Placement,
    Privacy,
    Registration,
    RegistrationState,
)
from lti_tool.prebuilt import _Compiled
from lti_tool.services import launch_path
from lti_tool.short_transactions import ShortTransactions
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.signing_platform import (
    GRADES,
    MEMBERSHIP,
    begin_login,
    launch_through,
    post_launch,
    signing_platform,
)

OF_A_LAUNCH = {"id", "handle_hash", "created_at", "last_seen_at", "expires_at"}


@pytest.fixture
def platform(app):
    with signing_platform() as platform:
        platform.register(app)
        yield platform


@pytest.fixture
def ways(monkeypatch):
    """The way that each launch took: ``short`` or ``long``."""
    taken = []
    find = launch_path.find_known

    def watched(*arguments):
        found = find(*arguments)
        taken.append("short" if found else "long")
        return found

    monkeypatch.setattr(launch_path, "find_known", watched)
    return taken


def rows(app, model):
    with app.app_context():
        columns = model.__table__.columns
        found = db.session.execute(select(*columns).order_by(*model.__table__.primary_key)).mappings().all()
        return [{name: value for name, value in row.items() if name not in OF_A_LAUNCH} for row in found]


def test_both_ways_lead_to_the_same_rows(app, client, platform, ways):
    models = (Context, Deployment, Participation, Person, Placement)
    assert launch_through(client, platform).status_code == 303
    first = [rows(app, model) for model in models]
    response = launch_through(client, platform)
    assert response.status_code == 303
    assert ways == ["long", "short"]
    assert [rows(app, model) for model in models] == first
    one, other = rows(app, Launch)
    assert one == other
    assert client.get(response.headers["Location"], base_url=PUBLIC_URL).status_code in {200, 302, 303}


@pytest.mark.parametrize(
    "change",
    [
        {"sub": "learner-2"},
        {"name": "Ana Other"},
        {"name": None},
        {"roles": [MEMBERSHIP + "Instructor"]},
        {"roles": [MEMBERSHIP + "Learner", "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"]},
        {"deployment_id": "2"},
        {"context": {"id": "course-2", "label": "C1", "title": "Course one"}},
        {"context": {"id": "course-1", "label": "C1", "title": "Renamed"}},
        {"context": {"id": "course-1", "label": "C2", "title": "Course one"}},
        {"resource_link": {"id": "link-2", "title": "An activity"}},
        {"resource_link": {"id": "link-1", "title": "Renamed"}},
        {"launch_presentation": {"return_url": "https://school.test/course"}},
        {"custom": {"module": "m1"}},
        {GRADES: {"scope": [], "lineitem": "https://lms.test/items/1", "lineitems": "https://lms.test/items"}},
        {GRADES: None},
    ],
    ids=str,
)
def test_whatever_is_new_is_written_down(app, client, platform, ways, change):
    launch_through(client, platform)
    response = launch_through(client, platform, **change)
    assert response.status_code == 303, response.text
    assert ways == ["long", "long"]


def test_a_launch_without_a_course_or_a_return_address_needs_nothing_new(client, platform, ways):
    launch_through(client, platform)
    assert launch_through(client, platform, context=None, launch_presentation={}).status_code == 303
    assert ways[-1] == "short"


def test_a_deployment_that_lost_its_approval_stays_closed(app, client, platform, ways):
    launch_through(client, platform)
    with app.app_context():
        db.session.execute(update(Deployment).values(is_approved=False))
        db.session.commit()
    assert launch_through(client, platform).status_code == 400
    assert len(rows(app, Launch)) == 1


def test_a_registration_closed_between_login_and_launch_stays_closed(app, client, platform):
    launch_through(client, platform)
    asked = begin_login(client, platform)
    with app.app_context():
        db.session.execute(update(Registration).values(state=RegistrationState.CLOSED))
        db.session.commit()
    token = platform.sign(platform.claims(asked["nonce"]))
    assert post_launch(client, asked["state"], token).status_code == 400
    assert len(rows(app, Launch)) == 1


def test_the_short_way_keeps_no_name_where_none_is_wanted(app, client, platform, ways):
    with app.app_context():
        db.session.execute(update(Registration).values(privacy=Privacy.PSEUDONYM))
        db.session.commit()
    for _ in range(2):
        launch_through(client, platform)
    assert ways == ["long", "short"]
    assert rows(app, Person)[0]["name"] is None


def test_a_name_kept_from_before_goes_with_the_next_launch(app, client, platform, ways):
    launch_through(client, platform)
    with app.app_context():
        db.session.execute(update(Registration).values(privacy=Privacy.PSEUDONYM))
        db.session.commit()
    launch_through(client, platform)
    assert ways == ["long", "long"]
    assert rows(app, Person)[0]["name"] is None


def test_anonymous_people_are_somebody_new_each_time(app, client, ways):
    with signing_platform(issuer="https://anonymous.test") as platform:
        platform.register(app, allows_anonymous=True)
        for _ in range(2):
            assert launch_through(client, platform, sub=None).status_code == 303
    assert ways == ["long", "long"]
    assert len(rows(app, Person)) == 2


def test_the_short_way_says_when_somebody_was_here(app, client, platform):
    launch_through(client, platform)
    long_ago = datetime.now(UTC) - timedelta(days=9)
    with app.app_context():
        for model in (Person, Participation):
            db.session.execute(update(model).values(last_seen_at=long_ago))
        db.session.commit()
    launch_through(client, platform)
    with app.app_context():
        assert db.session.scalars(select(Person.last_seen_at)).one() > long_ago
        assert db.session.scalars(select(Participation.last_seen_at)).one() > long_ago


def test_a_launch_that_brings_nothing_new_costs_six_statements(app, client, platform, monkeypatch):
    """Reading the login; finding what is known; using the login up; the launch; two notes of when; and one commit."""
    launch_through(client, platform)
    statements: list[str] = []
    run = _Compiled.run

    def watched(self, *arguments):
        statements.append(self._text.split()[0])
        return run(self, *arguments)

    monkeypatch.setattr(_Compiled, "run", watched)

    def note(*arguments):
        statements.append(arguments[2].split()[0])

    def note_commit(*_arguments):
        statements.append("COMMIT")

    write = ShortTransactions.write

    def noted(self, work):
        written = write(self, work)
        note_commit()
        return written

    monkeypatch.setattr(ShortTransactions, "write", noted)
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", note_commit)
    try:
        launch_through(client, platform)
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "commit", note_commit)
    # A login before it: finding the registration, and the login itself.
    login = ["SELECT", "INSERT", "COMMIT"]
    assert statements == [*login, "SELECT", "SELECT", "UPDATE", "INSERT", "UPDATE", "UPDATE", "COMMIT"]


def test_somebody_who_is_erased_while_they_launch_comes_in_as_new(app, client, platform, monkeypatch):
    """What was known when it was looked up may be gone when it is written down."""
    launch_through(client, platform)
    find = launch_path.find_known

    def find_and_erase(*arguments):
        monkeypatch.setattr(launch_path, "find_known", find)
        known = find(*arguments)
        with app.app_context():
            db.session.execute(delete(Launch))
            db.session.execute(delete(Participation))
            db.session.execute(delete(Person))
            db.session.commit()
        return known

    monkeypatch.setattr(launch_path, "find_known", find_and_erase)
    assert launch_through(client, platform).status_code == 303
    assert [len(rows(app, model)) for model in (Person, Participation, Launch)] == [1, 1, 1]
