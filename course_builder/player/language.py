"""The language that the player speaks around a question; the question itself comes in its package's."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol


class Language(Protocol):
    """Translations and numbers of one language; templates get ``gettext`` and ``ngettext`` in Jinja's own way.

    Values fill the placeholders of a text, such as ``%(points)s``.
    """

    def gettext(self, text: str, /, **values: object) -> str:
        """Translate a text."""

    def ngettext(self, one: str, many: str, number: int, /, **values: object) -> str:
        """Translate a text that depends on a number."""

    def number(self, value: Fraction) -> str:
        """Write a number with two decimals at most: 2, 0.25, 0.33."""

    def answer(self, value: Fraction) -> str:
        """Write a number as somebody would answer it: with all that counts, and without marks between thousands."""


class English:
    """English as the player is written in, where there are no catalogues: in the preview and in exports."""

    def gettext(self, text: str, /, **values: object) -> str:
        """Fill in the values."""
        return text % values if values else text

    def ngettext(self, one: str, many: str, number: int, /, **values: object) -> str:
        """Choose one of two forms, and fill in the values and ``num``."""
        return (one if number == 1 else many) % {"num": number, **values}

    def number(self, value: Fraction) -> str:
        """Write a number with two decimals at most."""
        return f"{float(value):.2f}".rstrip("0").rstrip(".") if value.denominator > 1 else f"{value.numerator:,}"

    def answer(self, value: Fraction) -> str:
        """Write a number with up to nine decimals."""
        return f"{float(value):.9f}".rstrip("0").rstrip(".") if value.denominator > 1 else str(value.numerator)
