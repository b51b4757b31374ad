"""The preview in a real browser, while files are saved under it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from tests.journeys.audit import audit
from tests.journeys.keyboard import Keyboard
from tests.preview.conftest import Open, OpenGuide, Running

SESSION = """\
# A town

::: session {#kick-off title="Kick-off" minutes=20 mode=room}

Bring a pen.

::: facilitator

Open the window first.

:::

::: step {minutes=5}

Sit down

:::

::: step {minutes=15}

Say where your idea stopped

::: facilitator

Stop them after a minute.

:::

:::

:::
"""
TABS = """\
# A town

:::: tabs

::: tab {title="In a town"}

Ask the town manager.

:::

::: tab {title="In a region"}

Ask the director of services.

:::

::::

- [ ] Ask somebody
- [ ] Write it down

::: reflection {#who-else}

Who else could have moved it?

:::
"""
BROKEN = "# A town\n\n::: quiz {#q}\n"


def shown(page: Page) -> FrameLocator:
    return page.frame_locator("[data-shown]")


def text(page: Page) -> FrameLocator:
    return shown(page).locator("main")


def scroll_to(page: Page, selector: str) -> None:
    """Put an element at the upper edge of the shown page."""
    shown(page).locator(selector).evaluate("(element) => element.scrollIntoView({behavior: 'instant'})")


def height_of(page: Page, selector: str) -> float:
    """Say how far below the upper edge of the frame an element stands."""
    return float(shown(page).locator(selector).evaluate("(element) => element.getBoundingClientRect().top"))


def test_a_save_shows_in_place_and_keeps_the_place_and_the_choice(look: Open, preview: Running) -> None:
    page = look().page
    choice = shown(page).get_by_label("Narva")
    choice.check()
    scroll_to(page, "#part-5")
    before = height_of(page, "#part-5")
    preview.edit("page.md", "Who decides?", "Who decides here?\n\nAnd who pays?\n\nAnd who answers for it?")
    expect(text(page)).to_contain_text("And who answers for it?")
    assert abs(height_of(page, "#part-5") - before) <= 1
    expect(choice).to_be_checked()


def test_a_choice_outlives_a_change_of_its_own_question(look: Open, preview: Running) -> None:
    page = look().page
    shown(page).get_by_label("Narva").check()
    preview.edit("page.md", "Which one is a town?", "Which of the two is a town?")
    expect(text(page)).to_contain_text("Which of the two is a town?")
    expect(shown(page).get_by_label("Narva")).to_be_checked()


def test_the_accent_of_the_course_is_on_the_page_as_soon_as_it_is_saved(look: Open, preview: Running) -> None:
    page = look().page
    button = shown(page).get_by_role("link", name="Next: ")
    file = preview.root / "course.yaml"
    text = file.read_text(encoding="utf-8")
    for accent, colour in (("#7a1f5c", "rgb(122, 31, 92)"), ("#1f4f96", "rgb(31, 79, 150)")):
        file.write_text(f'{text}theme: {{accent: "{accent}"}}\n', encoding="utf-8")
        expect(button).to_have_css("background-color", colour)
    file.write_text(text, encoding="utf-8")
    expect(button).to_have_css("background-color", "rgb(11, 84, 104)")


def test_the_focus_stays_where_it_was(look: Open, preview: Running) -> None:
    page = look().page
    shown(page).get_by_label("Peipus").focus()
    preview.edit("page.md", "Which one is a town?", "Which of the two is a town?")
    expect(text(page)).to_contain_text("Which of the two is a town?")
    expect(shown(page).get_by_label("Peipus")).to_be_focused()


def test_what_did_not_change_is_not_touched(look: Open, preview: Running) -> None:
    page = look().page
    shown(page).locator("#part-3").evaluate("(element) => { element.isMine = true; }")
    preview.edit("page.md", "Who decides?", "Who decides here?")
    expect(text(page)).to_contain_text("Who decides here?")
    assert shown(page).locator("#part-3").evaluate("(element) => element.isMine") is True


def test_an_answer_that_was_checked_outlives_a_save(look: Open, preview: Running) -> None:
    page = look().page
    shown(page).get_by_label("Peipus").check()
    shown(page).get_by_role("button", name="Check").click()
    expect(text(page)).to_contain_text("That is a lake.")
    preview.edit("page.md", "That is a lake.", "That is a large lake.")
    expect(text(page)).to_contain_text("That is a large lake.")
    expect(text(page)).to_contain_text("You chose it, but it is wrong.")


def test_a_broken_page_shows_its_problem_and_its_last_good_version(look: Open, preview: Running) -> None:
    page = look().page
    good = preview.read("page.md")
    preview.write("page.md", BROKEN)
    problems = page.get_by_role("region", name="Problems")
    expect(problems).to_contain_text("The block quiz is never closed")
    expect(problems.get_by_role("link", name="Line 3, column 1").first).to_have_attribute(
        "href", f"vscode://file{preview.root}/modules/m1-town/page.md:3:1"
    )
    expect(text(page)).to_contain_text("You see this page as it was at")
    expect(text(page)).to_contain_text("Who decides?")
    preview.write("page.md", good)
    expect(problems).to_be_hidden()
    expect(text(page)).not_to_contain_text("You see this page as it was at")


def test_the_other_pages_go_on(look: Open, preview: Running) -> None:
    page = look().page
    preview.write("page.md", BROKEN)
    page.get_by_text("Contents").click()
    contents = page.get_by_role("navigation", name="Contents")
    expect(contents.get_by_role("link", name="A town")).to_contain_text("2 errors")
    contents.get_by_role("link", name="Another page").click()
    expect(text(page)).to_contain_text("Back to the town")
    preview.edit("other.md", "Back to", "Go back to")
    expect(text(page)).to_contain_text("Go back to the town")


def test_a_save_while_the_next_page_is_on_its_way_is_not_missed(look: Open, preview: Running) -> None:
    page = look().page

    def hold_old_version(route: Route) -> None:
        response = route.fetch()
        preview.edit("other.md", "Back to", "Go back to")
        expect(page.get_by_text("Saved ")).to_be_visible()
        route.fulfill(response=response)

    page.route("**/page/m1-town/other", hold_old_version, times=1)
    shown(page).get_by_role("link", name="Next: Another page").click()
    expect(text(page)).to_contain_text("Go back to the town")


def test_links_of_a_page_lead_on_and_the_bar_follows(look: Open, preview: Running) -> None:
    page = look().page
    shown(page).get_by_role("link", name="Next: Another page").click()
    expect(page.get_by_role("heading", name="Another page")).to_be_visible()
    expect(page).to_have_url(re.compile("/view/m1-town/other$"))
    expect(page.get_by_role("link", name="Open other.md")).to_be_visible()


def test_what_the_checks_find_does_not_hide_the_page(look: Open, preview: Running) -> None:
    page = look().page
    preview.edit("page.md", "Who decides?", "Who decides? ![](assets/dot.svg)")
    expect(page.get_by_role("region", name="Problems")).to_contain_text("This image has no alternative text")
    expect(shown(page).locator("main img")).to_be_visible()
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_role("region", name="Problems")).to_be_hidden()
    expect(page.get_by_role("button", name="1 error")).to_be_focused()


def test_widths_colours_and_paper(look: Open, preview: Running) -> None:
    page = look(color_scheme="light").page
    page.get_by_role("button", name="View").click()
    for width, pixels in (("Phone", 390), ("Tablet", 768), ("320 px", 320)):
        page.get_by_label(width).check()
        # A frame takes its new size with its next picture, not at once.
        page.wait_for_function("(pixels) => document.querySelector('[data-shown]').clientWidth === pixels", arg=pixels)
        page.frames[1].wait_for_function("(pixels) => innerWidth === pixels", arg=pixels)
    body = shown(page).locator("body")
    expect(body).to_have_css("background-color", "rgb(251, 250, 247)")
    page.get_by_label("Dark").check()
    expect(body).to_have_css("background-color", "rgb(16, 24, 31)")
    page.get_by_label("Paper").check()
    expect(body).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(shown(page).get_by_role("link", name="Next: Another page")).to_be_hidden()
    page.reload()
    expect(body).to_have_css("background-color", "rgb(255, 255, 255)")


def test_facilitator_notes_are_there_for_who_asks(look: Open, preview: Running) -> None:
    page = look().page
    notes = shown(page).get_by_role("note", name="For facilitators")
    expect(shown(page).get_by_text("Ask who was there.")).to_be_hidden()
    page.get_by_role("button", name="View").click()
    page.get_by_label("Facilitator notes").check()
    expect(notes).to_contain_text("Ask who was there.")
    preview.edit("page.md", "Ask who was there.", "Ask who was not there.")
    expect(notes).to_contain_text("Ask who was not there.")


def test_notes_of_a_session_stand_beside_their_steps(look: Open, preview: Running) -> None:
    page = look().page
    page.get_by_role("button", name="View").click()
    page.get_by_label("Facilitator notes").check()
    preview.write("page.md", SESSION)
    steps = shown(page).locator(".step")
    expect(steps).to_have_count(2)
    expect(steps.nth(0).get_by_role("note")).to_have_count(0)
    expect(steps.nth(1).get_by_role("note", name="For facilitators")).to_contain_text("Stop them after a minute.")
    expect(shown(page).get_by_role("note").first).to_contain_text("Open the window first.")
    page.get_by_label("Facilitator notes").uncheck()
    expect(shown(page).get_by_text("Stop them after a minute.")).to_be_hidden()


def test_the_contents_name_modules_that_nobody_opened_in_the_order_of_the_course(look: Open, preview: Running) -> None:
    file = preview.root / "course.yaml"
    file.write_text(file.read_text().replace("[m1-town, m2-lake]", "[m2-lake, m1-town]"))
    page = look().page
    page.get_by_text("Contents").click()
    modules = page.get_by_role("navigation", name="Contents").locator("ul.outline .outline-title")
    expect(modules).to_have_text(["The lake", "The town"])


def test_tabs_and_boxes_stay_as_the_reader_left_them(look: Open, preview: Running) -> None:
    page = look().page
    preview.write("page.md", TABS)
    shown(page).get_by_role("tab", name="In a region").click()
    shown(page).get_by_label("Ask somebody").check()
    shown(page).get_by_role("textbox").fill("My last idea")
    preview.write(
        "page.md", TABS.replace("the director", "the head").replace("Write it", "Note it").replace("Who else", "Who")
    )
    expect(text(page)).to_contain_text("Ask the head of services.")
    expect(shown(page).get_by_role("tab", name="In a region")).to_have_attribute("aria-selected", "true")
    expect(shown(page).get_by_text("Ask the head of services.")).to_be_visible()
    expect(shown(page).get_by_text("Ask the town manager.")).to_be_hidden()
    expect(text(page)).to_contain_text("Note it down")
    expect(shown(page).get_by_label("Ask somebody")).to_be_checked()
    expect(shown(page).get_by_role("textbox")).to_have_value("My last idea")


def test_goes_along_with_the_author_who_asks_for_it(look: Open, preview: Running) -> None:
    page = look().page
    preview.edit("other.md", "Back to", "Go back to")
    page.get_by_role("button", name="View").click()
    page.get_by_label("Always the page I save").check()
    preview.edit("other.md", "Go back to", "Return to")
    expect(text(page)).to_contain_text("Return to the town")


def test_an_editor_that_replaces_the_file_is_followed(look: Open, preview: Running) -> None:
    page = look().page
    file = preview.root / "modules/m1-town/page.md"
    new = file.with_name(".page.md.swp")
    new.write_text(preview.read("page.md").replace("Who decides?", "Nobody decides."), encoding="utf-8")
    new.replace(file)
    expect(text(page)).to_contain_text("Nobody decides.")


def test_two_windows_follow(look: Open, preview: Running) -> None:
    seen = look()
    other = seen.context.new_page()
    other.goto(f"{preview.address}view/m1-town/page")
    expect(text(other)).to_contain_text("Who decides?")
    preview.edit("page.md", "Who decides?", "Nobody decides.")
    expect(text(other)).to_contain_text("Nobody decides.")
    expect(text(seen.page)).to_contain_text("Nobody decides.")


def test_everything_by_keyboard(look: Open, preview: Running) -> None:
    page = look().page
    preview.write("page.md", BROKEN)
    expect(page.get_by_role("region", name="Problems")).to_be_visible()
    Keyboard(page).go_to("Hide")
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Problems")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Problems")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Width")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Tablet")).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="View")).to_be_focused()


@pytest.mark.usefixtures("axe")
def test_has_no_barriers(look: Open, preview: Running) -> None:
    page = look().page
    page.get_by_role("button", name="View").click()
    page.get_by_label("Facilitator notes").check()
    audit(page)
    preview.edit("page.md", "Who decides?", "Who decides? ![](assets/dot.svg) [here](other.md)")
    expect(page.get_by_role("region", name="Problems")).to_contain_text("This image has no alternative text")
    page.get_by_text("Why this matters").first.click()
    audit(page)
    preview.write("page.md", BROKEN)
    expect(text(page)).to_contain_text("You see this page as it was at")
    page.get_by_text("Contents").click()
    audit(page)


def test_films_scenes_and_tabs_work_and_outlive_a_save(look_at_guide: OpenGuide) -> None:
    page, file = look_at_guide("film-and-scenes.md")
    scene = shown(page).locator("[data-scene=panorama]")
    scene.get_by_role("button", name="Look around").click()
    stage = scene.get_by_role("group", name="The market square")
    expect(stage).to_be_focused()
    expect(scene.get_by_role("status")).to_contain_text("Town hall")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    expect(scene.get_by_role("status")).to_contain_text("Harbour")
    scene.get_by_role("button", name="Harbour").click()
    expect(scene).to_contain_text("The harbour master answers here.")
    film = shown(page).locator("video").first
    film.evaluate("(video) => { video.muted = true; return video.play(); }")
    expect(shown(page).locator("video track")).not_to_have_count(0)
    file.write_text(file.read_text().replace("Nothing here starts by itself.", "Here nothing starts by itself."))
    expect(text(page)).to_contain_text("Here nothing starts by itself.")
    expect(stage).to_be_visible()
    assert film.evaluate("(video) => video.currentTime > 0 || !video.paused")
    file.write_text(file.read_text().replace("You stand on the market", "You stand in the middle of the market"))
    expect(scene).to_contain_text("You stand in the middle")
    scene.get_by_role("button", name="Look around").click()
    expect(stage).to_be_focused()


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("name", ["film-and-scenes.md", "course-and-module.md", "together.md"])
def test_the_guide_in_the_preview_has_no_barriers(look_at_guide: OpenGuide, name: str) -> None:
    page, _ = look_at_guide(name)
    page.get_by_role("button", name="View").click()
    page.get_by_label("Facilitator notes").check()
    audit(page)


def test_at_four_times_the_size_everything_is_reached(look: Open, preview: Running) -> None:
    """1280 by 1024 pixels at 400 % are 320 by 256."""
    page = look(viewport={"width": 320, "height": 256}).page
    preview.write("page.md", BROKEN)
    expect(page.get_by_role("region", name="Problems")).to_be_visible()
    page.get_by_role("button", name="View").click()
    for reached in (
        page.get_by_role("button", name="Print"),
        page.get_by_role("link", name="Line 3, column 1").first,
        page.locator("[data-shown]"),
    ):
        reached.scroll_into_view_if_needed()
        box = reached.bounding_box()
        assert box is not None
        assert box["width"] > 0
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    frame = page.locator("[data-shown]").bounding_box()
    assert frame is not None
    assert frame["height"] >= 200
