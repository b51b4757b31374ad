"""Each kind of data is kept as long as the settings say, evidence is kept, and deleting holds nobody up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from lti_tool.cli import main
from lti_tool.extensions import db
from lti_tool.jobs.delivery import open_outbox
from lti_tool.jobs.retention import delete_old
from lti_tool.models import (
    SELF_CHECK,
    Answer,
    Attempt,
    Launch,
    Login,
    PageVisit,
    Participation,
    Person,
    Placement,
    PrivateNote,
    Release,
)
from lti_tool.services import retention
from tests.lti_tool.launching import add_person, add_placement, launch
from tests.lti_tool.signing_platform import SigningPlatform, begin_login

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def sweep(app, at, **_settings):
    with app.app_context():
        outbox = open_outbox(db.engine, app.config["SETTINGS"], lambda: at)
        return delete_old(outbox)


def count(app, model):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def add_activity(app, sub, *, at, anonymous=False):
    """Let a person read a page, try a self-check, begin a quiz and submit another."""
    with app.app_context():
        placement = add_placement()
        person = add_person(placement, sub)
        person.last_seen_at, person.is_anonymous = at, anonymous
        if db.session.get(Release, "d" * 64) is None:
            db.session.add(
                Release(digest="d" * 64, module_id="m", version="1.0.0", title={}, archive=b"", published_at=at)
            )
        db.session.flush()
        own = {"placement_id": placement.id, "person_id": person.id, "page_id": "p"}
        db.session.add(PageVisit(**own, opened_at=at))
        db.session.add(PrivateNote(**own, name="n", text="x", revision=1, saved_at=at))
        db.session.add(Participation(placement_id=placement.id, person_id=person.id, first_seen_at=at, last_seen_at=at))
        for quiz, number, submitted in ((SELF_CHECK, 1, None), ("draft", 1, None), ("done", 1, at)):
            if anonymous and submitted:
                continue
            attempt = Attempt(
                placement_id=placement.id,
                person_id=person.id,
                quiz_id=quiz,
                number=number,
                seed=b"s",
                release_digest="d" * 64,
                started_at=at,
                submitted_at=submitted,
            )
            attempt.answers = [Answer(question_id="q", response="a", saved_at=at)]
            db.session.add(attempt)
        db.session.commit()


def test_logins_go_after_an_hour(app, client):
    platform = SigningPlatform(port=1)
    platform.register(app)
    begin_login(client, platform)
    begun = datetime.now(UTC)
    assert sweep(app, begun + timedelta(minutes=59))["logins"] == 0
    assert sweep(app, begun + timedelta(minutes=62))["logins"] == 1
    assert count(app, Login) == 0


def test_launches_go_after_their_days_and_open_ones_stay(make_app):
    app = make_app(keep_launches_days=7)
    launch(app, at=NOW - 8 * DAY)
    launch(app, at=NOW - 6 * DAY)
    assert sweep(app, NOW)["launches"] == 1
    assert count(app, Launch) == 1


def test_activity_goes_and_evidence_stays(make_app):
    app = make_app(keep_activity_days=30)
    add_activity(app, "away", at=NOW - 31 * DAY)
    add_activity(app, "here", at=NOW - 29 * DAY)
    report = sweep(app, NOW)
    assert report["activity"] == 4
    assert report["people"] == 0
    with app.app_context():
        left = db.session.execute(select(Person.sub, Attempt.quiz_id).join(Attempt.person)).all()
        assert sorted(map(tuple, left)) == [("away", "done"), ("here", ""), ("here", "done"), ("here", "draft")]
        assert db.session.scalars(select(Person.sub).join(PageVisit, PageVisit.person_id == Person.id)).all() == [
            "here"
        ]
    assert count(app, Answer) == 4
    assert count(app, Participation) == 2


def test_somebody_of_whom_nothing_is_left_is_forgotten(make_app):
    app = make_app(keep_activity_days=30, keep_launches_days=30)
    launch(app, at=NOW - 40 * DAY)
    with app.app_context():
        db.session.execute(update(Person).values(last_seen_at=NOW - 40 * DAY))
        db.session.commit()
    assert sweep(app, NOW)["people"] == 1
    assert count(app, Person) == 0
    assert count(app, Placement) == 1


def test_people_who_are_new_at_each_launch_go_with_their_launch(make_app):
    app = make_app(keep_launches_days=7)
    add_activity(app, "anonymous-1", at=NOW - 8 * DAY, anonymous=True)
    add_activity(app, "anonymous-2", at=NOW - 6 * DAY, anonymous=True)
    add_activity(app, "known", at=NOW - 8 * DAY)
    assert sweep(app, NOW)["anonymous"] == 6
    with app.app_context():
        assert sorted(db.session.scalars(select(Person.sub))) == ["anonymous-2", "known"]


def test_nothing_goes_where_everything_is_kept_for_good(make_app):
    app = make_app(keep_activity_days=0, keep_launches_days=0)
    launch(app, at=NOW - 4000 * DAY)
    add_activity(app, "away", at=NOW - 4000 * DAY)
    assert set(sweep(app, NOW).values()) == {0}


def test_deletes_in_batches_each_committed(make_app, monkeypatch):
    app = make_app(keep_launches_days=7)
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        launch(app, at=NOW - 9 * DAY)
    with app.app_context():
        outbox = open_outbox(db.engine, app.config["SETTINGS"], lambda: NOW)
        rule = next(rule for rule in retention.rules(outbox.settings, NOW) if rule.kind == "launches")
        with outbox.sessions.begin() as session:
            assert retention.delete_some(session, rule) == 2
    assert sweep(app, NOW)["launches"] == 3


@pytest.mark.parametrize("make_app", ["postgresql"], indirect=True)
def test_leaves_what_somebody_holds_to_the_next_time(make_app):
    app = make_app(keep_launches_days=7)
    launch(app, at=NOW - 9 * DAY)
    launch(app, at=NOW - 9 * DAY)
    with app.app_context():
        held = db.session.scalars(select(Launch).limit(1).with_for_update()).one()
        assert sweep(app, NOW)["launches"] == 1
        db.session.expunge(held)
        db.session.rollback()
    assert sweep(app, NOW)["launches"] == 1


def test_the_command_says_what_would_go_before_it_goes(make_app, monkeypatch):
    app = make_app(keep_launches_days=7)
    launch(app, at=NOW - 9 * DAY)
    settings = app.config["SETTINGS"]
    for name in ("lti_tool_env", "public_url", "secret_key", "data_dir"):
        monkeypatch.setenv(name.upper(), str(getattr(settings, name)))
    monkeypatch.setenv("MASTER_KEYS", settings.master_keys[0])
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("KEEP_LAUNCHES_DAYS", "7")
    looked = CliRunner().invoke(main, ["retention", "--dry-run"])
    assert (looked.exit_code, count(app, Launch)) == (0, 1)
    assert "launches: 1" in looked.output
    done = CliRunner().invoke(main, ["retention"])
    assert (done.exit_code, count(app, Launch)) == (0, 0)
    assert "launches: 1" in done.output
