"""Every page is valid HTML by the Nu checker, and each audience's pages are all walked through."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask, Response, request
from werkzeug.test import TestResponse

from course_builder.make import make
from tests.conftest import skip_unless_in_ci
from tests.lti_tool.admin.browser import signed_in
from tests.lti_tool.admin.conftest import quick_hashes
from tests.lti_tool.learn.conftest import every_type, publish, town, visit
from tests.lti_tool.learn.two_languages import build_two_languages
from tests.lti_tool.signing_platform import begin_login, launch_through, signing_platform

__all__ = ["every_type", "publish", "quick_hashes", "town", "visit"]

ROOT = Path(__file__).parents[2]
CHECKER = ROOT / "tests" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]*)')


class Collected:
    """The pages that an application answered with, each with the request that it answered."""

    def __init__(self, app: Flask) -> None:
        self.pages: dict[str, str] = {}
        app.after_request(self._keep)

    def _keep(self, response: Response) -> Response:
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            path = re.sub(r"/l/[^/]+/", "/l/…/", request.path)
            self.pages[f"{request.method} {path} {response.status_code} {len(self.pages)}"] = response.get_data(True)
        return response


def walk(get: Callable[..., TestResponse], start: str) -> None:
    """Open whatever links lead to from a page, on and on, within its part of the site."""
    waiting, seen = [start], {start}
    while waiting:
        path = waiting.pop()
        response = get(path, follow_redirects=True)
        if response.mimetype != "text/html":
            continue
        for link in _LINK.findall(response.get_data(as_text=True)):
            target = urlsplit(urljoin(response.request.path, unescape(link))).path
            if target.startswith(start) and target not in seen:
                seen.add(target)
                waiting.append(target)


@pytest.fixture(scope="session")
def checker() -> list[str]:
    """The command of the Nu checker."""
    if not CHECKER.exists() or not shutil.which("java"):
        skip_unless_in_ci("no Nu checker; `make browsers tests/node_modules/.installed` brings Java and it")
    return [
        "java",
        "-Xss4m",
        "-jar",
        str(CHECKER),
        "--errors-only",
        "--format",
        "json",
        "--stdout",
        "--exit-zero-always",
    ]


def faults(checker: Iterable[str], pages: dict[str, str], folder: Path) -> list[str]:
    """Say what the checker finds, each fault once with the page where it was found first."""
    names = {}
    # Away from the data of the tool, which lie in the test's folder, too.
    folder = folder / "to-check"
    folder.mkdir()
    for number, (name, html) in enumerate(pages.items()):
        file = folder / f"{number}.html"
        file.write_text(html, encoding="utf-8")
        names[file.name] = name
    found = json.loads(subprocess.run([*checker, str(folder)], capture_output=True, text=True, check=True).stdout)
    lines: dict[str, str] = {}
    for each in found["messages"]:
        where = names[each["url"].rsplit("/", 1)[-1]]
        lines.setdefault(each["message"], f"{where}: {each['message']}  {each.get('extract', '')!r}")
    return list(lines.values())


ONE_DATABASE = pytest.mark.parametrize("make_app", ["sqlite"], indirect=True)
"""What a page looks like does not depend on where its texts are kept."""


@pytest.fixture
def collected(app: Flask) -> Collected:
    return Collected(app)


def assert_valid(checker: Iterable[str], collected: Collected, folder: Path) -> None:
    found = faults(checker, collected.pages, folder)
    assert not found, "\n".join(found)


@ONE_DATABASE
@pytest.mark.parametrize(
    ("package", "first", "checked"), [("town", "reading", "q-check"), ("every_type", "checks", "")]
)
def test_pages_of_learners_and_trainers(collected, publish, visit, checker, tmp_path, request, package, first, checked):
    publish(request.getfixturevalue(package))
    learner, trainer = visit("learner-1", name="Ana Álvarez"), visit("trainer", is_trainer=True)
    walk(learner.client.get, learner.home)
    page = learner.open(f"pages/{first}")
    page.press("Check", question=checked or next(each.question for each in page.controls if each.question))
    learner.open("pages/quiz").press("Look over and submit").press("Submit")
    walk(learner.client.get, learner.home)
    walk(trainer.client.get, trainer.home)
    assert learner.client.get(f"{learner.home}pages/nowhere").status_code == 404
    assert len(collected.pages) > 10
    assert_valid(checker, collected, tmp_path)


@ONE_DATABASE
def test_pages_of_an_activity_that_shows_nothing_yet(collected, publish, town, visit, checker, tmp_path):
    publish(town)
    for visitor in (visit("learner-1", module=None), visit("trainer", is_trainer=True, module=None)):
        walk(visitor.client.get, visitor.home)
    assert_valid(checker, collected, tmp_path)


@ONE_DATABASE
def test_pages_in_two_languages(collected, publish, visit, checker, tmp_path):
    publish(build_two_languages(tmp_path / "bridges"))
    learner = visit("learner-1", module="bridges")
    learner.form_page = "pages/reading"
    # The interface speaks a language that the module does not have, so that its texts are marked.
    learner.post("language/", {"csrf_token": learner.token, "language": "sv"})
    learner.open("pages/reading").choose("q-self", "The river").press("Kontrollera", "q-self")
    learner.open("pages/quiz").choose("q-owner", "The town").press("Granska och lämna in").press("Lämna in")
    walk(learner.client.get, learner.home)
    assert_valid(checker, collected, tmp_path)


@ONE_DATABASE
def test_every_block_that_the_guide_shows(collected, publish, visit, checker, tmp_path):
    _checked, built = make(ROOT / "courses" / "authoring-guide", tmp_path / "built")
    for each in built:
        publish(each.path)
    visitor = visit("learner-1", module="m1-write-a-module")
    walk(visitor.client.get, visitor.home)
    assert len(collected.pages) > 8
    assert_valid(checker, collected, tmp_path)


@ONE_DATABASE
def test_pages_of_administrators(app, collected, publish, town, checker, tmp_path):
    publish(town)
    app.test_client().get("/admin/", follow_redirects=True, base_url="https://tool.test")
    walk(signed_in(app).get, "/admin/")
    assert len(collected.pages) > 10
    assert_valid(checker, collected, tmp_path)


@ONE_DATABASE
def test_pages_of_a_launch(app, collected, checker, tmp_path):
    with signing_platform() as platform:
        platform.register(app)
        begin_login(app.test_client(), platform, framed=True)
        assert launch_through(app.test_client(), platform).status_code == 303
        client = app.test_client()
        client.post("/lti/launch", data={"state": "x" * 22, "id_token": "x"}, base_url="https://tool.test")
        client.get("/lti/login", base_url="https://tool.test")
        assert client.get("/accessibility", base_url="https://tool.test").status_code == 200
    assert len(collected.pages) >= 3
    assert_valid(checker, collected, tmp_path)


def test_the_checker_finds_what_is_wrong(checker, tmp_path):
    wrong = '<!doctype html><html lang="en"><title>T</title><p id="a"><p id="a"><div><ul><p>x</ul></div></html>'
    assert faults(checker, {"wrong": wrong}, tmp_path)
