"""Answers in words belong to a language: they are judged in the one in which the question was answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from course_builder.package.write import write_package
from lti_tool.extensions import db
from lti_tool.models import Answer
from tests.course_builder.question_samples import written
from tests.course_builder.samples import members, module, page, place_of_question


@pytest.fixture
def in_two_languages(tmp_path: Path) -> Path:
    """A package in English and Finnish; the words that are right differ."""
    asked = written("once-only")
    made = members(module([page([place_of_question("q")], [asked])]))
    for path, data in list(made.items()):
        if "/en" in path:
            made[path.replace("/en", "/fi")] = data
    manifest, keys = json.loads(made["module.json"]), json.loads(made["private/keys.json"])
    manifest["languages"]["fi"] = {"status": "current", "coverage": 1.0}
    keys["questions"]["q"]["written"]["fi"] = {"": {"accepted": [{"text": "vain kerran"}]}}
    made["module.json"], made["private/keys.json"] = json.dumps(manifest).encode(), json.dumps(keys).encode()
    write_package(made, tmp_path / "m1.zip", 0)
    return tmp_path / "m1.zip"


@pytest.mark.parametrize(
    ("language", "answer", "state"),
    [("fi", "Vain kerran", "right"), ("fi", "once-only", "wrong"), ("en", "once-only", "right"), ("en", "x", "wrong")],
)
def test_a_text_is_judged_in_the_language_in_which_it_was_written(
    app, publish, visit, in_two_languages, language, answer, state
):
    publish(in_two_languages)
    learner = visit(module="m1")
    learner.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    page_ = learner.open("pages/first").write("q", answer)
    fields = page_.fields("quiz_module")
    assert learner.post("quizzes/module", fields).status == 200
    assert learner.post("quizzes/module/submit", fields).status == 200
    with app.app_context():
        assert db.session.scalar(select(Answer.state)) == state
    # What it earned stays, in whichever language it is looked at.
    for other in ("en", "fi"):
        learner.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = other
        shown = learner.open("pages/first")
        assert ("is-right" in shown.html) is (state == "right")
