"""One learner in two tabs or on two devices, with the network cut: nothing is lost, nothing is overwritten unseen."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from lti_tool.extensions import db
from lti_tool.models import Answer, Attempt, LateAnswer
from tests.journeys.keyboard import Keyboard
from tests.journeys.looking import look
from tests.lti_tool.learn.test_all_types_in_a_browser import BY_KEYBOARD, card
from tests.lti_tool.learn.test_quiz_settings import set_rules

expect.set_options(timeout=30_000)

pytestmark = [
    pytest.mark.parametrize("make_app", ["sqlite"], indirect=True),
    pytest.mark.xdist_group("scripts"),
    pytest.mark.usefixtures("axe"),
]


def pick(tab: Page, words: str, question: str = "q-single") -> None:
    tab.locator(f"[id={question}]").get_by_label(words).check()


def cut(tab: Page) -> None:
    """Let no answer reach the tool, while other pages of the browser go on."""
    tab.route("**/*", lambda route: route.abort())


def begin(tab: Page) -> None:
    tab.get_by_role("button", name="Start the quiz").click()
    expect(tab.locator("[data-left]")).to_have_text("20 min left")


def mend(tab: Page) -> None:
    tab.unroute_all()
    tab.evaluate("dispatchEvent(new Event('online'))")


def kept(app) -> dict[str, object]:
    with app.app_context():
        return dict(db.session.execute(select(Answer.question_id, Answer.response)).all())


def waiting(tab: Page) -> list[str]:
    return tab.evaluate("Object.keys(sessionStorage)")


def wait_offline(tab: Page) -> None:
    expect(tab.locator("[data-status]").first).to_contain_text("No connection.")


@pytest.fixture
def conflict(learner, tab):
    """A tab that had no network, while another device saved another answer."""
    tab.goto(learner.home + "pages/quiz")
    cut(tab)
    pick(tab, "Beta")
    wait_offline(tab)
    learner.open("pages/quiz").choose("q-single", "Alpha").press("Save")
    mend(tab)
    box = tab.locator("[id=q-single] [data-conflict]")
    expect(box).to_be_visible()
    return box


def test_both_answers_are_shown_with_their_times_and_nothing_is_lost_before_one_is_chosen(app, learner, tab, conflict):
    for _ in range(2):
        terms = conflict.locator("dt").all_inner_texts()
        assert re.fullmatch(r"Here, \d\d:\d\d:", terms[0])
        assert re.fullmatch(r"In another window or on another device, \d\d:\d\d:", terms[1])
        assert conflict.locator("dd").all_inner_texts() == ["Beta", "Alpha"]
        expect(conflict.get_by_role("alert")).to_contain_text("answered in two places")
        assert kept(app) == {"q-single": "alpha"}
        expect(tab.locator("[id=q-single]").get_by_label("Beta")).to_be_checked()
        tab.reload()
    look(tab, "conflict")
    conflict.get_by_role("button", name="Keep the answer from here").press("Enter")
    expect(tab.locator("[id=q-single]")).to_be_focused()
    expect(tab.locator("[id=q-single] [data-saved]")).to_contain_text("Saved")
    assert kept(app) == {"q-single": "beta"}
    assert waiting(tab) == []


def test_the_other_answer_can_be_kept(app, learner, tab, conflict):
    conflict.get_by_role("button", name="Keep the other answer").press("Enter")
    expect(tab.locator("[id=q-single]").get_by_label("Alpha")).to_be_checked()
    expect(tab.locator("[id=q-single]")).to_be_focused()
    assert kept(app) == {"q-single": "alpha"}
    assert waiting(tab) == []


def test_nothing_is_handed_in_over_a_choice_that_is_to_be_made(app, learner, tab, conflict):
    tab.get_by_role("button", name="Look over and submit").click()
    expect(conflict).to_be_focused()
    expect(tab.locator("[data-status]")).to_contain_text("First choose")
    assert kept(app) == {"q-single": "alpha"}


def test_going_on_typing_chooses_nothing(app, learner, tab, conflict):
    pick(tab, "Alpha")
    pick(tab, "Beta")
    tab.wait_for_timeout(600)
    assert conflict.locator("dd").all_inner_texts() == ["Beta", "Alpha"]
    assert kept(app) == {"q-single": "alpha"}


def test_a_third_answer_is_shown_before_anything_is_overwritten(app, learner, tab, conflict):
    learner.open("pages/quiz").choose("q-single", "Beta").press("Save")
    learner.open("pages/quiz").choose("q-single", "Alpha").press("Save")
    conflict.get_by_role("button", name="Keep the answer from here").click()
    expect(conflict).to_be_visible()
    assert kept(app) == {"q-single": "alpha"}


def test_a_choice_that_nobody_made_before_the_end_is_kept_for_the_trainer(app, learner, visit, tab):
    set_rules(visit("trainer", is_trainer=True), minutes="20")
    tab.goto(learner.home + "pages/quiz")
    begin(tab)
    cut(tab)
    pick(tab, "Beta")
    wait_offline(tab)
    learner.open("pages/quiz").choose("q-single", "Alpha").press("Save")
    mend(tab)
    expect(tab.locator("[data-conflict]")).to_be_visible()
    with app.app_context():
        ago = timedelta(minutes=21)
        attempt = db.session.scalars(select(Attempt)).one()
        attempt.started_at, attempt.ends_at = attempt.started_at - ago, datetime.now(UTC) - timedelta(minutes=1)
        db.session.commit()
    tab.reload()
    tab.get_by_role("button", name="Submit it now").click()
    expect(tab.locator("[data-late]")).to_contain_text("your trainer sees it")
    assert kept(app)["q-single"] == "alpha"
    with app.app_context():
        assert db.session.scalars(select(LateAnswer.response)).one() == "beta"
    assert waiting(tab) == []


OTHERS: dict[str, tuple[object, str, str]] = {
    "single": ("river", "The town", "The river"),
    "multiple": (["boat"], "The bridge; The tower", "The boat"),
    "truefalse": ("false", "True", "False"),
    "number": ("13", "12,5", "13"),
    "text": ("twice", "once only", "twice"),
    "order": (["build", "permit", "plan"], "Plan; Permit; Build", "Build; Permit; Plan"),
    "match": ({"council": "forgets"}, "decides", "The council: B: forgets"),
    "gap": ({"how-often": "twice"}, "once", "Gap 1 of 2: twice"),
    "table": ({"has-bridge": "no"}, "It has a harbour.: No", "It has a bridge.: No"),
    "survey": ({"like": "badly"}, "I use it.: Well", "I like it.: Badly"),
    "hotspot": (["50,25"], "The north bank", "50"),
    "essay": ("It is old.\nVery.", "It joins us", "It is old.\nVery."),
}
"""By type: what another device saved, and words of which ours and that one are said."""


def save_others(app) -> None:
    with app.app_context():
        attempt = db.session.scalars(select(Attempt)).one()
        for type_, (response, *_) in OTHERS.items():
            answer = db.session.get(Answer, (attempt.id, f"q-{type_}")) or Answer(
                attempt_id=attempt.id, question_id=f"q-{type_}", tries_used=0, hints_opened=[]
            )
            answer.response, answer.revision, answer.saved_at = response, 5, datetime.now(UTC)
            db.session.add(answer)
        db.session.commit()


def test_both_answers_of_every_type_are_said_and_either_can_be_kept(app, type_learner, tab):
    tab.goto(type_learner.home + "pages/quiz")
    cut(tab)
    keyboard = Keyboard(tab)
    for answer, _ in BY_KEYBOARD.values():
        answer(tab, keyboard)
    wait_offline(tab)
    type_learner.form_page = "pages/quiz"
    type_learner.open("pages/quiz").choose("q-single", "The river").press("Save")
    save_others(app)
    mend(tab)
    expect(tab.locator("[data-conflict]")).to_have_count(len(OTHERS))
    tab.reload()
    expect(tab.locator("[data-conflict]")).to_have_count(len(OTHERS))
    look(tab, "conflict-every-type")
    for number, (type_, (_, ours, others)) in enumerate(OTHERS.items()):
        answers = card(tab, type_).locator("[data-conflict] dd")
        expect(answers.first).to_contain_text(ours)
        expect(answers.last).to_contain_text(others)
        name = "Keep the other answer" if number % 2 else "Keep the answer from here"
        card(tab, type_).get_by_role("button", name=name).press("Enter")
        expect(card(tab, type_).locator("[data-saved]")).to_contain_text("Saved")
    tab.wait_for_function("() => !sessionStorage.length")
    expected = {
        f"q-{type_}": OTHERS[type_][0] if number % 2 else BY_KEYBOARD[type_][1] for number, type_ in enumerate(OTHERS)
    }
    assert kept(app) == expected


def submit_elsewhere(learner) -> None:
    learner.open("pages/quiz").choose("q-single", "Alpha").press("Look over and submit").press("Submit")


class TestSubmittedElsewhere:
    """What waits in this tab is shown, not applied, and goes when the learner says so."""

    def test_it_is_shown_with_its_time_and_sent_nowhere(self, app, learner, tab):
        tab.goto(learner.home + "pages/quiz")
        cut(tab)
        pick(tab, "Beta")
        wait_offline(tab)
        submit_elsewhere(learner)
        mend(tab)
        box = tab.get_by_role("region", name="Not part of what you handed in")
        expect(box).to_contain_text(re.compile(r"Pick one\.\s*Written \d\d:\d\d: Beta"))
        expect(tab.locator("[data-status]")).to_contain_text(re.compile(r"This was handed in at \d\d:\d\d"))
        expect(tab.locator("[id=q-single]").get_by_label("Alpha")).to_be_disabled()
        expect(tab.get_by_role("button", name="Look over and submit")).to_be_hidden()
        look(tab, "left-over")
        tab.get_by_role("link", name="See what was handed in").click()
        expect(tab.locator(".quiz-result")).to_contain_text("You reached")
        expect(box).to_contain_text("Beta")
        assert kept(app)["q-single"] == "alpha"
        look(tab, "left-over-result")
        tab.get_by_role("button", name="Try again").click()
        expect(box).to_contain_text("Beta")
        expect(tab.locator("[id=q-single]").get_by_label("Beta")).not_to_be_checked()
        box.get_by_role("button", name="Delete it from this browser").press("Enter")
        expect(box).to_have_count(0)
        expect(tab.get_by_text("It was deleted from this browser.")).to_be_focused()
        assert waiting(tab) == []
        with app.app_context():
            assert {each.response for each in db.session.scalars(select(Answer))} == {"alpha", None}

    def test_what_came_by_the_form_is_not_left_over(self, app, learner, tab):
        tab.route("**/answers/*", lambda route: route.abort())
        tab.goto(learner.home + "pages/quiz")
        pick(tab, "Beta")
        wait_offline(tab)
        tab.get_by_role("button", name="Look over and submit").click()
        tab.get_by_role("button", name="Submit", exact=True).click()
        expect(tab.locator(".quiz-result")).to_contain_text("You reached")
        assert kept(app)["q-single"] == "beta"
        tab.wait_for_function("() => !sessionStorage.length")
        expect(tab.get_by_text("Not part of what you handed in")).to_have_count(0)

    def test_on_a_shared_computer_the_page_itself_shows_it(self, app, learner, tab):
        tab.goto(learner.home + "computer/")
        tab.get_by_role("button", name="This is a shared computer").click()
        expect(tab.get_by_role("status").first).to_contain_text("nothing is kept")
        tab.goto(learner.home + "pages/quiz")
        cut(tab)
        pick(tab, "Beta")
        wait_offline(tab)
        submit_elsewhere(learner)
        mend(tab)
        expect(tab.get_by_role("region", name="Not part of what you handed in")).to_contain_text("Beta")
        assert waiting(tab) == []

    def test_the_next_person_is_not_shown_it(self, app, learner, visit, tab):
        tab.goto(learner.home + "pages/quiz")
        cut(tab)
        pick(tab, "Beta")
        wait_offline(tab)
        submit_elsewhere(learner)
        tab.unroute_all()
        second = visit("learner-2")
        submit_elsewhere(second)
        tab.goto(second.home + "pages/quiz")
        expect(tab.locator(".quiz-result")).to_be_visible()
        expect(tab.get_by_text("Not part of what you handed in")).to_have_count(0)

    def test_what_the_clock_ended_goes_to_the_trainer_even_if_another_attempt_has_begun(self, app, learner, visit, tab):
        set_rules(visit("trainer", is_trainer=True), minutes="20")
        tab.goto(learner.home + "pages/quiz")
        begin(tab)
        cut(tab)
        pick(tab, "Beta")
        wait_offline(tab)
        with app.app_context():
            db.session.execute(update(Attempt).values(started_at=datetime.now(UTC) - timedelta(minutes=30)))
            db.session.commit()
        learner.open("pages/quiz").press("Submit it now").press("Try again")
        tab.unroute_all()
        tab.goto(learner.home + "pages/quiz")
        expect(tab.locator("[data-late]")).to_contain_text("your trainer sees it")
        with app.app_context():
            late = db.session.scalars(select(LateAnswer)).one()
            assert (late.response, db.session.get_one(Attempt, late.attempt_id).number) == ("beta", 1)
        assert waiting(tab) == []


def test_without_a_connection_nothing_takes_the_page_away(app, learner, tab):
    tab.goto(learner.home + "pages/quiz")
    tab.context.set_offline(True)
    pick(tab, "Beta")
    tab.get_by_role("button", name="Look over and submit").click()
    expect(tab.locator("[data-status]")).to_contain_text("No connection. Nothing is lost")
    tab.context.set_offline(False)
    expect(tab.locator("[id=q-single] [data-saved]")).to_contain_text("Saved")
    tab.get_by_role("button", name="Look over and submit").click()
    expect(tab.get_by_role("heading", name="Before you submit")).to_be_visible()
