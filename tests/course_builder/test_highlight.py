"""Highlighted code: the same text, its parts in classes of the design, each of them readable."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import get_all_lexers

from course_builder.accent import LEAST, contrast
from course_builder.highlight import CALM, CLASSES, highlighted, is_known, nearest
from course_builder.sanitize import OWN_CLASSES, first_violation, sanitize

PLAYER = Path(__file__).parents[2] / "course_builder" / "player"
CODE = {
    "python": "def f(x):\n    # sum\n    return 'a' + str(1)\n",
    "html": '<a href="x">b &amp; c</a>\n',
    "diff": "- old\n+ new\n",
    "yaml": "a: 1 # x\nb: [x, 'y']\n",
    "console": "$ ls -l\nnotes.md\n",
    "json": '{"a": [1, null]}\n',
    "sql": "SELECT name FROM towns WHERE people > 15000;\n",
}


def words(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_marks_the_parts_of_code() -> None:
    assert highlighted("return 'a' + f(1) # b\n", "python") == (
        '<span class="tok-keyword">return </span><span class="tok-string">\'a\' </span>+ f('
        '<span class="tok-number">1</span>) <span class="tok-comment"># b\n</span>'
    )


@pytest.mark.parametrize("language", CODE)
def test_code_keeps_its_text(language: str) -> None:
    html = highlighted(CODE[language], language)
    assert "<span" in html
    assert words(html) == CODE[language]
    assert first_violation(sanitize(html)) is None


@given(st.text(max_size=60), st.sampled_from([*CODE, "text", "no-such-language"]))
def test_any_text_stays_as_it_is(code: str, language: str) -> None:
    # Markdown has made line ends of all carriage returns before.
    code = code.replace("\r", "\n")
    html = highlighted(code, language)
    assert words(html) == code


def test_names_languages_that_it_knows() -> None:
    assert is_known("yaml")
    assert is_known("text")
    assert not is_known("pyton")
    assert nearest("pyton") == "python"


def test_each_class_has_a_colour_or_a_form_in_the_style_sheet() -> None:
    sheet = (PLAYER / "code.css").read_text(encoding="utf-8")
    for _, name in CLASSES:
        assert name in OWN_CLASSES
        assert f".{name} {{" in sheet


def test_colours_of_code_can_be_read_on_their_ground() -> None:
    light, _, dark = (PLAYER / "tokens.css").read_text(encoding="utf-8").partition("prefers-color-scheme: dark")
    for sheet in (light, dark):
        colours = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", sheet))
        names = ("code-keyword", "code-string", "code-number", "ink-2", "ink")
        assert all(contrast(colours[name], colours["sunken"]) >= LEAST for name in names)


def test_code_that_keeps_its_lexer_busy_for_hours_is_shown_without_colours() -> None:
    for language, code in {"autohotkey": "\n" * 5_000, "lilypond": "a" * 5_000, "typescript": "a." * 20_000}.items():
        assert is_known(language)
        assert highlighted(code, language) == code


def test_other_names_of_a_language_are_coloured_too() -> None:
    for one, other in {
        "python": "py",
        "javascript": "js",
        "bash": "sh",
        "yaml": "yml",
        "console": "shell-session",
    }.items():
        assert highlighted("# a 'b' 1\n", one) == highlighted("# a 'b' 1\n", other)
    first = {aliases[0] for _, aliases, _, _ in get_all_lexers(plugins=False) if aliases}
    assert first >= CALM
