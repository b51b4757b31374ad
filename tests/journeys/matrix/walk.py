"""What a person does in each cell of the matrix, from the LMS's page to the grade."""

from __future__ import annotations

from dataclasses import dataclass

from lti_tool.demo.answers import Known
from lti_tool.practice_lms.model import Person
from tests.journeys.matrix.states import Opening, Way
from tests.journeys.matrix.visitor import Place, Visitor
from tests.journeys.matrix.world import is_carried_by_cookie, places
from tests.journeys.people import enrol_in, wait_for_grade
from tests.journeys.world import World

PAGE_WITH_IMAGE = "complaint-to-challenge"
_MODULE = "//main//a[starts-with(normalize-space(), 'Start')]"
_OVERVIEW = "//a[normalize-space()='View as learner']"
_OFFER = "//a[normalize-space()='Open in a new window']"
_HEADING = "//h1[normalize-space()]"
_LOADED = "return [...document.querySelectorAll('.prose img')].some((each) => each.complete && each.naturalWidth)"


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk of one person, who learns in one course and teaches in another.

    Args:
        visitor: the browser.
        world: the two sites.
        opening: how the LMS opens the activities.
    """

    visitor: Visitor
    world: World
    opening: Opening

    def take(self) -> Way:
        """Walk from the LMS's first page to a grade in its gradebook; says how the launch was carried."""
        course, other_course = places(self.opening)
        person = enrol_in(self.world.stack.lms, {course: "Learner", other_course: "Instructor"})
        visitor = self.visitor
        lms_page = visitor.go(self.world.lms)
        visitor.click(lms_page, f"//li[contains(., '{person.name}')]//button")
        inside, is_offered = self._open(lms_page)
        visitor.find(inside, _MODULE)
        is_by_cookie = is_carried_by_cookie(self.world, person)

        visitor.click(inside, _MODULE)
        visitor.click(inside, "//button[starts-with(normalize-space(), 'Done. Next:')]")
        visitor.find(inside, "//nav[@aria-label='Previous and next page']//a[@rel='prev']")
        self._choose(inside, PAGE_WITH_IMAGE)
        visitor.wait(inside, "an image", lambda: visitor.driver.execute_script(_LOADED))
        heading = visitor.find(inside, _HEADING).text
        visitor.reload(inside)
        assert visitor.find(inside, _HEADING).text == heading

        self._teach_beside(other_course, person)

        self._choose(inside, self.world.answers.quiz_page)
        # One answer is enough: what quizzes do else is not about browsers.
        self._answer(inside, next(known for known in self.world.answers.quiz if known.type == "single"))
        self._submit(inside)
        assert wait_for_grade(self.world.stack.lms, person, course, course) == 1 / 8
        self._close_others(lms_page)
        if is_offered:
            return "new window"
        return "cookie" if is_by_cookie else "address"

    def _open(self, lms_page: Place) -> tuple[Place, bool]:
        """Open the activity from its page in the LMS; says whether its frame offered a window instead."""
        if self.opening == "window":
            return self.visitor.click_for_window(lms_page, _OFFER), False
        frame = Place(lms_page.window, is_frame=True)
        if self.visitor.find_any(frame, _MODULE, _OVERVIEW, _OFFER) != _OFFER:
            return frame, False
        return self.visitor.click_for_window(frame, _OFFER), True

    def _choose(self, inside: Place, page: str) -> None:
        """Follow a link of the contents."""
        self.visitor.click(inside, "//summary[contains(., 'Contents')]")
        self.visitor.click(inside, f"//nav[@aria-label='Contents']//a[contains(@href, '/{page}')]")
        address = f"return location.pathname.endsWith('/{page}')"
        self.visitor.wait(inside, page, lambda: self.visitor.driver.execute_script(address))

    def _teach_beside(self, course: int, person: Person) -> None:
        """Open the other course in a second tab, as its trainer."""
        tab = self.visitor.open_tab(f"{self.world.lms}/courses/{course}/placements/{course}")
        inside, _ = self._open(tab)
        self.visitor.click(inside, _OVERVIEW)
        self.visitor.find(inside, _MODULE)

    def _answer(self, inside: Place, known: Known) -> None:
        card = f"//*[@data-question='{known.id}']"
        for text in known.right:
            self.visitor.click(inside, f"{card}//*[contains(@class, 'option')][{_says(text)}]//input")
        self.visitor.find(inside, f"{card}//*[@data-saved][contains(., 'Saved')]")

    def _submit(self, inside: Place) -> None:
        self.visitor.click(inside, "//button[normalize-space()='Look over and submit']")
        self.visitor.find(inside, "//h1[normalize-space()='Before you submit']")
        self.visitor.click(inside, "//button[normalize-space()='Submit']")
        self.visitor.find(inside, "//h2[contains(., 'You reached 1 of 8 points.')]")

    def _close_others(self, kept: Place) -> None:
        """Leave the browser with one window, for the next walk."""
        driver = self.visitor.driver
        for window in driver.window_handles:
            if window != kept.window:
                driver.switch_to.window(window)
                driver.close()
        driver.switch_to.window(kept.window)


def _says(text: str) -> str:
    """A condition of XPath: an option whose words are these, whatever the spaces."""
    squeezed = "".join(text.split())
    quoted = f'"{squeezed}"' if '"' not in squeezed else f"'{squeezed}'"
    return f"translate(normalize-space(.//*[contains(@class, 'option-text')]), ' ', '')={quoted}"
