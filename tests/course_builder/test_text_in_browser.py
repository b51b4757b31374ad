"""Tabs, terms and checklists in a real browser: whole without script, by keyboard and pointer with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from course_builder.render import render_module
from tests.conftest import skip_unless_in_ci
from tests.course_builder.sources import PAGE, check
from tests.journeys.browser import find_chromium

PLAYER = Path(__file__).parents[2] / "course_builder" / "player"
ADDRESS = "http://course.test/"
GLOSSARY = "## Once only <!--#once-only-->\n\nA fact is given **once**.\n"
TEXT = """\
# A page

Ask [once](term:once-only), says the act.

::: tabs

::: tab {title=Town}

- [ ] Ask Aino <!--#ask-aino-->

:::

::: tab {title=Region}

Wait [here]{#far}.

:::

:::

$$
x_1 + x_2 + x_3 + x_4 + x_5 + x_6 + x_7 + x_8 + x_9 + x_{10} + x_{11} + x_{12} + x_{13} + x_{14}
$$

::: details {title="Only six people"}

Then one has two roles.

:::

::: reflection {#my-town}

What first?

:::
"""

pytestmark = pytest.mark.xdist_group("text in a browser")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        skip_unless_in_ci("there is no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def document() -> str:
    course, problems = check({PAGE: TEXT, "glossary.md": GLOSSARY})
    assert problems == []
    html = render_module(course.modules[0]).pages[0].html
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="player.css">'
        f'<script type="module" src="player.js"></script><main class="prose">{html}</main></html>'
    )


def serve(route: Route) -> None:
    name = route.request.url.removeprefix(ADDRESS).partition("#")[0]
    if name:
        route.fulfill(path=PLAYER / name)
    else:
        route.fulfill(body=document(), content_type="text/html")


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def has_script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def page(chromium: Browser, has_script: bool) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=has_script, viewport={"width": 320, "height": 640})
    context.set_default_timeout(30_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route(f"{ADDRESS}**", serve)
    page.goto(ADDRESS)
    if has_script:
        page.locator("[role=tablist]").wait_for(timeout=30_000)
    yield page
    context.close()
    assert errors == []


def test_boxes_of_a_checklist_are_ticked_by_their_words(page: Page) -> None:
    page.get_by_text("Ask Aino").click()
    expect(page.get_by_role("checkbox", name="Ask Aino")).to_be_checked()


def test_a_wide_formula_scrolls_in_its_place(page: Page) -> None:
    box = page.locator(".math").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 320


@pytest.mark.parametrize("has_script", [False], indirect=True, ids=["without script"])
def test_without_script_all_tabs_and_definitions_are_there(page: Page) -> None:
    expect(page.get_by_text("Town", exact=True)).to_be_visible()
    expect(page.get_by_text("Wait here.")).to_be_visible()
    page.get_by_role("link", name="once").click()
    assert page.url == f"{ADDRESS}#term_once-only"
    expect(page.get_by_text("A fact is given")).to_be_visible()


@pytest.mark.parametrize("has_script", [True], indirect=True, ids=["with script"])
class TestWithScript:
    def test_tabs_are_chosen_by_arrows(self, page: Page) -> None:
        town, region = page.get_by_role("tab", name="Town"), page.get_by_role("tab", name="Region")
        town.focus()
        page.keyboard.press("ArrowRight")
        expect(region).to_be_focused()
        expect(region).to_have_attribute("aria-selected", "true")
        expect(page.get_by_role("tabpanel", name="Region")).to_be_visible()
        expect(page.get_by_text("Ask Aino")).to_be_hidden()
        page.keyboard.press("ArrowRight")
        expect(town).to_be_focused()

    def test_an_address_opens_the_tab_that_it_points_into(self, page: Page) -> None:
        page.goto(f"{ADDRESS}#far")
        expect(page.get_by_text("Wait here.")).to_be_visible()

    def test_paper_shows_all_tabs(self, page: Page) -> None:
        page.emulate_media(media="print")
        expect(page.get_by_text("Ask Aino")).to_be_visible()
        expect(page.get_by_text("Wait here.")).to_be_visible()

    def test_paper_shows_what_opens_on_request(self, page: Page) -> None:
        hidden = page.get_by_text("Then one has two roles.")
        assert not hidden.evaluate("(text) => text.checkVisibility({contentVisibilityAuto: true})")
        page.emulate_media(media="print")
        assert hidden.evaluate("(text) => text.checkVisibility({contentVisibilityAuto: true})")
        assert hidden.bounding_box()["height"] > 10  # type: ignore[index]  # it has a box.

    def test_a_definition_opens_on_focus_and_closes_with_escape(self, page: Page) -> None:
        link, box = page.get_by_role("link", name="once"), page.locator(".term-box")
        link.focus()
        expect(box).to_have_text(re.compile("A fact is given once."))
        expect(link).to_have_accessible_description(re.compile("A fact is given once."))
        page.keyboard.press("Escape")
        expect(box).to_be_hidden()
        expect(link).to_be_focused()

    def test_a_definition_can_be_pointed_at(self, page: Page) -> None:
        link, box = page.get_by_role("link", name="once"), page.locator(".term-box")
        link.hover()
        expect(box).to_be_visible()
        box.hover()
        expect(box).to_be_visible()
        page.mouse.move(5, 630)
        expect(box).to_be_hidden()

    def test_a_private_note_says_that_it_is_not_kept(self, page: Page) -> None:
        field = page.get_by_role("textbox", name="Private note: only you see it")
        expect(field).to_have_accessible_description("This note is not kept when you leave the page.")
