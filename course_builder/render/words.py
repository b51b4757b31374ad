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
    "code": "Code",
    "footnote": "Footnote {number}",
    "footnotes": "Footnotes",
    "formula": "Formula",
    "table": "Table",
}
_FINNISH = {
    "NOTE": "Huomaa",
    "TIP": "Vinkki",
    "IMPORTANT": "Tärkeää",
    "WARNING": "Varoitus",
    "CAUTION": "Ole varovainen",
    "back": "Takaisin viitteeseen {number}",
    "code": "Koodi",
    "footnote": "Alaviite {number}",
    "footnotes": "Alaviitteet",
    "formula": "Kaava",
    "table": "Taulukko",
}
_ESTONIAN = {
    "NOTE": "Märkus",
    "TIP": "Nõuanne",
    "IMPORTANT": "Oluline",
    "WARNING": "Hoiatus",
    "CAUTION": "Ettevaatust",
    "back": "Tagasi viite {number} juurde",
    "code": "Kood",
    "footnote": "Allmärkus {number}",
    "footnotes": "Allmärkused",
    "formula": "Valem",
    "table": "Tabel",
}
_SWEDISH = {
    "NOTE": "Observera",
    "TIP": "Tips",
    "IMPORTANT": "Viktigt",
    "WARNING": "Varning",
    "CAUTION": "Var försiktig",
    "back": "Tillbaka till hänvisning {number}",
    "code": "Kod",
    "footnote": "Fotnot {number}",
    "footnotes": "Fotnoter",
    "formula": "Formel",
    "table": "Tabell",
}
WORDS: Mapping[str, Mapping[str, str]] = {"en": _ENGLISH, "et": _ESTONIAN, "fi": _FINNISH, "sv": _SWEDISH}


def words(language: str) -> Mapping[str, str]:
    """Give the words of a language; English where there is no translation yet."""
    return WORDS.get(language) or WORDS.get(language.partition("-")[0]) or _ENGLISH
