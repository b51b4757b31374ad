"""Nobody reaches what belongs to another registration, deployment, context or browser, on any route there is."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import Signer
from sqlalchemy import select
from werkzeug.routing import Rule

from lti_tool.extensions import db
from lti_tool.lti.content import Content
from lti_tool.models import Attempt, Message, Person, ProblemReport, Upload
from lti_tool.services import library
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.launching import add_person, add_placement, launch
from tests.lti_tool.learn.town import LOOSE, READING, build_town

OUTSIDE_LAUNCHES = {
    "/lti/login",
    "/lti/cookie/<key>",
    "/lti/window/<ticket>",
    "/lti/own-window/<ticket>",
    "/lti/launch",
    "/lti/proof",
    "/lti/keys",
    "/lti/notices",
    "/accessibility",
    "/design",
    "/healthz",
    "/readyz",
    "/metrics",
    "/lti/configurations/<product>.json",
    "/lti/icon.svg",
    "/lti/register/<secret>",
    "/packages/<digest>/<path:member>",
    "/static/<digest>/<path:name>",
    "/static/<digest>/accent/<name>",
}
"""Routes that need no launch; whoever adds one has to have thought of who may call it."""
HERE = {"module_id": "town", "page_id": "reading", "quiz_id": "final", "question_id": "q-single"} | {
    "number": "1",
    "upload_id": "1",
    "person_id": "1",
    "report_id": "1",
    "allowance_id": "1",
    "name": "check:0123456789abcd",
}
ELSEWHERE = {"module_id": "nowhere", "page_id": "loose", "quiz_id": "module", "question_id": "q-loose"} | {
    "number": "2",
    "upload_id": "2",
    "person_id": "2",
    "report_id": "2",
    "allowance_id": "2",
    "name": "no-note-of-here",
}
"""What stands for each part of an address: ids of the module shown here, and of one that is shown elsewhere.

Numbers of rows are those of :func:`ids_elsewhere`, where a test makes some.
"""
BODIES = {
    "POST": {"data": {"attempt": "1", "page": "loose", "kind": "broken", "text": "x"}},
    "PUT": {"json": {"attempt": 1, "response": None, "revision": 0, "text": "x"}},
}
"""What requests of quizzes and notes send, so that it is not their form that is refused."""
OPENED_BY = {
    "learn": {Message.RESOURCE_LINK},
    "quiz": {Message.RESOURCE_LINK},
    "private_notes": {Message.RESOURCE_LINK},
    "search": {Message.RESOURCE_LINK},
    "accessibility": {Message.RESOURCE_LINK},
    "computer": {Message.RESOURCE_LINK},
    "languages": {Message.RESOURCE_LINK},
    "own_window": {Message.RESOURCE_LINK},
    "problem_reports": {Message.RESOURCE_LINK},
    "display": {Message.RESOURCE_LINK},
    "teach": {Message.RESOURCE_LINK},
    "gradebook": {Message.RESOURCE_LINK},
    "quiz_settings": {Message.RESOURCE_LINK},
    "record": {Message.RESOURCE_LINK},
    "more": {Message.RESOURCE_LINK},
    "compare": {Message.RESOURCE_LINK},
    "pick": {Message.RESOURCE_LINK, Message.DEEP_LINKING},
    "review": {Message.SUBMISSION_REVIEW},
    "people": {Message.RESOURCE_LINK},
    "privacy": {Message.DATA_PRIVACY, Message.RESOURCE_LINK},
}
"""Which kinds of launches open the routes of each blueprint."""
OTHER_PLACES = {
    "registration": {"client_id": "client-2"},
    "platform": {"issuer": "https://other.test"},
    "deployment": {"deployment": "2"},
    "context": {"context": "course-2", "link": "link-2"},
    "resource link": {"link": "link-2"},
}


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two releases that share neither page nor quiz nor question but one."""
    other = {"reading.md": READING, "loose.md": LOOSE}
    return [
        build_town(tmp_path_factory.mktemp("here")),
        build_town(tmp_path_factory.mktemp("elsewhere"), version="2.0.0", pages=other),
    ]


@pytest.fixture
def places(app: Flask, packages: list[Path]) -> None:
    """A placement here that shows the first release, and others that show the second."""
    with app.app_context():
        for package, places in zip(packages, ([{}], OTHER_PLACES.values()), strict=True):
            library.publish(db.session(), package, datetime.now(UTC))
            for where in places:
                library.place(db.session(), add_placement(**where), Content(module_id="town"))
        db.session.commit()


def rules_of_launches(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if "handle" in rule.arguments]


def calls(app: Flask, home: str, ids: dict[str, str]) -> list[tuple[str, str, bool]]:
    """Give each method and address there is in a launch, and whether the address names something by its id."""
    found = []
    for rule in rules_of_launches(app):
        unknown = rule.arguments - {"handle", *ids}
        assert not unknown, f"{rule}: say in HERE and ELSEWHERE what stands for {unknown}"
        values = {"handle": home.split("/")[2]} | {name: ids[name] for name in rule.arguments - {"handle"}}
        with app.test_request_context(base_url=PUBLIC_URL):
            address = app.url_map.bind("tool.test").build(rule.endpoint, values)
        methods = (rule.methods or set()) - {"OPTIONS", "HEAD"}
        found += [(method, address, len(values) > 1) for method in sorted(methods)]
    return found


