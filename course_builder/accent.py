"""A course's accent: whether it can be read on our pages, and its lighter form for dark ones.

Source: WCAG 2.2, relative luminance and contrast ratio.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

LEAST = 4.5
"""The contrast that text needs: links and the words on buttons are in the accent."""

GROUNDS: Mapping[str, Mapping[str, str]] = {
    "light": {"paper": "#fbfaf7", "surface": "#ffffff", "sunken": "#f2f0ea"},
    "dark": {"paper": "#10181f", "surface": "#18222b", "sunken": "#0b1218"},
}
"""What the accent stands on, by scheme, as ``player/tokens.css`` has it."""


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
    lighter = colour
    for share in range(0, 101, 2):
        lighter = mixed(colour, "#ffffff", share)
        if not any(too_faint(lighter, "dark")):
            break
    return lighter


def mixed(one: str, other: str, share: int) -> str:
    """Mix per cent of another colour into one."""
    pairs = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{mine + (yours - mine) * share // 100:02x}" for mine, yours in pairs)


def _parts(colour: str) -> Iterator[int]:
    return (int(colour[start : start + 2], 16) for start in (1, 3, 5))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
