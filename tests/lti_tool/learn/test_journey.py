"""A learner's way through a module, by forms and links alone."""

from __future__ import annotations

import json
import re

from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.models import SELF_CHECK, Answer, Attempt, PageVisit, Participation, Score
from tests.lti_tool.learn.town import SECRETS


def answer_all(page):
    page.choose("q-single", "Beta").choose("q-multiple", "Gamma", "Epsilon").choose("q-tries", "Theta")
    return page.arrange("q-order", "First", "Second", "Third")


def test_the_start_page_says_what_for_how_long_and_what_counts(learner):
    page = learner.open()
    for words in ("The town", "Own the bridge", "about 10 minutes", "6 points", "70", "gradebook", "Start"):
        assert words in page.text


def test_pages_lead_on_and_the_start_page_continues_where_the_learner_left(learner):
    learner.open("pages/reading")
    assert "Continue: Reading" in learner.open().text
    page = learner.open("pages/reading").press("Done. Next: Quiz")
    assert page.path.endswith("/pages/quiz")
    assert "Continue: Quiz" in learner.open().text
    assert "1 of 2 pages done" in learner.open().html


def test_a_quiz_says_its_title_and_how_long_it_takes(learner):
    page = learner.open("pages/quiz")
    assert '<h2 id="final_title">Final quiz</h2>' in page.html
    assert "points · about 20 minutes · attempt 1" in page.text


def test_a_page_has_the_accent_of_its_course(client, learner):
    sheet = re.search(r'<link rel="stylesheet" href="([^"]+/accent/[^"]+)">', learner.open("pages/reading").html)
    answer = client.get(sheet[1])
    assert answer.status_code == 200
    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "--brand: #7a1f5c;" in answer.text
    assert client.get(sheet[1].replace("7a1f5c", "ffffff")).status_code == 404


def test_a_page_can_be_marked_as_not_done_again(app, learner):
    learner.open("pages/reading").press("Done. Next")
    page = learner.open("pages/reading").press("Mark as not done")
    assert page.path.endswith("/pages/reading")
    with app.app_context():
        assert db.session.scalar(select(PageVisit.done_at).filter_by(page_id="reading")) is None


def test_reading_a_page_again_writes_nothing(app, learner):
    learner.open("pages/reading")
    with app.app_context():
        before = db.session.scalar(select(PageVisit.opened_at))
    learner.open("pages/reading")
    with app.app_context():
        assert db.session.scalars(select(PageVisit.opened_at)).all() == [before]
        assert db.session.scalar(select(Participation.last_page)) == "reading"
        assert db.session.scalar(select(Attempt)) is None


def test_a_whole_quiz_is_answered_looked_over_and_submitted(app, learner):
    review = answer_all(learner.open("pages/quiz")).press("Look over and submit")
    assert "All questions are answered" in review.text
    result = review.press("Submit")
    assert result.path.endswith("/pages/quiz")
    assert "You reached 6 of 6 points." in result.text
    assert "Passed." in result.text
    assert "FEEDBACK-BETA" in result.html
    assert "It goes to the gradebook in a moment." in result.text
    with app.app_context():
        score = db.session.scalars(select(Score)).one()
        assert json.loads(score.payload)["scoreGiven"] == 6
        attempt = db.session.scalars(select(Attempt)).one()
        assert (attempt.quiz_id, attempt.number, attempt.points, attempt.max_points) == ("final", 1, "6", "6")
        assert db.session.scalar(select(PageVisit.done_at).filter_by(page_id="quiz")) is not None


def test_the_look_over_names_what_is_missing_and_leads_back_to_it(learner):
    review = learner.open("pages/quiz").choose("q-single", "Beta").press("Look over and submit")
    assert "3 questions have no answer yet." in review.text
    assert 'pages/quiz#q-multiple"' in review.html
    assert "Your answer: Beta" in review.text


def test_a_quiz_is_scored_exactly_and_unanswered_questions_earn_nothing(app, learner):
    page = learner.open("pages/quiz").choose("q-single", "Alpha").choose("q-multiple", "Gamma")
    result = page.press("Look over and submit").press("Submit")
    assert "You reached 0 of 6 points." in result.text
    assert "70 % are needed to pass." in result.text
    with app.app_context():
        states = dict(db.session.execute(select(Answer.question_id, Answer.state)).all())
    assert states["q-single"] == "wrong"
    assert states["q-order"] == "unanswered"


def test_trying_again_begins_empty_and_the_best_attempt_counts(app, learner):
    answer_all(learner.open("pages/quiz")).press("Look over and submit").press("Submit")
    again = learner.open("pages/quiz").press("Try again")
    assert "attempt 2" in again.text
    assert not any("checked" in control.attributes for control in again.controls if control.question)
    result = again.choose("q-single", "Alpha").press("Look over and submit").press("Submit")
    assert "You reached 0 of 6 points." in result.text
    assert "Your best attempt had 6 points, and it counts." in result.text
    with app.app_context():
        newest = db.session.scalars(select(Score).order_by(Score.scored_at.desc())).first()
        assert json.loads(newest.payload)["scoreGiven"] == 6