def token_of(browser: FlaskClient, home: str) -> dict[str, str]:
    page = browser.get(home + "pages/reading", base_url=PUBLIC_URL).text
    return {"X-CSRF-Token": re.search(r'name="csrf_token" value="([^"]+)"', page)[1]}


def ids_elsewhere(app: Flask, where: dict[str, str]) -> dict[str, str]:
    """Give ids that mean something in another place only: of its module, and of rows about a learner there."""
    with app.app_context():
        there = add_placement(**where)
        learner = add_person(there, "learner-there", "Somebody Elsewhere")
        wanted = {"placement_id": there.id, "person_id": learner.id, "quiz_id": "module"}
        attempt = db.session.scalar(select(Attempt).filter_by(**wanted))
        if attempt is None:
            more = {"number": 1, "release_digest": there.release_digest, "seed": b"x", "started_at": datetime.now(UTC)}
            attempt = Attempt(**wanted, **more)
            db.session.add(attempt)
        db.session.flush()
        upload = db.session.scalar(select(Upload).filter_by(attempt_id=attempt.id))
        if upload is None:
            more = {"size": 1, "content": b"x", "uploaded_at": datetime.now(UTC)}
            upload = Upload(attempt_id=attempt.id, question_id="q-loose", name="Somebody Elsewhere.pdf", **more)
            db.session.add(upload)
        db.session.flush()
        report = db.session.scalar(select(ProblemReport).filter_by(person_id=learner.id))
        if report is None:
            more = {"language": "en", "kind": "broken", "text": "Somebody Elsewhere", "reported_at": datetime.now(UTC)}
            where = {"placement_id": there.id, "release_digest": there.release_digest}
            report = ProblemReport(person_id=learner.id, **where, **more)
            db.session.add(report)
        db.session.flush()
        rows = {
            "report_id": report.id,
            "registration_id": there.deployment.registration_id,
            "deployment_id": there.deployment_id,
            "context_id": there.context_id,
            "placement_id": there.id,
            "person_id": learner.id,
            "attempt_id": attempt.id,
            "upload_id": upload.id,
        }
        db.session.commit()
        return ELSEWHERE | {name: str(number) for name, number in rows.items()}


def test_every_route_stands_in_a_launch_or_was_meant_not_to(app):
    outside = {rule.rule for rule in app.url_map.iter_rules()} - {rule.rule for rule in rules_of_launches(app)}
    # The admin pages have a door of their own: tests/lti_tool/admin/test_sign_in.py.
    assert {rule for rule in outside if not rule.startswith("/admin/")} == OUTSIDE_LAUNCHES
    assert all(rule.rule.startswith("/l/<handle>/") for rule in rules_of_launches(app))


def test_no_route_opens_to_another_browser(app, places):
    owner, stranger = app.test_client(), app.test_client()
    home = launch(app, owner, is_trainer=True)
    token = token_of(owner, home)
    launch(app, stranger, sub="stranger", is_trainer=True, client_id="client-2")
    for method, address, _ in calls(app, home, HERE):
        for browser in (stranger, app.test_client()):
            answer = browser.open(address, method=method, base_url=PUBLIC_URL, headers=token)
            assert answer.status_code == 401, (method, address)


@pytest.mark.parametrize("is_trainer", [True, False], ids=["trainer", "learner"])
def test_ids_from_elsewhere_mean_nothing_here(app, places, is_trainer):
    browser = app.test_client()
    home = launch(app, browser, is_trainer=is_trainer)
    token = token_of(browser, home)
    for place, where in OTHER_PLACES.items():
        for method, address, has_ids in calls(app, home, ids_elsewhere(app, where)):
            # The library is the same for all trainers; who is let in is not what its ids decide.
            if has_ids and "/pick/" not in address:
                body = BODIES.get(method, {})
                answer = browser.open(address, method=method, base_url=PUBLIC_URL, headers=token, **body)
                assert answer.status_code == 404, (place, method, address)
                assert "Somebody Elsewhere" not in answer.text


def test_ids_from_elsewhere_in_forms_and_queries_change_and_show_nothing_there(app, places):
    """Whatever a form or a query names by its id: rows of another place neither show nor change."""
    browser = app.test_client()
    home = launch(app, browser, is_trainer=True)
    token = token_of(browser, home)
    for place, where in OTHER_PLACES.items():
        ids = ids_elsewhere(app, where)
        before = rows_of(app, where)
        for method, address, _has_ids in calls(app, home, HERE):
            if method == "GET":
                sent = {"query_string": ids}
            else:
                kind, body = next(iter(BODIES[method].items()))
                sent = {kind: body | ids}
            answer = browser.open(address, method=method, base_url=PUBLIC_URL, headers=token, **sent)
            assert answer.status_code < 500, (place, method, address)
            assert "Somebody Elsewhere" not in answer.text, (place, method, address)
        assert rows_of(app, where) == before, place


