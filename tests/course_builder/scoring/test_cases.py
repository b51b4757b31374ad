"""Python and JavaScript say of each case in ``vectors/`` what is written there."""

from __future__ import annotations

from collections import Counter

from course_builder.scoring import key_json
from course_builder.scoring.score import JUDGES
from tests.course_builder.scoring.cases import (
    expected_of,
    key_from_json,
    read_cases,
    response_of,
    run_in_node,
    score_in_python,
    without_message,
)

CASES = list(read_cases())


def what_differs(outcomes):
    return [
        f"{name}: {response_of(case)!r:.80}\n   expected {expected}\n   got      {got}"
        for (name, key, case), outcome in zip(CASES, outcomes, strict=True)
        if (expected := expected_of(case, key)) != (got := without_message(outcome))
    ]


def test_there_are_cases_of_every_type():
    number = Counter(key["type"] for _, key, _ in CASES)
    assert set(number) == set(JUDGES)
    assert len(CASES) > 1_500


def test_python_scores_every_case_as_it_is_written():
    outcomes = [
        score_in_python(key_from_json(key), response_of(case), case.get("tries_used", 1), case.get("hints_opened", ()))
        for _, key, case in CASES
    ]
    assert what_differs(outcomes) == []


def test_javascript_scores_every_case_as_it_is_written():
    asked = [
        [key, response_of(case), case.get("tries_used", 1), case.get("hints_opened", [])] for _, key, case in CASES
    ]
    assert what_differs(run_in_node("score_in_node.mjs", asked)) == []


def test_keys_of_the_cases_are_written_as_key_json_writes_them():
    for _, key, _ in CASES:
        assert key_json(key_from_json(key)) == {
            name: value for name, value in key.items() if (name, value) not in DEFAULT
        }


DEFAULT = [("partial", "off"), ("hint_costs", []), ("points", "1")]
