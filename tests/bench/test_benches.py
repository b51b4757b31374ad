from __future__ import annotations

import importlib
import inspect

import pytest

from tests.bench.__main__ import BENCHES, main
from tests.bench.conversations import WrongAnswerError
from tests.bench.generator import percentile, read_answer


@pytest.mark.parametrize("name", BENCHES)
def test_every_measurement_can_be_given_options(name: str) -> None:
    inspect.signature(importlib.import_module(f"tests.bench.{name}").run).bind([])


def test_a_measurement_that_there_is_not_is_named() -> None:
    with pytest.raises(SystemExit, match=r"no measurement --help\. There are pages"):
        main(["--help"])


def test_launches_are_measured_and_what_is_missing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    main(["launches", "--rounds", "1", "--seconds", "0.2", "--people", "4", "--without", "PostgreSQL,pylti1p3,ltijs"])

    printed = capsys.readouterr().out
    assert "| ours on SQLite | " in printed
    assert "| ours on SQLite, launches against ltijs | at least 3.0 | – | one of them is missing |" in printed


def test_logins_in_flight_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    main(["in_flight", "--people", "6", "--without", "pylti1p3,PostgreSQL"])

    assert "| ours on SQLite | 6 | 0 | yes |" in capsys.readouterr().out


def test_growth_is_measured_with_rows_that_the_tool_can_show(capsys: pytest.CaptureFixture[str]) -> None:
    main(["growth", "--rows=700", "--rounds=1", "--seconds=0.1", "--people=4", "--without=PostgreSQL"])

    printed = capsys.readouterr().out
    assert "### SQLite, with 700 launches, attempts, answers and scores" in printed
    assert "| a course's people, roster of 10,000 | " in printed


def test_learners_are_measured_and_nothing_of_theirs_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    main(["learners", "--learners=3", "--connections=2", "--seconds=0.1", "--pause=0.01", "--without=PostgreSQL"])

    assert "| SQLite: learners, open at half the rate | " in capsys.readouterr().out


def test_deliveries_are_measured_and_all_scores_come(capsys: pytest.CaptureFixture[str]) -> None:
    main(["deliveries", "--rounds", "1", "--seconds", "0.02", "--delays", "0"])

    assert "| SQLite | 0 ms | 4 | " in capsys.readouterr().out


def test_an_answer_is_read_once_all_of_it_has_come() -> None:
    whole = b"HTTP/1.1 302 Found\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=; Max-Age=0\r\nContent-Length: 2\r\n\r\nhi"

    assert [read_answer(bytearray(whole[:length])) for length in range(len(whole))] == [None] * len(whole)
    answer = read_answer(bytearray(whole))
    assert answer is not None
    assert (answer.status, answer.body, answer.cookies()) == (302, b"hi", "a=1")
    with pytest.raises(WrongAnswerError, match="302 instead of 200"):
        answer.expect(200)


def test_a_percentile_is_a_time_that_was_measured() -> None:
    assert [percentile([3.0, 1.0, 2.0], share) for share in (0.0, 0.5, 0.99, 1.0)] == [1.0, 2.0, 3.0, 3.0]
