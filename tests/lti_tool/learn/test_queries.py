"""How many questions the database is asked by the requests that come most often."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from lti_tool.extensions import db


@pytest.fixture
def count(app):
    """Count the statements that run inside a block; opening and closing a transaction is none."""

    @contextmanager
    def counting():
        seen = []

        def note(_connection, _cursor, statement, *_rest):
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
                seen.append(" ".join(statement.split()))

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting


def test_reading_saving_and_submitting_ask_little_of_the_database(learner, count):
    page = learner.open("pages/quiz")
    name = next(control.value for control in page.in_question("q-single"))
    token = learner.token
    learner.open("pages/quiz")
    headers = {"X-CSRF-Token": token, "Accept": "application/json"}
    address = learner.home + "quizzes/final/answers/q-single"

    def autosave(revision, response):
        body = {"attempt": 1, "revision": revision, "response": response}
        assert learner.client.put(address, json=body, headers=headers).status_code == 200

    counted = {}
    with count() as counted["page"]:
        learner.client.get(learner.home + "pages/quiz")
    autosave(0, name)
    with count() as counted["autosave"]:
        autosave(1, None)
    review = learner.open("quizzes/final/review")
    form = review.fields(review.button("Submit").form)
    with count() as counted["submit"]:
        learner.client.post(learner.home + "quizzes/final/submit", data=form)
    with count() as counted["page after submitting"]:
        learner.client.get(learner.home + "pages/quiz")
    numbers = {what: len(statements) for what, statements in counted.items()}
    assert numbers["page"] <= 3, counted["page"]
    assert numbers["autosave"] <= 4, counted["autosave"]
    # One of them because the score is on its way: whether the platform is paused.
    assert numbers["page after submitting"] <= 6, counted["page after submitting"]
    # One reads the rules again, once nobody else can change what counts for this person.
    assert numbers["submit"] <= 16, counted["submit"]
