"""The order in which trainers see people: by name, those without one last, and each at one place only."""

from __future__ import annotations

import unicodedata

from sqlalchemy import ColumnElement, ScalarSelect, literal
from sqlalchemy.orm import InstrumentedAttribute

NAMELESS = "\uffff"
"""Stands behind every letter."""
_SEPARATOR = "\x1f"
_LONGEST = 200


def sort_key(name: str | None, sub: str) -> str:
    """Give what somebody is sorted by: letters with accents stand beside those without; equal names by ``sub``."""
    letters = unicodedata.normalize("NFKD", (name or "").casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return f"{plain[:_LONGEST] or NAMELESS}{_SEPARATOR}{sub}"


def nameless_key(sub: ColumnElement[str] | InstrumentedAttribute[str] | ScalarSelect[str]) -> ColumnElement[str]:
    """Give the same for somebody without a name, as an expression of the database."""
    return literal(NAMELESS + _SEPARATOR) + sub
