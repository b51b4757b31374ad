"""A course's accent as a style sheet: for what acts and shows progress, with what stands on it still readable.

The sheet is made from the two colours in its own address, so it never changes and needs no inline style.
"""

from __future__ import annotations

import re

from course_builder.accent import GROUNDS, LEAST, contrast, mixed, too_faint

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_SECOND_INK = {"light": "#4a5763", "dark": "#aab8c2"}
"""``--ink-2`` of ``tokens.css``: the faintest text that stands on what is chosen."""
_MOST_TINT = {"light": 12, "dark": 24}
"""Per cent of the accent in the ground of what is chosen and of notes."""


def accent_name(accent: str, accent_dark: str) -> str:
    """Name the sheet of two colours: ``7a1f5c-d79bc4.css``."""
    return f"{accent[1:]}-{accent_dark[1:]}.css"


def accent_sheet(name: str) -> str | None:
    """Write the sheet of this name; ``None`` for a name that is none, or colours that cannot be read on our pages."""
    accent, accent_dark = (f"#{part}" for part in name.removesuffix(".css").partition("-")[::2])
    if not _is_readable(accent, "light") or not _is_readable(accent_dark, "dark"):
        return None
    light, dark = (_tokens(accent, "light"), _tokens(accent_dark, "dark"))
    return (
        f"@media screen {{ :root {{ {light} }} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
        f"@media print {{ :root {{ --brand: {accent}; }} }}\n"
    )


def _is_readable(colour: str, scheme: str) -> bool:
    return bool(_COLOUR.fullmatch(colour)) and not any(too_faint(colour, scheme))


def _tokens(colour: str, scheme: str) -> str:
    ink = max(GROUNDS[scheme]["surface"], GROUNDS["dark"]["sunken"], key=lambda each: contrast(each, colour))
    return f"--brand: {colour}; --brand-ink: {ink}; --brand-soft: {_soft(colour, scheme)};"


def _soft(colour: str, scheme: str) -> str:
    """Tint the surface with the colour, as far as words in it and in the second ink can be read there."""
    surface = GROUNDS[scheme]["surface"]
    for share in range(_MOST_TINT[scheme], 0, -1):
        soft = mixed(surface, colour, share)
        if min(contrast(colour, soft), contrast(_SECOND_INK[scheme], soft)) >= LEAST:
            return soft
    return surface
