"""What was cleaned, in a real browser without a policy of its own: no script runs, nothing is loaded, no name is taken.

Each case is read three ways: as ``innerHTML``; as that written out and read again, which is where mutations show; and
as a document of its own. Uncleaned cases show that the page would notice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, sync_playwright

from course_builder.sanitize import COMMON_ATTRIBUTES, IMAGE_SCHEMES, LINK_SCHEMES, TAGS, Engine, sanitize
from tests.conftest import skip_unless_in_ci
from tests.course_builder.hostile_html import CASES, SUBJECTS
from tests.journeys.browser import find_chromium

PROBE = Path(__file__).with_name("probe.js").read_text(encoding="utf-8")
ADDRESS = "http://course.test/"
ALLOWED = {
    "tags": {tag: sorted(attributes | COMMON_ATTRIBUTES) for tag, attributes in TAGS.items()},
    "links": sorted(LINK_SCHEMES),
    "images": sorted(IMAGE_SCHEMES),
}

pytestmark = pytest.mark.xdist_group("hostile HTML in a browser")


@dataclass
class Watched:
    """A page, and all that it did besides being shown."""

    page: Page
    seen: list[str] = field(default_factory=list)

    def read(self, cases: dict[str, str]) -> dict[str, list[str]]:
        """Read cases in all ways; return what each did, by its name, and what the page did."""
        found: dict[str, list[str]] = self.page.evaluate(
            "([cases, allowed]) => probe(cases, allowed)", [cases, ALLOWED]
        )
        if self.seen:
            found["the page"] = list(self.seen)
            self.seen.clear()
        return found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        skip_unless_in_ci("there is no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Watched]:
    context = chromium.new_context()
    context.set_default_timeout(120_000)
    context.add_init_script(PROBE)
    page = context.new_page()
    watched = Watched(page)

    def answer(route: Route) -> None:
        request = route.request
        if request.url == ADDRESS:
            route.fulfill(body='<!doctype html><link rel="icon" href="data:,"><body></body>', content_type="text/html")
            return
        if not is_own_image(request):
            watched.seen.append(f"asked for {request.url} as {request.resource_type}")
        route.abort()

    context.route("**/*", answer)
    page.goto(ADDRESS)
    page.on("dialog", lambda dialog: (watched.seen.append(f"dialog {dialog.type}"), dialog.dismiss()))
    page.on("download", lambda download: watched.seen.append(f"download {download.url}"))
    page.on("popup", lambda popup: watched.seen.append(f"window {popup.url}"))
    yield watched
    context.close()


def is_own_image(request: Request) -> bool:
    """Tell whether this is one of the images that the list allows: those of the page's own place."""
    return request.url.startswith(ADDRESS) and request.resource_type == "image"


@pytest.mark.parametrize("engine", ["nh3", "bleach"])
@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.__name__.rpartition(".")[2])
def test_nothing_happens(watched: Watched, subject: Any, engine: Engine) -> None:
    cleaned = {name: sanitize(html, engine) for name, html in subject.CASES.items()}
    if engine == "bleach":  # What both give was read already.
        cleaned = {name: html for name, html in cleaned.items() if html != sanitize(CASES[name])}
    assert watched.read(cleaned) == {}
    assert watched.page.url.partition("#")[0] == ADDRESS


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<img src=x onerror=alert(1)>", "innerHTML: ran a script"),
        ("<script>alert(1)</script>", "document: ran a script"),
        ("<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>", "document: ran a script"),
        ("<p onclick=alert(1)>x</p>", "innerHTML: ran a script"),
        ("<svg><style><img src=x onerror=alert(1)></style></svg>", "innerHTML: has style"),
        ("<a href='java\tscript:alert(1)'>x</a>", "innerHTML: leads to javascript:alert(1)"),
        ("<a href='/\t/example.org/x'>x</a>", "innerHTML: leads to http://example.org/x"),
        ("<img src='https://example.org/x'>", "innerHTML: shows https://example.org/x"),
        ("<img name=cookie>", "innerHTML: takes document.cookie"),
        ("<form><input name=action></form>", "innerHTML: has form"),
        ("<a name=x>y</a>", "innerHTML: has name on a"),
        ("<dialog open>x</dialog>", "innerHTML: has dialog"),
        ("</div><p>x</p>", "document: leaves its place"),
        (
            "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
            "written again: ran a script",
        ),
    ],
)
def test_the_page_would_notice(watched: Watched, html: str, expected: str) -> None:
    found = watched.read({"harmless": "<p>x</p>", "bad": html})
    assert "harmless" not in found
    assert expected in found["bad"], json.dumps(found, indent=1)


def test_the_page_would_notice_a_request(watched: Watched) -> None:
    found = watched.read({"bad": '<p style="background:url(https://example.org/x)">x</p>'})
    assert "asked for https://example.org/x as image" in found["the page"]
