"""What a person does in each cell of the matrix, from the LMS's page to the grade."""

from __future__ import annotations

from dataclasses import dataclass

from lti_tool.demo.answers import Known
from lti_tool.practice_lms.model import Person
from tests.journeys.matrix.states import Opening, Way
from tests.journeys.matrix.tls import Line
from tests.journeys.matrix.visitor import Place, Visitor
from tests.journeys.matrix.world import is_carried_by_cookie, places
from tests.journeys.people import enrol_in, wait_for_grade
from tests.journeys.world import World

PAGE_WITH_IMAGE = "complaint-to-challenge"
_MODULE = "//main//a[starts-with(normalize-space(), 'Start')]"
_OVERVIEW = "//a[normalize-space()='View as learner']"
_OFFER = "//a[normalize-space()='Open in a new window']"
_HEADING = "//h1[normalize-space()]"
_KEPT = "return Number(document.querySelector('[data-offline]').dataset.kept ?? 0)"
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
        lms_page = self.sign_in(person)
        inside, is_offered = self.open(lms_page)
        visitor.find(inside, _MODULE)
        is_by_cookie = is_carried_by_cookie(self.world, person)

        visitor.click(inside, _MODULE)
        visitor.click(inside, "//button[starts-with(normalize-space(), 'Done. Next:')]")
        visitor.find(inside, "//nav[@aria-label='Previous and next page']//a[@rel='prev']")
        self.choose(inside, PAGE_WITH_IMAGE)
        visitor.wait(inside, "an image", lambda: visitor.driver.execute_script(_LOADED))
        heading = visitor.find(inside, _HEADING).text
        visitor.reload(inside)
        assert visitor.find(inside, _HEADING).text == heading

        self._teach_beside(other_course, person)

        self.choose(inside, self.world.answers.quiz_page)
        # One answer is enough: what quizzes do else is not about browsers.
        [known, *_] = self.questions()
        self.answer(inside, known)
        self.expect_saved(inside, known)
        self.submit(inside, 1)
        assert wait_for_grade(self.world.stack.lms, person, course, course) == 1 / 8
        self._close_others(lms_page)
        if is_offered:
            return "new window"
        return "cookie" if is_by_cookie else "address"

    def take_without_network(self, line: Line) -> None:
        """Go on reading and answering while the tool cannot be reached, and be graded for all of it."""
        course, _ = places(self.opening)
        person = enrol_in(self.world.stack.lms, {course: "Learner"})
        visitor = self.visitor
        inside, _ = self.open(self.sign_in(person))
        visitor.click(inside, _MODULE)
        self.choose(inside, self.world.answers.quiz_page)
        before, meanwhile, *_ = self.questions()
        self.answer(inside, before)
        self.expect_saved(inside, before)
        visitor.wait(inside, "copies of two pages", lambda: visitor.driver.execute_script(_KEPT) >= 2)
        with line.cut():
            self.answer(inside, meanwhile)
            visitor.find(inside, "//*[@data-status][contains(., 'Your answers wait here')]")
            self.choose(inside, "start")
            visitor.find(inside, "//*[@data-is-offline][contains(., 'This is how the page was at')]")
            self.choose(inside, self.world.answers.quiz_page)
            visitor.wait(inside, "the answer that waits", lambda: self._is_chosen(meanwhile))
        self.expect_saved(inside, meanwhile)
        self.submit(inside, 2)
        assert wait_for_grade(self.world.stack.lms, person, course, course) == 2 / 8

    def questions(self) -> list[Known]:
        """The questions of the quiz with one right option: more than that is not about browsers."""
        return [known for known in self.world.answers.quiz if known.type == "single"]

    def _is_chosen(self, known: Known) -> bool:
        driver = self.visitor.driver
        return bool(
            driver.execute_script("return arguments[0].checked", driver.find_element("xpath", _input(known, 0)))
        )

    def sign_in(self, person: Person) -> Place:
        """Become somebody, whom the LMS leads to their activity."""
        lms_page = self.visitor.go(self.world.lms)
        self.visitor.click(lms_page, f"//li[contains(., '{person.name}')]//button")
        return lms_page

    def open(self, lms_page: Place) -> tuple[Place, bool]:
        """Open the activity from its page in the LMS; says whether its frame offered a window instead."""
        if self.opening == "window":
            return self.visitor.click_for_window(lms_page, _OFFER), False
        frame = Place(lms_page.window, is_frame=True)
        if self.visitor.find_any(frame, _MODULE, _OVERVIEW, _OFFER) != _OFFER:
            return frame, False
        return self.visitor.click_for_window(frame, _OFFER), True

    def choose(self, inside: Place, page: str) -> None:
        """Follow a link of the contents."""
        self.visitor.click(inside, "//summary[contains(., 'Contents')]")
        self.visitor.click(inside, f"//nav[@aria-label='Contents']//a[contains(@href, '/{page}')]")
        address = f"return location.pathname.endsWith('/{page}')"
        self.visitor.wait(inside, page, lambda: self.visitor.driver.execute_script(address))

    def _teach_beside(self, course: int, person: Person) -> None:
        """Open the other course in a second tab, as its trainer."""
        tab = self.visitor.open_tab(f"{self.world.lms}/courses/{course}/placements/{course}")
        inside, _ = self.open(tab)
        self.visitor.click(inside, _OVERVIEW)
        self.visitor.find(inside, _MODULE)

    def answer(self, inside: Place, known: Known) -> None:
        """Answer a question of choices rightly."""
        for number in range(len(known.right)):
            self.visitor.click(inside, _input(known, number))

    def expect_saved(self, inside: Place, known: Known) -> None:
        """Wait until the page says that an answer is kept."""
        self.visitor.find(inside, f"//*[@data-question='{known.id}']//*[@data-saved][contains(., 'Saved')]")

    def submit(self, inside: Place, points: int) -> None:
        """Look the quiz over, and hand it in."""
        self.visitor.click(inside, "//button[normalize-space()='Look over and submit']")
        self.visitor.find(inside, "//h1[normalize-space()='Before you submit']")
        self.visitor.click(inside, "//button[normalize-space()='Submit']")
        self.visitor.find(inside, f"//h2[contains(., 'You reached {points} of 8 points.')]")

    def _close_others(self, kept: Place) -> None:
        """Leave the browser with one window, for the next walk."""
        driver = self.visitor.driver
        for window in driver.window_handles:
            if window != kept.window:
                driver.switch_to.window(window)
                driver.close()
        driver.switch_to.window(kept.window)


def _input(known: Known, number: int) -> str:
    """The control of a right option."""
    card = f"//*[@data-question='{known.id}']"
    return f"{card}//*[contains(@class, 'option')][{_says(known.right[number])}]//input"


def _says(text: str) -> str:
    """A condition of XPath: an option whose words are these, whatever the spaces."""
    squeezed = "".join(text.split())
    quoted = f'"{squeezed}"' if '"' not in squeezed else f"'{squeezed}'"
    return f"translate(normalize-space(.//*[contains(@class, 'option-text')]), ' ', '')={quoted}"
