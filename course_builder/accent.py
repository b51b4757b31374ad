"""A course's accent: whether it can be read on our pages, and its lighter form for dark ones.

Source: WCAG 2.2, relative luminance and contrast ratio.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

LEAST = 4.5
"""The contrast that text needs: links and the words on buttons are in the accent."""

GROUNDS: Mapping[str, Mapping[str, str]] = {
    "light": {"paper": "#fbfaf7", "surface": "#ffffff"},
    "dark": {"paper": "#10181f", "surface": "#18222b"},
}
"""What the accent stands on, by scheme, as ``player/tokens.css`` has it."""

_STEPS = 50


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_faint(colour: str, scheme: str) -> Iterator[tuple[str, float]]:
    """Name what the colour cannot be read on, with the contrast there."""
    for ground, value in GROUNDS[scheme].items():
        if (ratio := contrast(colour, value)) < LEAST:
            yield ground, ratio


def for_dark_pages(colour: str) -> str:
    """Mix a colour with white until it can be read on dark pages."""
    mixed = colour
    for step in range(_STEPS + 1):
        mixed = "#" + "".join(f"{part + (255 - part) * step // _STEPS:02x}" for part in _parts(colour))
        if not any(too_faint(mixed, "dark")):
            break
    return mixed


def _parts(colour: str) -> Iterator[int]:
    return (int(colour[start : start + 2], 16) for start in (1, 3, 5))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
