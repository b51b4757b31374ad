"""A published module, and people at activities that show it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Request, Response

from lti_tool.extensions import db
from lti_tool.lti.content import Content
from lti_tool.lti.grades import SCORE_SCOPE
from lti_tool.models import Launch, Participation, Placement
from lti_tool.services import library
from lti_tool.services.fingerprints import fingerprint
from lti_tool.services.name_order import sort_key
from tests.conftest import skip_unless_in_ci
from tests.journeys.audit import AXE
from tests.journeys.browser import find_chromium
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.launching import add_person, add_placement, launch
from tests.lti_tool.learn import all_types
from tests.lti_tool.learn.town import LOOSE, READING, build_town
from tests.lti_tool.learn.visitor import Visitor

COLUMN = "https://lms.test/lineitem/1"


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the small module."""
    return build_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="session")
def loose_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of a module with a graded question outside any quiz."""
    return build_town(tmp_path_factory.mktemp("loose"), pages={"reading.md": READING, "loose.md": LOOSE})


@pytest.fixture(scope="session")
def every_type(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of a module with questions of all types."""
    pages = {"checks.md": all_types.checks_page(), "quiz.md": all_types.quiz_page(), "pool.md": all_types.pool_page()}
    return build_town(tmp_path_factory.mktemp("types"), pages=pages, assets={"river.svg": all_types.SVG})


@pytest.fixture
def publish(app: Flask) -> Callable[[Path], str]:
    """Publish a package and give its digest."""

    def publish_file(path: Path) -> str:
        with app.app_context():
            release = library.publish(db.session(), path, datetime.now(UTC))
            db.session.commit()
            return release.digest

    return publish_file


@pytest.fixture
def visit(app: Flask) -> Callable[..., Visitor]:
    """Let a person open an activity; ``module`` is what it shows, if it shows nothing yet."""

    def enter(
        sub: str = "learner-1",
        *,
        name: str | None = None,
        is_trainer: bool = False,
        module: str | None = "town",
        column: str | None = COLUMN,
        **where: str,
    ) -> Visitor:
        at = datetime.now(UTC)
        with app.app_context():
            placement: Placement = add_placement(**where)
            placement.scopes = [SCORE_SCOPE]
            if module is not None:
                library.place(db.session(), placement, Content(module_id=module))
            person = add_person(placement, sub, name)
            key = (placement.id, person.id)
            if db.session.get(Participation, key) is None:
                db.session.add(
                    Participation(
                        placement_id=placement.id,
                        person_id=person.id,
                        is_trainer=is_trainer,
                        sort_key=sort_key(person.name, person.sub),
                        first_seen_at=at,
                        last_seen_at=at,
                    )
                )
            db.session.commit()
        home = launch(app, None, sub=sub, is_trainer=is_trainer, **where)
        if column is not None:
            _set_column(app, home, column)
        return Visitor(_client(app), home)

    return enter


def _client(app: Flask):
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    client.environ_base["HTTP_HOST"] = PUBLIC_URL.removeprefix("https://")
    return client


def _set_column(app: Flask, home: str, column: str) -> None:
    with app.app_context():
        db.session.query(Launch).filter_by(handle_hash=fingerprint(home.split("/")[2])).update(
            {"line_item_url": column}
        )
        db.session.commit()


@pytest.fixture
def learner(publish, town, visit) -> Visitor:
    """A learner at an activity that shows the small module."""
    publish(town)
    return visit(name="Learner One")


@pytest.fixture
def type_learner(publish, every_type, visit) -> Visitor:
    """A learner at an activity that shows questions of all types."""
    publish(every_type)
    learner = visit(name="Learner One")
    learner.form_page = "pages/checks"
    return learner


@pytest.fixture(scope="module")
def chromium():
    """A browser for the tests of a file."""
    path = find_chromium()
    if path is None:
        skip_unless_in_ci("there is no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def server(app) -> Iterator[BaseWSGIServer]:
    """The tool at an address of its own; a test may stop it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def tab(server, chromium) -> Iterator[Page]:
    """A tab whose addresses are the tool's own; errors in it fail the test."""
    context = chromium.new_context(base_url=f"http://127.0.0.1:{server.port}")
    context.set_default_timeout(30_000)
    tab = context.new_page()
    errors = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    yield tab
    context.close()
    assert errors == []


@pytest.fixture
def course():
    """A page of another site with a narrow frame; gives its address, and what to put into the frame."""
    shown = {}
    page = '<!doctype html><html lang="en"><title>Course</title><iframe src="{}" width="360" height="600"></iframe>'

    @Request.application
    def answer(_request):
        return Response(page.format(shown["inside"]), mimetype="text/html")

    server = make_server("localhost", 0, answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.port}", shown
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def axe() -> None:
    """Need axe-core, which comes with Node."""
    if not AXE.exists():
        skip_unless_in_ci("no axe-core; run `npm ci --ignore-scripts` in tests/")
