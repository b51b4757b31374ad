"""The accent of a course as a style sheet: readable wherever the player writes in it or on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from course_builder.accent import contrast, for_dark_pages, too_faint
from course_builder.player import themes
from course_builder.player.themes import accent_name, accent_sheet

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def tokens_of(sheet: str) -> list[dict[str, str]]:
    """Read the tokens of each scheme."""
    return [dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", rule)) for rule in sheet.splitlines()[:2]]


@given(COLOURS)
def test_every_accent_that_the_check_lets_pass_has_a_sheet_that_can_be_read(accent: str) -> None:
    assume(not any(too_faint(accent, "light")))
    sheet = accent_sheet(accent_name(accent, for_dark_pages(accent)))
    assert sheet is not None
    for tokens, second_ink in zip(tokens_of(sheet), ("#4a5763", "#aab8c2"), strict=True):
        assert contrast(tokens["--brand-ink"], tokens["--brand"]) >= 4.5
        assert contrast(tokens["--brand"], tokens["--brand-soft"]) >= 4.5
        assert contrast(second_ink, tokens["--brand-soft"]) >= 4.5


def test_the_second_ink_is_that_of_the_design() -> None:
    tokens = (Path(themes.__file__).parent / "tokens.css").read_text(encoding="utf-8")
    light, _, dark = tokens.partition("@media (prefers-color-scheme: dark)")
    assert f"--ink-2: {themes._SECOND_INK['light']};" in light
    assert f"--ink-2: {themes._SECOND_INK['dark']};" in dark


@pytest.mark.parametrize(
    "name",
    [
        *("", ".css", "0b5468.css", "0b5468-7fd0e0-000000.css", "0b5468-7fd0e0.css}", "0B5468-7FD0E0.css"),
        *("red-blue.css", "0b5468-};a{}.css", "../../secret.css", "٠b5468-7fd0e0.css"),
        *("ffff00-7fd0e0.css", "0b5468-0b5468.css"),
    ],
)
def test_there_is_no_sheet_for_what_is_no_colour_or_cannot_be_read(name: str) -> None:
    assert accent_sheet(name) is None
