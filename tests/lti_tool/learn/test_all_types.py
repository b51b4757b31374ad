"""Each question type, answered by forms alone."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from lti_tool.demo.answers import form_values, read_answers
from lti_tool.extensions import db
from lti_tool.models import Answer, Attempt, PageVisit
from tests.lti_tool.learn.all_types import HAS_ONE_TRY, QUESTIONS, SVG, quiz_page
from tests.lti_tool.learn.town import build_town
from tests.lti_tool.learn.visitor import Page, Visitor

JUDGED = sorted(set(QUESTIONS) - HAS_ONE_TRY)


def fill_table(page: Page, question: str, *words: str) -> Page:
    return page.choose(question, *words)


def fill_match(page: Page, question: str, council: str, officer: str) -> Page:
    return page.pick(question, "The council", council).pick(question, "The officer", officer)


def fill_gaps(page: Page, question: str, typed: str, listed: str) -> Page:
    return page.write(question, typed, "Gap 1 of 2").pick(question, "Gap 2 of 2", listed)


RIGHTLY: dict[str, Callable[[Page, str], Page]] = {
    "single": lambda page, id_: page.choose(id_, "The town"),
    "multiple": lambda page, id_: page.choose(id_, "The bridge", "The tower"),
    "truefalse": lambda page, id_: page.choose(id_, "True"),
    "number": lambda page, id_: page.write(id_, "12,4 m"),
    "text": lambda page, id_: page.write(id_, " Once-Only "),
    "order": lambda page, id_: page.arrange(id_, "Plan", "Permit", "Build"),
    "match": lambda page, id_: fill_match(page, id_, "decides", "prepares"),
    "gap": lambda page, id_: fill_gaps(page, id_, "once", "pass on"),
    "table": lambda page, id_: fill_table(page, id_, "It has a bridge. Yes", "It has a harbour. No"),
    "hotspot": lambda page, id_: page.choose(id_, "The north bank"),
}
WRONGLY: dict[str, Callable[[Page, str], Page]] = {
    "single": lambda page, id_: page.choose(id_, "The river"),
    "multiple": lambda page, id_: page.choose(id_, "The boat"),
    "truefalse": lambda page, id_: page.choose(id_, "False"),
    "number": lambda page, id_: page.write(id_, "-3"),
    "text": lambda page, id_: page.write(id_, "data minimisation"),
    "order": lambda page, id_: page.arrange(id_, "Plan", "Build", "Permit"),
    "match": lambda page, id_: fill_match(page, id_, "prepares", "forgets"),
    "gap": lambda page, id_: fill_gaps(page, id_, "twice", "lose"),
    "table": lambda page, id_: fill_table(page, id_, "It has a bridge. No", "It has a harbour. Yes"),
    "hotspot": lambda page, id_: page.choose(id_, "The south bank"),
}
OTHERS: dict[str, Callable[[Page, str], Page]] = {
    "survey": lambda page, id_: fill_table(page, id_, "I like it. Well", "I use it. Badly"),
    "essay": lambda page, id_: page.write(id_, "It joins both banks.\r\nIt is old."),
    "upload": lambda page, id_: page.attach(id_, ("plan.pdf", b"%PDF-1.7 the plan")),
}

SHOWN_AT_THE_END = {
    "single": "Right, and you missed it.",
    "multiple": "Right, and you missed it.",
    "truefalse": "Right, and you missed it.",
    "number": "Right would be: 12.5 (anything from 12 to 13) m",
    "text": "Right would be: once-only",
    "order": "The right order: Plan Permit Build",
    "match": "decides",
    "gap": "Right would be: share",
    "table": "Right would be: Yes",
    "hotspot": "Right, and you missed it.",
}
"""What a question says once nothing can be changed any more, and no word of before."""

KEPT = {
    "single": "town",
    "multiple": ["bridge", "tower"],
    "truefalse": "true",
    "number": "12,4 m",
    "text": "Once-Only",
    "order": ["plan", "permit", "build"],
    "match": {"council": "decides", "officer": "prepares"},
    "gap": {"how-often": "once", "what": "pass on"},
    "table": {"has-bridge": "yes", "has-harbour": "no"},
    "survey": {"like": "well", "use": "badly"},
    "hotspot": ["north"],
    "essay": "It joins both banks.\nIt is old.",
    "upload": ["plan.pdf"],
}


def text_of(page: Page, question: str) -> str:
    """The words of one question's card."""
    start = page.html.index(f'<section class="question" id="{question}"')
    end = page.html.index("</section>", start)
    part = object.__new__(Page)
    part.html = page.html[start:end]
    return part.text


