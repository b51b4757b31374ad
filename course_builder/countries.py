"""Countries by their two letters (ISO 3166-1), and their names in the languages of courses (CLDR)."""

from __future__ import annotations

import re
from functools import lru_cache

_CODE = re.compile(r"[a-z]{2}")


@lru_cache(maxsize=256)
def country_name(code: str, language: str) -> str:
    """Give the name of a country in a language; in English where CLDR does not have the language, else the code."""
    from babel import Locale, UnknownLocaleError

    for each in (language, language.partition("-")[0], "en"):
        try:
            locale = Locale.parse(each, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        if name := locale.territories.get(code.upper()):
            return str(name)
    return code.upper()


def is_country(code: str) -> bool:
    """Say whether these two small letters mean a country."""
    return _CODE.fullmatch(code) is not None and country_name(code, "en") != code.upper()