def test_saving_keeps_the_answers_for_the_next_visit(learner):
    learner.open("pages/quiz").choose("q-single", "Alpha").arrange("q-order", "Third", "First", "Second").press("Save")
    page = learner.open("pages/quiz")
    chosen = [control.words for control in page.in_question("q-single") if "checked" in control.attributes]
    assert chosen == ["Alpha"]
    order = [control.words.split()[0] for control in page.in_question("q-order") if control.tag == "select"]
    assert order == ["Third", "First", "Second"]
    assert "Saved" in page.text


def test_an_order_that_was_not_touched_is_no_answer(learner):
    review = learner.open("pages/quiz").press("Look over and submit")
    assert "4 questions have no answer yet." in review.text


def test_a_self_check_has_tries_feedback_and_never_counts(app, learner):
    page = learner.open("pages/reading")
    assert "Self-check, does not count · try 1 of 2" in page.text
    page = page.choose("q-check", "The river").press("Check", "q-check")
    assert "FEEDBACK-RIVER" in page.html
    assert "FEEDBACK-TOWN" not in page.html, "a try is left"
    assert "missed" not in page.html
    page = page.choose("q-check", "Nobody").press("Check", "q-check")
    assert "Right, and you missed it." in page.text
    assert "2 of 2 tries used" in page.text
    with app.app_context():
        assert db.session.scalar(select(Attempt.quiz_id)) == SELF_CHECK
        assert db.session.scalar(select(Score)) is None
        assert db.session.scalar(select(PageVisit.done_at).filter_by(page_id="reading")) is not None


def test_checking_nothing_asks_for_an_answer_and_uses_no_try(learner):
    page = learner.open("pages/reading").press("Check", "q-check")
    assert "Choose an answer first." in page.text
    assert "try 1 of 2" in page.text


def test_checking_the_same_answer_twice_uses_one_try(learner):
    page = learner.open("pages/reading").choose("q-check", "The river")
    page.press("Check", "q-check")
    page.press("Check", "q-check")
    assert "try 2 of 2" in learner.open("pages/reading").text


def test_a_hint_opens_without_using_a_try_and_keeps_what_was_chosen(learner):
    page = learner.open("pages/quiz").choose("q-multiple", "Gamma").press("Hint", "q-multiple")
    assert "HINT-MULTIPLE" in page.html
    assert [control.words for control in page.in_question("q-multiple") if "checked" in control.attributes] == ["Gamma"]


def test_an_opened_hint_costs_its_share(learner):
    page = learner.open("pages/quiz").press("Hint", "q-multiple")
    result = page.choose("q-multiple", "Gamma", "Epsilon").press("Look over and submit").press("Submit")
    assert "You reached 1.5 of 6 points." in result.text


def test_a_graded_question_with_tries_is_checked_by_itself_and_keeps_the_other_answers(learner):
    page = learner.open("pages/quiz").choose("q-single", "Beta").choose("q-tries", "Eta").press("Check", "q-tries")
    assert "FEEDBACK-ETA" in page.html
    assert "try 2 of 2" in page.text
    page = page.choose("q-tries", "Theta").press("Check", "q-tries")
    result = page.press("Look over and submit").press("Submit")
    assert "You reached 1.5 of 6 points." in result.text, "one point, and half a point after a lost try"


def test_without_a_column_the_score_stays_here_and_the_page_says_so(publish, town, visit):
    publish(town)
    learner = visit(column=None)
    assert "has no gradebook column" in learner.open().text
    result = answer_all(learner.open("pages/quiz")).press("Look over and submit").press("Submit")
    assert "has no gradebook column" in result.text


def test_a_graded_question_outside_any_quiz_makes_the_modules_own(app, publish, loose_town, visit):
    publish(loose_town)
    learner = visit()
    page = learner.open("pages/loose").choose("q-loose", "Yes")
    assert "You reached 1 of 1 point." in page.press("Look over and submit").press("Submit").text


def test_a_learner_without_a_module_is_told_to_wait(visit):
    page = visit(module=None).open()
    assert page.status == 200
    assert "Your trainer has not chosen a module" in page.text
    assert visit(module=None).open("pages/reading").status == 404


def test_nothing_served_before_submitting_gives_a_key_or_a_note_away(learner):
    pages = [learner.open(path) for path in ("", "pages/reading", "pages/quiz", "quizzes/final/review")]
    for page in pages:
        for secret in SECRETS:
            assert secret not in page.html
        for option in ("river", 'town"', "alpha", "beta", "gamma", "theta"):
            assert f'value="{option}' not in page.html


def test_the_options_keep_their_names_and_order_for_the_whole_attempt(learner, visit):
    def served(person):
        return [(control.name, control.value) for control in person.open("pages/quiz").controls if control.is_choice]

    first = served(learner)
    learner.open("pages/quiz").choose("q-single", "Alpha").press("Save")
    assert served(learner) == first
    assert served(visit("learner-2")) != first
