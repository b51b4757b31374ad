"""The few words that the renderer itself writes, by language."""

from __future__ import annotations

from collections.abc import Mapping

_ENGLISH = {
    "NOTE": "Note",
    "TIP": "Tip",
    "IMPORTANT": "Important",
    "WARNING": "Warning",
    "CAUTION": "Caution",
    "back": "Back to reference {number}",
    "footnote": "Footnote {number}",
    "footnotes": "Footnotes",
    "table": "Table",
}
_WORDS: Mapping[str, Mapping[str, str]] = {"en": _ENGLISH}


def words(language: str) -> Mapping[str, str]:
    """Give the words of a language; English where there is no translation yet."""
    return _WORDS.get(language) or _WORDS.get(language.partition("-")[0]) or _ENGLISH