def kept(app) -> dict[str, object]:
    with app.app_context():
        return dict(db.session.execute(select(Answer.question_id, Answer.response)).all())


@pytest.mark.parametrize("type_", JUDGED)
def test_a_right_answer_is_right_and_closes_the_question(app, type_learner, type_):
    id_ = f"c-{type_}"
    page = RIGHTLY[type_](type_learner.open("pages/checks"), id_).press("Check", id_)
    assert "Right." in text_of(page, id_)
    assert "1 of 2 tries used" in text_of(page, id_)
    assert not [control for control in page.in_question(id_) if control.is_sent or control.tag == "button"]
    assert kept(app) == {id_: KEPT[type_]}


@pytest.mark.parametrize("type_", JUDGED)
def test_a_wrong_answer_says_so_and_gives_nothing_away_while_a_try_is_left(type_learner, type_):
    id_ = f"c-{type_}"
    page = WRONGLY[type_](type_learner.open("pages/checks"), id_).press("Check", id_)
    said = text_of(page, id_)
    assert "Not right." in said
    assert "try 2 of 2" in said
    for words in ("Right would be", "missed", "The right order"):
        assert words not in said
    page = RIGHTLY[type_](page, id_).press("Check", id_)
    assert "2 of 2 tries used" in text_of(page, id_)


def answer_quiz(type_learner: Visitor, answers: dict[str, Callable[[Page, str], Page]]) -> Page:
    page = type_learner.open("pages/quiz")
    for type_, answer in (answers | OTHERS).items():
        answer(page, f"q-{type_}")
    return page


def test_a_quiz_of_all_types_is_looked_over_and_submitted(app, type_learner):
    review = answer_quiz(type_learner, RIGHTLY).press("Look over and submit")
    assert "All questions are answered." in review.text
    assert "A fact is given …, and offices … it." in review.text
    for words in ("12,4 m", "The council: decides", "Gap 1 of 2: once", "It has a harbour.: No", "It joins both"):
        assert words in review.text
    assert kept(app) == {f"q-{type_}": answer for type_, answer in KEPT.items()}
    result = review.press("Submit")
    assert "You reached 11 of 15 points." in result.text
    for type_ in JUDGED:
        assert "1 of 1 point" in text_of(result, f"q-{type_}")
    assert "Thank you. Your answers are kept." in text_of(result, "q-survey")
    assert "Waits for your trainer, who gives up to 2 points." in text_of(result, "q-essay")
    assert "SOLUTION-ESSAY" in text_of(result, "q-essay")
    with app.app_context():
        states = dict(db.session.execute(select(Answer.question_id, Answer.state)).all())
    assert (states["q-survey"], states["q-essay"], states["q-upload"]) == ("given", "waiting", "waiting")


def test_what_would_have_been_right_is_shown_once_nothing_can_be_changed(type_learner):
    result = answer_quiz(type_learner, WRONGLY).press("Look over and submit").press("Submit")
    for type_, words in SHOWN_AT_THE_END.items():
        assert words in text_of(result, f"q-{type_}"), type_
        assert "0 of 1 point" in text_of(result, f"q-{type_}"), type_


def test_answers_are_there_again_at_the_next_visit(type_learner):
    answer_quiz(type_learner, RIGHTLY).press("Save")
    assert kept_on(type_learner.open("pages/quiz")) == kept_on(answer_quiz(type_learner, RIGHTLY))


def kept_on(page: Page) -> list[tuple[str, str]]:
    """What the controls of a page hold."""
    answers = [each for each in page.controls if each.is_sent and each.name.startswith("q-")]
    return sorted((each.name, each.value.strip().replace("\r\n", "\n")) for each in answers)


def test_a_foreseen_error_is_explained(type_learner):
    page = type_learner.open("pages/checks").write("c-text", "Data  minimisation").press("Check", "c-text")
    assert "FORESEEN-MINIMISATION" in text_of(page, "c-text")
    page = page.write("c-text", "something else").press("Check", "c-text")
    assert "FORESEEN-MINIMISATION" not in text_of(page, "c-text")


def test_a_survey_says_before_answering_who_sees_what(type_learner):
    assert "only for groups of five or more people" in text_of(type_learner.open("pages/checks"), "c-survey")


def test_an_essay_that_nobody_looks_at_is_compared_with_the_solution(type_learner):
    page = type_learner.open("pages/checks").write("c-essay", "Because.").press("Hand in", "c-essay")
    assert "Your answer is kept." in text_of(page, "c-essay")
    assert "SOLUTION-ESSAY" in text_of(page, "c-essay")


