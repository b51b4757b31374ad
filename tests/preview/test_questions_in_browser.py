"""Every question type in the preview, answered with the keyboard alone, on the pages of the guide that show them."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from course_builder.model import QUESTION_TYPES
from tests.journeys.keyboard import Keyboard
from tests.preview.conftest import OpenGuide


class Sheet:
    """A page with questions, and the keyboard before it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._keyboard = Keyboard(page)
        self.done: set[str] = set()

    def question(self, name: str) -> Locator:
        """Give a question by its id."""
        return self._page.locator(f"[data-question={name}]")

    def choose(self, question: str, *texts: str) -> None:
        """Enter each group of radio buttons of a question, and go on with the arrows to the right one."""
        for text in texts:
            stop = self._keyboard.go_to("", group=f"q-{question}")
            self._keyboard.press("Space")
            if text not in self._name(stop.name):
                self._arrow_to(question, text)

    def _arrow_to(self, question: str, text: str) -> None:
        for _ in range(10):
            stop = self._keyboard.go_to("", group=f"q-{question}", key="ArrowDown")
            if text in self._name(stop.name):
                assert stop.is_checked
                return
        raise AssertionError(f"no way to {text!r}")

    def _name(self, fallback: str) -> str:
        """Say what is read out at the focus; a radio button in a table is named by its row and its column."""
        named = self._page.evaluate(
            "() => (document.activeElement.getAttribute('aria-labelledby') ?? '').split(' ')"
            ".map((id) => document.getElementById(id)?.innerText ?? '').join(' ')"
        )
        return named.strip() or fallback

    def tick(self, question: str, *texts: str) -> None:
        """Go through the boxes of a question, and tick these."""
        boxes = self.question(question).get_by_role("checkbox")
        for _ in range(boxes.count()):
            stop = self._keyboard.go_to("", group=f"q-{question}")
            if any(text in stop.name for text in texts):
                self._keyboard.press("Space")

    def move(self, question: str, *texts: str) -> None:
        """Move each item up to its place, from the first one on."""
        for place, text in enumerate(texts):
            items = self.question(question).locator(".option-text").all_inner_texts()
            if steps := items.index(text) - place:
                self._keyboard.go_to("Move up", description=text)
            for _ in range(steps):
                self._keyboard.press("Enter")

    def pick(self, question: str, *texts: str) -> None:
        """Choose from each list of a question, one after the other."""
        for text in texts:
            self._keyboard.go_to("", group=f"q-{question}.")
            for _ in range(10):
                if text in self._page.evaluate("() => document.activeElement.selectedOptions[0].text"):
                    break
                self._keyboard.press("ArrowDown")

    def write(self, question: str, text: str) -> None:
        """Fill in the next field of a question."""
        self._keyboard.go_to("", group=f"q-{question}")
        self._page.keyboard.type(text)

    def hand_in(self, question: str, name: str) -> None:
        """Choose a file in the browser's own window, which the space bar opens."""
        self._keyboard.go_to("", group=f"q-{question}")
        self._keyboard.choose_file("Space", {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})

    def check(self, question: str, says: str = "", button: str = "Check") -> None:
        """Press the question's own button, and wait until it is right, or says what it should."""
        self._keyboard.go_to(button)
        self._keyboard.press("Enter")
        result = self.question(question).locator(".question-result")
        if not says:
            expect(result).to_have_class(re.compile("note-good"))
        expect(self.question(question)).to_contain_text(says or "Right")
        self.done.add(self.question(question).get_attribute("data-type") or "")


def test_every_question_type_is_answered_by_keyboard(look_at_guide: OpenGuide) -> None:
    page, _ = look_at_guide("questions-to-choose.md")
    alone = page.url.replace("/view/", "/page/")
    page.goto(alone)
    sheet = Sheet(page)
    _choose(sheet)
    page.goto(alone.replace("questions-to-choose", "questions-to-answer"))
    _answer(sheet)
    assert sheet.done == set(QUESTION_TYPES)


def _choose(sheet: Sheet) -> None:
    sheet.choose("q-desk", "The owner")
    sheet.check("q-desk", "Right: one named person decides.")
    sheet.tick("q-form", "What is needed", "A way to answer")
    sheet.check("q-form")
    sheet.choose("q-signature", "False")
    sheet.check("q-signature")
    sheet.move("q-steps", "Somebody fills it in.", "The desk reads it.", "The owner decides.")
    sheet.check("q-steps")
    sheet.pick("q-roles", "decides", "gives time and money")
    sheet.check("q-roles")
    sheet.choose("q-services", "A permit to build Yes", "The town hall's roof No")
    sheet.check("q-services")
    sheet.choose("q-mood", "We have time for ideas. Partly", "Somebody decides. No")
    sheet.check("q-mood", "Thank you.", button="Hand in")
    sheet.tick("q-plan", "The building in the east")
    sheet.check("q-plan")


def _answer(sheet: Sheet) -> None:
    sheet.write("q-hours", "7,5")
    sheet.check("q-hours")
    sheet.write("q-principle", "the once-only principle")
    sheet.check("q-principle")
    sheet.write("q-gaps", "twice")
    sheet.pick("q-gaps", "principle")
    sheet.check("q-gaps", "That is what the principle replaces.")
    sheet.write("q-essay", "The desk. Aino owns it.")
    sheet.check("q-essay", "Your answer is kept.", button="Hand in")
    sheet.hand_in("q-upload", "plan.pdf")
    sheet.check("q-upload", "plan.pdf", button="Hand in")
