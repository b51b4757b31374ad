"""The whole way to the grade in the practice LMS as each profile, and launches from an LMS that is not well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lti_tool.demo import check, prepare
from lti_tool.demo.answers import AnswerKey, read_answers
from lti_tool.demo.stack import Addresses, Stack, free_port
from lti_tool.practice_lms import Fault
from lti_tool.practice_lms.app import PROFILES
from lti_tool.practice_lms.browser import Browser, Page
from lti_tool.practice_lms.config import ProfileName


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return prepare.build_course(tmp_path_factory.mktemp("packages"))


@contextmanager
def running(folder: Path, packages: list[Path], profile: ProfileName = "strict") -> Iterator[tuple[Stack, AnswerKey]]:
    addresses = Addresses(tool_port=free_port(), lms_port=free_port())
    # Whoever presses reload would wait half a minute after keys were revoked; a test does not.
    environment = prepare.environment_for(folder, addresses) | {"KEY_SET_COOLDOWN_S": "0"}
    prepare.prepare_database(environment, packages, addresses, profile)
    answers = read_answers(packages[0])
    named = {"module_id": answers.module_id, "module_title": answers.module_title}
    with Stack(addresses, folder, environment, **named, profile=profile) as stack:
        yield stack, answers


@pytest.mark.parametrize("profile", sorted(PROFILES.keys() - {"strict"}))
def test_a_grade_arrives_in_each_lms(tmp_path: Path, packages: list[Path], profile: ProfileName) -> None:
    with running(tmp_path, packages, profile) as (stack, answers):
        grade = check.walk(stack, answers, lambda _title: nullcontext())
    assert grade.startswith("100 of 100")


@pytest.fixture(scope="module")
def unwell(tmp_path_factory: pytest.TempPathFactory, packages: list[Path]) -> Iterator[tuple[Stack, AnswerKey]]:
    with ExitStack() as stack:
        yield stack.enter_context(running(tmp_path_factory.mktemp("unwell"), packages))


def launch(stack: Stack) -> Page:
    browser = Browser()
    course_page = browser.submit(browser.open(stack.addresses.lms).forms[0])
    return browser.go_on(browser.click(browser.open_frame(course_page), "Go on here"))


@pytest.mark.parametrize("off_min", [-7, -6, 1, 5])
def test_an_lms_whose_clock_is_wrong_by_minutes_is_said_to_be_so(unwell: tuple[Stack, AnswerKey], off_min: int) -> None:
    stack, answers = unwell
    right = stack.lms.config
    stack.lms.config = replace(right, clock=lambda: datetime.now(UTC) + timedelta(minutes=off_min))
    try:
        page = launch(stack)
    finally:
        stack.lms.config = right
    assert page.status == 400
    assert "tell your administrator that the clocks differ" in page.words
    page = launch(stack)
    assert page.status == 200
    assert answers.module_title in page.words


def test_an_lms_that_revoked_its_keys_is_believed_by_its_new_ones(unwell: tuple[Stack, AnswerKey]) -> None:
    stack, answers = unwell
    assert launch(stack).status == 200
    stack.lms.revoke_keys()
    page = launch(stack)
    assert page.status == 200
    assert answers.module_title in page.words


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 503},
        {"status": 429, "headers": {"Retry-After": "60"}},
        {"status": 403, "headers": {"Retry-After": "60"}},
        {"status": 200, "body": "<!doctype html><h1>Maintenance</h1>"},
        {"status": 200, "body": '{"keys": [{"kty": "RSA", "n'},
        {"status": 200, "body": "x" * 1000, "repeats": 2000},
        {"when": "after", "cuts_answer": True},
        {"drops_connection": True},
    ],
    ids=["503", "429", "403", "html", "truncated", "huge", "cut", "dropped"],
)
def test_a_key_set_that_cannot_be_read_keeps_nobody_out_for_long(
    unwell: tuple[Stack, AnswerKey], fault: dict[str, Any]
) -> None:
    stack, answers = unwell
    # Of the new key nobody has heard, so that the set has to be read.
    stack.lms.revoke_keys()
    stack.lms.config.faults.add(Fault(operation="key_set", **fault))
    page = launch(stack)
    assert page.status == 502
    assert "could not be asked whether this launch is genuine. Nothing is lost." in page.words
    page = launch(stack)
    assert page.status == 200
    assert answers.module_title in page.words
