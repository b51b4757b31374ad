"""A number that reads in two ways, or is none, is asked back, and nothing is scored before."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from course_builder.model import NumberAnswer, Quiz
from lti_tool.extensions import db
from lti_tool.services import attempts
from lti_tool.services.attempts import UnclearAnswerError
from lti_tool.services.records import Participant
from tests.course_builder import samples
from tests.lti_tool.launching import add_person, add_placement

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def attempt(app, publish, tmp_path):
    """An open attempt at a quiz with one question, whose answer is 1000, and the release that it is of."""
    number = NumberAnswer(Fraction(1000))
    question = samples.question(
        "q-number", "number", options=(), number=number, quiz="sums", tries=2, penalty=Fraction(1, 2)
    )
    tokens = samples.block("quiz", [samples.place_of_question("q-number")], "sums", title="Sums")
    quiz = Quiz("sums", "Sums", "first", None, ("q-number",), samples.HERE)
    module = samples.module([samples.page([*samples.text("Count."), *tokens], [question], [quiz])])
    digest = publish(samples.package(tmp_path, module))
    with app.app_context():
        placement = add_placement()
        participant = Participant(placement.id, add_person(placement, "learner-1").id)
        release = app.extensions["shelf"].open(db.session(), digest)
        yield (
            attempts.open_attempt(db.session(), participant, "sums", 1, release_digest=digest, secret="s" * 16, at=AT),
            release,
        )


def keep(attempt, release, response, began_from=0):
    key = release.key("q-number")
    return attempts.save_answer(db.session(), attempt, key, "q-number", response, began_from, AT)


@pytest.mark.parametrize("response", ["1,000", "2,000", "many"])
def test_a_check_asks_back_whatever_it_is_worth_and_uses_no_try(attempt, response):
    answer = keep(*attempt, response)
    with pytest.raises(UnclearAnswerError):
        attempts.check_answer(db.session(), answer, attempt[1], "en")
    assert (answer.tries_used, answer.state, answer.points) == (0, None, None)

    keep(*attempt, "1 000", began_from=1)
    attempts.check_answer(db.session(), answer, attempt[1], "en")
    assert (answer.tries_used, answer.state, answer.points) == (1, "right", "1")


def test_an_attempt_with_an_unclear_number_is_not_submitted(attempt):
    answer = keep(*attempt, "1,000")
    with pytest.raises(UnclearAnswerError):
        attempts.submit(db.session(), attempt[0], attempt[1], "en", AT)
    assert (attempt[0].submitted_at, answer.state, answer.tries_used) == (None, None, 0)


def test_a_second_try_costs_its_penalty(attempt):
    answer = keep(*attempt, "999")
    attempts.check_answer(db.session(), answer, attempt[1], "en")
    keep(*attempt, "1000", began_from=1)
    attempts.check_answer(db.session(), answer, attempt[1], "en")
    assert (answer.tries_used, answer.state, answer.points) == (2, "right", "1/2")
