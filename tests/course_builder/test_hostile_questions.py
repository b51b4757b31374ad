"""Packages whose questions, keys and pools do not agree, one of each type: refused, with the reason."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.course_builder.question_samples import ALL
from tests.course_builder.samples import members, module, page, place_of_question
from tests.course_builder.test_hostile_packages import refused, with_files

QUESTION, KEYS, MANIFEST = "questions/en/q.json", "private/keys.json", "module.json"


def holding(type_: str) -> dict[str, bytes]:
    return members(module([page([place_of_question("q")], [replace(ALL[type_], id="q")])]))


def with_change(type_: str, path: str, **changes: Any) -> dict[str, bytes]:
    files = holding(type_)
    read = json.loads(files[path])
    changed = read["questions"]["q"] if path == KEYS else read
    changed |= changes
    return with_files({**files, path: json.dumps(read).encode()})


@pytest.mark.parametrize(
    ("type_", "change", "reason"),
    [
        ("match", {"pairs": {"owner": "decides"}}, "not one for a question of type match"),
        ("match", {"pairs": {"owner": "decides", "clerk": "none"}}, "not one for a question of type match"),
        ("match", {"pairs": {"owner": "decides", "clerk": "decides"}}, "same right-hand side"),
        ("table", {"pairs": {}}, "not one for a question of type table"),
        ("table", {"correct": ["yes"]}, "none of this type"),
        ("number", {"number": None}, "not one for a question of type number"),
        ("number", {"number": {"answer": "1", "minimum": "0"}}, "not one for a question of type number"),
        ("number", {"number": {"answer": "1", "tolerance": "-1"}}, "not one for a question of type number"),
        ("number", {"number": {"minimum": "2", "maximum": "1"}}, "not one for a question of type number"),
        ("number", {"number": {"answer": "many"}}, "exact number"),
        ("text", {"written": {}}, "not one for a question of type text"),
        ("text", {"written": {"fi": {"": {"accepted": [{"text": "a"}]}}}}, "not one for a question of type text"),
        ("text", {"written": {"en": {"": {"accepted": []}}}}, "not one for a question of type text"),
        ("gap", {"written": {"en": {"what": {"accepted": [{"text": "a"}]}}}}, "not one for a question of type gap"),
        ("hotspot", {"areas": {}}, "not one for a question of type hotspot"),
        ("hotspot", {"correct": []}, "right options"),
        ("essay", {"correct": ["a"]}, "none of this type"),
        ("survey", {"pairs": {"once": "yes", "twice": "no"}}, "not one for a question of type survey"),
    ],
)  # fmt: skip
def test_refuses_keys_that_do_not_fit_their_question(tmp_path, type_, change, reason):
    refused(tmp_path, with_change(type_, KEYS, **change), reason)


@pytest.mark.parametrize(
    ("type_", "change", "reason"),
    [
        ("gap", {"stem": "<p>No gap.</p>"}, "gaps in"),
        ("gap", {"stem": '<p><span data-gap="how-often">x</span></p>'}, "holds something else"),
        ("gap", {"choices": {"none": ["a"]}}, "drop-down list"),
        ("hotspot", {"image": '<img src="https://example.org/a.png">'}, "which is not allowed|not in the package"),
        ("match", {"items": [{"id": "owner", "html": "<script>"}]}, "<script>|not one for"),
        ("essay", {"rubric": [{"id": "a", "html": "<style>", "points": "1"}]}, "<style>"),
    ],
)
def test_refuses_questions_whose_parts_do_not_agree(tmp_path, type_, change, reason):
    refused(tmp_path, with_change(type_, QUESTION, **change), reason)


@pytest.mark.parametrize(
    ("pools", "reason"),
    [
        ([{"questions": ["none"], "draw": 1}], "not the quiz's"),
        ([{"questions": ["q"], "draw": 2}], "more questions than it has"),
        ([{"questions": ["q"], "draw": 0}], "more questions than it has"),
        ([{"questions": ["q"], "draw": 1}, {"questions": ["q"], "draw": 1}], "one twice"),
    ],
)
def test_refuses_pools_that_cannot_be_drawn_from(tmp_path, pools, reason):
    [quiz] = json.loads(holding("single")[MANIFEST])["quizzes"]
    refused(tmp_path, with_change("single", MANIFEST, quizzes=[{**quiz, "pools": pools}]), reason)
