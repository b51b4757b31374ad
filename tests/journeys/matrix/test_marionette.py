"""What selenium reads of Marionette's answers."""

from __future__ import annotations

import pytest
from selenium.common.exceptions import InvalidArgumentException, NoSuchWindowException
from selenium.webdriver.remote.errorhandler import ErrorHandler

from tests.journeys.matrix.marionette import webdriver_answer


def test_a_result_stands_under_its_name() -> None:
    assert webdriver_answer(None, {"value": "text"}) == {"value": "text"}
    assert webdriver_answer(None, ["window"]) == {"value": ["window"]}
    assert webdriver_answer(None, {"handle": "7", "type": "tab"}) == {"value": {"handle": "7", "type": "tab"}}


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        ("invalid argument", "no", InvalidArgumentException),
        (
            "unknown error",
            'TypeError: can\'t access property "getActor", browsingContext.currentWindowGlobal is null',
            NoSuchWindowException,
        ),
    ],
)
def test_an_error_is_raised_by_its_name(code: str, message: str, expected: type[Exception]) -> None:
    answer = webdriver_answer({"error": code, "message": message, "stacktrace": ""}, None)
    with pytest.raises(expected):
        ErrorHandler().check_response(answer)
