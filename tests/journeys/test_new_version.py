"""A trainer mends a typo and publishes it: learners in the middle of an attempt lose nothing (scenario 12)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Playwright, expect

from lti_tool.demo.prepare import COURSE, COURSES
from tests.journeys.activity import (
    answer,
    answer_all,
    begin,
    expect_answered,
    expect_result,
    expect_saved,
    in_frame,
    look_over_and_submit,
    open_in_frame,
    open_quiz,
    question,
    sign_in,
)
from tests.journeys.audit import Watch
from tests.journeys.browser import BLOCKED, open_chromium
from tests.journeys.people import enrol, wait_for_grade
from tests.journeys.world import World, start_world

BEFORE, AFTER = "A 2024 survey asked", "In 2024 a survey asked"


def mend_and_publish(world: World, folder: Path) -> None:
    """Change a question and the version by hand, build, and publish as an administrator does."""
    course = folder / "mended"
    shutil.copytree(COURSES / COURSE, course)
    for path, old, new in (
        ("modules/m1-readiness/quiz.md", BEFORE, AFTER),
        ("modules/m1-readiness/module.yaml", "version: 1.0.0", "version: 1.0.1"),
    ):
        text = (course / path).read_text(encoding="utf-8")
        assert old in text
        (course / path).write_text(text.replace(old, new, 1), encoding="utf-8")
    run("course_builder.cli", "build", str(course), "-o", str(folder / "built"))
    for package in (folder / "built").glob("*-1.0.1.module.zip"):
        run("lti_tool.cli", "modules", "publish", str(package), environment=world.stack.tool.environment)


def run(command: str, *arguments: str, environment: object = None) -> None:
    done = subprocess.run(
        [sys.executable, "-m", command, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment or os.environ,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_new_version_leaves_those_alone_who_are_in_the_middle_of_an_attempt(
    playwright: Playwright, tmp_path: Path
) -> None:
    with (
        start_world(tmp_path / "world") as world,
        open_chromium(playwright, tmp_path / "profile", third_party_cookies=BLOCKED) as context,
    ):
        watch = Watch(context, world.tool, world.lms)
        first, second = enrol(world.stack.lms), enrol(world.stack.lms)
        page = context.pages[0]
        known = world.answers.quiz[0]
        sign_in(page, world.lms, first)
        inside = in_frame(page)
        begin(inside)
        open_quiz(inside)
        expect(question(inside, known)).to_contain_text(BEFORE)
        answer(inside, known)
        expect_saved(inside, known)

        mend_and_publish(world, tmp_path)

        # On the page as it is, after a reload, and after the next launch: the same question, and what was answered.
        answer(inside, world.answers.quiz[1])
        expect_saved(inside, world.answers.quiz[1])
        inside = open_in_frame(page, world.lms)
        open_quiz(inside)
        expect(question(inside, known)).to_contain_text(BEFORE)
        for each in world.answers.quiz[:2]:
            expect_answered(inside, each)
        answer_all(inside, world.answers.quiz[2:])
        look_over_and_submit(inside)
        expect_result(inside, "8 of 8")
        assert wait_for_grade(world.stack.lms, first) == 1

        # Whoever begins now, and the next attempt, have the new one.
        inside.get_by_role("button", name="Try again").click()
        expect(question(inside, known)).to_contain_text(AFTER)
        sign_in(page, world.lms, second)
        inside = in_frame(page)
        begin(inside)
        open_quiz(inside)
        expect(question(inside, known)).to_contain_text(AFTER)
        answer_all(inside, world.answers.quiz)
        look_over_and_submit(inside)
        expect_result(inside, "8 of 8")
        assert wait_for_grade(world.stack.lms, second) == 1
        assert wait_for_grade(world.stack.lms, first) == 1
        watch.assert_clean()
