"""Cases of scoring, written down by hand as JSON in ``vectors/``, and two that score them: Python and Node.

A file is a list of groups ``{name, key, cases}``, the key as ``key_json`` gives it. A case has a ``response``, or
``response_repeated`` for a text many times over, perhaps ``tries_used`` and ``hints_opened``; and what is to come out:
``points``, ``state``, and where there are any ``parts`` and ``matched``; or ``error``: ``response``, ``unclear`` with
its ``readings``, or ``misuse``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

from course_builder.model import Area, NumberAnswer, Pattern, Written
from course_builder.scoring import Key, ResponseError, UnclearError, score
from tests.conftest import skip_unless_in_ci

HERE = Path(__file__).parent


def read_cases():
    """Give (name, key as JSON, case) of all files."""
    for path in sorted((HERE / "vectors").glob("*.json")):
        for group in json.loads(path.read_text(encoding="utf-8")):
            for number, case in enumerate(group["cases"], 1):
                yield f"{path.stem}: {group['name']}, {number}", group["key"], case


def response_of(case):
    if "response_repeated" in case:
        text, times = case["response_repeated"]
        return text * times
    return case["response"]


def expected_of(case, key):
    if "error" in case:
        return {"error": case["error"], "readings": case.get("readings", [])}
    return {
        "points": case["points"],
        "max_points": key.get("points", "1"),
        "state": case["state"],
        "parts": case.get("parts", {}),
        "matched": case.get("matched"),
    }


def without_message(outcome):
    return {name: value for name, value in outcome.items() if name != "message"}


def score_in_python(key, response, tries_used=1, hints_opened=()):
    """Score, with what went wrong as a value."""
    try:
        result = score(key, response, tries_used, hints_opened)
    except UnclearError as error:
        return {"error": "unclear", "readings": list(error.readings), "message": str(error)}
    except ResponseError as error:
        return {"error": "response", "readings": [], "message": str(error)}
    except ValueError as error:
        return {"error": "misuse", "readings": [], "message": str(error)}
    return {
        "points": str(result.points),
        "max_points": str(result.max_points),
        "state": result.state,
        "parts": dict(result.parts),
        "matched": result.matched,
    }


def run_in_node(script, asked):
    """Give a script of this folder a JSON value, and take the one that it answers."""
    node = shutil.which("node")
    if node is None:
        skip_unless_in_ci("there is no Node")
        raise AssertionError
    run = subprocess.run(
        [node, str(HERE / script)], input=json.dumps(asked).encode(), capture_output=True, timeout=300, check=False
    )
    assert run.returncode == 0, run.stderr.decode()
    return json.loads(run.stdout)


def key_from_json(plain):
    """Make a key of what ``key_json`` gives."""
    members = dict(plain)
    for name in ("points", "penalty"):
        if name in members:
            members[name] = Fraction(members[name])
    for name in ("options", "correct", "items"):
        members[name] = tuple(members.get(name, ()))
    members["hint_costs"] = tuple(Fraction(cost) for cost in members.get("hint_costs", ()))
    members["choices"] = {gap: tuple(texts) for gap, texts in members.get("choices", {}).items()}
    members["written"] = {field: _written(each) for field, each in members.get("written", {}).items()}
    members["areas"] = {
        option: Area(area["shape"], tuple(map(Fraction, area["numbers"])))
        for option, area in members.get("areas", {}).items()
    }
    if "number" in members:
        members["number"] = NumberAnswer(**{name: Fraction(value) for name, value in members["number"].items()})
    return Key(**members)


def _written(plain):
    patterns = {
        kind: tuple(Pattern(each["text"], each.get("regex", False)) for each in plain.get(kind, ()))
        for kind in ("accepted", "foreseen")
    }
    return Written(**patterns, is_exact=plain.get("exact", False))
