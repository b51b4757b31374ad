"""Drafts as scripts save them, and two windows that disagree."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from lti_tool.extensions import db
from lti_tool.models import Answer, Attempt, Launch, Score


def name_of(page, question, words):
    return next(control.value for control in page.in_question(question) if control.words.startswith(words))


def responses(app):
    with app.app_context():
        return dict(db.session.execute(select(Answer.question_id, Answer.response)).all())


def test_an_answer_is_kept_under_its_real_id_and_gets_a_revision(app, learner):
    page = learner.open("pages/quiz")
    first = learner.autosave("final", "q-single", attempt=1, revision=0, response=name_of(page, "q-single", "Alpha"))
    assert (first.status_code, first.json["revision"]) == (200, 1)
    names = [name_of(page, "q-multiple", words) for words in ("Epsilon", "Gamma")]
    learner.autosave("final", "q-multiple", attempt=1, revision=0, response=names)
    assert responses(app) == {"q-single": "alpha", "q-multiple": ["gamma", "epsilon"]}


def test_the_same_answer_sent_again_changes_nothing(learner):
    page = learner.open("pages/quiz")
    sent = {"attempt": 1, "revision": 0, "response": name_of(page, "q-single", "Alpha")}
    first, again = (learner.autosave("final", "q-single", **sent) for _ in range(2))
    assert first.json == again.json


def test_an_answer_from_an_old_page_is_refused_with_the_one_that_stands(app, learner):
    page = learner.open("pages/quiz")
    alpha, beta = (name_of(page, "q-single", words) for words in ("Alpha", "Beta"))
    learner.autosave("final", "q-single", attempt=1, revision=0, response=alpha)
    refused = learner.autosave("final", "q-single", attempt=1, revision=0, response=beta)
    assert refused.status_code == 409
    assert (refused.json["revision"], refused.json["response"]) == (1, alpha)
    assert responses(app) == {"q-single": "alpha"}
    kept = learner.autosave("final", "q-single", attempt=1, revision=1, response=beta)
    assert (kept.status_code, kept.json["revision"]) == (200, 2)


def test_a_form_from_an_old_page_shows_both_answers_and_overwrites_none(app, learner):
    old = learner.open("pages/quiz")
    learner.open("pages/quiz").choose("q-single", "Alpha").press("Save")
    page = old.choose("q-single", "Beta").press("Save")
    assert page.status == 409
    assert "What you sent now was: Beta." in page.text
    assert [control.words for control in page.in_question("q-single") if "checked" in control.attributes] == ["Alpha"]
    assert responses(app) == {"q-single": "alpha"}


def test_an_old_page_where_nothing_was_chosen_wipes_nothing_and_does_not_complain(app, learner):
    old = learner.open("pages/quiz")
    learner.open("pages/quiz").choose("q-single", "Alpha").press("Save")
    assert old.press("Save").status == 200
    assert responses(app) == {"q-single": "alpha"}


def test_nothing_is_saved_into_an_attempt_that_was_submitted(app, learner):
    old = learner.open("pages/quiz").choose("q-single", "Beta")
    learner.open("pages/quiz").choose("q-single", "Alpha").press("Look over and submit").press("Submit")
    name = name_of(old, "q-single", "Beta")
    late = learner.autosave("final", "q-single", attempt=1, revision=1, response=name)
    assert late.status_code == 409
    assert "submitted in another window" in late.json["error"]
    assert old.press("Save").status == 409
    assert responses(app)["q-single"] == "alpha"


def test_a_double_click_on_submit_makes_one_attempt_and_one_score(app, learner):
    review = learner.open("pages/quiz").choose("q-single", "Beta").press("Look over and submit")
    first, second = review.press("Submit"), review.press("Submit")
    assert first.path == second.path
    assert second.status == 200
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1
        assert db.session.scalar(select(func.count()).select_from(Score)) == 1


def test_a_double_click_on_try_again_begins_one_attempt(app, learner):
    result = learner.open("pages/quiz").press("Look over and submit").press("Submit")
    assert result.press("Try again").status == 200
    assert result.press("Try again").status == 200
    with app.app_context():
        assert db.session.scalars(select(Attempt.number).order_by(Attempt.number)).all() == [1, 2]


@pytest.mark.parametrize("words", ["Look over and submit", "Submit"])
def test_windows_that_act_at_the_same_moment_share_one_attempt(app, visit, publish, town, words):
    publish(town)
    windows = [visit(), visit()]
    pages = [window.open("pages/quiz").choose("q-single", "Beta") for window in windows]
    if words == "Submit":
        pages = [page.press("Look over and submit") for page in pages]
    answers = []
    threads = [threading.Thread(target=lambda page=page: answers.append(page.press(words).status)) for page in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200, 200]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1
        assert db.session.scalar(select(func.count()).select_from(Score)) == (1 if words == "Submit" else 0)


def test_a_locked_question_takes_no_other_answer(app, learner):
    page = learner.open("pages/quiz").choose("q-tries", "Theta").press("Check", "q-tries")
    with app.app_context():
        names = [answer.revision for answer in db.session.scalars(select(Answer).filter_by(question_id="q-tries"))]
    other = next(control.value for control in page.in_question("q-tries") if control.words.startswith("Eta"))
    refused = learner.autosave("final", "q-tries", attempt=1, revision=names[0], response=other)
    assert refused.status_code == 400
    assert "cannot be answered again" in refused.json["error"]


HOSTILE = [
    {"attempt": 1, "revision": 0, "response": "beta"},
    {"attempt": 1, "revision": 0, "response": {"a": 1}},
    {"attempt": 1, "revision": 0, "response": ["x"] * 5000},
    {"attempt": 1, "revision": 0, "response": 7},
    {"attempt": 1, "revision": -1, "response": None},
    {"attempt": True, "revision": 0, "response": None},
    {"attempt": 10**12, "revision": 0, "response": None},
    {"attempt": "1; DROP TABLE", "revision": 0, "response": None},
    {"revision": 0, "response": None},
    {"attempt": 1, "response": None},
    {},
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_refuses_what_no_page_of_ours_sends(app, learner, body):
    answer = learner.autosave("final", "q-single", **body)
    assert answer.status_code == 400
    assert answer.json["error"]
    assert responses(app) == {}


def test_refuses_bodies_that_are_no_json_or_far_too_long(app, learner):
    address = learner.home + "quizzes/final/answers/q-single"
    headers = {"X-CSRF-Token": learner.token, "Accept": "application/json"}
    for body, status in ((b"{", 400), (b"[" * 50_000, 400), (b'"' + b"x" * 300_000 + b'"', 413)):
        answer = learner.client.put(address, data=body, content_type="application/json", headers=headers)
        assert answer.status_code == status, body[:10]
    assert responses(app) == {}


def test_refuses_a_form_with_unknown_options_questions_and_numbers(app, learner):
    page = learner.open("pages/quiz")
    form = page.button("Save").form
    for name, value in (("q-single", "beta"), ("r-unknown", "0"), ("r-q-check", "0"), ("r-q-single", "x")):
        fields = page.fields(form)
        fields["q-q-single" if name == "q-single" else name] = value
        assert learner.post("quizzes/final", fields).status in {400, 404}, name
    assert responses(app) == {}


def test_a_missing_form_token_is_refused(learner):
    for method, address in (
        ("post", "quizzes/final"),
        ("post", "quizzes/final/submit"),
        ("put", "quizzes/final/answers/q-single"),
        ("post", "pages/reading/done"),
        ("post", "questions/q-check/check"),
    ):
        answer = getattr(learner.client, method)(learner.home + address, data={"attempt": "1"})
        assert answer.status_code == 403, address


def test_a_question_answered_with_its_quiz_cannot_be_checked_before(app, learner):
    fields = {"csrf_token": learner.token, "attempt": "1", "r-q-single": "0"}
    assert learner.post("questions/q-single/check", fields).status == 404
    with app.app_context():
        assert db.session.scalar(select(Answer.state)) is None


def test_unknown_quizzes_and_questions_are_not_found(app, learner):
    fields = {"csrf_token": learner.token, "attempt": "1"}
    for address in ("quizzes/nothing", "quizzes/nothing/submit", "questions/nothing/check", "questions/nothing/hint"):
        assert learner.post(address, fields).status == 404, address
    assert learner.open("quizzes/nothing/review").status == 404
    assert learner.open("pages/nothing").status == 404
    with app.app_context():
        assert db.session.scalar(select(Attempt)) is None


def test_an_ended_launch_answers_scripts_with_json_so_that_the_answer_stays_with_the_learner(app, learner):
    token = learner.token
    with app.app_context():
        db.session.query(Launch).delete()
        db.session.commit()
    answer = learner.client.put(
        learner.home + "quizzes/final/answers/q-single",
        json={"attempt": 1, "revision": 0, "response": None},
        headers={"X-CSRF-Token": token, "Accept": "application/json"},
    )
    assert answer.status_code == 401
    assert answer.json["next"]
