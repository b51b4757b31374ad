"""Each question type in a real browser: by keyboard alone, as a screen reader is told it, and without barriers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.models import Answer
from tests.journeys.audit import NARROW, WIDE, find_barriers
from tests.journeys.keyboard import Keyboard
from tests.lti_tool.learn.all_types import QUESTIONS

expect.set_options(timeout=30_000)

pytestmark = [
    pytest.mark.parametrize("make_app", ["sqlite"], indirect=True),
    pytest.mark.xdist_group("scripts"),
]

GOLDEN = Path(__file__).parent / "golden" / "question-types.txt"


def card(tab: Page, type_: str) -> Locator:
    return tab.locator(f"[id=q-{type_}]")


def kept(app, type_: str) -> object:
    with app.app_context():
        return db.session.scalar(select(Answer.response).filter_by(question_id=f"q-{type_}"))


def expect_saved(tab: Page, type_: str) -> None:
    expect(card(tab, type_).locator("[data-saved]")).to_contain_text("Saved")


# By keyboard alone.


def by_arrows(keyboard: Keyboard, words: str, group: str, key: str = "ArrowDown") -> None:
    """Enter a group of radio buttons, and go on with the arrows to the right one."""
    stop = keyboard.go_to("", group=group)
    keyboard.press("Space")
    while words not in stop.name:
        stop = keyboard.go_to("", group=group, key=key)


def by_space(keyboard: Keyboard, group: str, *words: str) -> None:
    for each in words:
        keyboard.go_to(each, group=group)
        keyboard.press("Space")


def by_typing(keyboard: Keyboard, group: str, text: str) -> None:
    keyboard.go_to("", group=group)
    for character in text:
        keyboard.press(character if character != " " else "Space")
    keyboard.press("Tab")


def by_first_letter(keyboard: Keyboard, description: str, text: str) -> None:
    """Choose from a list as one does: its letters."""
    keyboard.go_to(description)
    for character in text:
        keyboard.press(character)


def answer_single(tab: Page, keyboard: Keyboard) -> None:
    by_arrows(keyboard, "The town", "q-q-single")


def answer_multiple(tab: Page, keyboard: Keyboard) -> None:
    for _ in range(3):
        if re.search("bridge|tower", keyboard.go_to("", group="q-q-multiple").name):
            keyboard.press("Space")


def answer_truefalse(tab: Page, keyboard: Keyboard) -> None:
    by_arrows(keyboard, "True", "q-q-truefalse")


def answer_number(tab: Page, keyboard: Keyboard) -> None:
    by_typing(keyboard, "q-q-number", "12,5")


def answer_text(tab: Page, keyboard: Keyboard) -> None:
    by_typing(keyboard, "q-q-text", "once only")


def answer_order(tab: Page, keyboard: Keyboard) -> None:
    items = card(tab, "order").locator(".option-text")
    for place, words in enumerate(("Plan", "Permit", "Build")):
        steps = items.all_inner_texts().index(words) - place
        if steps:
            keyboard.go_to("Move up", description=words)
        for _ in range(steps):
            keyboard.press("Enter")


def answer_match(tab: Page, keyboard: Keyboard) -> None:
    for item, words in (("The council", "decides"), ("The officer", "prepares")):
        [letter] = [text[0] for text in card(tab, "match").locator(".match-option").all_inner_texts() if words in text]
        keyboard.go_to("", group=f"q-q-match.{name_of(tab, 'match', item)}")
        keyboard.press(letter)


def name_of(tab: Page, type_: str, words: str) -> str:
    """The drawn name of an item."""
    name = card(tab, type_).locator("[data-item]", has_text=words).get_attribute("data-item")
    assert name
    return name


def answer_gap(tab: Page, keyboard: Keyboard) -> None:
    keyboard.go_to("Gap 1 of 2")
    for character in "once":
        keyboard.press(character)
    keyboard.go_to("Gap 2 of 2")
    keyboard.press("p")


def answer_table(tab: Page, keyboard: Keyboard) -> None:
    for item, words in (("It has a bridge.", "Yes"), ("It has a harbour.", "No")):
        by_arrows(keyboard, "", f"q-q-table.{name_of(tab, 'table', item)}")
        if not card(tab, "table").get_by_role("radio", name=f"{item} {words}").is_checked():
            keyboard.press("ArrowRight")


def answer_survey(tab: Page, keyboard: Keyboard) -> None:
    for item in ("I like it.", "I use it."):
        by_arrows(keyboard, "", f"q-q-survey.{name_of(tab, 'survey', item)}")


def answer_hotspot(tab: Page, keyboard: Keyboard) -> None:
    by_space(keyboard, "q-q-hotspot", "The north bank")


def answer_essay(tab: Page, keyboard: Keyboard) -> None:
    by_typing(keyboard, "q-q-essay", "It joins us")


BY_KEYBOARD: dict[str, tuple[Callable[[Page, Keyboard], None], object]] = {
    "single": (answer_single, "town"),
    "multiple": (answer_multiple, ["bridge", "tower"]),
    "truefalse": (answer_truefalse, "true"),
    "number": (answer_number, "12,5"),
    "text": (answer_text, "once only"),
    "order": (answer_order, ["plan", "permit", "build"]),
    "match": (answer_match, {"council": "decides", "officer": "prepares"}),
    "gap": (answer_gap, {"how-often": "once", "what": "pass on"}),
    "table": (answer_table, {"has-bridge": "yes", "has-harbour": "no"}),
    "survey": (answer_survey, {"like": "well", "use": "well"}),
    "hotspot": (answer_hotspot, ["north"]),
    "essay": (answer_essay, "It joins us"),
}


@pytest.mark.parametrize("type_", [type_ for type_ in QUESTIONS if type_ != "upload"])
def test_is_answered_with_the_keyboard_alone(app, type_learner, tab, type_):
    tab.goto(type_learner.home + "pages/quiz")
    answer, response = BY_KEYBOARD[type_]
    answer(tab, Keyboard(tab))
    expect_saved(tab, type_)
    expect(tab.locator("[data-status]")).to_be_empty()
    tab.wait_for_function("() => !sessionStorage.length")
    assert kept(app, type_) == response
    tab.reload()
    expect_shown(tab, type_, response)


def test_a_file_is_handed_in_and_taken_back_with_the_keyboard_alone(app, type_learner, tab):
    tab.goto(type_learner.home + "pages/quiz")
    tab.evaluate("window.stays = true")
    keyboard = Keyboard(tab)
    keyboard.go_to("Your files")
    keyboard.choose_file("Enter", {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 the plan"})
    keyboard.go_to("Add")
    keyboard.press("Enter")
    expect(card(tab, "upload").get_by_role("listitem")).to_contain_text("plan.pdf 1 kB")
    expect_saved(tab, "upload")
    assert kept(app, "upload") == ["plan.pdf"]
    keyboard.go_to("plan.pdf")
    keyboard.go_to("Take back", description="plan.pdf")
    keyboard.press("Enter")
    expect(card(tab, "upload").get_by_role("listitem")).to_have_count(0)
    assert kept(app, "upload") is None
    assert tab.evaluate("window.stays"), "the page was loaded anew, and with it went what others typed"


def test_a_file_that_is_refused_is_explained_in_place(app, type_learner, tab):
    tab.goto(type_learner.home + "pages/quiz")
    tab.evaluate("window.stays = true")
    field = card(tab, "upload").locator("input[type=file]")
    field.set_input_files({"name": "plan.txt", "mimeType": "text/plain", "buffer": b"a plan"})
    card(tab, "upload").get_by_role("button", name="Add").click()
    # Read out as what has the focus, and not as an alert besides.
    expect(card(tab, "upload").get_by_role("group", name="“plan.txt” is of another kind.")).to_be_focused()
    expect(card(tab, "upload").get_by_role("alert")).to_have_count(0)
    assert tab.evaluate("window.stays")


def expect_shown(tab: Page, type_: str, response: object) -> None:
    """The answer is there again: as many controls hold something as were answered."""
    values = (
        card(tab, type_)
        .locator("input:checked, input[type=text], textarea, select")
        .evaluate_all("(all) => all.map((each) => each.value).filter(Boolean)")
    )
    assert len(values) == (1 if isinstance(response, str) else len(response))


# With a pointer.


def test_a_place_in_the_picture_is_pointed_at_moved_and_taken_away(app, type_learner, tab):
    tab.goto(type_learner.home + "pages/quiz")
    image = card(tab, "hotspot").locator("img")
    image.scroll_into_view_if_needed()
    box = image.bounding_box()
    assert box
    image.click(position={"x": box["width"] / 2, "y": box["height"] / 4})
    marker = card(tab, "hotspot").locator(".hotspot-marker")
    expect(marker).to_be_focused()
    expect_saved(tab, "hotspot")
    [place] = kept(app, "hotspot")
    left, top = (float(each) for each in place.split(","))
    assert abs(left - 50) < 1
    assert abs(top - 25) < 1
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Shift+ArrowDown")
    expect(card(tab, "hotspot").get_by_role("checkbox", name="Place 1")).to_be_checked()
    tab.wait_for_function("() => !sessionStorage.length")
    assert kept(app, "hotspot") == [f"{left + 1:g},{top + 5:g}"]
    tab.keyboard.press("Delete")
    expect(marker).to_have_count(0)
    tab.wait_for_function("() => !sessionStorage.length")
    assert not kept(app, "hotspot")


def test_pairs_are_made_by_tapping_and_by_dragging(app, type_learner, tab):
    tab.goto(type_learner.home + "pages/quiz")
    match = card(tab, "match")
    match.locator("[data-item]", has_text="The officer").locator(".option-text").click()
    match.locator(".match-option", has_text="prepares").click()
    expect_saved(tab, "match")
    match.locator(".match-option", has_text="decides").drag_to(match.locator("[data-item]", has_text="The council"))
    tab.wait_for_function("() => !sessionStorage.length")
    assert kept(app, "match") == {"council": "decides", "officer": "prepares"}


def test_an_unclear_number_is_asked_back_in_place(app, type_learner, tab):
    tab.goto(type_learner.home + "pages/quiz")
    field = card(tab, "number").get_by_label("Your answer")
    field.fill("1,000")
    alert = card(tab, "number").get_by_role("alert")
    expect(alert).to_contain_text("can be read in two ways")
    alert.get_by_role("button", name="1000").click()
    expect(field).to_have_value("1000")
    expect(field).to_be_focused()
    expect(alert).to_be_hidden()
    expect_saved(tab, "number")
    tab.wait_for_function("() => !sessionStorage.length")
    assert kept(app, "number") == "1000"


def test_words_are_counted_and_said(type_learner, tab):
    tab.goto(type_learner.home + "pages/quiz")
    card(tab, "essay").get_by_label("Your answer").fill("Don't stop, wörld: 12 bridges!")
    expect(card(tab, "essay").get_by_role("status").first).to_have_text("5 of 50 words")


EARLY = {
    "single": (lambda place: place.get_by_label("The town").check(), "town"),
    "essay": (lambda place: place.get_by_label("Your answer").fill("Early."), "Early."),
    "order": (lambda place: place.locator("li", has_text="Plan").get_by_label("Position").select_option("1"), "plan"),
}


@pytest.mark.parametrize("type_", EARLY)
def test_what_is_answered_before_the_scripts_are_there_is_kept_too(app, type_learner, tab, type_):
    held = []
    tab.route("**/tool/learn.js", lambda route: held.append(route))
    tab.goto(type_learner.home + "pages/quiz", wait_until="commit")
    answer, found = EARLY[type_]
    answer(card(tab, type_))
    tab.wait_for_timeout(300)
    held[0].continue_()
    expect_saved(tab, type_)
    response = kept(app, type_)
    assert (response[0] if type_ == "order" else response) == found
    # What the page came with is no news to anybody.
    asked = []
    tab.on("request", lambda request: asked.append(request.method))
    tab.unroute_all()
    tab.reload()
    tab.wait_for_timeout(1_000)
    assert "PUT" not in asked


CONFLICTS = {
    "number": ("12", "13", ["12", "13"]),
    "gap": ("once", "twice", ["Gap 1 of 2: once", "Gap 1 of 2: twice"]),
    "essay": ("Mine.", "Theirs.", ["Mine.", "Theirs."]),
}


@pytest.mark.parametrize("type_", CONFLICTS)
def test_two_windows_that_disagree_are_told_in_words(app, type_learner, tab, type_):
    mine, theirs, said = CONFLICTS[type_]
    tab.goto(type_learner.home + "pages/quiz")
    label = "Gap 1" if type_ == "gap" else ""
    type_learner.open("pages/quiz").write(f"q-{type_}", theirs, label).press("Save")
    field = card(tab, type_).locator("input[type=text], textarea").first
    field.fill(mine)
    conflict = card(tab, type_).locator("[data-conflict]")
    expect(conflict.get_by_role("definition")).to_have_text(said)
    expect(field).to_have_value(mine)
    conflict.get_by_role("button", name="Keep the other answer").click()
    expect(field).to_have_value(theirs)


# What a screen reader is told, and barriers.


def tree(tab: Page, type_: str) -> Iterator[str]:
    """The accessibility tree of a question: role, name and state, one a line."""
    yield f"# {type_}"
    yield re.sub(r"\b[0-9.]+ % from", "N % from", card(tab, type_).aria_snapshot())


def test_the_accessibility_trees_are_as_they_were_read(type_learner, tab):
    tab.goto(type_learner.home + "pages/quiz")
    said = "\n".join(line for type_ in QUESTIONS for line in tree(tab, type_)) + "\n"
    assert said == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("page", ["checks", "quiz"])
def test_no_barriers_in_any_scheme_or_width(type_learner, tab, page):
    tab.goto(f"{type_learner.home}pages/{page}")
    found = []
    for scheme, view, forced in (("light", WIDE, "none"), ("dark", WIDE, "none"), ("light", NARROW, "active")):
        tab.emulate_media(color_scheme=scheme, forced_colors=forced, reduced_motion="reduce")
        tab.set_viewport_size(view)
        found += [f"{scheme}, {view['width']} px: {line}" for line in find_barriers(tab)]
        assert tab.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert not found, "\n".join(found)
