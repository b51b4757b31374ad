"""Where the trainer wants it people say how sure they are of an answer: shown beside it, and never scored."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.models import Answer
from tests.journeys.looking import look
from tests.lti_tool.learn.test_quiz_settings import set_rules

expect.set_options(timeout=30_000)


@pytest.fixture
def trainer(learner, visit):
    trainer = visit("trainer", name="Tess Trainer", is_trainer=True)
    set_rules(trainer, sure="yes")
    return trainer


def sure(page, question, degree):
    """Say how sure one is, by the words of the degree."""
    for control in page.in_question(question):
        if control.name == f"sure-{question}":
            control.attributes.pop("checked", None)
            if control.words == degree:
                control.attributes["checked"] = ""
    return page


def kept(app, question="q-single"):
    with app.app_context():
        return db.session.scalar(select(Answer.how_sure).where(Answer.question_id == question))


def test_nobody_is_asked_unless_the_trainer_wants_it(app, learner):
    page = learner.open("pages/quiz")
    assert "How sure" not in page.text
    form = page.choose("q-single", "Beta").fields("quiz_final")
    form.add("sure-q-single", "3")
    learner.post("quizzes/final", form)
    assert kept(app) is None


def test_it_stands_beside_the_answer_before_and_after_and_changes_no_point(app, trainer, learner):
    assert "never scored" in learner.open("start").text
    page = sure(learner.open("pages/quiz").choose("q-single", "Beta"), "q-single", "a guess")
    review = page.press("Look over and submit")
    assert "How sure you are: a guess" in review.text
    assert kept(app) == 1
    result = review.press("Submit")
    assert "You reached 1 of 6 points." in result.text
    assert "How sure you were: a guess" in result.text
    person = trainer.open("teach/").html.split("people/")[1].split("/")[0]
    assert "How sure you were: a guess" in trainer.open(f"people/{person}/").text


def test_of_nothing_one_is_not_sure_and_nonsense_is_refused(app, trainer, learner):
    sure(learner.open("pages/quiz"), "q-single", "very sure").press("Save")
    assert kept(app) is None
    page = learner.open("pages/quiz")
    name = next(each.value for each in page.in_question("q-single") if each.words == "Beta")
    for nonsense in (0, 4, "x", [], True):
        answer = learner.autosave("final", "q-single", attempt=1, response=name, revision=0, sure=nonsense)
        assert answer.status_code == 400
    assert kept(app) is None


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("make_app", ["sqlite"], indirect=True)
@pytest.mark.xdist_group("scripts")
def test_it_is_saved_as_one_chooses(app, trainer, learner, tab: Page):
    tab.goto(learner.home + "pages/quiz")
    question = tab.locator("[id=q-single]")
    question.get_by_label("Beta").check()
    expect(question.locator("[data-saved]")).to_contain_text("Saved")
    with tab.expect_response("**/answers/q-single"):
        question.get_by_role("radio", name="fairly sure").check()
    look(tab, "how-sure")
    tab.reload()
    expect(question.get_by_role("radio", name="fairly sure")).to_be_checked()
    assert kept(app) == 2
