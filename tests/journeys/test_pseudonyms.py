"""People whom the LMS does not name, or does not even tell apart: everything works for them (scenario 4)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session

from lti_tool.models import Person as ToolPerson
from lti_tool.models import Registration, Score
from lti_tool.practice_lms import Seed, catalogue
from lti_tool.practice_lms.model import Enrolment, Person
from tests.journeys.activity import (
    answer_all,
    begin,
    expect_result,
    in_frame,
    look_over_and_submit,
    open_quiz,
    refresh_until,
    sign_in,
)
from tests.journeys.browser import BLOCKED
from tests.journeys.conftest import Chromium
from tests.journeys.people import COURSE, enrol, wait_for_grade
from tests.journeys.world import World

_numbers = itertools.count(1)


def enrol_nameless(world: World) -> Person:
    """Add somebody of whom the LMS tells neither a name nor an address."""
    person = Person(sub=f"nameless-{next(_numbers)}")
    enrolment = Enrolment(course_id=COURSE, sub=person.sub, role="Learner")
    with world.stack.lms.connect() as connection:
        rows = Seed(registrations=(), courses=(), people=(person,), enrolments=(enrolment,), placements=())
        catalogue.plant(connection, rows)
    return person


def become(page: Page, world: World, person: Person) -> None:
    page.goto(world.lms)
    page.locator(f"form:has(input[value={person.sub}])").get_by_role("button").click()


@contextmanager
def tool_database(world: World) -> Iterator[Session]:
    engine = create_engine(f"sqlite:///{world.tool_database}")
    with Session(engine) as session, session.begin():
        yield session
    engine.dispose()


@contextmanager
def nobody_is_told_apart(world: World) -> Iterator[None]:
    """Let the LMS send launches without a ``sub``."""
    faults = world.stack.lms.config.faults
    faults.tamper = lambda _header, claims: [claims.pop(name, None) for name in ("sub", "name", "email")]
    try:
        yield
    finally:
        faults.clear()


def test_a_learner_without_a_name_is_graded_under_a_code(world: World, chromium: Callable[..., Chromium]) -> None:
    learner, trainer = enrol_nameless(world), enrol(world.stack.lms, "Instructor")
    page = chromium(third_party_cookies=BLOCKED).page
    inside = in_frame(page)
    become(page, world, learner)
    begin(inside)
    open_quiz(inside)
    answer_all(inside, world.answers.quiz, wrongly=world.answers.quiz[0].id)
    look_over_and_submit(inside)
    expect_result(inside, "7 of 8")
    assert wait_for_grade(world.stack.lms, learner) == 7 / 8
    with tool_database(world) as session:
        kept = session.scalars(select(ToolPerson).where(ToolPerson.sub == learner.sub)).one()
        assert kept.name is None
        code = f"Person {kept.label}"

    sign_in(page, world.lms, trainer)
    expect(inside.get_by_role("row", name=code)).to_contain_text("7 of 8")
    refresh_until(inside, code, "delivered")
    # The LMS's own id of a person is nothing for a page.
    expect(inside.get_by_text(learner.sub)).to_have_count(0)


def test_a_guest_works_for_one_visit_where_the_platform_lets_guests_in(
    world: World, chromium: Callable[..., Chromium]
) -> None:
    learner = enrol_nameless(world)
    browser = chromium(third_party_cookies=BLOCKED)
    page = browser.page
    inside = in_frame(page)
    with nobody_is_told_apart(world):
        become(page, world, learner)
        expect(inside.get_by_text("Guests cannot open this activity: sign in first.")).to_be_visible()
        # The browser notes that the launch was refused, and nothing else.
        [complaint] = browser.watch.complaints
        assert "status of 400" in complaint
        browser.watch.complaints.clear()

        with tool_database(world) as session:
            before = len(session.scalars(select(Score.id)).all())
            session.execute(update(Registration).values(allows_anonymous=True))
        try:
            page.reload()
            begin(inside)
            open_quiz(inside)
            answer_all(inside, world.answers.quiz)
            # The visit goes on over a reload of its page.
            page.frames[1].goto(page.frames[1].url)
            look_over_and_submit(inside)
            expect_result(inside, "8 of 8")
            expect(inside.get_by_text("the score is shown here only")).to_be_visible()
        finally:
            with tool_database(world) as session:
                session.execute(update(Registration).values(allows_anonymous=False))
    with tool_database(world) as session:
        assert len(session.scalars(select(Score.id)).all()) == before
    become(page, world, learner)
    expect(inside.get_by_role("link", name="Start", exact=True)).to_be_visible()
