"""High contrast is what it says: each colour of text has 7:1 on every ground that it stands on, in both schemes."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from course_builder.accent import contrast

PLAYER = files("course_builder") / "player"
DARK = "prefers-color-scheme: dark"
LEAST_TEXT, LEAST_BORDER = 7, 4.5
GROUNDS = ("paper", "surface", "sunken")
TEXT_ON = (
    [(text, ground) for text in ("ink", "ink-2", "brand", "good", "part", "bad") for ground in GROUNDS]
    + [(tone, f"{tone}-soft") for tone in ("brand", "good", "part", "bad")]
    + [(text, f"{tone}-soft") for text in ("ink", "ink-2", "brand") for tone in ("brand", "good", "part", "bad")]
    + [(f"code-{kind}", "sunken") for kind in ("keyword", "string", "number")]
    + [("brand-ink", "brand")]
)


def schemes(name: str) -> dict[str, dict[str, str]]:
    """Read the colours of a sheet, light and dark."""
    light, _, dark = (PLAYER / name).read_text(encoding="utf-8").partition(DARK)
    return {
        scheme: dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", text))
        for scheme, text in (("light", light), ("dark", dark))
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_colour_there_is_has_one_of_high_contrast(scheme: str) -> None:
    assert schemes("contrast.css")[scheme].keys() == schemes("tokens.css")[scheme].keys()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read(scheme: str, text: str, ground: str) -> None:
    colours = schemes("contrast.css")[scheme]
    assert contrast(colours[text], colours[ground]) >= LEAST_TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("line", ["line", "line-strong", "focus"])
def test_borders_and_the_ring_can_be_seen(scheme: str, line: str) -> None:
    colours = schemes("contrast.css")[scheme]
    assert min(contrast(colours[line], colours[ground]) for ground in GROUNDS) >= LEAST_BORDER
