"""Every page of the tool, found by following its links, in light, dark, on a phone and printed: to be looked at.

The pictures go to ``var/screenshots``, which the repository does not hold: there are some two hundred.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Page, Playwright, ViewportSize
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from lti_tool.models import Role
from lti_tool.services import accounts
from tests.journeys.activity import (
    answer_all,
    begin,
    expect_result,
    look_over_and_submit,
    open_in_window,
    open_quiz,
    sign_in,
)
from tests.journeys.browser import open_chromium
from tests.journeys.people import enrol
from tests.journeys.world import World

FOLDER = Path(__file__).parents[2] / "var" / "screenshots"
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 760}
MOST_PIXELS = 4_000
"""Of a picture's height."""
OWNER, PASSWORD = "owner@town.test", "a quiet green bicycle"
_LINKS = "() => [...document.querySelectorAll('a[href]:not([download])')].map(({href}) => href)"
_NUMBER = re.compile(r"\b\d+\b")
_FILE = re.compile(r"\.(?:json|zip|csv)$|/files/")


@dataclass(frozen=True, slots=True)
class Form:
    """A way to look at a page."""

    name: str
    view: ViewportSize
    scheme: Literal["light", "dark"] = "light"
    media: Literal["screen", "print"] = "screen"


FORMS = (
    Form("light", LAPTOP),
    Form("dark", LAPTOP, scheme="dark"),
    Form("phone", PHONE),
    Form("print", {"width": 794, "height": 1123}, media="print"),
)


def take_gallery(playwright: Playwright, folder: Path, world: World) -> int:
    """Walk as a learner, a trainer and an owner; gives the number of pictures."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with open_chromium(playwright, folder / "gallery", viewport=LAPTOP) as context:
        page = context.pages[0]
        sign_in(page, world.lms, enrol(world.stack.lms))
        window = open_in_window(page, world.lms)
        begin(window)
        open_quiz(window)
        answer_all(window, world.answers.quiz[1:])
        _take_all(window, "learner")
        open_quiz(window)
        look_over_and_submit(window)
        expect_result(window, "7 of 8")
        _take(window, "learner-result")
        window.close()

        sign_in(page, world.lms, enrol(world.stack.lms, "Instructor"))
        window = open_in_window(page, world.lms)
        window.get_by_role("heading", level=1).wait_for()
        _take_all(window, "trainer")
        window.close()

        with Session(create_engine(f"sqlite:///{world.tool_database}")) as session, session.begin():
            accounts.add_account(session, OWNER, PASSWORD, Role.OWNER, datetime.now(UTC))
        page.goto(f"{world.tool}/admin/")
        _take(page, "owner-sign-in")
        page.get_by_label("Name").fill(OWNER)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Platforms").first.wait_for()
        _take_all(page, "owner")
    return len(list(FOLDER.glob("*.png")))


def _take_all(page: Page, who: str) -> None:
    """Take the page that is open, and each that its links lead to, at whatever depth; of those that differ in a
    number alone, the first."""
    root = "/".join(page.url.split("/")[:5]) if "/l/" in page.url else f"{'/'.join(page.url.split('/')[:3])}/admin"
    seen: set[str] = set()
    waiting = [page.url]
    while waiting:
        address = waiting.pop(0)
        name = _name(address, root)
        if name in seen:
            continue
        seen.add(name)
        response = page.goto(address)
        if response is None or not response.ok or "text/html" not in response.headers.get("content-type", ""):
            continue
        # Where it led to may be a page that was taken already.
        if (there := _name(page.url, root)) in seen - {name}:
            continue
        seen.add(there)
        waiting += _inside(page, root)
        _take(page, f"{who}-{there}" if there else who)


def _name(address: str, root: str) -> str:
    path = urlsplit(address).path.removeprefix(urlsplit(root).path).strip("/")
    return _NUMBER.sub("n", re.sub(r"\W+", "-", path))


def _inside(page: Page, root: str) -> Iterator[str]:
    for address in page.evaluate(_LINKS):
        if address.startswith(f"{root}/") and not _FILE.search(urlsplit(address).path):
            yield address.split("#")[0]


def _take(page: Page, name: str) -> None:
    for form in FORMS:
        page.emulate_media(color_scheme=form.scheme, media=form.media)
        page.set_viewport_size(form.view)
        page.evaluate("() => document.fonts.ready.then(() => null)")
        height = min(page.evaluate("document.documentElement.scrollHeight"), MOST_PIXELS)
        path = FOLDER / f"{name}-{form.name}.png"
        clip = {"x": 0, "y": 0, "width": form.view["width"], "height": max(height, 200)}
        page.screenshot(path=path, full_page=True, clip=clip, animations="disabled")
    page.emulate_media(color_scheme="light", media="screen")
    page.set_viewport_size(LAPTOP)
