"""Beyond the cases written by hand: of thousands made at random, Python and JavaScript say the same, to the word."""

from __future__ import annotations

import json
import unicodedata
from random import Random

from course_builder.scoring import key_json
from course_builder.scoring.letters import OWN, PLAIN
from course_builder.scoring.regex import RegexError, compiled
from course_builder.scoring.text import TYPED, fold
from tests.course_builder.scoring.cases import key_from_json, run_in_node, score_in_python
from tests.course_builder.scoring.expressions import LETTERS, expression
from tests.course_builder.scoring.keys import TYPES, any_json, any_key, likely_response

# Which letters of Unicode exist differs between versions; what exists in the older one means the same in both.
ASSIGNED = [chr(code) for code in range(1, 0x1F700) if unicodedata.category(chr(code)) not in {"Cn", "Cs", "Co"}]


def differing(asked, outcomes):
    for (key, response, *more), found in zip(asked, outcomes, strict=True):
        said = score_in_python(key_from_json(key), response, *more)
        if said.get("error") == found.get("error") == "misuse":
            # Each language names what is not there in its own way.
            continue
        if said != found:
            yield json.dumps({"key": key, "response": response, "more": more, "python": said, "javascript": found})


def test_answers_to_questions_of_all_types():
    random = Random(20260301)
    asked = []
    for number in range(6_000):
        key = any_key(random, TYPES[number % len(TYPES)])
        response = any_json(random) if random.random() < 0.2 else likely_response(random, key)
        hints = [random.randrange(-1, 4) for _ in range(random.randrange(3))]
        asked.append([key_json(key), response, random.choice([1, 1, 1, 2, 3, 0]), random.choice([[], hints])])
    assert list(differing(asked, run_in_node("score_in_node.mjs", asked))) == []


def test_answers_to_expressions():
    random = Random(9485)
    asked = []
    for _ in range(800):
        source, answer = expression(random)
        written = {"accepted": [{"text": source, "regex": True}], "exact": random.random() < 0.5}
        key = {"type": "text", "written": {"": written}}
        asked += [[key, _changed(random, answer()), 1, []] for _ in range(4)]
    outcomes = run_in_node("score_in_node.mjs", asked)
    assert list(differing(asked, outcomes)) == []
    right = sum(outcome["state"] == "right" for outcome in outcomes)
    assert len(asked) / 4 < right < len(asked) * 3 / 4


def _changed(random, answer):
    if answer and random.random() < 0.4:
        place = random.randrange(len(answer))
        answer = answer[:place] + random.choice([*LETTERS, ""]) + answer[place + 1 :]
    return random.choice([answer, answer, answer.upper(), answer.lower(), f" {answer} "])


def test_what_is_an_expression():
    random = Random(2023)
    patterns = ["".join(random.choices(r"ab()[]{}|*+?.^$-\,10pPLuns", k=random.randint(1, 9))) for _ in range(20_000)]
    patterns += [expression(random)[0] for _ in range(500)]
    patterns += ["a" * 500, "a" * 501, "(" * 50 + ")" * 50, "(" * 51 + ")" * 51, "a{1000}", "a{1001}", "(a{32}){32}"]
    patterns += ["(a{31}){31}", "a{01}", "a{00002}", "\ud800", r"\p{Cn}", r"\p{C}", "(|){500}", "((|a){22}){22}"]
    found = run_in_node("text_in_node.mjs", {"patterns": patterns})["patterns"]
    assert [pattern for pattern, is_one in zip(patterns, found, strict=True) if _is_expression(pattern) != is_one] == []
    assert found.count(True) > 1_000


def _is_expression(pattern):
    try:
        compiled(pattern, is_exact=True)
    except RegexError:
        return False
    return True


def test_how_letters_are_folded():
    languages = [*OWN, "tr", "xx", "FI", "fi-x-easy", "sv-FI", "toString", ""]
    # A bar between them keeps letters and accents apart.
    lines = ["|".join(ASSIGNED[start : start + 50]) for start in range(0, len(ASSIGNED), 50)]
    asked = [[line, language] for line in lines for language in ("en", "fi", "xx")]
    asked += [[line, language] for line in lines[:30] for language in languages]
    said = [fold(text, language) for text, language in asked]
    found = run_in_node("text_in_node.mjs", {"folds": asked})["folds"]
    assert [
        (one, python, javascript)
        for one, python, javascript in zip(asked, said, found, strict=True)
        if python != javascript
    ] == []


def test_tables_are_the_same():
    tables = run_in_node("text_in_node.mjs", {})["tables"]
    assert tables["own"] == OWN
    assert tables["plain"] == PLAIN
    assert tables["typed"] == {chr(code): plain or "" for code, plain in TYPED.items()}
