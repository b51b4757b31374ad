"""Nobody reaches what belongs to another registration, deployment, context or browser, on any route there is."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from lti_tool.extensions import db
from lti_tool.lti.content import Content
from lti_tool.models import Person
from lti_tool.services import library
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.launching import add_placement, launch
from tests.lti_tool.learn.town import LOOSE, READING, build_town

OUTSIDE_LAUNCHES = {
    "/lti/login",
    "/lti/cookie/<key>",
    "/lti/window/<ticket>",
    "/lti/launch",
    "/lti/proof",
    "/lti/keys",
    "/healthz",
    "/readyz",
    "/metrics",
    "/lti/configurations/<product>.json",
    "/lti/icon.svg",
    "/packages/<digest>/<path:member>",
    "/static/<digest>/<path:name>",
    "/static/<digest>/accent/<name>",
}
"""Routes that need no launch; whoever adds one has to have thought of who may call it."""
HERE = {"module_id": "town", "page_id": "reading", "quiz_id": "final", "question_id": "q-single"}
ELSEWHERE = {"module_id": "nowhere", "page_id": "loose", "quiz_id": "module", "question_id": "q-loose"}
"""What stands for each part of an address: ids of the module shown here, and of one that is shown elsewhere."""
BODIES = {
    "POST": {"data": {"attempt": "1", "page": "loose"}},
    "PUT": {"json": {"attempt": 1, "response": None, "revision": 0}},
}
"""What the quiz's requests send, so that it is not their form that is refused."""
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
        values = {"handle": home.split("/")[2]} | {name: ids[name] for name in rule.arguments - {"handle"}}
        with app.test_request_context(base_url=PUBLIC_URL):
            address = app.url_map.bind("tool.test").build(rule.endpoint, values)
        methods = (rule.methods or set()) - {"OPTIONS", "HEAD"}
        found += [(method, address, len(values) > 1) for method in sorted(methods)]
    return found


def token_of(browser: FlaskClient, home: str) -> dict[str, str]:
    page = browser.get(home + "pages/reading", base_url=PUBLIC_URL).text
    return {"X-CSRF-Token": re.search(r'name="csrf_token" value="([^"]+)"', page)[1]}


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


@pytest.mark.parametrize("is_trainer", [True, False])
def test_ids_from_elsewhere_mean_nothing_here(app, places, is_trainer):
    browser = app.test_client()
    home = launch(app, browser, is_trainer=is_trainer)
    token = token_of(browser, home)
    for method, address, has_ids in calls(app, home, ELSEWHERE):
        # The library is the same for all trainers; who is let in is not what its ids decide.
        if has_ids and "/pick/" not in address:
            body = BODIES.get(method, {})
            answer = browser.open(address, method=method, base_url=PUBLIC_URL, headers=token, **body)
            assert answer.status_code == 404, (method, address)


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
                assert "Somebody Elsewhere" not in answer.text, address
                assert "learner-2" not in answer.text, address
        assert shown[name] >= 3
    here = app.test_client()
    start = here.get(launch(app, here, sub="learner-1") + "start", base_url=PUBLIC_URL).text
    fresh = app.test_client()
    unseen = fresh.get(launch(app, fresh, sub="never-seen") + "start", base_url=PUBLIC_URL).text
    assert without_secrets(start) == without_secrets(unseen)


def without_secrets(page: str) -> str:
    return re.sub(r"/l/[\w-]{22}/|value=\"[\w-]{20,}\"|nonce=\"[^\"]+\"", "…", page)
