"""Abbreviations: explained once in the module, unless everybody knows them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from course_builder.model import Problem
from course_builder.prose import Passage

_ABBREVIATION = re.compile(r"(?<![\w./#@!-])([A-ZÅÄÖÕÜŠŽ]{2,6})(?:s|:[a-zåäöõü]+)?(?![\w/@-]|\.\w)")
_ROMAN = re.compile(r"[IVX]+")
_NAMES_ONE = re.compile(r"(?:project|programme|initiative|hanke|projekt|programm|projektet)\s+\Z", re.IGNORECASE)
"""What comes before the name of something."""
_CAPITALS = re.compile(r"[A-ZÅÄÖÕÜŠŽ]{2}")
_SHOUTED = re.compile(r"\b[A-ZÅÄÖÕÜ]{2,}\b[ \n]+\b[A-ZÅÄÖÕÜ]{2,}\b")
_CAPITALISED = re.compile(r"\b[A-ZÅÄÖÕÜŠŽ]\w*")
_NEAR = 120
_MOST = 500
"""So many different ones are looked for, each in the whole module; who has more has other worries."""
_NAMES = "BBC IKEA LEGO NASA NATO"
_WORDS = (
    "AD AI AM BC CC CD CEO CET CSV CV DIY DVD EU FAQ GDPR GPS HR HTML ICT ID ISO IT LED NGO OK PC PDF PIN PM PNG PS QR"
    " SMS SVG TV UK UN UNESCO URL US USA USB UTC VAT WC WHO XML ZIP"
)
KNOWN = frozenset(f"{_NAMES} {_WORDS}".split())
"""What needs no explanation."""


def check(read: Sequence[Passage]) -> Iterator[Problem]:
    """Yield a warning for the first use of each abbreviation that a module, all of it, never explains."""
    everything = "\n".join(passage.text for passage in read)
    if not _CAPITALS.search(everything):
        return
    explained = {word for passage in read for word in passage.explained} | set(KNOWN)
    most = len(explained) + _MOST
    for passage in read:
        for word, offset in _uses(passage):
            if len(explained) > most:
                return
            if word not in explained and not _is_explained(word, everything) and not _is_spelt_out(word, everything):
                message = f"`{word}` is never explained in this module"
                hint = f"Write it out at its first use: the long form ({word})."
                yield Problem(passage.place(offset), "warning", "abbreviation-unexplained", message, hint)
            explained.add(word)


def _uses(passage: Passage) -> Iterator[tuple[str, int]]:
    if not _CAPITALS.search(passage.text) or _SHOUTED.search(passage.text):
        return
    for match in _ABBREVIATION.finditer(passage.text):
        is_name = _NAMES_ONE.search(passage.text, max(match.start() - _NEAR, 0), match.start()) is not None
        if not is_name and not _ROMAN.fullmatch(match[1]):
            yield match[1], match.start()


def _is_explained(word: str, text: str) -> bool:
    """Tell whether a text has ``word (long form)``, ``long form (word)`` or ``word: long form``."""
    return re.search(rf"\b{word}s?\s*\(|\([^()]*\b{word}s?\b[^()]*\)|\b{word}s?\s*(?::|=|–|—)\s", text) is not None


def _is_spelt_out(word: str, text: str) -> bool:
    """Tell whether words whose first letters make the abbreviation stand near one of its uses."""
    for match in re.finditer(rf"\b{word}\b", text):
        around = text[max(match.start() - _NEAR, 0) : match.start()] + text[match.end() : match.end() + _NEAR]
        if word in "".join(capital[0] for capital in _CAPITALISED.findall(around)):
            return True
    return False
