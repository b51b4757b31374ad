"""The page that shows what pages are made of has all of it, and stands where the tool is developed only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course_builder import player
from lti_tool import create_app
from tests.lti_tool.conftest import make_settings

SHEETS = {"tokens.css": r"--([a-z][\w-]*):", "controls.css": r"\.([a-z][\w-]*)", "notes.css": r"\.([a-z][\w-]*)"}
BEHIND = {
    # Fonts and measures: every text and control shows them.
    *("text-font", "code-font", "radius", "card-radius", "target", "measure"),
    # The colour of the note or alert that one is in.
    "tone",
}
SYNONYMS = {"alert-important": "alert-warning"}


@pytest.fixture
def page(tmp_path):
    answer = create_app(make_settings(tmp_path)).test_client().get("/design")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_token_and_component_is_shown(page, sheet):
    text = re.sub(r"/\*.*?\*/", "", (Path(player.__file__).parent / sheet).read_text(), flags=re.DOTALL)
    names = {SYNONYMS.get(name, name) for name in re.findall(SHEETS[sheet], text)} - BEHIND
    shown = set(re.findall(r"[\w-]+", page))
    assert len(names) > 5
    assert not {name for name in names if name not in shown and f"var(--{name})" not in page}


def test_it_is_not_there_in_production(tmp_path):
    settings = make_settings(tmp_path, lti_tool_env="production", public_url="https://training.example.org")
    assert create_app(settings).test_client().get("/design").status_code == 404
