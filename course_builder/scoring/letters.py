"""Which letters are a language's own, and what a letter that is foreign to it is written as without its accent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

OWN: Mapping[str, str] = {
    # Around the Baltic.
    "fi": "åäöšž",
    "sv": "åäöàé",
    "et": "äöõüšž",
    "lv": "āčēģīķļņšūž",
    "lt": "ąčęėįšųūž",
    "pl": "ąćęłńóśźż",
    "de": "äöüß",
    "da": "æøå",
    "nb": "æøåàéóòô",
    "nn": "æøåàéóòô",
    "no": "æøåàéóòô",
    "is": "áðéíóúýþæö",
    "fo": "áðíóúýæø",
    "se": "áčđŋšŧž",
    # Alphabets that accents are part of: й is not и. Russian writes ё as е more often than not.
    "ru": "й",
    "uk": "йїґ",
    "bg": "й",
    # Greek capitals carry no accent, so an accent cannot decide.
    "el": "",
    # The other languages of the European Union.
    "en": "",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": "čšž",
    "hr": "čćđšž",
    "hu": "áéíóöőúüű",
    "ro": "ăâîșț",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "es": "áéíñóúü",
    "pt": "áàâãçéêíóòôõú",
    "it": "àéèìòù",
    "nl": "áäéëíïóöúü",
    "ga": "áéíóú",
    "mt": "àċèġħìòùż",
}
"""By language, the letters that never lose their accent, in lower case.

They are those of the language's main exemplar characters in Unicode's CLDR that are not plain Latin letters, except
where a comment says otherwise. In a language that is not listed nothing is known to be foreign, so every accent counts.
"""

PLAIN: Mapping[str, str] = {
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ß": "ss",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ħ": "h",
    "ı": "i",
    "ł": "l",
    "ŋ": "n",
    "ŧ": "t",
    "ſ": "s",
}
"""Letters that Unicode does not take apart, and how one writes them without having them."""


@lru_cache(maxsize=64)
def own_letters(language: str) -> frozenset[str] | None:
    """Give a language's own letters, or ``None`` if nothing is known; ``fi-x-easy`` is a kind of ``fi``."""
    letters = OWN.get(language.lower().split("-")[0])
    return None if letters is None else frozenset(letters)