def rows_of(app: Flask, where: dict[str, str]) -> set[tuple[object, ...]]:
    """Give every row that hangs on a place, or on the people of another platform there, with all its values."""
    found = set()
    with app.app_context():
        there = add_placement(**where)
        here = add_placement()
        is_other_platform = there.deployment.registration_id != here.deployment.registration_id
        people = select(Person.id).filter_by(registration_id=there.deployment.registration_id)
        for table in db.Model.metadata.sorted_tables:
            for column in table.columns:
                hangs_on = {key.column.table.name for key in column.foreign_keys}
                if "placement" in hangs_on:
                    wanted = select(table).where(column == there.id)
                elif "person" in hangs_on and is_other_platform:
                    wanted = select(table).where(column.in_(people))
                else:
                    continue
                found |= {(table.name, str(tuple(row))) for row in db.session.execute(wanted)}
        db.session.rollback()
    assert found
    return found


@pytest.mark.parametrize("is_trainer", [True, False], ids=["trainer", "learner"])
def test_a_launch_of_another_kind_opens_nothing(app, places, is_trainer):
    for rule in rules_of_launches(app):
        blueprint = rule.endpoint.partition(".")[0]
        assert blueprint in OPENED_BY, f"{rule}: say in OPENED_BY which launches open it"
    adapter = app.url_map.bind("tool.test", url_scheme="https")
    for message in Message:
        browser = app.test_client()
        home = launch(app, browser, is_trainer=is_trainer, message=message)
        token = Signer(app.config["SECRET_KEY"], salt="csrf").get_signature(home.split("/")[2]).decode()
        refused = 0
        for method, address, _has_ids in calls(app, home, HERE):
            endpoint, _values = adapter.match(address, method=method)
            if message not in OPENED_BY[endpoint.partition(".")[0]]:
                refused += 1
                answer = browser.open(address, method=method, base_url=PUBLIC_URL, headers={"X-CSRF-Token": token})
                assert answer.status_code == 404, (message, method, address)
        assert refused or message is Message.RESOURCE_LINK


@pytest.mark.parametrize("odd", ["a\0b", "x" * 5000, "a\nb"], ids=["nul", "long", "newline"])
def test_ids_that_no_database_holds_are_not_found(app, places, odd):
    browser = app.test_client()
    home = launch(app, browser, is_trainer=True)
    token = token_of(browser, home)
    for method, address, has_ids in calls(app, home, dict.fromkeys(HERE, odd)):
        if has_ids:
            answer = browser.open(address, method=method, base_url=PUBLIC_URL, headers=token, **BODIES.get(method, {}))
            assert answer.status_code == 404, (method, address[:80])


@pytest.mark.parametrize("where", OTHER_PLACES.values(), ids=OTHER_PLACES)
def test_what_people_do_elsewhere_shows_nowhere_here(app, places, where):
    """The same person, by ``sub``, and another one are busy elsewhere; here both have done nothing."""
    for sub in ("learner-1", "learner-2"):
        busy = app.test_client()
        away = launch(app, busy, sub=sub, **where)
        with app.app_context():
            for person in db.session.query(Person).filter_by(sub="learner-2"):
                person.name = "Somebody Elsewhere"
            db.session.commit()
        done = busy.post(away + "pages/reading/done", base_url=PUBLIC_URL, headers=token_of(busy, away))
        assert done.status_code in {302, 303}
    shown = {}
    for name, options in {"trainer": {"sub": "trainer-1", "is_trainer": True}, "learner": {"sub": "learner-1"}}.items():
        browser = app.test_client()
        home = launch(app, browser, **options)
        shown[name] = 0
        for method, address, _ in calls(app, home, HERE):
            if method == "GET":
                answer = browser.get(address, base_url=PUBLIC_URL)
                shown[name] += answer.status_code == 200
                text = answer.get_data().decode(errors="replace")
                assert "Somebody Elsewhere" not in text, address
                assert "learner-2" not in text, address
        assert shown[name] >= 3
    here = app.test_client()
    start = here.get(launch(app, here, sub="learner-1") + "start", base_url=PUBLIC_URL).text
    fresh = app.test_client()
    unseen = fresh.get(launch(app, fresh, sub="never-seen") + "start", base_url=PUBLIC_URL).text
    assert without_secrets(start) == without_secrets(unseen)


def without_secrets(page: str) -> str:
    """Leave out what names a launch or a person to the browser."""
    named = r"&#34;(?:handle|owner|person)&#34;: &#34;[\w-]+&#34;"
    return re.sub(rf"/l/[\w-]{{22}}/|value=\"[\w-]{{20,}}\"|nonce=\"[^\"]+\"|{named}", "…", page)
