"""What people do in the tool: open the activity from the LMS, read, answer, submit."""

from __future__ import annotations

from collections.abc import Iterable

from playwright.sync_api import FrameLocator, Locator, Page, expect

from lti_tool.demo.answers import Known, squeeze
from lti_tool.practice_lms.model import Person
from tests.journeys.people import COURSE, IN_FRAME, IN_WINDOW

Inside = FrameLocator | Page
MOST_REFRESHES = 20


def sign_in(page: Page, lms: str, person: Person) -> None:
    """Become somebody; the LMS goes on into the first activity."""
    page.goto(lms)
    page.get_by_role("listitem").filter(has_text=person.name).get_by_role("button").click()
    # Else the next address would be opened before the LMS knows who it is.
    page.wait_for_url("**/courses/**", wait_until="commit")


def in_frame(page: Page) -> FrameLocator:
    """Give the frame of the activity that the page shows."""
    return page.frame_locator("iframe[name=activity]")


def open_in_frame(page: Page, lms: str, placement_id: int = IN_FRAME) -> FrameLocator:
    """Open the activity in the frame of its page."""
    page.goto(f"{lms}/courses/{COURSE}/placements/{placement_id}")
    return in_frame(page)


def open_in_window(page: Page, lms: str) -> Page:
    """Open the activity in a window of its own."""
    page.goto(f"{lms}/courses/{COURSE}/placements/{IN_WINDOW}")
    return new_window(page, page.get_by_role("link", name="Open in a new window"))


def new_window(page: Page, link: Locator) -> Page:
    """Follow a link that opens a window."""
    with page.context.expect_page() as opened:
        link.click()
    return opened.value


def begin(inside: Inside) -> None:
    """Go from the start page to the first page."""
    inside.get_by_role("link", name="Start", exact=True).click()
    inside.get_by_role("navigation", name="Previous and next page").wait_for()


def go_on(inside: Inside) -> None:
    """Go to the next page; one whose questions are answered is done by itself, another one by the button."""
    heading = inside.get_by_role("heading", level=1).inner_text()
    done, onward = inside.get_by_role("button", name="Done. Next:"), inside.get_by_role("link", name="Next:")
    done.or_(onward).click()
    expect(inside.get_by_role("heading", level=1)).not_to_have_text(heading)


def open_quiz(inside: Inside) -> None:
    """Choose the quiz from the contents."""
    inside.get_by_text("Contents", exact=True).first.click()
    inside.get_by_role("navigation", name="Contents").get_by_role("link", name="Quiz").click()
    expect(inside.get_by_role("heading", level=1)).to_contain_text("Quiz")


def question(inside: Inside, known: Known) -> Locator:
    """Find a question's card."""
    return inside.locator(f"[data-question='{known.id}']")


def option(inside: Inside, known: Known, text: str) -> Locator:
    """Find an option by its words."""
    options = question(inside, known).locator(".option")
    options.first.wait_for()
    for index in range(options.count()):
        if squeeze(options.nth(index).locator(".option-text").inner_text()) == squeeze(text):
            return options.nth(index)
    raise AssertionError(f"{known.id} offers no option {text!r}")


def answer(inside: Inside, known: Known, *, rightly: bool = True) -> None:
    """Answer a question; an order is always put right."""
    if known.type == "order":
        for place, text in enumerate(known.right, 1):
            option(inside, known, text).get_by_label("Position").select_option(str(place))
        return
    for text in known.right if rightly else known.wrong[:1]:
        option(inside, known, text).locator("input").check()


def answer_all(inside: Inside, questions: Iterable[Known], wrongly: str = "") -> None:
    """Answer questions, one of them wrongly if its id is given, and wait until all answers are kept."""
    for known in questions:
        answer(inside, known, rightly=known.id != wrongly)
    for known in questions:
        expect_saved(inside, known)


def expect_answered(inside: Inside, known: Known) -> None:
    """Check that a question shows the right answer as chosen."""
    if known.type == "order":
        shown = question(inside, known).locator(".option-text").all_inner_texts()
        assert [squeeze(text) for text in shown] == [squeeze(text) for text in known.right]
        return
    for text in known.right:
        expect(option(inside, known, text).locator("input")).to_be_checked()


def expect_saved(inside: Inside, known: Known) -> None:
    """Wait until the page says that an answer is kept."""
    expect(question(inside, known).locator("[data-saved]")).to_contain_text("Saved")


def look_over_and_submit(inside: Inside) -> None:
    """Go through the page before submitting, and submit."""
    inside.get_by_role("button", name="Look over and submit").click()
    expect(inside.get_by_role("heading", name="Before you submit")).to_be_visible()
    inside.get_by_role("button", name="Submit", exact=True).click()


def expect_result(inside: Inside, reached: str) -> None:
    """Wait for the score of a submitted quiz, such as ``7 of 8``."""
    expect(inside.get_by_role("heading", name=f"You reached {reached} points.")).to_be_visible()


def refresh_until(inside: Inside, row: str, text: str) -> None:
    """Refresh the trainer's page until somebody's row holds a text."""
    found = inside.get_by_role("row", name=row)
    for _ in range(MOST_REFRESHES):
        if text in found.inner_text():
            return
        inside.get_by_role("link", name="Refresh").click()
    expect(found).to_contain_text(text)
