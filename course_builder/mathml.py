"""What a formula may hold as MathML, as data: the elements that browsers draw, and nothing that links, runs or colours.

Only the builder writes MathML, never an author; ``formulas.py`` makes it and packages are held to the same list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ROOT = "math"

ELEMENTS: Mapping[str, frozenset[str]] = {
    ROOT: _words("display"),
    **dict.fromkeys(_words("mrow mphantom msqrt mroot msub msup msubsup mtr"), _words("")),
    **dict.fromkeys(_words("mi mn mtext"), _words("mathvariant")),
    "mo": _words(
        "accent fence form largeop lspace mathvariant maxsize minsize movablelimits rspace separator stretchy symmetric"
    ),
    "mspace": _words("depth height width"),
    "mfrac": _words("linethickness"),
    "mover": _words("accent"),
    "munder": _words("accentunder"),
    "munderover": _words("accent accentunder"),
    "mpadded": _words("depth height lspace voffset width"),
    "mstyle": _words("displaystyle scriptlevel"),
    "mtable": _words("displaystyle"),
    "mtd": _words("class"),
}
"""Allowed elements, each with its attributes."""

TEXTS = _words("mi mn mo mtext")
"""Elements that hold text; all others hold elements only."""

CHILDREN: Mapping[str, int] = {
    "mfrac": 2,
    "mroot": 2,
    "msub": 2,
    "msup": 2,
    "mover": 2,
    "munder": 2,
    "msubsup": 3,
    "munderover": 3,
}
"""How many children an element has, where it needs a certain number."""

CELL_CLASSES: Mapping[str, str] = {"left": "math-left", "right": "math-right"}
"""Browsers align the cells of a formula by style sheets only."""

# Small, so that nothing in a formula can be drawn over the page around it.
_LENGTH = re.compile(r"[+-]?(\d{1,2}(\.\d{1,4})?|\.\d{1,4})(em|ex|px|pt|mu|%)?")
_YES_NO = re.compile(r"true|false")
_VALUES: Mapping[str, re.Pattern[str]] = {
    "class": re.compile("|".join(CELL_CLASSES.values())),
    "display": re.compile(r"block|inline"),
    "form": re.compile(r"prefix|infix|postfix"),
    "mathvariant": re.compile(r"[a-z-]{3,30}"),
    "scriptlevel": re.compile(r"[+-]?[0-3]"),
    **dict.fromkeys(
        _words("accent accentunder displaystyle fence largeop movablelimits separator stretchy symmetric"), _YES_NO
    ),
    **dict.fromkeys(
        _words("depth height linethickness lspace maxsize minsize rspace voffset width"),
        _LENGTH,
    ),
}


def is_allowed(element: str, attribute: str, value: str) -> bool:
    """Say whether an element of a formula may have an attribute with this value."""
    return attribute in ELEMENTS[element] and _VALUES[attribute].fullmatch(value) is not None
