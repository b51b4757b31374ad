"""What is served is the same whatever the key is, for each question type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from course_builder.model import Module, Question
from course_builder.package.write import write_package
from lti_tool.extensions import db
from lti_tool.models import Placement
from tests.course_builder.question_samples import DIFFERENT_KEYS
from tests.course_builder.samples import members, module, page, place_of_question
from tests.lti_tool.learn.visitor import Page, Visitor

SERVED = ("", "pages/first", "quizzes/module/review")


def holding(asked: Question, version: str) -> Module:
    """Make a module that asks it once in its quiz, and once as a self-check with tries."""
    graded = replace(asked, id="q-graded")
    check = replace(asked, id="q-check", is_graded=False, tries=3)
    tokens = [place_of_question("q-graded"), place_of_question("q-check")]
    return module([page(tokens, [graded, check])], version=version)


@pytest.fixture(params=sorted(DIFFERENT_KEYS))
def packages(request: pytest.FixtureRequest, tmp_path: Path) -> list[Path]:
    """Two packages that differ in the key of their question."""
    folder = tmp_path / request.param
    folder.mkdir()
    paths = []
    for number, asked in enumerate(DIFFERENT_KEYS[request.param]):
        paths.append(folder / f"{number}.zip")
        write_package(members(holding(asked, f"1.0.{number}")), paths[-1], 0)
    return paths


def show(app, digest: str) -> None:
    """Let all placements show a release."""
    with app.app_context():
        db.session.execute(update(Placement).values(release_digest=digest))
        db.session.commit()


def neutral(text: str, digest: str) -> str:
    """Take out what names the package itself, and the time."""
    text = text.replace(digest, "DIGEST").replace(digest[:16], "DIGEST")
    return re.sub(r'<time.*?</time>|"saved_at": ?"[^"]*"', "", text)


def served(learner: Visitor) -> Iterator[Page]:
    return (learner.open(path) for path in SERVED)


def lines(app, learner: Visitor, digest: str) -> list[str]:
    """All that a learner is served of a release."""
    show(app, digest)
    pages = list(served(learner))
    assert {each.status for each in pages} == {200}
    assert "q-check" in pages[1].html
    return [line for each in pages for line in neutral(each.html, digest).splitlines()]


def in_any_order(found: list[str]) -> list[str]:
    """What is served but for the order that was drawn, and for what counts it: letters and positions."""
    return sorted(re.sub(r">[A-Z]: |>[A-Z]<| selected|>[0-9]<", "", line) for line in found)


def test_nothing_that_is_served_before_answering_depends_on_the_key(app, publish, visit, packages):
    one, other = (publish(path) for path in packages)
    learner = visit(module="m1")
    # The first visit leaves a trace on the start page.
    learner.open("pages/first")
    shown, others = lines(app, learner, one), lines(app, learner, other)
    if packages[0].parent.name in {"order", "match"}:
        # The order that is the key is never the one drawn.
        shown, others = in_any_order(shown), in_any_order(others)
    assert shown == others


def test_keys_are_not_served_as_files_and_not_as_digests(app, publish, visit, packages):
    digest = publish(packages[0])
    learner = visit(module="m1")
    for path in ("private/keys.json", "ids.json", "questions/en/q-check.json", "module.json", "FILES"):
        assert learner.client.get(f"/packages/{digest}/{path}").status_code == 404, path
    for each in served(learner):
        # A digest of a key would be guessed by trying all answers.
        digests = set(re.findall(r"\b[0-9a-f]{40,64}\b", each.html)) - {digest}
        assert all(found in learner.home or f"/{found}" in each.html for found in digests)