def test_the_demo_knows_the_answer_to_each_type(publish, visit, tmp_path):
    pages = {"quiz.md": quiz_page()}
    package = build_town(tmp_path, pages=pages, assets={"river.svg": SVG})
    publish(package)
    page = visit().open("pages/quiz")
    [form] = [id_ for id_ in page.forms if id_.startswith("quiz_")]
    fields = page.fields(form)
    for name, value in form_values(SimpleNamespace(text=page.html), read_answers(package).quiz).items():
        fields.setlist(name, [value] if isinstance(value, str) else value)
    review = page.visitor.post(page.forms[form]["action"], fields | {"do": "review"})
    assert "1 question has no answer yet." in review.text  # The demo has no file to hand in.
    assert "You reached 11 of 15 points." in review.press("Submit").text


# A number that reads in two ways is asked back.


@pytest.mark.parametrize(("typed", "readings"), [("1,000", ["1000", "1"]), ("a few", [])])
def test_a_number_that_is_not_clear_is_asked_back_without_using_a_try(type_learner, typed, readings):
    page = type_learner.open("pages/checks").write("c-number", typed).press("Check", "c-number")
    assert "try 1 of 2" in text_of(page, "c-number")
    assert "can be read in two ways" in text_of(page, "c-number") or not readings
    assert "is not a number" in text_of(page, "c-number") or readings
    buttons = [each.words for each in page.in_question("c-number") if each.name == "u-c-number"]
    assert buttons == readings


def test_a_button_says_which_number_was_meant(app, type_learner):
    page = type_learner.open("pages/checks").write("c-number", "1,000").press("Check", "c-number")
    page = page.press("1000", "c-number")
    assert "Not right." in text_of(page, "c-number")
    assert kept(app) == {"c-number": "1000"}


def test_a_quiz_is_not_submitted_while_a_number_is_not_clear(app, type_learner):
    review = type_learner.open("pages/quiz").write("q-number", "1,000").press("Look over and submit")
    assert "1 answer is not clear yet." in review.text
    assert "“1,000” can be read in two ways." in review.text
    assert not [control for control in review.controls if control.words == "Submit"]
    refused = type_learner.post("quizzes/final/submit", {"csrf_token": type_learner.token, "attempt": "1"})
    assert refused.path.endswith("/review")
    with app.app_context():
        assert db.session.scalar(select(Attempt.submitted_at)) is None
        assert set(db.session.scalars(select(Answer.state))) == {None}
    page = type_learner.open("pages/quiz").press("1000", "q-number")
    assert page.press("Look over and submit").press("Submit").status == 200
    with app.app_context():
        assert db.session.scalar(select(Attempt.submitted_at)) is not None


def test_autosave_asks_back_too(type_learner):
    type_learner.open("pages/quiz")
    answer = type_learner.autosave("final", "q-number", attempt=1, revision=0, response="1,000")
    assert answer.json["unclear"]["readings"] == ["1000", "1"]
    answer = type_learner.autosave("final", "q-number", attempt=1, revision=1, response="1000")
    assert "unclear" not in answer.json


# Pools.


def drawn(page: Page) -> set[str]:
    return {control.question for control in page.controls if control.question.startswith("p-")}


def test_an_attempt_has_the_questions_that_were_drawn_for_it(app, type_learner, visit):
    page = type_learner.open("pages/pool")
    assert len(drawn(page)) == 3
    assert "p-always" in drawn(page)
    for question in drawn(page):
        page.choose(question, "Right", "True")
    review = page.press("Look over and submit")
    assert "All questions are answered." in review.text
    result = review.press("Submit")
    assert "You reached 3 of 3 points." in result.text
    assert drawn(type_learner.open("pages/pool")) <= drawn(page)
    with app.app_context():
        assert len(db.session.scalars(select(Answer.question_id)).all()) == 3
        assert db.session.scalar(select(PageVisit.done_at).filter_by(page_id="pool")) is not None
    draws = {frozenset(drawn(visit(f"learner-{number}").open("pages/pool"))) for number in range(2, 12)}
    assert len(draws) > 1


def test_a_question_that_was_not_drawn_is_not_there(app, type_learner):
    page = type_learner.open("pages/pool")
    [other, *_] = sorted({f"p-{name}" for name in ("alder", "birch", "cedar", "elm")} - drawn(page))
    assert other.removeprefix("p-").upper() not in page.html
    assert type_learner.autosave("lot", other, attempt=1, revision=0, response=None).status_code == 404
    fields = {"csrf_token": type_learner.token, "attempt": "1"}
    for verb in ("check", "hint"):
        assert type_learner.post(f"questions/{other}/{verb}", fields).status == 404
    with app.app_context():
        assert db.session.scalar(select(Answer)) is None
