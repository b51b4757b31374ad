"""The page on security names tests, places and numbers that there are."""

from __future__ import annotations

import re
from pathlib import Path

from tests.lti_tool.test_certification import BAD
from tests.lti_tool.test_ssrf import HOSTILE

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()


def test_every_test_that_it_names_is_there():
    named = re.findall(r"`((?:\w+/)*test_\w+)`(?:: \*([^*]+)\*)?", PAGE)
    assert len(named) > 30
    for name, title in named:
        found = [*ROOT.glob(f"tests/lti_tool/{name}.py"), *ROOT.glob(f"tests/{name}.py")]
        assert found, name
        if title:
            assert f"_{title.replace(' ', '_')}" in found[0].read_text(), f"{name}: {title}"


def test_every_folder_and_file_that_it_names_is_there():
    for name in re.findall(r"`((?:lti_tool|course_builder|tests|docs)/[\w/.]+)`", PAGE):
        assert "/test_" in name or (ROOT / name).exists(), name


def test_its_numbers_are_those_of_the_tests():
    assert f"{len(HOSTILE)} ways to write an inner address" in PAGE
    assert f"{len(BAD)} known-bad payloads" in PAGE


def test_each_threat_says_what_stands_against_it_and_which_test():
    table = PAGE.split("| threat |")[1].split("\n\n")[0].splitlines()[2:]
    assert len(table) > 20
    for row in table:
        threat, against, test, _tried = (cell.strip() for cell in row.strip("|").split("|"))
        assert threat
        assert against
        assert "`" in test, threat
